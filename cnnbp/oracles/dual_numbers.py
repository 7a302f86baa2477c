"""Derivatives with no tolerance: any forward made of + − × ÷ and comparison, run once on the rationals, every entry moved.

Each has an ε of its own, and no product of two is kept, so that f(x + ε) = f(x) + (∂f/∂x)·ε holds exactly (forward-mode
differentiation; Griewank and Walther, Evaluating Derivatives, 3.1). A comparison asks the values alone: max and ReLU take the
branch that they take at x.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from ..rounding import Array

Number = int | Fraction


class Dual:
    """value + slope·ε; where the slope is an array, value + Σ slope[i]·ε[i]."""

    __slots__ = ("slope", "value")

    def __init__(self, value: Number, slope: Number | Array = 0) -> None:
        self.value, self.slope = value, slope

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + _number(other), self.slope)

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.slope * other.value + other.slope * self.value)
        factor = _number(other)  # most factors do not move: their slope, 0, need not be multiplied
        return Dual(self.value * factor, self.slope * factor)

    def __truediv__(self, other: Any) -> Dual:
        if not isinstance(other, Dual):
            return self * (1 / Fraction(other))
        inverse = 1 / Fraction(other.value)
        return self * Dual(_number(inverse), -other.slope * _number(inverse * inverse))

    def __rtruediv__(self, other: Any) -> Dual:
        return _dual(other) / self

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> Dual:
        return self + -_dual(other)

    def __rsub__(self, other: Any) -> Dual:
        return _dual(other) + -self

    __radd__, __rmul__ = __add__, __mul__

    def __lt__(self, other: Any) -> bool:
        return bool(self.value < _dual(other).value)

    def __gt__(self, other: Any) -> bool:
        return bool(self.value > _dual(other).value)

    def __le__(self, other: Any) -> bool:
        return not self > other

    def __ge__(self, other: Any) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        return bool(self.value == _dual(other).value)

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"{self.value} + {self.slope}ε"


def rational(values: Any) -> Array:
    """The same numbers as an object array of fractions: exact from here on."""
    given = np.asarray(values)
    found: Array = np.array([Fraction(value) for value in given.ravel().tolist()], object).reshape(given.shape)
    return found


def jacobian(function: Callable[[Array], Any], x: Array) -> Array:
    """∂function(x)[o]/∂x[i] at [o, i], shape output + input; the gradient itself where the output is one number."""
    moved, ways = np.empty(x.shape, object), np.eye(x.size, dtype=int).astype(object)
    for i, way in zip(np.ndindex(x.shape), ways, strict=True):
        moved[i] = Dual(_number(x.item(i)), way)
    y = np.asarray(function(moved), object)
    slopes = np.empty((y.size, x.size), object)
    for row, number in zip(slopes, y.flat, strict=True):
        row[:] = _dual(number).slope
    found: Array = np.array([Fraction(s) if isinstance(s, int) else s for s in slopes.flat], object).reshape(y.shape + x.shape)
    return found


def _dual(number: Any) -> Dual:
    return number if isinstance(number, Dual) else Dual(_number(number))


def _number(number: Any) -> Number:
    """The same number; a whole one as an integer, since fractions take twenty times as long."""
    if type(number) is Fraction:
        return number.numerator if number.denominator == 1 else number
    if isinstance(number, np.ndarray):
        raise TypeError("write array·number with the array first: Python asks the left operand, and only NumPy knows arrays")
    return number  # type: ignore[no-any-return]  # whatever has + − × ÷: a number that is not known as well
