"""Without a reference: what, undone, turns a gradient into one that agrees with differences of the layer's own forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..judge import compare
from ..rounding import Array
from .anything import several
from .factor import factor
from .point import Point

LEAST, DIGITS = 3, 6  # entries by which what is added can be told, and to how many digits: differences know no more
Change = Callable[[Array], Array]


def undone(point: Point, quantity: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Codes and their values. Differences are asked about every entry, also about those that the verdict left out."""
    if not point.answers[quantity].any():
        yield "all-zero", {}
        return
    found = factor(point, quantity)
    if found is not None and point.confirm(quantity, lambda g: g / found[0]):
        ratio, forms = found
        yield ("factor", {"ratio": ratio, "forms": forms}) if forms else ("factor-unknown", {"ratio": ratio})
        return
    told = set[str]()
    for code, values, back in _changes(point, quantity):
        key = f"{code} {values}"
        if key not in told and _near(point, quantity, back) and point.confirm(quantity, back):
            told.add(key)
            yield code, values


def _near(point: Point, quantity: str, back: Change) -> bool:
    """Whether it agrees in the entries that are known, which costs nothing to see."""
    expected, actual = point.expected[quantity], point.answers[quantity]
    try:
        mended = back(actual)
    except ValueError:
        return False
    if mended.shape != actual.shape or np.array_equal(mended, actual):
        return False
    found = compare(mended, expected, point.bounds[quantity], point.unknown.get(quantity))
    return found is not None and found.status == "pass"


def _changes(point: Point, quantity: str) -> Iterator[tuple[str, dict[str, Any], Change]]:
    """The inverse of each order in which entries are often mistaken; the gradient of another argument in its place."""
    shape = point.answers[quantity].shape
    for other, answer in point.answers.items():
        if other not in ("y", quantity) and answer.shape == shape:
            yield "gradient-of-another", {"other": point.called(other)}, lambda _, a=answer: a  # type: ignore[misc]
    if len(shape) > 1:
        yield "rotated", {}, lambda v: v[..., ::-1, ::-1]
        yield "last-axes-exchanged", {}, lambda v: v.reshape(*v.shape[:-2], *v.shape[:-3:-1]).swapaxes(-1, -2)
        yield "axes-reversed", {}, lambda v: v.reshape(v.shape[::-1]).T
        yield "column-by-column", {}, lambda v: v.ravel(order="F").reshape(v.shape)
        yield "column-by-column", {}, lambda v: v.ravel().reshape(v.shape, order="F")
    for axes in several(shape):
        there = {"axes": [*axes]}
        if len(axes) == 2:
            swapped: tuple[int, ...] = tuple(np.empty(shape, bool).swapaxes(*axes).shape)
            yield "axes-swapped", there, lambda v, s=swapped, j=axes: v.reshape(s).swapaxes(*j)  # type: ignore[misc]
        yield "rotated-along", there, lambda v, j=axes: np.flip(v, j)  # type: ignore[misc]
    yield from _additions(point, quantity)
    for axis, size in enumerate(shape):
        if size > 1:
            along = {"along": str(axis)}
            others = tuple(other for other in range(len(shape)) if other != axis)
            yield "not-centred", along, lambda v, j=axis: v - v.mean(j, keepdims=True)  # type: ignore[misc]
            if len(others) > 1:
                yield "not-centred-at", along, lambda v, j=others: v - v.mean(j, keepdims=True)  # type: ignore[misc]
            yield "flipped", along, lambda v, j=axis: np.flip(v, j)  # type: ignore[misc]
            for step in (1, -1):
                yield "moved-along", along, lambda v, j=axis, s=step: np.roll(v, s, j)  # type: ignore[misc]


def _additions(point: Point, quantity: str) -> Iterator[tuple[str, dict[str, Any], Change]]:
    """One number in every entry, or a multiple of the argument, by what the entries that are known are off."""
    judged = point.wrong[quantity]
    if judged.judged < LEAST:
        return
    apart = (point.answers[quantity] - point.expected[quantity])[judged.kept]
    argument = np.asarray(point.args[list(point.names).index(quantity)], float)
    number, times = _rounded(apart, np.ones(apart.shape)), _rounded(apart, argument[judged.kept])
    yield "offset", {"offset": number}, lambda v: v - number
    yield "decay", {"times": times, "argument": point.called(quantity)}, lambda v: v - times * argument


def _rounded(apart: Array, of: Array) -> float:
    """The number that, times `of`, is added, in as many digits as people write."""
    squares = float(of @ of)
    return float(f"{float(apart @ of) / squares:.{DIGITS}g}") if squares else 0.0
