"""The multi-layer perceptron on exact numbers or letters, and the true derivatives of what it computes.

w_ij^(l) leads from unit j of layer l to unit i of layer l+1, b_i^(l) is the bias of unit i of layer l+1;
z^(l+1) = w^(l)·a^(l) + b^(l), a = f(z), a^(1) = x. δ^(l) = ∂J/∂z^(l) of one sample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from .numbers import ONE, Activation, array, half_square

Missing = frozenset[tuple[int, int, int]]


@dataclass(frozen=True)
class Perceptron:
    """Weights and biases by layer, from 1 to n − 1; m samples x with targets y; the step size α and the decay λ.

    `missing` has (l, k, i) where unit i of layer l and unit k of layer l+1 are not connected: their weight is 0.
    """

    f: Activation
    w: Mapping[int, Array]
    b: Mapping[int, Array]
    x: Array
    y: Array
    rate: Any = None
    decay: Any = None
    missing: Missing = frozenset()

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

        def summed() -> Array:
            a, w, b = self.a(layer - 1, sample), self.w[layer - 1], self.b[layer - 1]
            return array([sum((w[i, j] * a[j] for j in range(len(a))), b[i]) for i in range(len(w))])

        return self._once(("z", layer, sample), summed)

    def a(self, layer: int, sample: int = 0) -> Array:
        """The activation of the layer; of the first, the input."""
        if layer == 1:
            first: Array = self.x[sample]
            return first
        return self._once(("a", layer, sample), lambda: array([self.f(z) for z in self.z(layer, sample)]))

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
        penalty = sum(half_square(w.ravel()) for w in self.w.values())
        mean = sum((self.loss(t) for t in range(self.m)), 0) / self.m
        return mean if self.decay is None else mean + self.decay * penalty

    # The truth: exact derivatives of the forward pass

    def residual(self, layer: int, sample: int = 0) -> Array:
        """δ^(l) = ∂J/∂z^(l)"""

        def truth() -> Array:
            return jacobian(lambda z: half_square(self.above(layer, z) - self.y[sample]), self.z(layer, sample))

        return self._once(("residual", layer, sample), truth)

    def gradient(self, layer: int) -> Array:
        """∂J/∂w^(l) of the whole objective."""
        return self._once(("gradient", layer), lambda: self.by_weights(layer, Perceptron.objective))

    def bias_gradient(self, layer: int) -> Array:
        """∂J/∂b^(l) of the whole objective."""
        return self._once(("bias gradient", layer), lambda: self.by_biases(layer, Perceptron.objective))

    def with_weights(self, layer: int, w: Array) -> Perceptron:
        """The same network with other weights in one layer."""
        return replace(self, w={**self.w, layer: w})

    def by_weights(self, layer: int, value: Callable[[Perceptron], Any]) -> Array:
        """∂value/∂w^(l)"""
        return jacobian(lambda w: value(self.with_weights(layer, w)), self.w[layer])

    def by_biases(self, layer: int, value: Callable[[Perceptron], Any]) -> Array:
        """∂value/∂b^(l)"""
        return jacobian(lambda b: value(replace(self, b={**self.b, layer: b})), self.b[layer])

    @cached_property
    def unit_step(self) -> Perceptron:
        """The same with step size 1. No truth below depends on the step: what one of the two has computed, the other has."""
        found = replace(self, rate=ONE)
        vars(found)["_known"] = self._known
        return found

    @cached_property
    def _known(self) -> dict[Any, Array]:
        return {}

    def _once(self, what: Any, compute: Callable[[], Array]) -> Array:
        """A network never changes, and several readings ask the same of it."""
        if what not in self._known:
            self._known[what] = compute()
        return self._known[what]


unit_step = attrgetter("unit_step")  # what a reading is evaluated on, where the step size 1 is what is meant
