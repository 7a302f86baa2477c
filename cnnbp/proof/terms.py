"""Whole layers as sorted lists of products, so that two of them are the same where two arrays of integers are.

The potential ⟨y, δ⟩ = Σ c·x[i]·θ[t]·δ[o] holds everything that a multilinear layer does: y is its derivative by δ, and the
gradient by each argument is its derivative by that argument. So every claim of a proof compares two such lists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..rounding import Array
from .numbers.codes import BITS, DELTA, FLAG, NUMBER, THETA, Entry, X
from .numbers.tags import General, Product, Sum, Tag, general
from .numbers.walk import Key

ROUNDED = Fraction(1, 2**50)  # relative: a few roundings of a constant in float64


class Place(NamedTuple):
    """Where an argument's entries stand among the unknown numbers: `size` of a group, from `first` on."""

    group: int
    first: int
    size: int


class OwnVariable(Exception):
    """A derivative by an entry contains that entry's group: of something linear in the group it cannot."""


@dataclass(frozen=True, eq=False)
class Terms:
    """Σ coefficient·product: the codes of the products, rising and each once; `coefficients` is None where all are 1."""

    codes: Array
    coefficients: tuple[Fraction, ...] | None = None

    @classmethod
    def of(cls, codes: Array, coefficients: Sequence[int | Fraction] | None = None) -> Terms:
        """Equal products are added, and those whose coefficients cancel are gone."""
        order = np.argsort(codes, kind="stable")
        codes = codes[order]
        if coefficients is None and not np.any(codes[1:] == codes[:-1]):
            return cls(codes)
        total: dict[int, Fraction] = {}
        for number, code in zip(order.tolist(), codes.tolist(), strict=True):
            total[code] = total.get(code, Fraction(0)) + (1 if coefficients is None else coefficients[number])
        kept = {code: c for code, c in total.items() if c}
        return cls(np.array(list(kept), np.int64), normal(tuple(kept.values())))

    def near(self, other: Terms) -> bool:
        """The same products, with coefficients that differ by no more than the rounding of constants such as 1/9."""
        pairs = zip(self.weights, other.weights, strict=False)
        return np.array_equal(self.codes, other.codes) and all(abs(a - b) <= ROUNDED * abs(b) for a, b in pairs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Terms) or not np.array_equal(self.codes, other.codes):
            return False
        return self.coefficients == other.coefficients

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        """The coefficients, written out."""
        return (Fraction(1),) * len(self.codes) if self.coefficients is None else self.coefficients

    def containing(self, place: Place) -> Terms:
        """The terms that contain an entry of this argument."""
        index = (self.codes >> BITS * place.group) & (2 * FLAG - 1)
        kept = (index >= FLAG + place.first) & (index < FLAG + place.first + place.size)
        if kept.all():
            return self
        if self.coefficients is None:
            return Terms(self.codes[kept])
        return Terms(self.codes[kept], normal(tuple(c for c, keep in zip(self.coefficients, kept, strict=True) if keep)))

    def with_equals(self, equals: Mapping[Key, Key]) -> Terms:
        """The same where some entries of x equal others, or constants."""
        if not equals:
            return self
        mask = (2 * FLAG - 1) << BITS * X
        total: dict[int, Fraction] = {}
        for code, c in zip(self.codes.tolist(), self.weights, strict=True):
            stand_in = equals.get(Entry(code & NUMBER)) if code & FLAG else None
            if isinstance(stand_in, Fraction):
                code, c = code & ~mask, c * stand_in
            elif isinstance(stand_in, Entry):
                code = code & ~mask | FLAG | stand_in.number
            total[code] = total.get(code, Fraction(0)) + c
        return Terms.of(np.array(list(total), np.int64), list(total.values()))

    def certificate(self, shapes: Mapping[str, tuple[int, ...]]) -> str:
        """SHA-256 of the shapes, of y too, and the terms.

        "name (2, 3)" for each, joined by "; ", and a 0 byte; each code as 8 bytes, little-endian, rising; then, where they are
        not all 1, the coefficients, with a space before each.
        """
        names = "; ".join(f"{name} {shape}" for name, shape in shapes.items())
        weights = "" if self.coefficients is None else "".join(f" {c}" for c in self.coefficients)
        return hashlib.sha256(names.encode() + b"\0" + self.codes.astype("<i8").tobytes() + weights.encode()).hexdigest()


def normal(coefficients: tuple[Fraction, ...]) -> tuple[Fraction, ...] | None:
    """None where all are 1: so equal terms are written alike."""
    return None if all(c == 1 for c in coefficients) else coefficients


def collect(array: Array, place: Place) -> Terms:
    """Σ array[j]·(the unknown entry j of the argument at `place`).

    Raises OwnVariable where an entry contains that argument's group already, Unsupported for what is no exact number.
    """
    codes, counts, weights = list[int](), list[int](), list[int | Fraction]()
    plain = True
    for value in array.ravel().tolist():
        kind = value.__class__
        if kind is Product:
            codes.append(value.code)
            counts.append(1)
        elif kind is Sum:
            codes += value.terms[: value.length]
            counts.append(value.length)
        elif kind is int and value == 0:
            counts.append(0)
        else:
            plain, terms = False, general(value).terms
            weights += [1] * (len(codes) - len(weights))
            codes += terms
            weights += terms.values()
            counts.append(len(terms))
    found = np.array(codes, np.int64)
    if np.any(found & (FLAG << BITS * place.group)):
        raise OwnVariable
    numbers = np.repeat(np.arange(place.first, place.first + len(counts), dtype=np.int64), counts) | FLAG
    return Terms.of(found | numbers << BITS * place.group, None if plain else weights + [1] * (len(codes) - len(weights)))


def equated(array: Array, equals: Mapping[Key, Key]) -> Array:
    """The same numbers where entries of x equal constants: of those with a factor x, what is left of them."""
    constants = {key: value for key, value in equals.items() if isinstance(value, Fraction)}
    found = array.copy()
    for number, value in enumerate(array.ravel().tolist()):
        if constants and isinstance(value, Tag) and any(code & FLAG for code in general(value).terms):
            terms = Terms.of(np.array(list(general(value).terms), np.int64), list(general(value).terms.values()))
            left = terms.with_equals(constants)
            found.flat[number] = General(dict(zip(left.codes.tolist(), left.weights, strict=True)))
    return found


def indices(code: int) -> dict[int, int]:
    """For each group that the product has an entry of, the number of that entry."""
    fields = {group: code >> BITS * group & (2 * FLAG - 1) for group in (X, THETA, DELTA)}
    return {group: field & NUMBER for group, field in fields.items() if field}
