"""Lower precision inside a float64 layer: answers that float32 can hold, operands that were rounded, errors of that size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..judge import compare
from ..precision import BFLOAT16, FLOAT16, FLOAT32, Precision
from ..rounding import Array, U
from .candidate import Answer, tried
from .point import Point

FORMATS = (FLOAT32, FLOAT16, BFLOAT16)  # the finest first; of TF32 arguments have the bits of float16
FEW = 4  # entries that happen to have so few bits show nothing
SUMMED = 8  # units by which a sum in such a format is off, of the largest entry
PART = 2.0**-12  # of what such a format may be off by: less is seldom seen where it was used
PART_OF_NEAR = 2.0**-10  # likewise, of so many units of the largest entry


def lower(point: Point, quantity: str) -> Iterator[tuple[str, str]]:
    """How a lower precision shows, and its name: the finest that explains the answer."""
    actual, expected, judged = point.answers[quantity], point.expected[quantity], point.wrong[quantity]
    if not np.isfinite(actual[judged.kept]).all():
        return
    for format in FORMATS:
        coarser = judged.bounds * (4 * format.u / U) if point.whole else _near(expected[judged.kept], format)
        near = compare(actual, expected, coarser, ~judged.kept)
        if near is None or near.status == "fail":
            continue
        several = _between(point, quantity, format)
        if several and np.array_equal(actual, format.round(actual)):
            yield "answers-rounded", format.name
        elif point.whole and tried(point, quantity, _of_rounded(quantity, format)):
            yield "operands-rounded", format.name
        elif format is FLOAT32 and several and point.whole and _typical(point, quantity, coarser):  # coarser errors may be anything
            yield "errors-like", format.name
        return


def _near(expected: Array, format: Precision) -> Array:
    """How far a sum in that format may be from differences, whose own bounds say nothing of it: a share of the largest entry."""
    return np.asarray(SUMMED * format.u * np.max(np.abs(expected)))


def _between(point: Point, quantity: str, format: Precision) -> bool:
    """Whether enough entries should lie between two numbers of the format, so that an answer of such numbers shows something."""
    judged, told = point.wrong[quantity], point.expected[quantity][point.wrong[quantity].kept]
    off = np.abs(told - format.round(told))
    if point.whole:
        return bool(np.count_nonzero(off) >= FEW)
    sure = off > np.broadcast_to(judged.bounds, judged.kept.shape)[judged.kept]  # what differences estimate is never round
    return bool(sure.all()) and np.unique(point.answers[quantity]).size >= FEW


def _typical(point: Point, quantity: str, coarser: Array) -> bool:
    """Whether most entries are off, by no small part of what the format may be off by; where bounds are measured, of its unit."""
    judged = point.wrong[quantity]
    off, part = judged.errors[judged.suspects], PART
    if point.operator is None:
        coarser, part = _near(point.expected[quantity][judged.kept], FLOAT32), PART_OF_NEAR
    return bool(judged.suspects.mean() > 0.5 and off.max() <= coarser.max() and np.median(off) > part * np.median(coarser))


def _of_rounded(quantity: str, format: Precision) -> Answer:
    """The right answer of operands that are numbers of the format."""

    def answer(point: Point, _: Array) -> Array:
        delta, *args = (v if v.dtype.kind != "f" else format.round(v) for v in (point.delta, *point.args))
        return np.asarray(point.otherwise(tuple(args), delta)[quantity])

    return answer
