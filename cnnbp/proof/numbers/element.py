"""Elements of a differential field: quotients of polynomials in unknown numbers and in symbols for values of exp, log and √."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any

import flint
import numpy as np

from . import signs
from .unknown import Unknown
from .unsupported import Unsupported, exact, refuse
from .walk import in_time

if TYPE_CHECKING:
    from .field import Field, Values

Polynomial = Any  # flint ships no types
Number = Any  # a rational of flint, or a ball that holds the number: fmpq or arb

MOST_POWER = 24  # of an exponential
LIGHT, MOST_WORK = 1_000, 500_000  # products of terms in one product: before it nobody looks at the clock; the most
TERMS = 50_000  # of a polynomial, beyond which it is given up


class Element(Unknown):
    """p/q, with q = None for 1."""

    __slots__ = ("F", "p", "q")

    def __init__(self, field: Field, p: Polynomial, q: Polynomial = None) -> None:
        self.F, self.p, self.q = field, p, q

    def __add__(self, other: Any) -> Element:
        o = self._element(other)
        if o is None:
            return NotImplemented
        if self.q is None and o.q is None:
            return Element(self.F, self.p + o.p)
        a, b = self._denominator, o._denominator
        return _quotient(self.F, _product(self.p, b) + _product(o.p, a), _product(a, b))

    def __mul__(self, other: Any) -> Element:
        o = self._element(other)
        if o is None:
            return NotImplemented
        if self.q is None and o.q is None:
            return Element(self.F, _product(self.p, o.p))
        return _quotient(self.F, _product(self.p, o.p), _product(self._denominator, o._denominator))

    def __truediv__(self, other: Any) -> Element:
        o = self._element(other)
        if o is None:
            return NotImplemented
        if o.p == 0:
            raise ZeroDivisionError("division of an unknown number by 0")
        return _quotient(self.F, _product(self.p, o._denominator), _product(self._denominator, o.p))

    def __rtruediv__(self, other: Any) -> Element:
        o = self._element(other)
        return refuse("division") if o is None else o / self

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Element:
        return Element(self.F, -self.p, self.q)

    def __sub__(self, other: Any) -> Element:
        o = self._element(other)
        return NotImplemented if o is None else self + -o

    def __rsub__(self, other: Any) -> Element:
        return (-self).__add__(other)

    def __pow__(self, power: Any) -> Element:
        if power == Fraction(1, 2):
            return self.sqrt()
        if power == Fraction(-1, 2):
            return 1 / self.sqrt()
        if int(power) != power:
            return refuse("power")
        whole = prod([self] * abs(int(power)), start=self.F.constant(1))
        return whole if power >= 0 else 1 / whole

    # ---- functions: NumPy calls them by these names -------------------------------------------------------

    def exp(self) -> Element:
        """eᵃ·eᵇ for a sum a + b of terms, whole multiples of a term as powers; e⁰ = 1."""
        if self.q is not None:
            return self._signed("exp")
        total = self.F.constant(1)
        for monomial, coefficient in self.p.to_dict().items():
            times, parts = int(coefficient.p), int(coefficient.q)
            if abs(times) > MOST_POWER:  # a constant with many digits: its own symbol, the sign aside
                times, whole = (1, coefficient) if times > 0 else (-1, -coefficient)
                term = Element(self.F, self.F.context.from_dict({monomial: whole}))
            else:
                term = Element(self.F, self.F.context.from_dict({monomial: flint.fmpq(1, parts)}))
            total = total * self.F.symbol("exp", term) ** times
        return total

    def log(self) -> Element:
        """log a − log b of a quotient; log eᵃ = a, also where eᵃ is a factor."""
        above, below = (_logarithm(self.F, p) for p in (self.p, self._denominator))
        return above - below

    def log1p(self) -> Element:
        """log(1 + x)"""
        return (1 + self).log()

    def expm1(self) -> Element:
        """eˣ − 1"""
        return self.exp() - 1

    def tanh(self) -> Element:
        """(e²ˣ − 1)/(e²ˣ + 1)"""
        e = self.exp()
        return (e * e - 1) / (e * e + 1)

    def cosh(self) -> Element:
        """(eˣ + e⁻ˣ)/2"""
        e = self.exp()
        return (e + 1 / e) / 2

    def sinh(self) -> Element:
        """(eˣ − e⁻ˣ)/2"""
        e = self.exp()
        return (e - 1 / e) / 2

    def sqrt(self) -> Element:
        """The symbol whose square this is."""
        return self.F.symbol("sqrt", self)

    def _signed(self, kind: str) -> Element:
        """exp of a quotient: e⁻ᵃ is 1/eᵃ."""
        return 1 / self.F.symbol(kind, -self) if self.p.leading_coefficient() < 0 else self.F.symbol(kind, self)

    # ---- comparison -----------------------------------------------------------------------------------------

    def _sign(self, other: Any) -> int:
        element = self._element(other)
        if element is None:
            return refuse("comparison")
        d = self - element
        return signs.ask(self.F, d.p if d.q is None else d.p * d.q)

    # ---- values -------------------------------------------------------------------------------------------

    def at(self, values: Values) -> Number:
        """The number that it is where the generators have these values. Raises ZeroDivisionError or ValueError where it is none."""
        below = signs.value(self._denominator, values)
        if below == 0:
            raise ZeroDivisionError("an unknown number has no value here")
        return signs.value(self.p, values) / below

    def same(self, other: Element) -> bool:
        """Whether the difference is 0."""
        d = self - other
        return bool(d.p == 0) or bool(self.F.reduced(d.p).p == 0)

    @property
    def _denominator(self) -> Polynomial:
        return self.F.one if self.q is None else self.q

    def _element(self, other: Any) -> Element | None:
        if isinstance(other, Element):
            return other
        return None if isinstance(other, np.ndarray) else self.F.constant(exact(other))

    def __repr__(self) -> str:
        return str(self.p) if self.q is None else f"({self.p})/({self.q})"


def _product(a: Polynomial, b: Polynomial) -> Polynomial:
    """a·b. Raises Unsupported where it would take too long, TooManyPaths where the walk has had its time."""
    work = len(a) * len(b)
    if work > LIGHT:
        in_time()
        if work > MOST_WORK:
            raise Unsupported("too-many-terms", terms=work, most=MOST_WORK)
    return a * b


def _quotient(field: Field, p: Polynomial, q: Polynomial) -> Element:
    if p == 0:
        return Element(field, p)
    if len(p) > TERMS or len(q) > TERMS:
        raise Unsupported("too-many-terms", terms=max(len(p), len(q)), most=TERMS)
    common = p.gcd(q)
    if common != 1:
        p, q = p / common, q / common
    if q.is_constant():
        return Element(field, p / q)
    lead = q.leading_coefficient()
    return Element(field, p / lead, q / lead)


def _logarithm(field: Field, p: Polynomial) -> Element:
    """log p, with the powers of exponentials that divide it taken out."""
    terms = p.to_dict()
    least = [min(m[i] for m in terms) for i in range(len(field.generators))]
    total = field.constant(0)
    for j, symbol in enumerate(field.symbols):
        power = int(least[field.unknown + j])
        if symbol.kind == "exp" and power:
            total = total + power * symbol.argument
            p = p / field.generators[field.unknown + j] ** power
    if p.is_constant() and p == 1:
        return total
    return total + field.symbol("log", Element(field, p))
