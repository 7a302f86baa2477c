"""`verify_step`: the update of an optimiser as a function, its sign, rate, momentum and weight decay, against PyTorch's SGD."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ..adapters.adapted import called, positional
from ..evidence import Evidence, Remark, Verdict, remark
from ..evidence.gathering import heard
from ..judge import compare
from ..oracles import sgd
from ..rounding import Array, conventional
from . import findings
from .arguments import checked_seed, finite
from .conclusion import concluded
from .findings import record
from .twin import twin_of

STREAM = 0x73746570
ROUNDINGS = 12  # of one step, with all options, and of the bound's own
QUANTITY = "step"
OPTIONS = {"momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, "nesterov": False, "maximize": False}


@heard
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
    a third argument, None at first, and returns (w, state). Each entry is judged within 2γₙ·S, n roundings of all steps, S the
    same steps with every number and sign positive. Where it is wrong, what it equals instead is said: another sign, rate or option.

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
    gradients = np.random.default_rng((seed, STREAM)).normal(size=(steps, *start.shape))
    right, bound = sgd.path(start, gradients, lr, **options), _bound(start, gradients, lr, options)
    twin, shapes = twin_of(step), {"w": start.shape}
    try:
        found, told = _walked(step, start, gradients), list[Remark]()
    except Exception as error:
        called_otherwise = isinstance(error, TypeError) and "positional argument" in str(error)
        code = "step-raises-when-called" if called_otherwise else "raises"
        said = remark(f"contract.{code}", method="step", at="case", error=type(error).__name__, message=str(error))
        raised = Evidence("contract", "raises", "fail", "contract", remark=said)
        return Verdict(called(step), "fail", (raised,), (said,), shapes).knowing(None, error)
    if found.shape != right.shape:
        told.append(remark("contract.step-shape", got=found.shape[1:], expected=start.shape))
        evidence = [Evidence("contract", "shape", "fail", "contract", remark=told[0])]
        return Verdict(called(step), "fail", tuple(evidence), tuple(told), shapes)
    evidence = [record("autograd", QUANTITY, "sampled", compare(found, right, bound))]
    if evidence[0].status == "fail":
        told.append(findings.wrong(evidence[0], "t", {"autograd": right}))
        told += _instead(found, start, gradients, lr, options, bound)
    again = _walked(twin, start, gradients)
    if not np.array_equal(found, again, equal_nan=True):
        told.append(remark("contract.step-repeats"))
        evidence.append(Evidence("contract", "repeats", "fail", "contract", remark=told[-1]))
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


def _walked(step: Callable[..., Any], start: Array, gradients: Array) -> Array:
    """w after each step. Raises what `step` raises, ValueError where it changes the gradient, TypeError for what is no array."""
    w, state, found = start.copy(), None, []
    with_state = len(positional(step) or ()) > 2
    for gradient in gradients:
        handed = gradient.copy()
        answer = step(w, handed, state) if with_state else step(w, handed)
        if not np.array_equal(handed, gradient):
            raise ValueError("the gradient was changed")
        if isinstance(answer, tuple) and len(answer) == 2:
            answer, state = answer
        w = w if answer is None else answer
        if not isinstance(w, np.ndarray) or w.dtype.kind not in "iuf":
            raise TypeError(f"step must return an array of real numbers, or None, got {type(answer).__name__}")
        found.append(np.array(w, float))
    return np.array(found)


def _bound(w: Array, gradients: Array, lr: float, options: Mapping[str, Any]) -> Array:
    """2γₙ·S: every step of SGD is a sum of products, S the same with all of them positive."""
    size, velocity, found = np.abs(w), np.zeros(w.shape), []
    momentum, dampening, decay = (float(options[name]) for name in ("momentum", "dampening", "weight_decay"))
    for number, gradient in enumerate(np.abs(gradients), 1):
        moved = gradient + decay * size
        velocity = momentum * velocity + (1 + dampening) * moved
        size = size + lr * (moved + momentum * velocity if options["nesterov"] else velocity)
        found.append(conventional(ROUNDINGS * number, size))
    return np.array(found)


def _instead(found: Array, start: Array, gradients: Array, lr: float, options: Mapping[str, Any], bound: Array) -> Iterator[Remark]:
    """What a wrong step equals, each tried on the same gradients; else by what its first move is too large, if by one number."""
    for code, rate, changed in _others(lr, options):
        path = sgd.path(start, gradients, rate, **{**options, **changed})
        judged = compare(found, path, 2 * bound)
        if judged is not None and judged.status == "pass":
            yield remark(f"verification.step-{code}")
            return
    moved, right = found[0] - start, sgd.path(start, gradients[:1], lr, **options)[0] - start
    some = np.abs(right) > 1e-6 * np.max(np.abs(right), initial=0.0)
    ratios = moved[some] / right[some]
    if ratios.size > 1 and np.ptp(ratios) <= 1e-6 * abs(ratios[0]) and abs(ratios[0] - 1) > 1e-6:
        yield remark("verification.step-rate", ratio=float(np.median(ratios)))


def _others(lr: float, options: Mapping[str, Any]) -> Iterator[tuple[str, float, dict[str, Any]]]:
    """Other steps that are often meant, or taken, by whoever writes one."""
    yield "sign", lr, {"maximize": not options["maximize"]}
    if options["momentum"]:
        yield "no-momentum", lr, {"momentum": 0.0, "nesterov": False}
        yield "dampened", lr, {"dampening": options["momentum"], "nesterov": False}
        yield "nesterov", lr, {"nesterov": not options["nesterov"], "dampening": 0.0}
    if options["weight_decay"]:
        yield "no-decay", lr, {"weight_decay": 0.0}
        yield "half-decay", lr, {"weight_decay": options["weight_decay"] / 2}
        yield "double-decay", lr, {"weight_decay": 2 * options["weight_decay"]}
        yield "opposite-decay", lr, {"weight_decay": -options["weight_decay"]}
