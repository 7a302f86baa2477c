"""Numbers that are not known: polynomials over ℚ in letters, and an activation function of which nothing is known.

What a formula says and what is true are computed on letters as they are on numbers. Where the two polynomials are the same, they
are equal for all real numbers; where they differ, some numbers tell them apart.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np

from ...oracles.dual_numbers import Dual
from ...rounding import Array

NUMBERS = (int, Fraction, np.integer, float)  # a double is a fraction too, where a layer should have stayed exact


class Letters:
    """A stock of letters, of which each call hands out new ones. Raises ValueError where it is used up."""

    def __init__(self, stock: int) -> None:
        self._names = [f"v{number}" for number in range(stock)]
        self._ring = flint.fmpq_mpoly_ctx.get(self._names, flint.Ordering.lex)
        self._letters, self._used = self._ring.gens(), 0
        self._ranks: list[tuple[Any, int]] = []

    def new(self) -> Expression:
        """A letter that occurs nowhere yet."""
        if self._used == len(self._letters):
            raise ValueError(f"{self._used} letters are not enough for this instance")
        self._used += 1
        return Expression(self, self._letters[self._used - 1])

    def array(self, *shape: int) -> Array:
        """An array of new letters."""
        found = np.empty(shape, object)
        for index in np.ndindex(*shape):
            found[index] = self.new()
        return found

    def constant(self, number: int | Fraction) -> Expression:
        """A number that is known."""
        return Expression(self, self._ring.constant(_rational(number)))

    def order(self, letters: Array, ranks: Any) -> None:
        """From here on these letters, each of them one, are compared by their ranks."""
        self._ranks += [(letter.polynomial, int(rank)) for letter, rank in zip(letters.flat, ranks, strict=True)]

    def rank(self, polynomial: Any) -> int:
        """Where a letter stands in the order. Raises TypeError for what has no place in it: the proof would miss a case."""
        for known, rank in self._ranks:
            if known == polynomial:
                return rank
        raise TypeError(f"nothing is known of the order of {polynomial}")


class Expression:
    """A polynomial in the letters of one stock."""

    __slots__ = ("letters", "polynomial")

    def __init__(self, letters: Letters, polynomial: Any) -> None:
        self.letters, self.polynomial = letters, polynomial

    def __add__(self, other: Any) -> Expression:
        known = _operand(other)
        return NotImplemented if known is None else Expression(self.letters, self.polynomial + known)

    def __mul__(self, other: Any) -> Expression:
        known = _operand(other)
        return NotImplemented if known is None else Expression(self.letters, self.polynomial * known)

    def __sub__(self, other: Any) -> Expression:
        known = _operand(other)
        return NotImplemented if known is None else Expression(self.letters, self.polynomial - known)

    def __rsub__(self, other: Any) -> Expression:
        return (-self).__add__(other)

    def __truediv__(self, other: Any) -> Expression:
        return self * (1 / _fraction(other)) if isinstance(other, NUMBERS) else NotImplemented

    def __neg__(self) -> Expression:
        return Expression(self.letters, -self.polynomial)

    __radd__, __rmul__ = __add__, __mul__

    def __eq__(self, other: object) -> bool:
        """Whether they are the same polynomial, that is equal for all numbers."""
        known = _operand(other)
        return NotImplemented if known is None else bool(self.polynomial == known)

    def __lt__(self, other: Any) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return self.letters.rank(self.polynomial) < self.letters.rank(other.polynomial)

    def __gt__(self, other: Any) -> bool:
        return other < self if isinstance(other, Expression) else NotImplemented

    def __le__(self, other: Any) -> bool:
        return not other < self if isinstance(other, Expression) else NotImplemented

    def __ge__(self, other: Any) -> bool:
        return not self < other if isinstance(other, Expression) else NotImplemented

    def __bool__(self) -> bool:
        return bool(self.polynomial != 0)

    def __hash__(self) -> int:
        return hash(str(self.polynomial))

    def __repr__(self) -> str:
        return str(self.polynomial)


class AnyFunction:
    """Any differentiable f: f(z) and f′(z) are letters, new ones for every z that it meets."""

    name = "f"

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._met: list[tuple[Any, Expression, Expression]] = []

    def __call__(self, z: Any) -> Any:
        """f(z); by the chain rule where z moves."""
        if isinstance(z, np.ndarray):
            return _each(self, z)
        if isinstance(z, Dual):
            value, slope = self._at(z.value)
            return Dual(value, z.slope * slope)  # type: ignore[arg-type]  # a dual number of letters
        return self._at(z)[0]

    def slope(self, z: Any) -> Any:
        """f′(z)"""
        return _each(self.slope, z) if isinstance(z, np.ndarray) else self._at(z)[1]

    def _at(self, z: Any) -> tuple[Expression, Expression]:
        known = z.polynomial if isinstance(z, Expression) else self._letters.constant(z).polynomial
        for met, value, slope in self._met:
            if met == known:
                return value, slope
        self._met.append((known, self._letters.new(), self._letters.new()))
        return self._met[-1][1:]


def _each(function: Any, z: Array) -> Array:
    found = np.empty(z.shape, object)
    for index in np.ndindex(z.shape):
        found[index] = function(z[index])
    return found


def _operand(other: Any) -> Any:
    if isinstance(other, Expression):
        return other.polynomial
    return _rational(other) if isinstance(other, NUMBERS) else None


def _rational(number: Any) -> Any:
    if isinstance(number, int):
        return number
    number = _fraction(number)
    return flint.fmpq(number.numerator, number.denominator)


def _fraction(number: Any) -> Fraction:
    return Fraction(int(number) if isinstance(number, np.integer) else number)
