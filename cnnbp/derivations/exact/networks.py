"""The multi-layer perceptron on exact numbers: drawn networks, and the true derivatives of what they compute.

w_ij^(l) leads from unit j of layer l to unit i of layer l+1, b_i^(l) is the bias of unit i of layer l+1;
z^(l+1) = w^(l)·a^(l) + b^(l), a = f(z), a^(1) = x. δ^(l) = ∂J/∂z^(l) of one sample. A formula meets f only in its values and
slopes at finitely many points, where a polynomial can have any; with the four polynomials that are drawn every number is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from ...cases.choices import Choices
from ...oracles.dual_numbers import jacobian, rational
from ...rounding import Array

Some = int | tuple[int, int]  # a number of layers or samples, or the least and the most that may be drawn


@dataclass(frozen=True)
class Polynomial:
    """f(z) = Σ c_k·z^k, elementwise."""

    name: str
    coefficients: tuple[int, ...]

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
            value = value * z + c
        return value


IDENTITY = Polynomial("f(z) = z", (0, 1))
SQUARE = Polynomial("f(z) = z²", (0, 0, 1))
CURVED = (SQUARE, Polynomial("f(z) = z² − z", (0, -1, 1)), Polynomial("f(z) = z³ + 1", (1, 0, 0, 1)))


@dataclass(frozen=True)
class Perceptron:
    """Weights and biases by layer, from 1 to n − 1; m samples x with targets y; the step size α and the decay λ."""

    f: Polynomial
    w: Mapping[int, Array]
    b: Mapping[int, Array]
    x: Array
    y: Array
    rate: Fraction | None = None
    decay: Fraction | None = None

    @property
    def n(self) -> int:
        """The number of layers, the input being the first."""
        return len(self.w) + 1

    @property
    def m(self) -> int:
        """The number of samples."""
        return len(self.x)

    def given(self) -> dict[str, Any]:
        """Everything, sample by sample where there are several."""
        weights = {f"w({layer})": w for layer, w in self.w.items()} | {f"b({layer})": b for layer, b in self.b.items()}
        samples = {"x": self.x, "y": self.y} if self.m > 1 else {"x": self.x[0], "y": self.y[0]}
        steps = {"α": self.rate, "λ": self.decay}
        return {"f": self.f.name, **samples, **weights, **{name: value for name, value in steps.items() if value is not None}}

    def z(self, layer: int, sample: int = 0) -> Array:
        """The net input of the layer, edge by edge as it is defined."""
        a = self.a(layer - 1, sample)
        w, b = self.w[layer - 1], self.b[layer - 1]
        return array([sum((w[i, j] * a[j] for j in range(len(a))), b[i]) for i in range(len(w))])

    def a(self, layer: int, sample: int = 0) -> Array:
        """The activation of the layer; of the first, the input."""
        return self.x[sample] if layer == 1 else array([self.f(z) for z in self.z(layer, sample)])

    def net_inputs(self, sample: int = 0) -> Array:
        """z of every layer that has one, in one row."""
        return joined([self.z(layer, sample) for layer in range(2, self.n + 1)])

    def above(self, layer: int, z: Array) -> Array:
        """The activation of the last layer, with z as the net input of `layer`."""
        while layer < self.n:
            z, layer = self.w[layer] @ self.f(z) + self.b[layer], layer + 1
        found: Array = self.f(z)
        return found

    def loss(self, sample: int = 0) -> Any:
        """J of one sample: half the squared distance of output and target."""
        return half_square(self.a(self.n, sample) - self.y[sample])

    def objective(self) -> Any:
        """J(w, b): the mean loss, and λ/2 times the sum of all squared weights."""
        penalty = sum(np.sum(w * w) for w in self.w.values())
        return sum(self.loss(t) for t in range(self.m)) / self.m + (self.decay or 0) * penalty / 2

    def residual(self, layer: int, sample: int = 0) -> Array:
        """δ^(l) = ∂J/∂z^(l), by exact differentiation of the forward: the truth about every residual."""
        y = self.y[sample]
        return jacobian(lambda z: half_square(self.above(layer, z) - y), self.z(layer, sample))

    def with_weights(self, layer: int, w: Array) -> Perceptron:
        """The same network with other weights in one layer."""
        return replace(self, w={**self.w, layer: w})

    def by_weights(self, layer: int, value: Callable[[Perceptron], Any]) -> Array:
        """∂value/∂w^(l)"""
        return jacobian(lambda w: value(self.with_weights(layer, w)), self.w[layer])

    def by_biases(self, layer: int, value: Callable[[Perceptron], Any]) -> Array:
        """∂value/∂b^(l)"""
        return jacobian(lambda b: value(replace(self, b={**self.b, layer: b})), self.b[layer])


def draw(
    choose: Choices, layers: Some = 3, samples: Some = 1, rate: bool = False, decay: bool = False, sizes: Sequence[int] = (1, 2, 3)
) -> Perceptron:
    """A network of small integers, so that a counterexample can be worked by hand; with a step size α and a decay λ if asked."""
    depth, m = (number if isinstance(number, int) else choose.integer(*number) for number in (layers, samples))
    n = [choose.pick(sizes) for _ in range(depth)]
    f = choose.pick((IDENTITY, *CURVED))
    alpha = choose.pick((Fraction(1, 2), Fraction(1), Fraction(1, 4))) if rate else None
    penalty = choose.pick((Fraction(0), Fraction(1), Fraction(1, 2))) if decay else None
    w = {layer: integers(choose, (n[layer], n[layer - 1])) for layer in range(1, depth)}
    b = {layer: integers(choose, (n[layer],), zero=True) for layer in range(1, depth)}
    x, y = integers(choose, (m, n[0])), integers(choose, (m, n[-1]), zero=True)
    return Perceptron(f, w, b, x, y, alpha, penalty)


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
