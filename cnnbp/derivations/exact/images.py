"""Convolution and pooling on exact numbers: drawn maps and kernels, and the true derivatives by them.

The truth is the exact derivative of what the reference layers compute forward. M(w) is the masked fully-connected matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from ... import layers
from ...cases.choices import Choices
from ...oracles import masked_dense
from ...oracles.dual_numbers import jacobian, rational
from ...rounding import Array
from .networks import CURVED, IDENTITY, Polynomial, integers


@dataclass(frozen=True)
class Convolution:
    """Input maps a: (1, c, h, w), kernels w: (k, c, r, s), and the residual δ: (1, k, p, q) of the valid cross-correlation.

    The residual below depends on w and δ alone: where nothing else is asked, a is 0.
    """

    a: Array
    w: Array
    delta: Array

    def given(self) -> dict[str, Any]:
        """A map alone is set as a map, and a kernel alone as a kernel; the input only where it matters."""
        known = {"a": self.a} if self.a.any() else {}
        return {name: _squeezed(maps) for name, maps in (known | {"w": self.w, "δ": self.delta}).items()}

    def forward(self, a: Array, w: Array) -> Array:
        """z, as the reference CNN computes it."""
        return layers.Conv2d().forward(a, w)

    @cached_property
    def residual(self) -> Array:
        """∂J/∂a where ∂J/∂z = δ."""
        return jacobian(lambda a: np.sum(self.delta * self.forward(a, self.w)), self.a)

    @cached_property
    def by_kernel(self) -> Array:
        """∂J/∂w where ∂J/∂z = δ."""
        return jacobian(lambda w: np.sum(self.delta * self.forward(self.a, w)), self.w)

    @cached_property
    def ties(self) -> tuple[Array, Array, Array]:
        """Of every connection: the output cell, the shared weight, the input cell."""
        found = masked_dense.conv2d_ties(self.a.shape, self.w.shape).tocoo()
        return found.coords[0], found.data, found.coords[1]

    def matrix(self, w: Array) -> Array:
        """M(w): M[o, i] = w[t] for every connection, 0 where there is none."""
        (o, t, i), m = self.ties, np.full((self.delta.size, self.a.size), 0, object)
        m[o, i] = w.ravel()[t]
        return m

    @cached_property
    def flipped(self) -> Convolution:
        """The same with kernels rotated by 180°: forward, a true convolution with the kernels that are given."""
        return Convolution(self.a, self.w[:, :, ::-1, ::-1], self.delta)


def convolution(choose: Choices, maps: int = 1, kernels: int = 1, cells: int = 3, inputs: bool = False) -> Convolution:
    """Up to so many maps and kernels, of all shapes, unequal in height and width. `inputs` draws the input too."""
    c, k = choose.integer(1, maps), choose.integer(1, kernels)
    r, s, p, q = (choose.integer(1, cells) for _ in range(4))
    a = (1, c, p + r - 1, q + s - 1)
    drawn = integers(choose, a) if inputs else rational(np.zeros(a, int))
    return Convolution(drawn, integers(choose, (k, c, r, s)), integers(choose, (1, k, p, q)))


several_maps = partial(convolution, maps=3, kernels=3, cells=2)


@dataclass(frozen=True)
class Pooling:
    """A map z: (1, 1, h, w) whose activations f(z) are pooled over windows, and the residual δ of the pooled map."""

    f: Polynomial
    z: Array
    window: tuple[int, int]
    stride: tuple[int, int]
    delta: Array

    def given(self) -> dict[str, Any]:
        """The stride only where windows overlap."""
        how = {"window": f"{self.window[0]} × {self.window[1]}"}
        if self.stride != self.window:
            how["stride"] = f"{self.stride[0]} × {self.stride[1]}"
        return {"f": self.f.name, "z": _squeezed(self.z), **how, "δ": _squeezed(self.delta)}

    @property
    def a(self) -> Array:
        """The activations that are pooled."""
        return np.asarray(self.f(self.z))

    @property
    def slope(self) -> Array:
        """f′(z)"""
        return np.asarray(self.f.slope(self.z))

    def pool(self, a: Array, mean: bool = False) -> Array:
        """The pooled map, as the reference CNN computes it."""
        operator = layers.AvgPool2d if mean else layers.MaxPool2d
        return operator(self.window, self.stride).forward(a)

    def by_activation(self, mean: bool = False) -> Array:
        """∂J/∂a where δ is the residual of the pooled map."""
        return jacobian(lambda a: np.sum(self.delta * self.pool(a, mean)), self.a)

    def by_net_input(self, mean: bool = False) -> Array:
        """∂J/∂z where δ is the residual of the pooled map."""
        return jacobian(lambda z: np.sum(self.delta * self.pool(self.f(z), mean)), self.z)

    def matrix(self, mean: bool = False) -> Array:
        """The weights of the pooling layer as a fully-connected one: 1 at each winner, or 1/|window| at each cell."""
        if mean:
            found = masked_dense.avg_pool2d_matrix(self.z.shape, self.window, self.stride).toarray() != 0
            return rational(found.astype(int)) / (self.window[0] * self.window[1])
        return rational(masked_dense.max_pool2d_matrix(self.a.astype(float), self.window, self.stride).toarray().astype(int))


def pooling(choose: Choices, overlapping: bool = False) -> Pooling:
    """No two activations alike, so that nothing ties; some cells negative where f allows it, so that f may turn their order."""
    window = choose.pick(((1, 2), (2, 2), (2, 1), (1, 3)))
    stride = (1, 1) if overlapping else window
    p, q = choose.pick(((1, 2), (1, 3), (2, 2)) if overlapping else ((1, 1), (1, 2), (2, 1)))
    shape = ((p - 1) * stride[0] + window[0], (q - 1) * stride[1] + window[1])
    left, values = list(range(1, 2 * shape[0] * shape[1] + 1)), []
    for _ in range(shape[0] * shape[1]):
        values.append(left.pop(choose.integer(0, len(left) - 1)))
    f = choose.pick((IDENTITY, *CURVED))
    signed = [choose.pick((value, -value)) for value in values]
    distinct = len({f(value) for value in signed}) == len(signed)
    z = rational(np.array(signed if distinct else values).reshape(1, 1, *shape))
    return Pooling(f, z, window, stride, integers(choose, (1, 1, p, q)))


def _squeezed(maps: Array) -> Array:
    """Without the axes of samples and maps where there is one of each, or of cells that are one; a single row is a row."""
    if maps.shape[2:] == (1, 1):
        maps = maps[..., 0, 0][None, None]
    found = maps.reshape(maps.shape[2:]) if maps.shape[:2] == (1, 1) else maps[0] if len(maps) == 1 else maps
    return found[0] if found.ndim == 2 and len(found) == 1 else found
