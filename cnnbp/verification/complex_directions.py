"""The complex step of the reference's forward along a random ±1 direction, for analytic layers: no subtraction, no truncation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from .. import rounding
from ..evidence import Evidence
from ..judge import compare
from ..oracles import finite_difference
from ..rounding import Array
from .directions import moved, signs
from .findings import abstain, record
from .question import LOSSES, SMOOTH, Question

ORACLE = "complex_step"
ANALYTIC = LOSSES | {"Conv2d", "Dense", "AvgPool2d", "Flatten", "Identity"}


def complex_directions(question: Question, gradients: tuple[Array, ...], rng: np.random.Generator, tier: int) -> Iterator[Evidence]:
    """One piece of evidence for each gradient: ⟨dθ, v⟩ against ⟨δ, Im f(θ + i·h·v)/h⟩.

    Both sides are the same sum over outputs and inputs, taken in another order, so the gradient's own magnitude bounds both.
    """
    if question.operator in SMOOTH:
        return  # judged entry by entry elsewhere
    for position, (name, gradient) in enumerate(zip(question.quantities[1:], gradients, strict=True)):
        if question.operator not in ANALYTIC:
            yield abstain(ORACLE, name, "sampled", f"{question.operator} is not analytic")
            continue
        at = question.args[position]
        direction = signs(at.shape, rng)
        change = finite_difference.complex_step(partial(_forward, question, position), at, direction)
        products = float(np.abs(gradient).sum() + np.vdot(np.abs(question.delta), np.abs(change)))
        bound = float(np.sum(_bound(question, name, tier))) + 2 * finite_difference.ROUNDINGS * rounding.U * products
        bound += (
            (1 + np.abs(question.delta).sum())
            * (at.size + question.delta.size)
            * rounding.UNDERFLOW
            / finite_difference.COMPLEX_STEP
        )
        actual, expected = finite_difference.inner(gradient, direction), finite_difference.inner(question.delta, change)
        yield record(ORACLE, name, "sampled", compare(np.array(actual), np.array(expected), rounding.promised(bound)))


def _bound(question: Question, name: str, tier: int) -> Array:
    if tier == 2:
        return question.by_norm(name)
    own = question.conventional("autograd", name)
    if question.operator in LOSSES:
        return 2 * own
    # Complex products have two real terms, and the sum over outputs is longer than that of one gradient entry.
    return own + rounding.conventional(2 * np.max(question.terms["y"], initial=0) + question.terms[name], question.magnitudes[name])


def _forward(question: Question, position: int, theta: Array) -> Array:
    value: Array = question.reference.forward(*moved(question.args, position, theta))
    return value
