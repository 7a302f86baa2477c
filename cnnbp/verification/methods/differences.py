"""Finite differences of the layer's own forward against its own backward, with a step and a bound from an error analysis.

Along random ±1 directions, bisected to the entry where one fails; elementwise layers at every entry at once. What step to
take, and what is left out at ties and kinks, the record of the operator says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ... import rounding
from ...evidence import Evidence, remark
from ...judge import Judgement, compare
from ...operators.record import AlongDirections, EntryByEntry, Silent
from ...oracles import finite_difference
from ...oracles.abstention import Abstention
from ...oracles.finite_difference import Difference
from ...precision import FLOAT64
from ...rounding import Array
from ..examination import Examination, signs
from ..findings import abstain, reason, record
from ..question import Question

ORACLE, STREAM = "finite_difference", 2
DIRECTIONS = 2  # a wrong gradient may be orthogonal to one; where there are integers, they take the second


def evidence(examination: Examination, tier: int = 1) -> Iterator[Evidence]:
    """One piece of evidence for each gradient."""
    question, rng = examination.question, examination.rng(STREAM)
    for name, gradient in zip(question.operands, examination.gradients, strict=True):
        if question.precision is not FLOAT64:
            yield abstain(ORACLE, name, "sampled", remark("verification.differences-rounded", precision=question.precision.name))
            continue
        position = question.position(name)
        plan = question.operator.differences[name]
        try:
            if isinstance(plan, EntryByEntry):
                yield _every_entry(examination, plan, gradient, tier)
            else:
                yield _along(examination, question.operator.known(plan), gradient, position, name, rng, tier)
        except Abstention as abstention:
            yield abstain(ORACLE, name, "sampled", reason(abstention))


def _along(
    examination: Examination,
    plan: AlongDirections,
    gradient: Array,
    position: int,
    name: str,
    rng: np.random.Generator,
    tier: int,
) -> Evidence:
    question = examination.question
    step, delta, left = plan.prepare(question, position)
    note = None if left is None else remark("verification.ties-left-out", windows=left[0], of=left[1])
    if left is not None:
        if not np.any(delta):
            return record(ORACLE, name, "sampled", None, note=note)
        gradient = examination.about(question.at(question.args, delta)).answers[name]
    value_error = _value_error(question, position, step, tier)
    slope_error, truncation = question.bound(tier, name), plan.truncation(question, step)

    def judge(direction: Array) -> Judgement | None:
        difference = examination.difference(position, direction, delta)
        bound = _bound(difference, delta, gradient, value_error, slope_error) + truncation
        actual, expected = finite_difference.inner(gradient, difference.spread), difference.change
        slopes = np.array(actual / (2 * step)), np.array(expected / (2 * step))
        return compare(*slopes, rounding.promised(bound / (2 * step)))  # ∞ over ∞ is no bound

    worst = None
    for _ in range(DIRECTIONS if isinstance(question.operator.integers, Silent) else DIRECTIONS - 1):
        direction = step * signs(gradient.shape, rng)
        found = judge(direction)
        if found is not None and found.status == "fail":
            index = _bisected(judge, direction)
            where = remark("verification.bisected", index=index) if index else remark("verification.not-bisected")
            return record(ORACLE, name, "sampled", found, note=where)
        worst = found if worst is None or (found is not None and found.ratio > worst.ratio) else worst
    return record(ORACLE, name, "sampled", worst, note=note)


def _bisected(judge: Callable[[Array], Judgement | None], direction: Array) -> tuple[int, ...] | None:
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


def _bound(difference: Difference, delta: Array, gradient: Array, value_error: Array, slope_error: Array) -> float:
    """The rounding of the two forwards weighted by |δ|, that of the gradient weighted by the step, and that of the products."""
    rounded = np.vdot(np.abs(delta), np.abs(difference.above) + np.abs(difference.below))
    rounded += np.vdot(np.abs(gradient), np.abs(difference.spread))
    errors = 2 * np.vdot(np.abs(delta), value_error) + np.vdot(slope_error, np.abs(difference.spread))
    lost = 4 * (delta.size + gradient.size) * rounding.UNDERFLOW
    products = 2 * finite_difference.ROUNDINGS * rounding.U * rounded
    bound = lost + float(1 + rounding.gamma(delta.size + gradient.size)) * float(errors + products)
    return float(rounding.promised(bound))


def _value_error(question: Question, position: int, step: float, tier: int) -> Array:
    """The bound of y wherever each entry of the argument is moved by at most `step`."""
    if tier == 1:
        return question.operator.bounds.farthest(question, position, step)
    at = question.args[position]
    return question.with_argument(position, at + np.copysign(step, at)).bound(2, "y")


def _every_entry(examination: Examination, plan: EntryByEntry, gradient: Array, tier: int) -> Evidence:
    x = examination.question.args[0]
    kink = np.abs(x) < 4 * rounding.UNDERFLOW if plan.third is None else np.zeros(x.shape, bool)
    step = chosen(examination.question, plan, kink, tier)
    slope, bound = entry_by_entry(examination, plan, step, tier)
    note = remark("verification.kinks-left-out", entries=int(kink.sum())) if kink.any() else None
    return record(ORACLE, "x", "sampled", compare(gradient, slope, bound, kink), note=note)


def chosen(question: Question, plan: EntryByEntry, kink: Array, tier: int = 1) -> Array:
    """The step of each entry: where truncation and rounding balance; of a function with a kink, half the way to it."""
    x = np.abs(question.args[0])
    if plan.third is None:
        step: Array = 2.0 ** np.floor(np.log2(np.where(kink, 1, x) / 2))
        return step
    balanced = rounding.central_step(noise(question, plan, tier) + rounding.U * x, plan.third)
    step = np.maximum(balanced, 2.0 ** np.ceil(np.log2(np.maximum(x, 1) * rounding.U * 8)))
    return step


def noise(question: Question, plan: EntryByEntry, tier: int = 1) -> Array:
    """The rounding of f(x), entry by entry."""
    scale = plan.scale(question.options, question.args[0])
    return rounding.gamma(rounding.ELEMENTARY) * scale if tier == 1 else rounding.by_norm(scale)


def entry_by_entry(examination: Examination, plan: EntryByEntry, step: Array, tier: int = 1) -> tuple[Array, Array]:
    """δ times the central difference at these steps, and how far from it a right gradient may be."""
    question = examination.question
    x, delta = question.args[0], question.delta
    truncation = np.zeros(x.shape) if plan.third is None else step**2 / 6 * plan.third
    above, below, spread = finite_difference.elementwise(examination.values, x, step)
    slope = (above - below) / np.where(spread == 0, 1, spread)
    rounded = 3 * noise(question, plan, tier) / step + 4 * rounding.U * np.abs(slope)
    bound = rounding.promised(np.abs(delta) * (2 * truncation + rounded))
    return delta * slope, bound + question.bound(tier, "x")
