"""How much of the catalogue of wrong layers is told by its cause: `python -m tests.diagnosis.catalogue` prints it.

Each wrong layer is put to `verify` at drawn cases, and what its verdicts name is held against the codes that are true of it.
A case counts as named where one of them is there, as silent where no cause is told, and as wrong where causes are told and
none of them is true. A cause that is told beside a true one answers the same on that very case, and so is no error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cnnbp.cases import Counter
from cnnbp.evidence import Verdict
from cnnbp.faults import FAULTS, Fault
from cnnbp.operators import OPERATORS
from cnnbp.verification.verify import verify

CASES, TRIES, LARGEST = 5, 60, 1500  # failing cases of each, of how many draws, of so many numbers at most

FACTOR = {"factor", "factor-unknown"}
TRUE: Mapping[str, set[str]] = {
    "conv-kernel-not-flipped": {"kernel-not-rotated"},
    "conv-dw-rotated": {"gradient-rotated"},
    "conv-dw-transposed": {"kernel-transposed"},
    "conv-dx-channels-swapped": {"channels-exchanged"},
    "conv-dw-channels-swapped": {"channels-exchanged"},
    "conv-stride-forgotten": {"stride-left-out"},
    "conv-dx-stride-forgotten": {"stride-left-out"},
    "conv-dw-remainder": {"remainder"},
    "conv-dx-remainder": {"remainder"},
    "conv-padding-forgotten": {"padding-left-out"},
    "conv-dw-padding-forgotten": {"padding-left-out"},
    "conv-dx-kernel-span": {"kernel-span"},
    "conv-dx-dilation-ignored": {"dilation-left-out"},
    "conv-stride-as-dilation": {"stride-for-dilation"},
    "conv-stride-axes-swapped": {"stride-axes-exchanged"},
    "conv-padding-axes-swapped": {"padding-axes-exchanged"},
    "conv-padding-at-most-one": {"padding-at-most-one"},
    "conv-corner-dropped": {"last-triple"},
    "conv-dx-assigned": {"overwritten"},
    "conv-dw-next-group": {"next-group"},
    "conv-dx-next-group": {"next-group"},
    "conv-over-positions": FACTOR,
    "conv-dw-mean": FACTOR,
    "conv-dw-over-batch": FACTOR,
    "conv-dw-first-sample": {"first-sample"},
    "conv-db-mean": FACTOR,
    "conv-db-first-sample": {"first-sample"},
    "conv-db-shared": {"summed-over-all"},
    "conv-true-convolution": {"kernel-rotated", "of-own-forward", "gradient-rotated"},
    "conv-transpose-dx-trailing-cells": {"trailing-cells"},
    "conv-transpose-stride-as-dilation": {"stride-for-dilation"},
    "conv-transpose-dx-stride-forgotten": {"stride-left-out"},
    "conv-transpose-dw-dilation-ignored": {"dilation-left-out"},
    "conv-transpose-padding-forgotten": {"padding-left-out"},
    "conv-transpose-zeros-in-front": {"zeros-in-front"},
    "conv-transpose-size-of-a-convolution": {"size-of-a-convolution"},
    "conv-transpose-output-padding-ignored": {"output-padding-left-out"},
    "conv-transpose-overlap-assigned": {"overwritten"},
    "conv-transpose-dx-kernel-rotated": {"kernel-rotated"},
    "conv-transpose-correlation": {"kernel-rotated", "of-own-forward", "gradient-rotated"},
    "conv-transpose-dx-channels-swapped": {"channels-exchanged"},
    "conv-transpose-dw-channels-swapped": {"channels-exchanged"},
    "conv-transpose-dw-next-group": {"next-group"},
    "conv-transpose-db-of-x-positions": FACTOR,
    "batch-norm-statistics-constant": {"statistics-constant"},
    "batch-norm-mean-constant": {"mean-constant"},
    "batch-norm-variance-constant": {"variance-constant"},
    "batch-norm-variance-sign": {"variance-sign"},
    "batch-norm-sums-for-means": {"sums-for-means"},
    "batch-norm-unbiased-forward": {"unbiased-variance"},
    "batch-norm-unbiased-backward": {"unbiased-variance"},
    "batch-norm-eps-outside": {"eps-outside"},
    "batch-norm-eps-forgotten-backward": {"eps-left-out"},
    "batch-norm-sigma-squared": {"sigma-twice"},
    "batch-norm-dx-scale-forgotten": {"scale-left-out"},
    "batch-norm-dw-not-normalised": {"not-normalised"},
    "batch-norm-dw-not-scaled": {"not-scaled"},
    "batch-norm-of-each-sample": {"of-each-sample"},
    "batch-norm-of-each-position": {"of-each-position"},
    "batch-norm-given-ignored": {"given-ignored"},
    "batch-norm-dw-mean": FACTOR,
    "max-pool-overlap-assigned": {"overwritten"},
    "max-pool-one-gate-per-cell": {"one-gate-per-cell"},
    "max-pool-ties-all": {"ties-to-all"},
    "max-pool-ties-last": {"ties-to-last"},
    "max-pool-ties-split": {"ties-shared"},
    "max-pool-first-window": {"first-window"},
    "max-pool-mean": {"mean-for-max"},
    "max-pool-zero-padding": {"padding-of-zeros"},
    "max-pool-column-major": {"column-major"},
    "max-pool-dilation-ignored": {"dilation-left-out"},
    "avg-pool-not-divided": {"divisor-left-out", "factor"},
    "avg-pool-constant-divisor": {"divisor-of-whole-kernel"},
    "avg-pool-padding-counted": {"padding-counted"},
    "avg-pool-overhang-counted": {"overhang-counted"},
    "avg-pool-padding-offset": {"padding-left-out"},
    "avg-pool-stride-from-kernel": {"stride-from-kernel"},
    "avg-pool-no-gradient": {"all-zero"},
    "avg-pool-overlap-assigned": {"overwritten"},
    "flatten-disconnected": {"all-zero"},
    "flatten-column-major": {"column-by-column", "column-by-column-in-samples"},
    "flatten-orders-differ": {"column-by-column", "column-by-column-in-samples"},
    "dense-w-transposed": {"matrix-transposed"},
    "dense-dw-transposed": {"matrix-transposed"},
    "dense-dw-doubled": FACTOR,
    "dense-db-four-over-n": FACTOR,
    "dense-db-mean": FACTOR,
    "dense-db-first-sample": {"first-sample"},
    "dense-db-shared": {"summed-over-all"},
    "dense-db-times-input": {"times-input"},
    "dense-dw-over-batch": FACTOR,
    "dense-batch-permuted": {"input-of-another-sample"},
    "dense-order-of-gradients": {"order", "gradient-of-another"},
    "dense-db-keepdims": {"shape-axes"},
    "dense-db-not-summed": {"shape-not-summed", "shape-axes"},  # of one sample
    "dense-dx-centred": {"centred", "all-zero"},  # of one sample
    "dense-dx-stabilised": {"offset"},
    "sigmoid-slope-at-activation": {"slope-at-output"},
    "sigmoid-slope-missing": {"slope-missing"},
    "sigmoid-slope-of-output": {"sigmoid-slope-of-input"},
    "sigmoid-residual-ignored": {"residual-ignored"},
    "sigmoid-residual-squared": {"residual-twice"},
    "tanh-slope-not-squared": {"one-minus-y"},
    "tanh-slope-at-activation": {"slope-at-output"},
    "tanh-residual-inverted": {"divided-by-residual"},
    "relu-kink-passes": {"zero-passes"},
    "relu-mask-from-output": {"mask-from-output", "slope-missing"},
    "leaky-relu-slope-forgotten": {"step-for-slope"},
    "leaky-relu-slope-not-multiplied": {"slope-alone"},
    "leaky-relu-side-from-output": {"side-from-output"},
    "softplus-tail-lost": {"tail-lost"},
    "softplus-zero-at-zero": {"nothing-at-zero"},
    "softplus-threshold": {"threshold"},
    "softplus-slope-of-relu": {"step-for-slope"},
    "half-squared-error-without-half": {"half-left-out", "factor"},
    "half-squared-error-half-twice": FACTOR,
    "half-squared-error-sum": FACTOR,
    "half-squared-error-over-batch-twice": FACTOR,
    "half-squared-error-over-features": FACTOR,
    "half-squared-error-sign": FACTOR,
    "half-squared-error-residual-ignored": {"residual-ignored", *FACTOR},
    "cross-entropy-without-one-hot": {"one-hot-left-out"},
    "cross-entropy-sum": FACTOR,
    "cross-entropy-softmax-over-batch": {"over-the-batch"},
    "cross-entropy-target-only": {"target-alone"},
    "cross-entropy-over-batch-twice": FACTOR,
    "conv-float32-inside": {"operands-rounded", "errors-like"},
    "conv-tf32-inside": {"operands-rounded", "errors-like"},
    "conv-dx-single-precision": {"answers-rounded"},
    "conv-dw-one-millionth": {"factor-unknown"},
    "dense-decays-weights": {"decay"},
    "dense-decays-bias": {"decay"},
    "dense-float32-inside": {"operands-rounded", "errors-like"},
    "dense-dx-clipped": {"factor-unknown"},
}  # fmt: skip
"""The codes that are true of each wrong layer whose cause is one of those that are tried."""


@dataclass
class Found:
    """How the failing cases of one wrong layer were told."""

    named: int = 0
    silent: int = 0
    wrong: int = 0


def failing(fault: Fault, cases: int = CASES, seed: int = 7) -> Iterator[Verdict]:
    """Verdicts of drawn cases at which numbers of the wrong layer, or their form, are wrong."""
    found = 0
    for number in range(TRIES):
        case = OPERATORS[fault.operator].draw(Counter(seed, f"{fault.id}/{number}"))
        if sum(a.size for a in (*case.args, case.delta)) > LARGEST:
            continue
        verdict = verify(fault.make(**case.options), *case.args, delta=case.delta, like=case.layer, seed=number)
        if verdict.status == "fail":
            yield verdict
            found += 1
        if found == cases:
            return


def told(verdict: Verdict) -> set[str]:
    """The codes of the causes."""
    return {cause.what.code.removeprefix("diagnosis.cause.") for cause in verdict.diagnosis}


def measured(fault: Fault, cases: int = CASES, seed: int = 7) -> Found:
    """What became of its failing cases."""
    found, true = Found(), TRUE[fault.id]
    for verdict in failing(fault, cases, seed):
        codes = told(verdict)
        found.named += bool(codes & true)
        found.silent += not codes
        found.wrong += bool(codes) and not codes & true
    return found


def main() -> None:
    """Parses the command line, and prints a line for each wrong layer that is not always named, and the counts of all."""
    parser = argparse.ArgumentParser("python -m tests.diagnosis.catalogue", description=__doc__)
    parser.add_argument("ids", nargs="*", help="parts of the names of wrong layers (default: all that have a cause)")
    parser.add_argument("--cases", type=int, default=CASES, help="failing cases of each (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7)
    arguments, total, named, layers = parser.parse_args(), Found(), 0, 0
    for fault in FAULTS:
        if fault.id not in TRUE or (arguments.ids and not any(part in fault.id for part in arguments.ids)):
            continue
        found = measured(fault, arguments.cases, arguments.seed)
        met = found.named + found.silent + found.wrong
        total = Found(total.named + found.named, total.silent + found.silent, total.wrong + found.wrong)
        layers, named = layers + bool(met), named + (2 * found.named > met)
        if found.named < met or not met:
            print(f"{fault.id:40} named {found.named}, silent {found.silent}, wrong {found.wrong}", flush=True)
    met = total.named + total.silent + total.wrong
    print(f"{named} of {layers} wrong layers are named as a rule; {total.named} of {met} failing cases, {total.silent} silent")
    print(f"{len(FAULTS) - len(TRUE)} of {len(FAULTS)} have no cause that is tried")
    sys.exit(f"{total.wrong} told wrongly" if total.wrong else 0)


if __name__ == "__main__":
    main()
