"""Elements of a differential field: quotients of polynomials in unknown numbers and in symbols for values of exp, log and √."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import signs
from .elementary import Elementary
from .unsupported import Unsupported, exact, refuse
from .walk import in_time

if TYPE_CHECKING:
    from .field import Field, Values

Polynomial = Any  # flint ships no types
Number = Any  # a rational of flint, or a ball that holds the number: fmpq or arb

LIGHT, MOST_WORK = 1_000, 500_000  # products of terms in one product: before it nobody looks at the clock; the most
TERMS = 50_000  # of a polynomial, beyond which it is given up


class Element(Elementary):
    """p/q, with q = None for 1."""

    __slots__ = ()

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
        if self.q is None:
            return signs.value(self.p, values)
        below = signs.value(self.q, values)
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
