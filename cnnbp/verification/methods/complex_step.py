"""The complex step along a random ±1 direction, for analytic layers: no subtraction, no truncation.

The forward is not the layer's own but a closed form, which carries complex numbers through.
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
from ..examination import Examination, moved, signs
from ..findings import abstain, record

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
    for name, gradient in zip(question.operands, examination.gradients, strict=True):
        position = question.position(name)
        if isinstance(forward, Silent):
            yield abstain(ORACLE, name, "sampled", remark(forward.code, operator=operator.name))
            continue
        at, direction = question.args[position], signs(question.args[position].shape, rng)

        def values(theta: Array, position: int = position) -> Array:
            y: Array = forward(question.options, *moved(question.args, position, theta))
            return y.reshape(delta.shape)

        change = finite_difference.complex_step(values, at, direction)
        actual, expected = finite_difference.inner(gradient, direction), finite_difference.inner(delta, change)
        own = float(np.sum(question.bound(tier, name))) * (1 if tier == 2 else 2)  # complex products have two real terms
        bound = own + _of_products(gradient, delta, change, at)
        yield record(ORACLE, name, "sampled", compare(np.array(actual), np.array(expected), rounding.promised(bound)))


def _of_products(gradient: Array, delta: Array, change: Array, at: Array) -> float:
    """The rounding of the two inner products, and what underflows in them."""
    products = float(np.abs(gradient).sum() + np.vdot(np.abs(delta), np.abs(change)))
    lost = (1 + np.abs(delta).sum()) * (at.size + delta.size) * rounding.UNDERFLOW / finite_difference.COMPLEX_STEP
    return 2 * finite_difference.ROUNDINGS * rounding.U * products + float(lost)
