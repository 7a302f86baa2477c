"""The numbers of which instances are made: small integers, and polynomials as activation functions, so that all stays exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from ...cases.choices import Choices
from ...oracles.dual_numbers import rational
from ...rounding import Array

ONE = Fraction(1)


class Activation(Protocol):
    """A differentiable function that works on each number of an array."""

    @property
    def name(self) -> str:
        """As it stands in a counterexample."""
        ...

    def __call__(self, z: Any) -> Any:
        """f(z)"""
        ...

    def slope(self, z: Any) -> Any:
        """f′(z)"""
        ...


@dataclass(frozen=True)
class Polynomial:
    """f(z) = Σ c_k·z^k, elementwise. `cost` says how far it is from the simplest, f(z) = z."""

    name: str
    coefficients: tuple[int, ...]
    cost: float

    def __call__(self, z: Any) -> Any:
        """f(z)"""
        return self._at(z, self.coefficients)

    def slope(self, z: Any) -> Any:
        """f′(z)"""
        return self._at(z, tuple(k * c for k, c in enumerate(self.coefficients))[1:])

    @staticmethod
    def _at(z: Any, coefficients: tuple[int, ...]) -> Any:
        value = 0 * z + coefficients[-1]
        for c in reversed(coefficients[:-1]):
            value = value * z + c if c else value * z
        return value


IDENTITY = Polynomial("f(z) = z", (0, 1), 0)
SQUARE = Polynomial("f(z) = z²", (0, 0, 1), 1.25)
CURVED = (SQUARE, Polynomial("f(z) = z² − z", (0, -1, 1), 2.25), Polynomial("f(z) = z³ + 1", (1, 0, 0, 1), 3.25))
CURVES = (IDENTITY, *CURVED)


def integers(choose: Choices, shape: tuple[int, ...], zero: bool = False) -> Array:
    """Small integers as exact numbers; 0 only if asked for, since a factor 0 hides what the others are."""
    options = (*((0,) if zero else ()), 1, 2, -1, 3, -2)
    return rational(np.array([choose.pick(options) for _ in range(int(np.prod(shape)))]).reshape(shape))


def array(values: Any) -> Array:
    """Exact numbers in a row as an array of them."""
    found = np.empty(len(values), object)
    found[:] = values
    return found


def half_square(e: Array) -> Any:
    """½‖e‖²"""
    return np.sum(e * e) / 2


def joined(parts: Sequence[Array]) -> Array:
    """The parts of several layers in one row; of one layer as they are, so that a matrix stays a matrix."""
    return parts[0] if len(parts) == 1 else np.concatenate([part.ravel() for part in parts])
