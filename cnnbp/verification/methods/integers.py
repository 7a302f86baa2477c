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
from ...operators.record import Integers
from ...oracles.abstention import Abstention
from ...precision import FLOAT64
from ...rounding import EXACT, Array
from .. import conventions
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
    for quantity in on_integers.question.operands if question.precision is FLOAT64 else ():
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
    exact = question.precision.exact
    size = 0 if unit > exact else integers.largest(question, unit) if most is None else most
    if size < 1:
        raise _beyond(question)
    if question.precision is not FLOAT64:
        return _few(question, integers, unit, rng)
    x, *rest = (a.shape for a in question.args)
    factor = unit if integers.scaled else 1
    args = [_apart(x, rng) if integers.spaced else unit * _signed(x, size, rng)]
    args += [factor * _signed(shape, size, rng) for shape in rest]
    delta = unit * _signed(question.delta.shape, min(size, 64), rng)
    asked = question.at(tuple(map(np.asarray, args)), np.asarray(delta))  # arithmetic makes 0-d arrays scalars
    if not integers.fits(asked):
        raise _beyond(question)
    return asked


def _few(question: Question, integers: Integers, unit: int, rng: np.random.Generator) -> Question:
    """Integers whose sums a lower precision holds: the largest that fit; and where not even ±1 do, only some that are not 0.

    Σ|terms| of these very numbers decides, where a masked network knows it. Raises Abstention.
    """
    x, *rest = (a.shape for a in question.args)
    factor = unit if integers.scaled else 1

    def asked(size: int, share: float) -> Question:
        args = [unit * _signed(x, size, rng) * _some(x, share, rng), *(factor * _signed(shape, size, rng) for shape in rest)]
        delta = unit * _signed(question.delta.shape, size, rng) * _some(question.delta.shape, share, rng)
        return question.at(tuple(map(np.asarray, args)), np.asarray(delta))

    for size, share in (*((2**k, 1.0) for k in range(10, -1, -1)), *((1, 2.0**-k) for k in range(1, 8))):
        found = asked(size, share)
        if _held(found, integers):
            return found
    raise _beyond(question)


def _beyond(question: Question) -> Abstention:
    code = "beyond-53-bits" if question.precision is FLOAT64 else "beyond-bits"
    return Abstention(f"verification.{code}", bits=question.precision.bits)


def _held(question: Question, integers: Integers) -> bool:
    exact = question.precision.exact
    try:
        windows = question.network.sizes  # means are sums first, and divided at the end
        whole = {"y": 1.0 if windows is None else float(np.max(windows, initial=1))}
        largest = max(whole.get(q, 1.0) * float(np.max(question.magnitude(q), initial=0)) for q in question.quantities)
    except Abstention:  # no network: a loss, or entry by entry
        sizes = [float(np.sum(a * a)) for a in (*question.args, question.delta)] if integers.scaled else []
        largest = max([*(float(np.max(np.abs(a), initial=0)) for a in question.args), *(4 * size for size in sizes)])
    return largest < exact


def _some(shape: tuple[int, ...], share: float, rng: np.random.Generator) -> Array:
    """1 where an entry is kept, which a share of them is, else 0."""
    return (rng.random(shape) < share).astype(float) if share < 1 else np.ones(shape)


def _against_oracles(examination: Examination, at: Place) -> Iterator[Evidence]:
    for oracle, said in examination.question.answers.items():
        if isinstance(said, Remark):
            continue  # what abstains at the case abstains here
        for quantity in (quantity for quantity in examination.answers if quantity in said):
            found, convention = conventions.judged(examination, quantity, said[quantity], 0.0)
            yield record(oracle, quantity, KIND, found, at=at, note=convention)


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
