"""The complex step along a random ±1 direction, for analytic layers: no subtraction, no truncation.

The forward is not the layer's own: the masked network, or a closed form, carries complex numbers through.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ... import rounding
from ...evidence import Evidence, remark
from ...judge import compare
from ...operators.record import EntryByEntry, Silent
from ...oracles import finite_difference
from ...rounding import Array
from ..directions import signs
from ..examination import Examination
from ..findings import abstain, record
from ..question import Question

ORACLE, STREAM = "complex_step", 1


def evidence(examination: Examination, tier: int = 1) -> Iterator[Evidence]:
    """One piece of evidence for each gradient: ⟨dθ, v⟩ against ⟨δ, Im f(θ + i·h·v)/h⟩.

    Both sides are the same sum over outputs and inputs, taken in another order, so the gradient's own magnitude bounds both.
    """
    question, rng = examination.question, examination.rng(STREAM)
    operator, delta = question.operator, question.delta
    forward = operator.complex_forward
    if isinstance(operator.differences["x"], EntryByEntry) and not isinstance(forward, Silent):
        return  # judged entry by entry elsewhere
    for position, (name, gradient) in enumerate(zip(question.operands, examination.gradients, strict=True)):
        if isinstance(forward, Silent):
            yield abstain(ORACLE, name, "sampled", remark(forward.code, operator=operator.name))
            continue
        at, direction = question.args[position], signs(question.args[position].shape, rng)

        def values(theta: Array, position: int = position) -> Array:
            y: Array = forward(question.options, (*question.args[:position], theta, *question.args[position + 1 :]))
            return y.reshape(delta.shape)

        change = finite_difference.complex_step(values, at, direction)
        actual, expected = finite_difference.inner(gradient, direction), finite_difference.inner(delta, change)
        bound = _bound(question, name, tier) + _of_products(gradient, delta, change, at)
        yield record(ORACLE, name, "sampled", compare(np.array(actual), np.array(expected), rounding.promised(bound)))


def _bound(question: Question, name: str, tier: int) -> float:
    """Complex products have two real terms, and the sum over outputs is longer than that of one entry of the gradient."""
    own = question.bound(tier, name)
    if tier == 2:
        return float(np.sum(own))
    if isinstance(question.operator.network, Silent):
        return 2 * float(np.sum(own))
    more = 2 * np.max(question.terms("y"), initial=0) + question.terms(name)
    return float(np.sum(own + rounding.conventional(more, question.magnitude(name))))


def _of_products(gradient: Array, delta: Array, change: Array, at: Array) -> float:
    """The rounding of the two inner products, and what underflows in them."""
    products = float(np.abs(gradient).sum() + np.vdot(np.abs(delta), np.abs(change)))
    lost = (1 + np.abs(delta).sum()) * (at.size + delta.size) * rounding.UNDERFLOW / finite_difference.COMPLEX_STEP
    return 2 * finite_difference.ROUNDINGS * rounding.U * products + float(lost)
