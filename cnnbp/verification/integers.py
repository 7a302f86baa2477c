"""Exact at points: the same shape on integers so small that no partial sum ever rounds, where right answers are equal.

If Σ|terms| of every entry stays below 2⁵³, every partial sum in any order, blocking or fused multiply-add is an integer that
float64 holds exactly, so the layer, PyTorch and the masked network must agree bit for bit. Integers are spaced so that a
unit step crosses no kink and changes no winner: then central differences are exact as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from .. import layers
from ..evidence import Evidence, Kind
from ..judge import compare
from ..oracles import finite_difference
from ..oracles.abstention import Abstention
from ..rounding import Array
from .directions import moved, signs
from .findings import abstain, record
from .question import POOLS, Question
from .subject import Subject

Shape = tuple[int, ...]

KIND: Kind = "exact at points"
LARGEST = 2.0**53
STREAM = 1  # of the seed: the integers have random numbers of their own, so that others need not be drawn after them
EXACT = POOLS | {"Conv2d", "Dense", "ReLU", "HalfSquaredError"}


def integer_question(question: Question, seed: int, most: int | None = None) -> Question:
    """A question of the same operator, options and shapes whose answers are exact, with integers up to `most` if given.

    Raises Abstention where the operator has irrational or decimal constants, or the sums do not fit into 53 bits.
    """
    if question.operator not in EXACT:
        raise Abstention(f"{question.operator} does not map integers to integers")
    options = tuple((name, tuple(v) if isinstance(v, list) else v) for name, v in question.options.items())
    return _drawn(question.operator, options, tuple(a.shape for a in question.args), question.delta.shape, seed, most)


@lru_cache(maxsize=4)
def _drawn(
    operator: str, options: tuple[tuple[str, Any], ...], shapes: tuple[Shape, ...], outputs: Shape, seed: int, most: int | None
) -> Question:
    """The integers, and what the witnesses say of them: nothing here depends on the case or the layer on trial."""
    rng, reference = np.random.default_rng((seed, STREAM)), getattr(layers, operator)(**dict(options))
    blank = Question(reference, tuple(map(np.zeros, shapes)), np.zeros(outputs))
    unit = _unit(blank)
    size = 0 if unit > LARGEST else _magnitude(blank, unit) if most is None else most
    if size < 1:
        raise Abstention("the sums of this shape do not fit into 53 bits")
    x = _apart(shapes[0], rng) if operator in ("MaxPool2d", "ReLU") else unit * _signed(shapes[0], size, rng)
    factor = unit if operator == "HalfSquaredError" else 1
    rest = tuple(factor * _signed(shape, size, rng) for shape in shapes[1:])
    *args, delta = map(np.asarray, (x, *rest, unit * _signed(outputs, min(size, 64), rng)))  # arithmetic makes 0-d arrays scalars
    asked = Question(reference, tuple(args), delta)
    if not _fits(asked):
        raise Abstention("the sums of this shape do not fit into 53 bits")
    said = (answers for answers in asked.witnesses.values() if isinstance(answers, dict))
    for a in (*asked.args, asked.delta, *(a for answers in said for a in answers.values())):
        a.flags.writeable = False  # whoever asks again must find the same numbers
    return asked


def exactly(subject: Subject, asked: Question, rng: np.random.Generator) -> Iterator[Evidence]:
    """The layer against the masked network, PyTorch and unit central differences, with a bound of 0."""
    y, gradients = subject.forward(*asked.args), subject.backward(asked.delta, *asked.args)
    yield from _against_witnesses(asked, (y, *gradients), "integers")
    for position, quantity in enumerate(asked.quantities[1:]):
        yield _difference(subject, asked, gradients[position], position, quantity, rng)


def ties(subject: Subject, question: Question, rng: np.random.Generator) -> Iterator[Evidence]:
    """Max pooling of −1, 0 and 1, where most windows are tied: the winner must be the convention's, and take the residual alone."""
    if question.operator == "MaxPool2d":
        x, delta = rng.integers(-1, 2, question.args[0].shape), _signed(question.delta.shape, 64, rng)
        tied = Question(question.reference, (x.astype(float),), delta)
        yield from _against_witnesses(tied, (subject.forward(*tied.args), *subject.backward(delta, *tied.args)), "tied integers")


def _against_witnesses(asked: Question, answers: tuple[Array, ...], at: str) -> Iterator[Evidence]:
    for oracle, said in asked.witnesses.items():
        if isinstance(said, str):
            continue  # who abstains at the case abstains here
        for quantity, answer in zip(asked.quantities, answers, strict=False):
            yield record(oracle, quantity, KIND, compare(answer, said[quantity], 0.0), at=at)


def _difference(
    subject: Subject, asked: Question, gradient: Array, position: int, quantity: str, rng: np.random.Generator
) -> Evidence:
    at = asked.args[position]
    unit = float(_unit(asked)) if quantity == "x" else 1.0
    direction = unit * signs(at.shape, rng)
    difference = finite_difference.along(
        lambda theta: subject.forward(*moved(asked.args, position, theta)), at, direction, asked.delta
    )
    actual, expected = float(np.vdot(gradient, difference.spread)), difference.change
    total = np.vdot(np.abs(gradient), np.abs(difference.spread))  # integers: below 2⁵³ this sum, and all of its parts, are exact
    total += np.vdot(np.abs(asked.delta), np.abs(difference.above) + np.abs(difference.below))
    if not total < LARGEST:
        return abstain("finite_difference", quantity, KIND, "the sum along a direction does not fit into 53 bits", "integers")
    judged = compare(np.array(actual / (2 * unit)), np.array(expected / (2 * unit)), 0.0)
    return record("finite_difference", quantity, KIND, judged, at="integers")


def _unit(question: Question) -> int:
    """What every x is a multiple of, so that the layer's divisions have no remainder."""
    if question.operator == "HalfSquaredError":
        return 2 * len(question.args[0])
    if question.operator == "AvgPool2d":
        sizes = question.network.sizes
        return 1 if sizes is None else math.lcm(*np.unique(sizes).tolist())
    return 1


def _magnitude(question: Question, unit: int) -> int:
    """The largest integers for which neither an entry, a product of three, nor the sum over all entries leaves 53 bits."""
    if question.operator == "HalfSquaredError":
        return int(min(1000, (LARGEST / 64 / (float(unit) ** 2 * 4 * question.args[0].size)) ** 0.5))
    products = question.args[0].size
    if question.operator != "ReLU":
        products = len(question.network.connections.cells) * max(1, products // max(1, question.network.connections.inputs))
    return int(min(2.0**20, (LARGEST / 4 / (max(1, products) * float(unit) ** 3)) ** (1 / 3)))


def _fits(asked: Question) -> bool:
    """terms · max|x| · max|w| and the like bound every Σ|terms| from above."""
    if asked.operator in ("ReLU", "HalfSquaredError"):
        return True  # one term an entry; the sum of squares is bounded in `_magnitude`
    sizes = {"y": asked.args, "x": (asked.delta, *asked.args[1:2]), "w": (asked.delta, asked.args[0]), "b": (asked.delta,)}
    largest = {name: math.prod(max(1.0, float(np.max(np.abs(a), initial=0))) for a in operands) for name, operands in sizes.items()}
    return all(float(np.max(count, initial=0)) * largest[name] < LARGEST for name, count in asked.terms.items())


def _signed(shape: tuple[int, ...], size: int, rng: np.random.Generator) -> Array:
    """Integers from −size to size, without 0 where that matters least: sparse data hides defects."""
    return np.where(rng.random(shape) < 0.5, -1.0, 1.0) * rng.integers(1, size + 1, shape)


def _apart(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Distinct non-zero integers, 4 apart: a unit step crosses no kink and changes no winner."""
    count = math.prod(shape)
    return (4.0 * rng.permutation(count) - 4.0 * (count // 2) + 2.0).reshape(shape)
