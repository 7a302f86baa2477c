"""Points on a path, and what elements of the field are worth there: an element that is not 0 refutes nothing, a point does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

import flint
import numpy as np

from ..rounding import Array
from .domain import APART
from .numbers import signs
from .numbers.element import Element
from .numbers.field import Field, Values
from .numbers.walk import Walk

POINTS = 400  # at which two elements that are not seen to be equal are compared
GROWN, DOUBLED = 200, 7  # drawn points of small integers; the others double every tenth time, so often at most
TINY = 20  # points that differ by less than APART: they are shown only where nothing differs by more,
SMALL = 10  # and where all numbers are small: in a tail of a function no float can tell


def worth(field: Field, values: Values, arrays: Sequence[Array]) -> list[Array] | None:
    """Arrays of elements as floats where the generators have these values; None where one of them has none."""
    try:
        return [np.array([float(field.element(e).at(values)) for e in a.ravel()]).reshape(a.shape) for a in arrays]
    except (ValueError, ZeroDivisionError):
        return None


def points(field: Field, walk: Walk, difference: Element) -> Iterator[tuple[list[Fraction], Values]]:
    """Points on this path at which the difference is not 0 beyond doubt, small numbers first; where it is tiny, at last."""
    tiny = list[tuple[list[Fraction], Values]]()
    equal = pinned(field, walk)
    for point in islice(_small_numbers(field.unknown), POINTS):
        for number, same in equal.items():
            point[number] = same if isinstance(same, Fraction) else point[same]
        values = field.values(point)
        if not signs.holds(walk, values):
            continue
        try:
            apart = difference.at(values)
        except (ValueError, ZeroDivisionError):
            continue
        if apart < 0 or apart > 0:
            if abs(float(apart)) > APART:
                yield point, values
            elif len(tiny) < TINY and max(map(abs, point)) <= SMALL:
                tiny.append((point, values))
    yield from tiny


def pinned(field: Field, walk: Walk) -> dict[int, Fraction | int]:
    """Which unknown numbers equal a constant on this path, or another one by its number, so that points may lie on it."""
    found: dict[int, Fraction | int] = {}
    for key, same in walk.equals().items():
        letter, other = (_letter(field, k) for k in (key, same))
        if letter is not None and (isinstance(same, Fraction) or other is not None):
            found[letter] = same if isinstance(same, Fraction) else other  # type: ignore[assignment]
    return found


def where_equal(field: Field, walk: Walk, difference: Element) -> Element:
    """A difference where letters that are compared with a number, and equal it on this path, are that number."""
    for letter, number in pinned(field, walk).items():
        if isinstance(number, Fraction):
            there = {letter: flint.fmpq(number.numerator, number.denominator)}
            below = difference.q.subs(there) if difference.q is not None else None
            if below is None or below != 0:
                difference = Element(field, difference.p.subs(there), below)
    return difference


def _letter(field: Field, key: Any) -> int | None:
    """The number of the unknown number that a key is by itself."""
    alone = isinstance(key, tuple) and isinstance(key[0], int) and sum(key) == 1
    return key.index(1) if alone and key.index(1) < field.unknown else None


def _small_numbers(count: int) -> Iterator[list[Fraction]]:
    """Points of small integers: all of 0, ±1 where they are few, then drawn ones that grow, to a hundred at last."""
    for point in product((0, 1, -1), repeat=count) if count <= 4 else [(0,) * count, (1,) * count]:
        yield [Fraction(v) for v in point]
    rng = np.random.default_rng(0)
    for size in range(1, POINTS):
        most = 1 + size // 40 if size < GROWN else 2 ** min((size - GROWN) // 10 + 1, DOUBLED)
        yield [Fraction(int(v)) for v in rng.integers(-most, most + 1, count)]
