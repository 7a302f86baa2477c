"""`verify_step`: the update of an optimiser as a function, its sign, rate, momentum and weight decay, against PyTorch's SGD."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ..adapters.adapted import called
from ..evidence import Evidence, Remark, Verdict, remark
from ..evidence.gathering import heard
from ..judge import compare
from ..oracles import sgd
from ..rounding import Array
from . import findings, step_contract
from .arguments import checked_seed, finite
from .conclusion import concluded
from .findings import record
from .step_question import Descent
from .step_walk import Walker, Walks
from .subject import Breach

QUANTITY = "step"
FACTORS = (2.0**10, 2.0**-10)  # of the gradients, of which some steps clip large ones and drop small ones
OPTIONS = {"momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, "nesterov": False, "maximize": False}


@heard
@np.errstate(all="ignore")  # overflow shows in the verdict
def verify_step(
    step: Callable[..., Any],
    w: Array,
    *,
    lr: float,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    maximize: bool = False,
    steps: int = 4,
    seed: int = 0,
) -> Verdict:
    """Whether `step` moves `w` as `torch.optim.SGD` does with these options, over some steps with drawn gradients.

    step: `step(w, gradient)`, which returns the new w, or None where it changes w in place; one that needs a state takes it as
    a third argument, None at first, and returns (w, state). A third argument with a default may be an option: it is handed over
    only once the step has returned a state. Each entry is judged within 2γₙ·S, n roundings of all steps, S the same steps with
    every number and sign positive, with gradients of size 1 and a thousand times as large and as small. Where it is wrong, what
    it equals instead is said: another sign, rate or option.

    Its contract: it repeats itself; it writes into no gradient, neither at once nor later; the w that it was handed holds what it
    held, or the new numbers, and two w of one shape that are moved by turns come where each comes alone, unless the step is for one
    w alone, as an object is that keeps a velocity in itself.

    Raises TypeError and ValueError where the caller is wrong, Abstention without PyTorch. A step that is wrong raises nothing.

    >>> print(cnnbp.verify_step(lambda w, gradient: w + 0.1 * gradient, np.array([1.0, 2.0]), lr=0.1).status)
    fail
    """
    if not callable(step) or isinstance(step, type):
        raise TypeError(f"step must be a function step(w, gradient), got {step!r}")
    options: dict[str, Any] = {
        "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay, "nesterov": nesterov, "maximize": maximize
    }  # fmt: skip
    start = np.array(finite("w", w), float, order="C")
    _check(start, lr, steps, options)
    checked_seed(seed)
    asked, walks, shapes = Descent.drawn(start, steps, lr, options, seed), Walks(step), {"w": start.shape}
    first, told = Walker(step, start), list[Remark]()
    try:
        found = first.walk(asked.gradients)
    except Breach as breach:
        broken = Evidence("contract", breach.check, "fail", "contract", remark=breach.remark)
        return Verdict(called(step), "fail", (broken,), (breach.remark,), shapes).knowing(None, breach.__cause__)
    evidence = [record("autograd", QUANTITY, "sampled", compare(found, asked.right, asked.bound))]
    right = evidence[0].status != "fail"
    if not right:
        told += [findings.wrong(evidence[0], "t", {"autograd": asked.right}), *_instead(found, asked)]
    contract = list(step_contract.points(walks, asked, first, right, seed))
    told += [item.remark for item in contract if item.status == "fail" and item.remark]
    if not told:
        for item, said in _other_sizes(walks, asked):
            evidence.append(item)
            told += said
    evidence += contract
    status, doubts = concluded(evidence, told, (QUANTITY,))
    return Verdict(called(step), status, tuple(evidence), doubts, shapes)


def _check(w: Array, lr: float, steps: int, options: Mapping[str, Any]) -> None:
    for name, value in {"lr": lr, **options}.items():
        if isinstance(OPTIONS.get(name), bool):
            if not isinstance(value, (bool, np.bool_)):
                raise ValueError(f"{name} must be True or False, got {value!r}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
            raise ValueError(f"{name} must be a number from 0, got {value!r}")
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ValueError(f"steps must be an integer from 1, got {steps!r}")
    if options["nesterov"] and (not options["momentum"] or options["dampening"]):
        raise ValueError("nesterov needs a momentum, and no dampening")
    if not w.size:
        raise ValueError(f"w must have entries, got shape {w.shape}")


def _other_sizes(walks: Walks, asked: Descent) -> Iterator[tuple[Evidence, list[Remark]]]:
    """Whether a step that is right is so under larger and smaller gradients, and what is wrong with it where it is not."""
    for factor in FACTORS:
        (walker,), there = walks.new(asked.start), asked.times(factor)
        try:
            found = walker.walk(there.gradients)
        except Breach as breach:
            yield Evidence("contract", breach.check, "fail", "contract", remark=breach.remark), [breach.remark]
            continue
        item = record("autograd", QUANTITY, "sampled", compare(found, there.right, there.bound))
        said = [findings.wrong(item, "t", {"autograd": there.right}), remark("verification.step-size", factor=factor)]
        yield item, said if item.status == "fail" else []


def _instead(found: Array, asked: Descent) -> Iterator[Remark]:
    """What a wrong step equals, each tried on the same gradients; else by what its first move is too large, if by one number."""
    for code, changed in _others(asked.options):
        judged = compare(found, sgd.path(asked.start, asked.gradients, asked.lr, **{**asked.options, **changed}), 2 * asked.bound)
        if judged is not None and judged.status == "pass":
            yield remark(f"verification.step-{code}")
            return
    moved, right = found[0] - asked.start, asked.right[0] - asked.start
    some = np.abs(right) > 1e-6 * np.max(np.abs(right), initial=0.0)
    ratios = moved[some] / right[some]
    if ratios.size > 1 and np.ptp(ratios) <= 1e-6 * abs(ratios[0]) and abs(ratios[0] - 1) > 1e-6:
        yield remark("verification.step-rate", ratio=float(np.median(ratios)))


def _others(options: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Other steps that are often meant, or taken, by whoever writes one."""
    yield "sign", {"maximize": not options["maximize"]}
    if options["momentum"]:
        yield "no-momentum", {"momentum": 0.0, "nesterov": False}
        yield "dampened", {"dampening": options["momentum"], "nesterov": False}
        yield "nesterov", {"nesterov": not options["nesterov"], "dampening": 0.0}
    if options["weight_decay"]:
        yield "no-decay", {"weight_decay": 0.0}
        yield "half-decay", {"weight_decay": options["weight_decay"] / 2}
        yield "double-decay", {"weight_decay": 2 * options["weight_decay"]}
        yield "opposite-decay", {"weight_decay": -options["weight_decay"]}
