"""Lower precision inside a float64 layer: answers that float32 can hold, operands that were rounded, errors of that size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..faults.catalogue import Call
from ..judge import Judgement, compare
from ..rounding import Array
from .candidate import Answer, tried
from .point import BENT, Point

BITS = {"float32": 24, "float16": 11, "bfloat16": 8}  # of TF32, too, 11
NARROWER = "float32"  # coarser errors may be anything
FEW = 4  # entries that happen to have so few bits show nothing
PART = 2.0**-12  # of what such a format may be off by: less is seldom seen where it was used


def rounded(v: Array, bits: int) -> Array:
    """v with so many bits, whatever its exponent; integers as they are."""
    if v.dtype.kind != "f":
        return v
    mantissa, exponent = np.frexp(v)
    found: Array = np.ldexp(np.rint(mantissa * 2.0**bits) / 2.0**bits, exponent)
    return found


def lower(point: Point, quantity: str) -> Iterator[tuple[str, str]]:
    """How a lower precision shows, and its name: the finest that explains the answer."""
    actual, expected, judged = point.answers[quantity], point.expected[quantity], point.wrong[quantity]
    if not np.isfinite(actual[judged.kept]).all():
        return
    for name, bits in BITS.items():
        coarser = judged.bounds * 2.0 ** (53 - bits + 2)
        near = compare(actual, expected, coarser, ~judged.kept)
        if near is None or near.status == "fail":
            continue
        told = expected[judged.kept]
        several = np.count_nonzero(told != rounded(told, bits)) >= FEW
        if several and np.array_equal(actual, rounded(actual, bits)):
            yield "answers-rounded", name
        elif point.operator is not None and point.whole and tried(point, quantity, _of_rounded(quantity, bits)):
            yield "operands-rounded", name
        elif name == NARROWER and several and _typical(judged, coarser):
            yield "errors-like", name
        return


def _typical(judged: Judgement, coarser: Array) -> bool:
    """Whether most entries are off, by no small part of what the format may be off by."""
    off = judged.errors[judged.suspects]
    return bool(judged.suspects.mean() > 0.5 and np.median(off) > PART * np.median(coarser))


def _of_rounded(quantity: str, bits: int) -> Answer:
    """The right answer of operands with so many bits."""

    def answer(point: Point, _: Array) -> Array:
        a: Call = point.call
        params = tuple(rounded(p, bits) for p in a.params)
        a = replace(a, x=rounded(a.x, bits), params=params, delta=rounded(a.delta, bits))
        if quantity == "y":
            return a.y
        return np.asarray(a.backward()[list(BENT).index(quantity) - 1])

    return answer
