"""Elementwise layers: y = f(x), and backward by the slope: dx = δ·f′(x). Arrays of any rank, 0-d and empty included.

No branch overflows, and either branch keeps its relative accuracy; comparisons look at the real part, so that the
same lines run on complex numbers. Source of the rule dx = δ·f′(x): the derivation's `delta-hidden`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from . import checks
from .checks import Array


class Elementwise(ABC):
    """y = f(x) entry by entry. Subclasses say f and δ·f′. Raises TypeError and ValueError for wrong arguments."""

    def forward(self, x: Array) -> Array:
        x = checks.array("x", x)
        return self._f(np.atleast_1d(x)).reshape(x.shape)

    def backward(self, delta: Array, x: Array) -> tuple[Array]:
        x = checks.array("x", x)
        delta = checks.same_shape("delta", delta, x.shape)
        return (self._df(np.atleast_1d(delta), np.atleast_1d(x)).reshape(x.shape),)

    @abstractmethod
    def _f(self, x: Array) -> Array: ...

    @abstractmethod
    def _df(self, delta: Array, x: Array) -> Array: ...


@dataclass(frozen=True)
class Identity(Elementwise):
    """f(x) = x, f′ = 1."""

    def _f(self, x: Array) -> Array:
        return x.copy()

    def _df(self, delta: Array, x: Array) -> Array:
        return delta.copy()


@dataclass(frozen=True)
class Sigmoid(Elementwise):
    """f(x) = 1/(1 + e⁻ˣ), f′ = f·(1 − f), computed as e/(1 + e)² with e = e^(−|x|)."""

    def _f(self, x: Array) -> Array:
        e, negative = _decay(x)
        y: Array = np.where(negative, e, 1) / (1 + e)
        return y

    def _df(self, delta: Array, x: Array) -> Array:
        e, _ = _decay(x)
        dx: Array = delta * (e / ((1 + e) * (1 + e)))
        return dx


@dataclass(frozen=True)
class Tanh(Elementwise):
    """f(x) = tanh x, f′ = 1 − f², computed as 4e²/(1 + e²)² with e = e^(−|x|)."""

    def _f(self, x: Array) -> Array:
        y: Array = np.tanh(x)
        return y

    def _df(self, delta: Array, x: Array) -> Array:
        e, _ = _decay(x)
        dx: Array = delta * (4 * e * e / ((1 + e * e) * (1 + e * e)))
        return dx


@dataclass(frozen=True)
class Softplus(Elementwise):
    """f(x) = log(1 + eˣ) without threshold, f′ = 1/(1 + e⁻ˣ)."""

    def _f(self, x: Array) -> Array:
        e, negative = _decay(x)
        y: Array = np.where(negative, 0, x) + np.log1p(e)
        return y

    def _df(self, delta: Array, x: Array) -> Array:
        dx: Array = delta * Sigmoid()._f(x)
        return dx


@dataclass(frozen=True)
class ReLU(Elementwise):
    """f(x) = max(x, 0), f′ = 1 for x > 0 and 0 for x ≤ 0: the convention at the kink is f′(0) = 0."""

    def _f(self, x: Array) -> Array:
        return np.where(x.real <= 0, 0, x)

    def _df(self, delta: Array, x: Array) -> Array:
        return np.where(x.real <= 0, 0, delta)


@dataclass(frozen=True)
class LeakyReLU(Elementwise):
    """f(x) = x for x > 0, negative_slope·x for x ≤ 0: the convention at the kink is f′(0) = negative_slope."""

    negative_slope: float = 0.01

    def __post_init__(self) -> None:
        object.__setattr__(self, "negative_slope", checks.number("negative_slope", self.negative_slope))

    def _f(self, x: Array) -> Array:
        return self._bent(x, x.real <= 0)

    def _df(self, delta: Array, x: Array) -> Array:
        return self._bent(delta, x.real <= 0)

    def _bent(self, a: Array, negative: Array) -> Array:
        """negative_slope·a where `negative`, else a; the other branch is never multiplied, so it cannot overflow."""
        return np.where(negative, self.negative_slope * np.where(negative, a, 0), a)


def _decay(x: Array) -> tuple[Array, Array]:
    """e^(−|x|), which never overflows, and where x is negative."""
    negative = x.real < 0
    return np.exp(np.where(negative, x, -x)), negative
