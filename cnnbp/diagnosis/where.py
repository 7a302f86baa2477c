"""Where wrong entries sit, in codes: said only where it is true of all of them, and of no other entry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..evidence import Remark, remark
from ..faults.pooling import ties
from ..rounding import Array
from .point import Point

LISTED = 8  # indices that a sentence may list
BORDERED = ({"h", "w"}, {"p", "q"}, {"r", "s"})


def where(point: Point, quantity: str) -> Iterator[Remark]:
    """How many entries are wrong, and what they have in common."""
    judged = point.wrong[quantity]
    wrong, known = judged.suspects, judged.kept
    count, of = int(wrong.sum()), judged.judged
    said = point.called(quantity)
    code = "wrong-of-judged" if judged.left_out else "wrong"
    yield remark(f"diagnosis.{code}", quantity=said, wrong=count, of=of, left_out=judged.left_out, at=point.at)
    infinite = int((~np.isfinite(point.answers[quantity][wrong])).sum())
    found = [remark("diagnosis.where.not-finite", entries=infinite)] if infinite else []
    if count < of and not judged.left_out:
        found += _value(point, quantity, wrong, known) or _place(wrong, known, point.axes(quantity))
    yield from (remark(told.code, quantity=said, **told.values) for told in found)


# ---- by place -----------------------------------------------------------------------------------------------------------


def _place(wrong: Array, known: Array, axes: str) -> list[Remark]:
    """Whole slices of one axis, or the border; else the slices in which all of it lies."""
    letters = list(axes) or [str(number) for number in range(wrong.ndim)]
    within = list[Remark]()
    for axis, letter in enumerate(letters):
        hit = np.flatnonzero(wrong.any(_others(wrong, axis)))
        told = _slices(hit, wrong.shape[axis])
        if told is None:
            continue
        if not (known & ~wrong).take(hit, axis).any():
            return [_along("exactly", letter, *told)]
        within.append(_along("within", letter, *told))
    border = _border(wrong.shape, axes)
    exactly = border is not None and np.array_equal(wrong, border & known)
    return [remark("diagnosis.where.border")] if exactly else within


def _along(how: str, letter: str, kind: str, indices: list[int]) -> Remark:
    return remark(f"diagnosis.where.{how}.{kind}", along=letter, indices=indices)


def _slices(hit: Array, size: int) -> tuple[str, list[int]] | None:
    """Slices of one axis in a word: one, the last, all but one, from one on, up to one, a few; None for all and for many."""
    indices, first, last = [int(i) for i in hit], int(hit[0]), int(hit[-1])
    others = [i for i in range(size) if i not in indices]
    if not others:
        return None
    if len(indices) == 1:
        return ("last" if first == size - 1 else "one"), indices
    if len(others) == 1:
        return "all-but", others
    if last - first + 1 == len(indices) and (last == size - 1 or first == 0):
        return ("from", [first]) if last == size - 1 else ("up-to", [last])
    return ("some", indices) if len(indices) <= LISTED else None


def _border(shape: tuple[int, ...], axes: str) -> Array | None:
    """The entries in the first or last row or column."""
    if len(shape) < 2 or set(axes[-2:]) not in BORDERED:
        return None
    found = np.ones(shape, bool)
    found[..., 1:-1, 1:-1] = False
    return found


def _others(a: Array, axis: int) -> tuple[int, ...]:
    return tuple(other for other in range(a.ndim) if other != axis)


# ---- by value -----------------------------------------------------------------------------------------------------------


def _value(point: Point, quantity: str, wrong: Array, known: Array) -> list[Remark]:
    """The entries at which x, or what is expected, has something that no other has."""
    expected, x = point.expected[quantity], point.args[0]
    if np.array_equal(wrong, known & (expected != 0)) and not (expected != 0).all():
        return [remark("diagnosis.where.not-zero")]
    if np.array_equal(wrong, known & (expected == 0)):
        return [remark("diagnosis.where.zero-expected")]
    if x.shape != wrong.shape or quantity not in ("y", "x"):
        return []
    for code, mask in (("zero", x == 0), ("negative", x < 0), ("positive", x > 0), ("not-positive", x <= 0)):
        if np.array_equal(wrong, known & mask):
            return [remark(f"diagnosis.where.{code}", input=point.called(point.names[0]))]
    if point.tied and quantity == "x" and not (wrong & ~ties(point.call)).any():
        return [remark("diagnosis.where.ties")]
    return _beyond(point, np.abs(x), wrong, known, "large") or _beyond(point, x, wrong, known, "above")


def _beyond(point: Point, sizes: Array, wrong: Array, known: Array, code: str) -> list[Remark]:
    """Whether all that is wrong has larger x than all that is right, and there are enough of both to say so."""
    right = known & ~wrong
    if min(wrong.sum(), right.sum()) < 3 or not sizes[wrong].min() > sizes[right].max():
        return []
    low, high = float(sizes[right].max()), float(sizes[wrong].min())
    return [remark(f"diagnosis.where.{code}", input=point.called(point.names[0]), above=low, least=high)]
