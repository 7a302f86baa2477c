"""Numbers for elementwise code: an interval that holds the exact value, and how far floats are from it, relatively.

+ − × ÷ of floats are the exact result times 1 + d with |d| ≤ u = 2⁻⁵³, where the result is a normal float; what cannot be
shown to be one is refused. exp, tanh and log1p are within κu, which is assumed. Arguments are exact: every float in between.
Source: the standard model; Higham, Accuracy and Stability of Numerical Algorithms, 2002, 2.2 and 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import flint
import numpy as np

from .unsupported import Unsupported, exact, refuse

Real = Any  # flint.arb, a real number within a ball: flint ships no types
BITS = 120  # of intervals' ends
U = flint.arb(2) ** -53
SMALLEST, LARGEST = flint.arb(2) ** -1021, flint.arb(2) ** 1023  # with room for an error of a half: normal floats


class Straddles(Exception):
    """A comparison comes out differently within the interval: on either side of `at`."""

    def __init__(self, at: float) -> None:
        super().__init__(f"the interval holds numbers on either side of {at}")
        self.at = at


@dataclass
class Functions:
    """What is assumed of exp, tanh and log1p, in u, and which of them were called."""

    assumed: float
    called: set[str] = field(default_factory=set)


class Rounded:
    """low ≤ exact value ≤ high, and |computed − exact| ≤ error·|exact|."""

    __slots__ = ("error", "functions", "high", "low")
    __hash__ = None  # type: ignore[assignment]  # equality may be undecided

    def __init__(self, functions: Functions, low: Real, high: Real, error: Real = 0) -> None:
        self.functions, self.low, self.high = functions, flint.arb(low), flint.arb(high)
        self.error = flint.arb(error)

    def __add__(self, other: Any) -> Rounded:
        o = self._of(other)
        if o is None:
            return NotImplemented
        if self._is(0) or o._is(0):
            return o if self._is(0) else self
        if not (self._sign() and o._sign()):
            return refuse("cancels")
        (a, b), (c, d) = self._sizes(), o._sizes()
        low, high = (self.low + o.low).lower(), (self.high + o.high).upper()
        if self._sign() == o._sign():  # a mean of both errors, each weighted with its share of the sum
            mean = b / (b + c) * self.error + d / (d + a) * o.error
            return self._rounded(low, high, mean.min(self.error.max(o.error)))
        if not (low > 0 or high < 0):
            return refuse("cancels")
        smallest = low if low > 0 else -high
        return self._rounded(low, high, (b * self.error + d * o.error) / smallest)

    def __mul__(self, other: Any) -> Rounded:
        o = self._of(other)
        if o is None:
            return NotImplemented
        ends = [a * b for a in (self.low, self.high) for b in (o.low, o.high)]
        return self._rounded(*_hull(ends), self.error + o.error + self.error * o.error, not (self._shifts() or o._shifts()))

    def __truediv__(self, other: Any) -> Rounded:
        o = self._of(other)
        if o is None:
            return NotImplemented
        if not o._sign():
            return refuse("cancels")
        ends = [a / b for a in (self.low, self.high) for b in (o.low, o.high)]
        return self._rounded(*_hull(ends), (self.error + o.error) / (1 - o.error), not o._shifts())

    __radd__, __rmul__ = __add__, __mul__

    def __rtruediv__(self, other: Any) -> Rounded:
        o = self._of(other)
        return NotImplemented if o is None else o / self

    def __neg__(self) -> Rounded:
        return Rounded(self.functions, -self.high, -self.low, self.error)

    def __sub__(self, other: Any) -> Rounded:
        o = self._of(other)
        return NotImplemented if o is None else self + -o

    def __rsub__(self, other: Any) -> Rounded:
        return (-self).__add__(other)

    # ---- functions, all of them rising ------------------------------------------------------------------------

    def exp(self) -> Rounded:
        """Of an exact argument: an error of it would be multiplied by it."""
        self._exact("exp")
        return self._rounded(self.low.exp().lower(), self.high.exp().upper(), 0, self.functions.assumed)

    def tanh(self) -> Rounded:
        """Of an exact argument; also where that is 0, or tanh too small for a normal float."""
        self._exact("tanh")
        low, high = self.low.tanh().lower(), self.high.tanh().upper()
        return Rounded(self.functions, low, high, self.functions.assumed * U)

    def log1p(self) -> Rounded:
        """Of an argument that is positive: it is concave and 0 at 0, so a relative error does not grow."""
        if not self.low > 0:
            return refuse("cancels")
        self.functions.called.add("log1p")
        return self._rounded(self.low.log1p().lower(), self.high.log1p().upper(), self.error, self.functions.assumed)

    # ---- comparison, of exact numbers -------------------------------------------------------------------------

    def __lt__(self, other: Any) -> bool:
        return self._compare(other) < 0

    def __le__(self, other: Any) -> bool:
        return self._compare(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self._compare(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self._compare(other) >= 0

    def _compare(self, other: Any) -> int:
        o = self._of(other)
        if o is None or not (self.error == 0 and o.error == 0 and o.low == o.high):
            return refuse("rounded-comparison")
        if self.high < o.low or self.low > o.low or self._is(o.low):
            return int(self.low > o.low) - int(self.high < o.low)
        raise Straddles(float(o.low))

    def __float__(self) -> float:
        return refuse("float")

    def __abs__(self) -> Rounded:
        return self if self >= 0 else -self

    # ---- on the way ---------------------------------------------------------------------------------------------

    def _rounded(self, low: Real, high: Real, error: Real, times: float = 1) -> Rounded:
        """A result that is rounded once more, by `times`·u."""
        error = (error + times * U + error * times * U).upper()
        if not (flint.arb(low) > SMALLEST or flint.arb(high) < -SMALLEST):
            return refuse("subnormal")
        if not (error < 0.5 and high < LARGEST and low > -LARGEST):
            return refuse("no-digits")
        return Rounded(self.functions, low, high, error)

    def _of(self, other: Any) -> Rounded | None:
        if isinstance(other, Rounded):
            return other
        if isinstance(other, np.ndarray):
            return None
        number = exact(other)
        value = flint.arb(flint.fmpq(number.numerator, number.denominator))
        return Rounded(self.functions, value, value)

    def _exact(self, function: str) -> None:
        self.functions.called.add(function)
        if not self.error == 0:
            raise Unsupported("rounded-argument", function=function)

    def _sign(self) -> int:
        return 1 if self.low >= 0 else -1 if self.high <= 0 else 0

    def _is(self, number: Any) -> bool:
        return bool(self.low == number) and bool(self.high == number) and bool(self.error == 0)

    def _sizes(self) -> tuple[Real, Real]:
        """The smallest and the largest absolute value."""
        return (self.low, self.high) if self.low >= 0 else (-self.high, -self.low)

    def _shifts(self) -> bool:
        """A power of two, by which products and quotients are exact."""
        return any(self._is(sign * 2**power) for sign in (1, -1) for power in range(4))


def _hull(ends: list[Real]) -> tuple[Real, Real]:
    low, high = ends[0].lower(), ends[0].upper()
    for end in ends[1:]:
        low, high = low.min(end.lower()), high.max(end.upper())
    return low, high
