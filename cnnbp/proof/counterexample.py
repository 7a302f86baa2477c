"""Where a refuted layer can be seen to be wrong: zeros and ones from the product that differs, small integers in an order."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from ..evidence.proof import Witness
from ..rounding import Array
from .numbers.codes import BITS, DELTA, FLAG, NUMBER, X
from .numbers.tags import general
from .numbers.walk import Key, Walk
from .question import Question
from .terms import Place, Terms, indices

Products = dict[int, Fraction]


def smallest(
    question: Question,
    walk: Walk,
    places: list[Place],
    y_shape: tuple[int, ...],
    name: str,
    place: Place,
    actual: Array,
    wanted: Terms,
) -> Witness | None:
    """The entry and the product with the fewest factors that differ, each factor 1 and all else 0.

    What was compared gets the integers of its order. None where the entries agree at these numbers.
    """
    equals = {} if place.group == X else walk.equals()  # of a derivative by x no factor is an x
    mask = (2 * FLAG - 1) << BITS * place.group
    expected: dict[int, Products] = {}
    for code, c in zip(*_written(wanted.with_equals(equals)), strict=True):
        expected.setdefault((code & mask) >> BITS * place.group & NUMBER, {})[code & ~mask] = c
    found = {place.first + j: _equated(general(v).terms, equals) for j, v in enumerate(actual.ravel().tolist())}
    wrong = [
        (len(indices(code)), entry, code)
        for entry, got in found.items()
        for code in got.keys() | expected.get(entry, {}).keys()
        if got.get(code, 0) != expected.get(entry, {}).get(code, 0)
    ]
    if not wrong:
        return None
    _, entry, product = min(wrong)
    values = {p: np.zeros(p.size, object) for p in (*places, Place(DELTA, 0, int(np.prod(y_shape))))}
    for p, array in values.items():
        entry_of = indices(product).get(p.group, -1)
        if p.first <= entry_of < p.first + p.size:
            array[entry_of - p.first] = 1
    for key, number in representative(walk).items():
        values[places[0]][key.number] = number
    index = tuple(int(i) for i in np.unravel_index(entry - place.first, actual.shape))
    return at_point(question, list(values.values())[:-1], list(values.values())[-1].reshape(y_shape), name, index,
                    _value(expected.get(entry, {}), values))  # fmt: skip


def at_point(question: Question, numbers: list[Array], delta: Array, name: str, index: tuple[int, ...], expected: float) -> Witness:
    """A witness at these numbers: what the layer itself answers there, in floats."""
    arrays = [n.reshape(a.shape).astype(float) for n, (_, a) in zip(numbers, question.unknown, strict=True)]
    args, residual, actual = question.with_arrays(arrays), delta.astype(float), None
    try:
        if name == "y":
            answer = question.layer.forward(*(a.copy() for a in args))
        else:
            moving = [a.name for _, a in question.may_move]
            answer = question.gradients(question.layer.backward(residual.copy(), *(a.copy() for a in args)))[moving.index(name)]
        actual = float(np.asarray(answer)[index])
    except Exception:  # it raises at these very numbers: then there is no answer to show
        pass
    given = {argument.name: plain(a) for argument, a in zip(question.arguments, args, strict=True)}
    return Witness(given, plain(residual), name, index, actual, expected)


def representative(walk: Walk) -> Mapping[Any, Fraction]:
    """Numbers in an order that this path allows: rising integers, and between two constants what lies between them."""
    classes, values = walk.order(), dict[Key, Fraction]()
    anchors = [(n, k) for n, keys in enumerate(classes) for k in keys if isinstance(k, Fraction)]
    for n, keys in enumerate(classes):
        before = [a for a in anchors if a[0] <= n]
        after = [a for a in anchors if a[0] >= n]
        if before and after:
            (low, bottom), (high, top) = before[-1], after[0]
            number = bottom if low == high else bottom + (top - bottom) * Fraction(n - low, high - low)
        else:
            number = before[-1][1] + n - before[-1][0] if before else after[0][1] + n - after[0][0] if after else Fraction(n + 1)
        values |= {key: number for key in keys if not isinstance(key, Fraction)}
    return values


def plain(array: Array) -> Any:
    """Nested lists, whole numbers as integers, so that they can be pasted."""
    if array.ndim:
        return [plain(a) for a in array]
    number = array.item()
    return int(number) if number == int(number) else number


def _written(terms: Terms) -> tuple[list[int], tuple[Fraction, ...]]:
    return terms.codes.tolist(), terms.weights


def _equated(products: Mapping[int, int | Fraction], equals: Mapping[Key, Key]) -> Products:
    terms = Terms.of(np.array(list(products), np.int64), list(products.values())).with_equals(equals)
    return dict(zip(*_written(terms), strict=True))


def _value(products: Products, values: Mapping[Place, Array]) -> float:
    """Σ coefficient·(the values of its factors)."""
    total = Fraction(0)
    for code, coefficient in products.items():
        term = coefficient
        for group, number in indices(code).items():
            place = next(p for p in values if p.group == group and p.first <= number < p.first + p.size)
            term = term * Fraction(values[place][number - place.first])
        total += term
    return float(total)
