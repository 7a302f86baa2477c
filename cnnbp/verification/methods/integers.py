"""Exact at points: the same shape on integers so small that no partial sum ever rounds, where right answers are equal.

If Σ|terms| of every entry stays below 2⁵³, every partial sum in any order, blocking or fused multiply-add is an integer that
float64 holds exactly, so the layer, PyTorch and the masked network must agree bit for bit. Integers are spaced so that a
unit step crosses no kink and changes no winner: then central differences are exact as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...evidence.kinds import Kind
from ...evidence.verdict import Place
from ...judge import compare
from ...oracles.abstention import Abstention
from ...rounding import EXACT, Array
from ..examination import Examination, signs
from ..findings import abstain, reason, record
from ..question import Question

KIND: Kind = "exact at points"
STREAM = 3
ORACLES = ("masked_dense", "autograd", "finite_difference")


def evidence(examination: Examination) -> Iterator[Evidence]:
    """Against every oracle that speaks at the case, and unit central differences, with a bound of 0; then the same at ties."""
    question, rng = examination.question, examination.rng(STREAM)
    try:
        facts, asked = question.operator.known(question.operator.integers), drawn(question, examination.seed)
    except Abstention as abstention:
        why = reason(abstention)
        yield from (abstain(oracle, q, KIND, why, "integers") for oracle in ORACLES for q in question.quantities)
        return
    on_integers = examination.about(asked, "integers")
    yield from _against_oracles(on_integers, "integers")
    for quantity in on_integers.question.operands:
        position = asked.position(quantity)
        yield _difference(on_integers, position, quantity, float(facts.unit(asked)) if quantity == "x" else 1.0, rng)
    if facts.tied:
        x, delta = rng.integers(-1, 2, question.args[0].shape), _signed(question.delta.shape, 64, rng)
        tied = examination.about(question.at((x.astype(float),), delta), "tied-integers")
        yield from _against_oracles(tied, "tied-integers")


def drawn(question: Question, seed: int, most: int | None = None) -> Question:
    """A question of the same operator, options and shapes whose answers are exact, with integers up to `most` if given.

    Raises Abstention where there is none, or the sums do not fit into 53 bits.
    """
    integers, rng = question.operator.known(question.operator.integers), np.random.default_rng((seed, STREAM))
    unit = integers.unit(question)
    size = 0 if unit > EXACT else integers.largest(question, unit) if most is None else most
    if size < 1:
        raise Abstention("verification.beyond-53-bits")
    x, *rest = (a.shape for a in question.args)
    factor = unit if integers.scaled else 1
    args = [_apart(x, rng) if integers.spaced else unit * _signed(x, size, rng)]
    args += [factor * _signed(shape, size, rng) for shape in rest]
    delta = unit * _signed(question.delta.shape, min(size, 64), rng)
    exact = tuple(map(np.asarray, args))  # arithmetic makes 0-d arrays scalars
    asked = question.at(exact, np.asarray(delta))
    if not integers.fits(asked):
        raise Abstention("verification.beyond-53-bits")
    return asked


def _against_oracles(examination: Examination, at: Place) -> Iterator[Evidence]:
    for oracle, said in examination.question.answers.items():
        if isinstance(said, Remark):
            continue  # what abstains at the case abstains here
        for quantity in (quantity for quantity in examination.answers if quantity in said):
            found = compare(examination.answers[quantity], said[quantity], 0.0)
            yield record(oracle, quantity, KIND, found, at=at)


def _difference(examination: Examination, position: int, quantity: str, unit: float, rng: np.random.Generator) -> Evidence:
    delta, gradient = examination.question.delta, examination.answers[quantity]
    difference = examination.difference(position, unit * signs(gradient.shape, rng), delta)
    actual, expected = float(np.vdot(gradient, difference.spread)), difference.change
    total = np.vdot(np.abs(gradient), np.abs(difference.spread))  # integers: below 2⁵³ this sum, and all of its parts, are exact
    total += np.vdot(np.abs(delta), np.abs(difference.above) + np.abs(difference.below))
    if not total < EXACT:
        return abstain("finite_difference", quantity, KIND, remark("verification.beyond-53-bits"), "integers")
    judged = compare(np.array(actual / (2 * unit)), np.array(expected / (2 * unit)), 0.0)
    return record("finite_difference", quantity, KIND, judged, at="integers")


def _signed(shape: tuple[int, ...], size: int, rng: np.random.Generator) -> Array:
    """Integers from −size to size without 0, since sparse data hides defects."""
    drawn = rng.integers(1 - size, size + 1, shape)
    return (drawn - (drawn <= 0)).astype(float)


def _apart(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Distinct non-zero integers, 4 apart: a unit step crosses no kink and changes no winner."""
    count = math.prod(shape)
    return (4.0 * rng.permutation(count) - 4.0 * (count // 2) + 2.0).reshape(shape)
