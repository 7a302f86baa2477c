"""Finite differences of the layer's own forward against its own backward, with a step and a bound from an error analysis.

Multilinear layers: any step is exact but for rounding, so the step is as large as the data. Max pooling: a step below half
the smallest margin between a winner and its runner-up keeps the cell; windows at a tie are named and left out. Elementwise
layers: every entry at once. Half squared error is quadratic, cross-entropy has a bounded third derivative.
Along random ±1 directions first; on failure the direction is bisected to the entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .. import rounding
from ..evidence import Evidence
from ..judge import Judgement, compare
from ..oracles import connections, finite_difference, masked_dense
from ..oracles.finite_difference import Difference
from ..rounding import Array
from .directions import moved, signs
from .findings import record
from .question import LOSSES, Question
from .subject import Subject

DIRECTIONS = 2  # a wrong gradient may be orthogonal to one
ORACLE = "finite_difference"
NEAR_TIE = 2.0**-20  # a margin below this part of the largest cell leaves too small a step to see anything

Bound = Callable[[str], Array]  # the bound of a quantity in the tier that is being judged


def differences(
    subject: Subject, question: Question, gradients: tuple[Array, ...], rng: np.random.Generator, tier: int
) -> Iterator[Evidence]:
    """One piece of evidence for each gradient."""
    if question.operator in rounding.ELEMENTWISE - {"Identity"}:
        yield _elementwise(subject, question, gradients[0], tier)
        return
    for position, name in enumerate(question.quantities[1:]):
        yield _directional(subject, question, gradients[position], position, name, rng, tier)


def _directional(
    subject: Subject, question: Question, gradient: Array, position: int, name: str, rng: np.random.Generator, tier: int
) -> Evidence:
    at, delta, reason = question.args[position], question.delta, ""
    step = _step(question, position, name)
    if question.operator == "MaxPool2d":
        step, delta, reason = _inside_the_cell(question)
        if not np.any(delta):
            return record(ORACLE, name, "sampled", None, reason=reason)
        if reason:
            gradient = subject.backward(delta, *question.args)[0]

    value_error = _value_error(question, position, step, tier)
    slope_error = _gradient_bound(question, name, tier)

    def judge(direction: Array) -> Judgement | None:
        difference = finite_difference.along(
            lambda theta: subject.forward(*moved(question.args, position, theta)), at, direction, delta
        )
        bound = _bound(difference, delta, gradient, value_error, slope_error) + _truncation(question, step)
        actual, expected = finite_difference.inner(gradient, difference.spread), difference.change
        return compare(np.array(actual / (2 * step)), np.array(expected / (2 * step)), bound / (2 * step))

    worst = None
    for _ in range(DIRECTIONS):
        direction = step * signs(at.shape, rng)
        found = judge(direction)
        if found is not None and found.status == "fail":
            index = _bisect(judge, direction)
            return record(
                ORACLE, name, "sampled", found, reason=f"bisected to entry {index}" if index else "only along the whole direction"
            )
        worst = found if worst is None or (found is not None and found.ratio > worst.ratio) else worst
    return record(ORACLE, name, "sampled", worst, reason=reason)


def _bisect(judge: Callable[[Array], Judgement | None], direction: Array) -> tuple[int, ...] | None:
    """A single entry along which the difference still fails, or None where only several together do."""
    entries = np.arange(direction.size)
    while len(entries) > 1:
        for half in np.array_split(entries, 2):
            part = np.zeros(direction.size)
            part[half] = direction.ravel()[half]
            found = judge(part.reshape(direction.shape))
            if found is not None and found.status == "fail":
                entries = half
                break
        else:
            return None
    return tuple(int(i) for i in np.unravel_index(entries[0], direction.shape))


def _step(question: Question, position: int, name: str) -> float:
    if question.operator == "SoftmaxCrossEntropy":
        noise = (
            rounding.gamma(rounding.ELEMENTARY + question.args[0].size)
            * rounding.loss_scales(question.operator, question.delta, *question.args)[0]
        )
        return float(rounding.central_step(noise, rounding.CROSS_ENTROPY_THIRD))
    largest = float(np.max(np.abs(question.args[position]), initial=0.0))
    return float(2.0 ** np.floor(np.log2(largest))) if largest > 0 else 1.0


def _bound(difference: Difference, delta: Array, gradient: Array, value_error: Array, slope_error: Array) -> float:
    """The rounding of the two forwards weighted by |δ|, that of the gradient weighted by the step, and that of the products."""
    rounded = np.vdot(np.abs(delta), np.abs(difference.above) + np.abs(difference.below))
    rounded += np.vdot(np.abs(gradient), np.abs(difference.spread))
    errors = 2 * np.vdot(np.abs(delta), value_error) + np.vdot(slope_error, np.abs(difference.spread))
    lost = 4 * (delta.size + gradient.size) * rounding.UNDERFLOW
    bound = lost + float(1 + rounding.gamma(delta.size + gradient.size)) * float(
        errors + 2 * finite_difference.ROUNDINGS * rounding.U * rounded
    )
    return float(rounding.promised(bound))


def _value_error(question: Question, position: int, step: float, tier: int) -> Array:
    """The bound of y wherever the argument is moved by at most `step` in each entry."""
    args = question.args
    if tier == 2 or question.operator in LOSSES:
        away = args[position] + np.copysign(step, args[position])
        there = Question(question.reference, moved(args, position, away), question.delta)
        return there.by_norm("y") if tier == 2 else there.conventional("autograd", "y") + _loss_margin(question, step)
    return rounding.conventional(question.terms["y"], question.magnitudes["y"] + step * _growth(question, position))


def _growth(question: Question, position: int) -> Array:
    """By how much Σ|terms| of y grows where |x|, |w| or |b| grows by 1 in every entry: Σ|w|, Σ|x|, 1, by the masked network."""
    if position == 2:
        return np.ones(1)
    if position == 0:
        network = question.network.absolute
        grown = masked_dense.forward(network.own, np.ones(network.connections.inputs))
    else:  # all maps of a group read the same cells, so that one of them, with weights 1, tells for all
        (x, w, *_), first = question.args, question.network.connections.first
        network = masked_dense.MaskedDense(first, np.ones(first.cells.size))
        read = masked_dense.forward(network.own, np.abs(x)).reshape(len(x), first.groups, -1)
        grown = np.repeat(read, len(w) // first.groups, axis=1)
    return grown.reshape(-1, *question.delta.shape[1:])


def _loss_margin(question: Question, step: float) -> Array:
    """Moving x may move a loss's magnitude the other way too: ½(|e| + h)² is at most (e² + h²)."""
    args = question.args
    if question.operator == "HalfSquaredError":
        away = (np.abs(args[0] - args[1]) + step, np.zeros(args[1].shape))
        return Question(question.reference, away, question.delta).conventional("autograd", "y")
    return rounding.conventional(rounding.ELEMENTARY + args[0].size, 4 * step)


def _gradient_bound(question: Question, name: str, tier: int) -> Array:
    return question.by_norm(name) if tier == 2 else question.conventional("autograd", name)


def _truncation(question: Question, step: float) -> float:
    if question.operator != "SoftmaxCrossEntropy":
        return 0.0
    return float(np.abs(question.delta)) * 2 * step**3 / 6 * rounding.CROSS_ENTROPY_THIRD


def _inside_the_cell(question: Question) -> tuple[float, Array, str]:
    """A step that changes no winner, the residual without the windows at a tie, and a sentence about those."""
    x = question.args[0]
    cells, inside = connections.windows(x.shape, **question.options)
    maps = x.reshape(-1, x.shape[2] * x.shape[3])
    values = np.sort(np.where(inside, maps[:, np.where(inside, cells, 0)], -np.inf), axis=2)
    margin = values[..., -1] - values[..., -2] if values.shape[2] > 1 else np.full(values.shape[:2], np.inf)
    near = margin <= NEAR_TIE * float(np.max(np.abs(x), initial=0.0))
    clear = margin[~near]
    step = min(float(np.min(clear, initial=np.inf)), float(np.max(np.abs(x), initial=0.0)) or 1.0)
    windows = int(near.sum())
    reason = f"{windows} of {near.size} windows at or near a tie left out" if windows else ""
    return float(2.0 ** np.floor(np.log2(step / 4))), np.where(near.reshape(question.delta.shape), 0.0, question.delta), reason


def _elementwise(subject: Subject, question: Question, gradient: Array, tier: int) -> Evidence:
    x, delta, operator = question.args[0], question.delta, question.operator
    scale, kink = rounding.value_scale(operator, question.options, x), np.zeros(x.shape, bool)
    noise = rounding.gamma(rounding.ELEMENTARY) * scale if tier == 1 else rounding.by_norm(scale)
    if operator in rounding.PIECEWISE_LINEAR:
        kink = np.abs(x) < 4 * rounding.UNDERFLOW
        step = 2.0 ** np.floor(np.log2(np.where(kink, 1, np.abs(x)) / 2))
        truncation = np.zeros(x.shape)
    else:
        third = rounding.SUP_THIRD[operator]
        step = rounding.central_step(noise + rounding.U * np.abs(x), third)
        step = np.maximum(step, 2.0 ** np.ceil(np.log2(np.maximum(np.abs(x), 1) * rounding.U * 8)))
        truncation = step**2 / 6 * third
    above, below, spread = finite_difference.elementwise(lambda points: subject.forward(points), x, step)
    slope = (above - below) / np.where(spread == 0, 1, spread)
    bound = np.abs(delta) * (2 * truncation + 3 * noise / step + 4 * rounding.U * np.abs(slope))
    bound = bound + _gradient_bound(question, "x", tier)
    reason = f"{int(kink.sum())} entries at the kink 0" if kink.any() else ""
    return record(ORACLE, "x", "sampled", compare(gradient, delta * slope, bound, kink), reason=reason)
