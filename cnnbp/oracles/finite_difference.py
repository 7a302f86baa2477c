"""Differences of a forward that is handed in: along a direction, entry by entry, and by a complex step. Numbers, no verdicts.

A central difference of a polynomial of degree 2 has no truncation error, so inside one linear cell of a layer any step
is exact but for rounding. The step that was really taken is x₊ − x₋ after rounding, and it is that which is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..rounding import Array
from .abstention import Abstention

Forward = Callable[[Array], Array]

COMPLEX_STEP = 2.0**-32  # a power of two, so that scaling is exact; h²·M₃/6 stays far below one rounding

BLOCK = 64  # so many products are added by NumPy, in whatever order it likes; the sums of blocks by fsum, without rounding
ROUNDINGS = BLOCK + 1


@dataclass(frozen=True)
class Difference:
    """⟨δ, f(x + v) − f(x − v)⟩, with the two points and the two answers between which it was taken."""

    change: float
    plus: Array
    minus: Array
    above: Array
    below: Array

    @property
    def spread(self) -> Array:
        """x₊ − x₋, the step really taken."""
        return self.plus - self.minus


def along(forward: Forward, at: Array, direction: Array, delta: Array) -> Difference:
    """The central difference of ⟨δ, f⟩ from at − direction to at + direction, summed without rounding error."""
    plus, minus = at + direction, at - direction
    above, below = np.asarray(forward(plus)), np.asarray(forward(minus))
    return Difference(inner(delta, above - below), plus, minus, above, below)


def inner(a: Array, b: Array) -> float:
    """⟨a, b⟩ with at most ROUNDINGS roundings of each product, however long it is; NaN where it overflows."""
    products = np.asarray(a * b, float).ravel()
    blocks = products[: products.size // BLOCK * BLOCK].reshape(-1, BLOCK).sum(1)
    try:
        total = math.fsum([*blocks.tolist(), *products[blocks.size * BLOCK :].tolist()])
    except (OverflowError, ValueError):  # ValueError: infinities of either sign
        return math.nan
    return total if math.isfinite(total) else math.nan


def elementwise(forward: Forward, x: Array, step: Array) -> tuple[Array, Array, Array]:
    """f(x + h), f(x − h) and the step really taken, for an f that works entry by entry: every entry in two calls."""
    plus, minus = x + step, x - step
    return np.asarray(forward(plus)), np.asarray(forward(minus)), plus - minus


def complex_step(forward: Forward, at: Array, direction: Array, step: float = COMPLEX_STEP) -> Array:
    """The derivative of f along `direction`, Im f(x + i·h·v)/h: no subtraction, no truncation. For analytic f only.

    Raises Abstention where the forward does not carry complex numbers through.
    Source: Lyness and Moler 1967; Squire and Trapp 1998.
    """
    y = np.asarray(forward(at + 1j * step * direction))
    if y.dtype.kind != "c":
        raise Abstention("oracles.not-complex")
    derivative: Array = y.imag / step
    return derivative
