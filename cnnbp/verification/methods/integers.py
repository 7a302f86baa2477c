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
from ...operators.connected import EXACT
from ...operators.record import Integers, Silent
from ...oracles import finite_difference
from ...oracles.abstention import Abstention
from ...rounding import Array
from ..answered import Answered
from ..directions import signs
from ..examination import Examination
from ..findings import abstain, record
from ..question import Question

KIND: Kind = "exact at points"
STREAM = 3
ORACLES = ("masked_dense", "autograd", "finite_difference")


def evidence(examination: Examination) -> Iterator[Evidence]:
    """Against every oracle that speaks at the case, and unit central differences, with a bound of 0; then the same at ties."""
    question, subject, rng = examination.question, examination.subject, examination.rng(STREAM)
    try:
        asked = drawn(question, examination.seed)
    except Abstention as abstention:
        reason = remark(abstention.code, **abstention.values)
        yield from (abstain(oracle, q, KIND, reason, "integers") for oracle in ORACLES for q in question.quantities)
        return
    answered = Answered.by(subject, asked)
    yield from _against_oracles(answered, "integers")
    for position, quantity in enumerate(asked.operands):
        yield _difference(examination, answered, position, quantity, rng)
    if facts(question).tied:
        x, delta = rng.integers(-1, 2, question.args[0].shape), _signed(question.delta.shape, 64, rng)
        tied = Question(question.operator, question.options, (x.astype(float),), delta)
        yield from _against_oracles(Answered.by(subject, tied), "tied-integers")


def facts(question: Question) -> Integers:
    """How integers are made for the operator. Raises Abstention where it has irrational or decimal constants."""
    integers = question.operator.integers
    if isinstance(integers, Silent):
        raise Abstention(integers.code, operator=question.operator.name)
    return integers


def drawn(question: Question, seed: int, most: int | None = None) -> Question:
    """A question of the same operator, options and shapes whose answers are exact, with integers up to `most` if given.

    Raises Abstention where there is none, or the sums do not fit into 53 bits.
    """
    integers, rng = facts(question), np.random.default_rng((seed, STREAM))
    blank = Question(
        question.operator, question.options, tuple(np.zeros(a.shape) for a in question.args), np.zeros(question.delta.shape)
    )
    unit = integers.unit(blank)
    size = 0 if unit > EXACT else integers.largest(blank, unit) if most is None else most
    if size < 1:
        raise Abstention("verification.beyond-53-bits")
    x, *rest = (a.shape for a in question.args)
    factor = unit if integers.scaled else 1
    args = [_apart(x, rng) if integers.spaced else unit * _signed(x, size, rng)]
    args += [factor * _signed(shape, size, rng) for shape in rest]
    delta = unit * _signed(question.delta.shape, min(size, 64), rng)
    exact = tuple(map(np.asarray, args))  # arithmetic makes 0-d arrays scalars
    asked = Question(question.operator, question.options, exact, np.asarray(delta))
    if not integers.fits(asked):
        raise Abstention("verification.beyond-53-bits")
    return asked


def _against_oracles(answered: Answered, at: Place) -> Iterator[Evidence]:
    question = answered.question
    for oracle, said in question.answers.items():
        if isinstance(said, Remark):
            continue  # what abstains at the case abstains here
        for quantity in said:
            found = compare(answered.answers[quantity], said[quantity], 0.0)
            yield record(oracle, quantity, KIND, found, at=at)


def _difference(examination: Examination, answered: Answered, position: int, quantity: str, rng: np.random.Generator) -> Evidence:
    asked, subject = answered.question, examination.subject
    at, gradient = asked.args[position], answered.answers[quantity]
    unit = float(facts(asked).unit(asked)) if quantity == "x" else 1.0
    difference = finite_difference.along(
        lambda theta: subject.forward(*asked.args[:position], theta, *asked.args[position + 1 :]),
        at, unit * signs(at.shape, rng), asked.delta,
    )  # fmt: skip
    actual, expected = float(np.vdot(gradient, difference.spread)), difference.change
    total = np.vdot(np.abs(gradient), np.abs(difference.spread))  # integers: below 2⁵³ this sum, and all of its parts, are exact
    total += np.vdot(np.abs(asked.delta), np.abs(difference.above) + np.abs(difference.below))
    if not total < EXACT:
        return abstain("finite_difference", quantity, KIND, remark("verification.beyond-53-bits"), "integers")
    judged = compare(np.array(actual / (2 * unit)), np.array(expected / (2 * unit)), 0.0)
    return record("finite_difference", quantity, KIND, judged, at="integers")


def _signed(shape: tuple[int, ...], size: int, rng: np.random.Generator) -> Array:
    """Integers from −size to size without 0, since sparse data hides defects."""
    return np.where(rng.random(shape) < 0.5, -1.0, 1.0) * rng.integers(1, size + 1, shape)


def _apart(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Distinct non-zero integers, 4 apart: a unit step crosses no kink and changes no winner."""
    count = math.prod(shape)
    return (4.0 * rng.permutation(count) - 4.0 * (count // 2) + 2.0).reshape(shape)
