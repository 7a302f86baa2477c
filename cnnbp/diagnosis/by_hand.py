"""A point so small that it can be followed by hand: its arrays, the layer's answer and the right one, as text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..evidence import Remark, remark
from ..rounding import Array
from .point import Point

MOST, DIGITS = 40, 4  # numbers on either side, and characters of each


def by_hand(points: Sequence[Point], quantity: str, known: list[str]) -> list[Remark]:
    """The first of the points at which the quantity is wrong and which can be read; nothing where there is none.

    known: lines that were told before, which are not told again.
    """
    for point in points:
        if quantity not in point.wrong:
            continue
        given = {point.called(name): a for name, a in zip(point.names, point.args, strict=True)} | {"delta": point.delta}
        if quantity == "y":
            del given["delta"]
        answers = point.answers[quantity], point.expected[quantity]
        few = max(sum(a.size for a in side) for side in (given.values(), answers)) <= MOST
        if few and all(map(_short, (*given.values(), *answers))):
            told = [line for name, a in given.items() if (line := f"{name} = {text(a)}") not in known]
            known += told
            said = point.called(quantity)
            return [remark("diagnosis.by-hand", quantity=said, given=told, actual=text(answers[0]), expected=text(answers[1]))]
    return []


def text(a: Array) -> str:
    """Nested lists, whole numbers without a point."""
    return str(np.vectorize(_number, otypes=[object])(a).tolist()).replace("'", "") if a.size else "[]"


def _number(value: float) -> object:
    return int(value) if np.isfinite(value) and value == int(value) else float(value)


def _short(a: Array) -> bool:
    return all(len(str(_number(value)).lstrip("-")) <= DIGITS for value in a.ravel())
