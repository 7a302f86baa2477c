"""Numbers for code that is linear in each argument: a number is a sum of products x[i]·θ[t]·δ[o], at most one factor of each.

A product is one integer: 20 bits and a flag for each of the three groups, so that multiplying is adding and comparing whole
layers is comparing sorted arrays of integers. A sum is a list that others share and a length: one more term costs the same
however many there are. What is not linear in each group, a branch or a cast raises `Unsupported`, at the line that does it.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from ...rounding import Array
from .codes import BITS, FLAG, FLAGS, MOST, NUMBER, Entry
from .unknown import Unknown
from .unsupported import Unsupported, exact, refuse
from .walk import now


class Tag(Unknown):
    """What all tags share. Compared are entries of x, with each other and with constants."""

    __slots__ = ()

    def _sign(self, other: Any) -> int:
        keys = _key(self), _key(other)
        return now().compare(*keys)

    def __sub__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else self + -1 * general(other)

    def __rsub__(self, other: Any) -> Any:
        return general(other) + -1 * general(self)

    def __neg__(self) -> Any:
        return -1 * general(self)

    def __truediv__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else general(self)._times(Fraction(1) / exact(other))

    def __rtruediv__(self, other: Any) -> Any:
        return refuse("division")

    def __pow__(self, power: Any) -> Any:
        return self if power == 1 else refuse("power")

    def exp(self) -> Any:
        """Not linear."""
        return refuse("function")

    log = log1p = tanh = sqrt = expm1 = cosh = sinh = rint = floor = exp


class Product(Tag):
    """One product of entries, with the coefficient 1."""

    __slots__ = ("code",)

    def __init__(self, code: int) -> None:
        self.code = code

    def __mul__(self, other: Any) -> Any:
        if other.__class__ is Product:
            if self.code & other.code & FLAGS:
                refuse("degree")
            return Product(self.code + other.code)
        if other.__class__ is int:
            return self if other == 1 else 0 if other == 0 else General({self.code: other})
        return NotImplemented if isinstance(other, np.ndarray) else general(self) * other

    __rmul__ = __mul__

    def __add__(self, other: Any) -> Any:
        kind = other.__class__
        if kind is Product:
            return Sum([self.code, other.code], 2)
        if kind is int and other == 0:
            return self
        if kind is Sum:
            return Sum([self.code, *other.terms[: other.length]], other.length + 1)
        return NotImplemented if isinstance(other, np.ndarray) else general(self) + other

    __radd__ = __add__


class Sum(Tag):
    """Σ of products, with the coefficients 1: the first `length` of `terms`, a list to which others may have appended."""

    __slots__ = ("length", "terms")

    def __init__(self, terms: list[int], length: int) -> None:
        self.terms, self.length = terms, length

    def __add__(self, other: Any) -> Any:
        kind = other.__class__
        if kind is Product or kind is Sum:
            terms = self.terms if len(self.terms) == self.length else self.terms[: self.length]
            if kind is Product:
                terms.append(other.code)
                return Sum(terms, self.length + 1)
            terms += other.terms[: other.length]
            return Sum(terms, self.length + other.length)
        if kind is int and other == 0:
            return self
        return NotImplemented if isinstance(other, np.ndarray) else general(self) + other

    __radd__ = __add__

    def __mul__(self, other: Any) -> Any:
        if other.__class__ is Product:
            factor = other.code
            if any(code & factor & FLAGS for code in self.terms[: self.length]):
                refuse("degree")
            return Sum([code + factor for code in self.terms[: self.length]], self.length)
        if other.__class__ is int and other in (0, 1):
            return self if other else 0
        return NotImplemented if isinstance(other, np.ndarray) else general(self) * other

    __rmul__ = __mul__


class General(Tag):
    """Σ coefficient·product, of rational coefficients; the product 0 is the number 1."""

    __slots__ = ("terms",)

    def __init__(self, terms: dict[int, int | Fraction]) -> None:
        self.terms = terms

    def __add__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        terms = dict(self.terms)
        for code, coefficient in general(other).terms.items():
            total = terms.pop(code, 0) + coefficient
            if total:
                terms[code] = total
        return General(terms)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        factors = general(other).terms
        if not factors or factors.keys() == {0}:
            return self._times(factors.get(0, 0))
        product: dict[int, int | Fraction] = {}
        for a, u in self.terms.items():
            for b, v in factors.items():
                if a & b & FLAGS:
                    refuse("degree")
                total = product.pop(a + b, 0) + u * v
                if total:
                    product[a + b] = total
        return General(product)

    __rmul__ = __mul__

    def _times(self, factor: int | Fraction) -> General:
        return General({code: c * factor for code, c in self.terms.items()} if factor else {})


def general(number: Any) -> General:
    """The same number with its coefficients written out. Raises Unsupported for what is no exact number."""
    kind = number.__class__
    if kind is General:
        return number  # type: ignore[no-any-return]
    if kind is Product:
        return General({number.code: 1})
    if kind is Sum:
        counted: dict[int, int | Fraction] = {}
        for code in number.terms[: number.length]:
            counted[code] = counted.get(code, 0) + 1
        return General(counted)
    constant = exact(number)
    return General({0: constant} if constant else {})


def generators(shape: tuple[int, ...], group: int, first: int = 0) -> Array:
    """An array of unknown numbers, the entries of a group from number `first` on."""
    unknown = np.empty(prod(shape), object)
    if first + unknown.size > MOST:
        raise Unsupported("too-many", entries=first + unknown.size, most=MOST)
    for number in range(unknown.size):
        unknown[number] = Product((first + number | FLAG) << BITS * group)
    return unknown.reshape(shape)


def _key(number: Any) -> Entry | Fraction:
    """An entry of x, or a constant. Raises Unsupported for anything else: a tie of two factors would make them one."""
    if number.__class__ is Product and number.code < 1 << BITS:
        return Entry(number.code & NUMBER)
    terms = general(number).terms
    if terms.keys() <= {0}:
        return Fraction(terms.get(0, 0))
    ((code, coefficient), *more) = terms.items()
    return refuse("comparison") if more or coefficient != 1 or code >= 1 << BITS else Entry(code & NUMBER)
