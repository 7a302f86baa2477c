"""What is right where something else is asked, and whether a layer's answer is that: how a cause is tried of any layer."""

from __future__ import annotations

import numpy as np

from .. import rounding
from ..judge import compare
from ..oracles.abstention import Abstention
from ..rounding import Array
from .point import Point


def answers(point: Point, quantity: str, args: tuple[Array, ...], delta: Array) -> bool:
    """Whether the layer's answer is that of this question, and the right one is not."""
    if not point.whole:
        return point.agrees(quantity, args, delta)
    said = otherwise(point, quantity, args, delta)
    return said is not None and answers_as(point, quantity, said)


def otherwise(point: Point, quantity: str, args: tuple[Array, ...], delta: Array) -> Array | None:
    """What is right there; None where nobody answers it."""
    try:
        with np.errstate(all="ignore"):
            said = point.otherwise(args, delta).get(quantity)
    except (ValueError, TypeError, IndexError, Abstention):
        return None
    return said if said is not None and said.shape == point.answers[quantity].shape and np.isfinite(said).all() else None


def answers_as(point: Point, quantity: str, said: Array) -> bool:
    """Whether the layer's answer is this, and the right one is not. Zeros are answers to too many questions."""
    terms = sum(a.size for a in (*point.args, point.delta))
    size = np.full(said.shape, np.max(np.abs(said), initial=0.0))
    bound = np.maximum(point.bounds[quantity], rounding.conventional(terms, size))
    return bool(said.any()) and point.answers_as(quantity, said, bound)


def same(a: Array, b: Array) -> bool:
    """Whether two are the same numbers, but for a rounding or two."""
    found = compare(a, b, rounding.conventional(rounding.ELEMENTARY, np.abs(b)))
    return found is not None and found.status == "pass"


def letters(point: Point, quantity: str, a: Array) -> list[str]:
    """A letter for each axis, or its number where nobody knows it by another name."""
    letters = "" if point.operator is None else point.operator.axes.get(quantity, "")
    return list(letters) if len(letters) == a.ndim else [str(axis) for axis in range(a.ndim)]
