"""Estimated: a layer about which nothing is known, its backward against differences of its own forward, by measured noise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...judge import compare
from ...oracles import noisy_difference
from ...rounding import Array, U, promised
from ..examination import moved
from ..findings import abstain, record, wrong
from ..subject import Breach, Subject
from . import contract

ORACLE = "finite_difference"
NAMES = ("x", "w", "b", *(f"argument {j}" for j in range(3, 16)))
TOO_NOISY = 1e-3  # an estimate that is no better than this part of the largest derivative shows nothing
REORDERED = 1e-6  # how far, in parts of the largest entry, an unknown computation may move when its order changes


def evidence(subject: Subject, args: tuple[Array, ...], delta: Array) -> tuple[list[Evidence], list[Remark]]:
    """All evidence, and what is wrong. Raises Breach."""
    y = subject.forward(*args)
    gradients = subject.backward(delta, *args)
    checks = list(contract.check(subject, args, delta, (y, *gradients), partial(_slack, delta), by_sample=False))
    found = [*_differences(subject, args, delta, gradients, y), *checks]
    found.append(abstain("reference", "y", "estimated", remark("verification.no-reference")))
    missing = _floating(args)[len(gradients) :]
    found += [abstain(ORACLE, NAMES[j], "estimated", remark("verification.no-gradient")) for j in missing]
    failed = [item for item in found if item.status == "fail"]
    return found, [item.remark if item.oracle == "contract" and item.remark else wrong(item, "", {}) for item in failed]


def _differences(
    subject: Subject, args: tuple[Array, ...], delta: Array, gradients: tuple[Array, ...], y: Array
) -> Iterator[Evidence]:
    for position, gradient in zip(_floating(args), gradients, strict=False):
        name = NAMES[position]
        if gradient.size == 0 or y.size == 0:
            yield abstain(ORACLE, name, "estimated", remark("verification.empty"))
            continue
        estimates = _every_entry(subject, args, delta, position, y)
        slope, error, kink = (np.array(column).reshape(gradient.shape) for column in zip(*estimates, strict=True))
        sizes = (np.max(np.abs(a[np.isfinite(a)]), initial=0.0) for a in (slope, gradient))
        noisy = ~kink & ~(error <= TOO_NOISY * max(sizes)) & ~((gradient == 0) & (slope == 0)) & np.isfinite(gradient)
        left_out = kink | noisy
        bound = promised(np.where(left_out, 0.0, 4 * error + 8 * U * np.abs(slope)))
        judged = compare(gradient, slope, bound, left_out)
        yield record(ORACLE, name, "estimated", judged, note=_left_out(int(kink.sum()), int(noisy.sum())))


def _left_out(kinks: int, noisy: int) -> Remark | None:
    if not kinks and not noisy:
        return None
    why = "left-out" if kinks and noisy else "left-out-at-kinks" if kinks else "left-out-as-noise"
    return remark(f"verification.{why}", kinks=kinks, noisy=noisy)


def _every_entry(
    subject: Subject, args: tuple[Array, ...], delta: Array, position: int, y: Array
) -> list[tuple[float, float, bool]]:
    """(derivative, error, kink) of ⟨delta, y⟩ by each entry of one argument."""
    at = args[position]

    def values(theta: Array) -> Array:
        try:
            return subject.forward(*moved(args, position, theta))
        except Breach:
            return np.full(y.shape, np.nan)  # the step left the domain of the forward: smaller steps are tried

    def entry(number: int, t: float) -> Array:
        theta = at.copy()
        theta.ravel()[number] += t
        return values(theta)

    sizes = np.abs(at[at != 0])
    coarse, fine = (float(np.sqrt(np.mean(sizes**2))), float(sizes.min())) if sizes.size else (1.0, 1.0)
    spread = np.random.default_rng(0).uniform(0.5, 1, at.shape)
    with np.errstate(all="ignore"):
        rounding = noisy_difference.noise(lambda t: values(at * (1 + t * spread)), 1.0, noisy_difference.WIDE)
        rounding = np.where(np.isfinite(rounding), rounding, 0.0)
        rounding = np.maximum(rounding, max(4 * U, noisy_difference.typical(rounding, y)) * np.abs(y))
        found = []
        for number, value in enumerate(at.ravel()):
            top = 2.0 ** np.floor(np.log2(max(coarse, abs(float(value))))) / 4
            e = noisy_difference.derivative(partial(entry, number), delta, float(value), top, min(fine, top), rounding)
            found.append((e.derivative, e.error, e.kink))
        return found


def _floating(args: tuple[Array, ...]) -> list[int]:
    """Which arguments have a gradient: integers are indices."""
    return [j for j, a in enumerate(args) if a.dtype.kind == "f"]


def _slack(delta: Array, _: int, answer: Array) -> Array:
    """Relative to the largest entry, and, where all of them are what is left of larger terms, to the residual."""
    largest = float(np.max(np.abs(answer[np.isfinite(answer)]), initial=0.0))
    return np.full(answer.shape, REORDERED * largest + REORDERED**2 * float(np.abs(delta).sum()) + 1e-300)
