"""What may be wrong with any layer: the right numbers in another order, cut off, shifted, or those of something else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from .. import rounding
from ..judge import compare
from ..rounding import Array
from . import added
from .added import FEW
from .candidate import Answer, tried
from .point import Point

Found = tuple[str, dict[str, Any]]  # a code, and the values of its sentence


def first(point: Point, quantity: str) -> Iterator[Found]:
    """What is so plain that nothing else need be tried."""
    answer, known = point.answers[quantity], point.wrong[quantity].kept
    if not answer[known].any():
        yield "all-zero", {}
        return
    for other in point.expected:
        apart = other != quantity and "y" not in (other, quantity) and point.expected[other].shape == answer.shape
        if apart and tried(point, quantity, lambda p, _, o=other: p.expected[o]):  # type: ignore[misc]
            yield "gradient-of-another", {"other": point.called(other)}
    offset = added.offset(point, quantity)
    if offset is not None:
        yield "offset", {"offset": offset}


def last(point: Point, quantity: str) -> Iterator[Found]:
    """What is tried where no fault of the operator itself was found."""
    told = set[str]()
    for code, values, answer in _orders(point, quantity):
        key = f"{code} {values}"
        if key not in told and tried(point, quantity, answer):
            told.add(key)
            yield code, values
    if not told and _same_numbers(point, quantity):
        yield "reordered", {}
    times = added.decay(point, quantity)
    if times is not None:
        yield "decay", {"times": times, "argument": point.called(quantity)}
    if diagonal(point, quantity):
        yield "diagonal-alone", {}
    limit = _clipped(point, quantity)
    if limit is not None:
        yield "clipped", {"limit": limit}


def diagonal(point: Point, quantity: str) -> bool:
    """Whether each entry is δ·y·(1 − y), of a softmax the way to its own entry of y alone."""
    x, y, actual = point.args[0], point.answers.get("y"), point.answers[quantity]
    if quantity != point.names[0] or y is None or not x.shape == y.shape == point.delta.shape or actual.size < FEW:
        return False
    if not _shares(y):
        return False  # then it is the slope of a sigmoid, in the place of another
    said, sizes = point.delta * y * (1 - y), np.abs(point.delta) * (np.abs(y) + y * y)
    same = compare(actual, said, rounding.conventional(rounding.ELEMENTARY, sizes))
    return same is not None and same.status == "pass"


def _shares(y: Array) -> bool:
    """Whether y holds shares of 1: along an axis, or along several of the last."""
    axes = (*range(y.ndim), *(tuple(range(j, y.ndim)) for j in range(y.ndim)))
    one = [np.abs(y.sum(along) - 1).max(initial=0.0) <= rounding.gamma(y.size) for along in axes]
    return bool((y >= 0).all()) and any(one)


def _orders(point: Point, quantity: str) -> Iterator[tuple[str, dict[str, Any], Answer]]:
    """Every order in which the entries are often mistaken, and sums along one axis in the place of its entries."""
    shape = point.answers[quantity].shape
    letters = list(point.axes(quantity)) or [str(number) for number in range(len(shape))]
    if len(shape) > 1:
        yield "axes-reversed", {}, lambda _, v: v.T.reshape(v.shape)
        yield "last-axes-exchanged", {}, lambda _, v: v.swapaxes(-1, -2).reshape(v.shape)
        yield "column-by-column", {}, lambda _, v: v.ravel(order="F").reshape(v.shape)
        yield "column-by-column", {}, lambda _, v: v.ravel().reshape(v.shape, order="F")
        apart = (len(shape[1:]) > 1 and shape[0], -1)
        if apart[0]:
            yield "column-by-column-in-samples", {}, lambda _, v: np.stack([s.ravel(order="F").reshape(s.shape) for s in v])
            yield "column-by-column-in-samples", {}, lambda _, v: np.stack([s.ravel().reshape(s.shape, order="F") for s in v])
        yield "rotated", {}, lambda _, v: v[..., ::-1, ::-1]
    for axes in several(shape):
        there = {"axes": [*axes]}
        if len(axes) == 2:
            yield "axes-swapped", there, lambda _, v, j=axes: v.swapaxes(*j).reshape(v.shape)  # type: ignore[misc]
        yield "rotated-along", there, lambda _, v, j=axes: np.flip(v, j)  # type: ignore[misc]
    for axis, letter in enumerate(letters):
        if shape[axis] > 1:
            along = {"along": letter}
            yield "flipped", along, lambda _, v, j=axis: np.flip(v, j)  # type: ignore[misc]
            yield "summed-along", along, lambda _, v, j=axis: np.broadcast_to(v.sum(j, keepdims=True), v.shape)  # type: ignore[misc]
            yield "mean-along", along, lambda _, v, j=axis: np.broadcast_to(v.mean(j, keepdims=True), v.shape)  # type: ignore[misc]
            yield "first-for-all", along, lambda _, v, j=axis: np.broadcast_to(v.take([0], j), v.shape)  # type: ignore[misc]
            yield "last-for-all", along, lambda _, v, j=axis: np.broadcast_to(v.take([-1], j), v.shape)  # type: ignore[misc]
            yield "centred", along, lambda _, v, j=axis: v - v.mean(j, keepdims=True)  # type: ignore[misc]
            yield "not-centred", along, lambda p, v, j=axis: v + p.answers[quantity].mean(j, keepdims=True)  # type: ignore[misc]
            for step in (1, -1):
                yield "moved-along", along, lambda _, v, j=axis, s=step: np.roll(v, s, j)  # type: ignore[misc]


def several(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Any two axes but the last two, of which more is said, and all after the first two."""
    axes = range(len(shape))
    yield from (pair for pair in combinations(axes, 2) if pair != (len(shape) - 2, len(shape) - 1))
    if len(shape) > 4:
        yield tuple(axes[2:])


def _clipped(point: Point, quantity: str) -> float | None:
    """The size at which entries are cut off, where at least two are, and nothing else is wrong."""
    actual, expected, judged = point.answers[quantity], point.expected[quantity], point.wrong[quantity]
    limit = float(np.max(np.abs(actual[judged.kept])))
    if not np.isfinite(limit) or limit == 0 or np.count_nonzero(np.abs(actual) == limit) < 2:
        return None
    same = compare(actual, np.clip(expected, -limit, limit), judged.bounds, ~judged.kept)
    return limit if same is not None and same.status == "pass" else None


def _same_numbers(point: Point, quantity: str) -> bool:
    """Whether the entries are the right ones, each once, in some other order."""
    actual, expected, judged = point.answers[quantity].ravel(), point.expected[quantity].ravel(), point.wrong[quantity]
    if judged.left_out or actual.size < FEW or not np.isfinite(actual).all() or len(np.unique(expected)) < FEW:
        return False
    order = np.argsort(expected)
    bounds = np.broadcast_to(judged.bounds, point.answers[quantity].shape).ravel()[order]
    same = compare(np.sort(actual), expected[order], bounds)
    return same is not None and same.status == "pass"
