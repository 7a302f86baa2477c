"""Powers, roots, exponentials and logarithms of elements: equal functions become equal quotients, as far as they can.

eᵃ⁺ᵇ is a product of symbols, log of a product a sum, and the root of a square r² is r or −r, whose sign the walk knows.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any

import flint
from flint.utils.flint_exceptions import DomainError

from .unknown import Unknown
from .unsupported import refuse

if TYPE_CHECKING:
    from .field import Field

Polynomial = Any  # flint ships no types

MOST_POWER = 24  # of an exponential


class Elementary(Unknown):
    """The functions of p/q, which is an Element. NumPy calls them by these names."""

    __slots__ = ("F", "p", "q")

    def __init__(self, field: Field, p: Polynomial, q: Polynomial = None) -> None:
        self.F, self.p, self.q = field, p, q

    def __pow__(self: Any, power: Any) -> Any:
        if power == Fraction(1, 2):
            return self.sqrt()
        if power == Fraction(-1, 2):
            return 1 / self.sqrt()
        if int(power) != power:
            return refuse("power")
        whole = prod([self] * abs(int(power)), start=self._of(self.F.one))
        return whole if power >= 0 else 1 / whole

    def sqrt(self: Any) -> Any:
        """|r| of a square r²; else the symbol whose square this is."""
        try:
            root = self._of(self.p.sqrt(), None if self.q is None else self.q.sqrt())
        except DomainError:
            return self.F.symbol("sqrt", self)
        return abs(root)

    def exp(self: Any) -> Any:
        """eᵃ·eᵇ for a sum a + b of terms, whole multiples of a term as powers; e⁰ = 1. e⁻ᵃ of a quotient is 1/eᵃ."""
        if self.q is not None:
            return 1 / self.F.symbol("exp", -self) if self.p.leading_coefficient() < 0 else self.F.symbol("exp", self)
        total = self._of(self.F.one)
        for monomial, coefficient in self.p.to_dict().items():
            times, parts = int(coefficient.p), int(coefficient.q)
            if abs(times) > MOST_POWER:  # a constant with many digits: its own symbol, the sign aside
                times, whole = (1, coefficient) if times > 0 else (-1, -coefficient)
                term = self._of(self.F.context.from_dict({monomial: whole}))
            else:
                term = self._of(self.F.context.from_dict({monomial: flint.fmpq(1, parts)}))
            total = total * self.F.symbol("exp", term) ** times
        return total

    def log(self: Any) -> Any:
        """log a − log b of a quotient; log eᵃ = a, also where eᵃ is a factor."""
        above = self._logarithm(self.p)
        return above if self.q is None else above - self._logarithm(self.q)

    def log1p(self: Any) -> Any:
        """log(1 + x)"""
        return (1 + self).log()

    def expm1(self: Any) -> Any:
        """eˣ − 1"""
        return self.exp() - 1

    def tanh(self: Any) -> Any:
        """(e²ˣ − 1)/(e²ˣ + 1)"""
        e = self.exp()
        return (e * e - 1) / (e * e + 1)

    def cosh(self: Any) -> Any:
        """(eˣ + e⁻ˣ)/2"""
        e = self.exp()
        return (e + 1 / e) / 2

    def sinh(self: Any) -> Any:
        """(eˣ − e⁻ˣ)/2"""
        e = self.exp()
        return (e - 1 / e) / 2

    def _of(self: Any, p: Polynomial, q: Polynomial = None) -> Any:
        return type(self)(self.F, p, q)

    def _logarithm(self: Any, p: Polynomial) -> Any:
        """log p, with the powers of exponentials that divide it taken out."""
        field, terms = self.F, p.to_dict()
        least = [min(m[i] for m in terms) for i in range(len(field.generators))]
        total = field.constant(0)
        for j, symbol in enumerate(field.symbols):
            power = int(least[field.unknown + j])
            if symbol.kind == "exp" and power:
                total = total + power * symbol.argument
                p = p / field.generators[field.unknown + j] ** power
        return total if p == 1 else total + field.symbol("log", self._of(p))
