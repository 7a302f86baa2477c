"""Convolution on exact numbers or letters: maps, kernels, biases, and the true derivatives by them.

The truth is the exact derivative of what the reference layers compute forward. M(w) is the masked fully-connected matrix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np

from ... import layers
from ...cases.choices import Choices
from ...oracles import masked_dense
from ...oracles.dual_numbers import jacobian, rational
from ...rounding import Array
from ..statement import Instances
from .activated import Activated
from .letters import AnyFunction, Letters
from .numbers import CURVES, IDENTITY, Activation, integers


@dataclass(frozen=True)
class Convolution(Activated):
    """Maps z: (1, c, h, w) with activations a = f(z), kernels w: (k, c, r, s) with biases b: (k,), and the residual δ above.

    δ: (1, k, p, q) is ∂J/∂ of the valid cross-correlation of a and w. The residual ∂J/∂a depends on w and δ alone.
    """

    z: Array
    w: Array
    delta: Array
    b: Array
    f: Activation = IDENTITY

    def given(self) -> dict[str, Any]:
        """A map alone is set as a map, and a kernel alone as a kernel; what is 0 throughout is not shown."""
        f, z = ({}, "a") if self.f is IDENTITY else ({"f": self.f.name}, "z")
        maps = {z: self.z, "w": self.w, "b": self.b, "δ": self.delta}
        return {**f, **{name: squeezed(values) for name, values in maps.items() if values.any() or name in ("w", "δ")}}

    def forward(self, a: Array, w: Array) -> Array:
        """The maps above, as the reference CNN computes them; without biases, which no residual depends on."""
        return layers.Conv2d().forward(a, w)

    @cached_property
    def by_a(self) -> Array:
        """∂J/∂a where δ is the residual above."""
        return jacobian(lambda a: np.sum(self.delta * self.forward(a, self.w)), self.a)

    @cached_property
    def by_z(self) -> Array:
        """∂J/∂z where δ is the residual above: the residual of the layer below."""
        return jacobian(lambda z: np.sum(self.delta * self.forward(self.f(z), self.w)), self.z)

    @cached_property
    def by_kernel(self) -> Array:
        """∂J/∂w where δ is the residual above."""
        return jacobian(lambda w: np.sum(self.delta * self.forward(self.a, w)), self.w)

    @cached_property
    def by_bias(self) -> Array:
        """∂J/∂b where δ is the residual above."""
        return jacobian(lambda b: np.sum(self.delta * layers.Conv2d().forward(self.a, self.w, b)), self.b)

    @cached_property
    def ties(self) -> tuple[Array, Array, Array]:
        """Of every connection: the output cell, the shared weight, the input cell."""
        found = masked_dense.conv2d_ties(self.z.shape, self.w.shape).tocoo()
        return found.coords[0], found.data, found.coords[1]

    def matrix(self, w: Array) -> Array:
        """M(w): M[o, i] = w[t] for every connection, 0 where there is none."""
        (o, t, i), m = self.ties, np.full((self.delta.size, self.z.size), 0, object)
        m[o, i] = w.ravel()[t]
        return m

    @cached_property
    def flipped(self) -> Convolution:
        """The same with kernels rotated by 180°: forward, a true convolution with the kernels that are given."""
        return replace(self, w=self.w[:, :, ::-1, ::-1])

    @cached_property
    def still(self) -> Convolution:
        """The same with a = 0, for what depends on kernel and residual alone."""
        return replace(self, z=0 * self.z, b=0 * self.b, f=IDENTITY)

    @cached_property
    def unbiased(self) -> Convolution:
        """The same without biases, for what depends on the net inputs too."""
        return replace(self, b=0 * self.b)

    @cached_property
    def linear(self) -> Convolution:
        """The same with a = z."""
        return replace(self, f=IDENTITY)


still, unbiased, linear = attrgetter("still"), attrgetter("unbiased"), attrgetter("linear")  # what readings are evaluated on


@dataclass(frozen=True)
class Maps:
    """Input maps, kernels, the sides of a kernel, and those of the maps above."""

    c: int
    k: int
    kernel: tuple[int, int]
    above: tuple[int, int]

    def __str__(self) -> str:
        (h, v), (r, s) = self.below, self.kernel
        return f"{self.c}×{h}×{v}, {self.k} of {r}×{s}" if self.c * self.k > 1 else f"{h}×{v}, {r}×{s}"

    @property
    def below(self) -> tuple[int, int]:
        """The sides of an input map."""
        (r, s), (p, q) = self.kernel, self.above
        return p + r - 1, q + s - 1

    @property
    def size(self) -> int:
        """How many numbers there are."""
        (h, v), (r, s), (p, q) = self.below, self.kernel, self.above
        return self.c * h * v + self.k * self.c * r * s + self.k * (p * q + 1)

    def numbers(self, choose: Choices) -> Convolution:
        """Small integers, and one of the polynomials for f."""
        f = choose.pick(CURVES)
        z, w, delta, b = (integers(choose, shape) for shape in self._shapes())
        return Convolution(z, w, delta, b, f)

    def letters(self) -> Iterator[Convolution]:
        """Letters, and any function for f."""
        stock = Letters(self.size + 2 * self.c * self.below[0] * self.below[1])
        yield self.filled(stock, AnyFunction(stock))

    def filled(self, stock: Letters, f: Activation) -> Convolution:
        """With letters from this stock."""
        z, w, delta, b = (stock.array(*shape) for shape in self._shapes())
        return Convolution(z, w, delta, b, f)

    def _shapes(self) -> tuple[tuple[int, ...], ...]:
        return (1, self.c, *self.below), (self.k, self.c, *self.kernel), (1, self.k, *self.above), (self.k,)


class Centred(Maps):
    """The same, but for numbers: the input is 0 except in the centre, and kernel and residual have zeros except in a corner."""

    def numbers(self, choose: Choices) -> Convolution:
        """As few products as can be worked by hand."""
        (shape, *others, b), f = self._shapes(), choose.pick(CURVES)
        z, (w, delta) = zeros(*shape), (integers(choose, each, zero=True) for each in others)
        for maps, at in ((z, (shape[2] // 2, shape[3] // 2)), (w, (-1, -1)), (delta, (0, 0))):
            maps[0, 0, *at] = integers(choose, (1,))[0]
        return Convolution(z, w, delta, zeros(*b), f)


def convolutions(*shapes: tuple[int, int, tuple[int, int], tuple[int, int]]) -> Instances:
    """Convolutions of these shapes: input maps, kernels, sides of a kernel, sides of the maps above."""
    return maps([Maps(*shape) for shape in shapes])


def maps(shapes: Iterable[Maps]) -> Instances:
    """Convolutions of these shapes, the smallest first."""
    return Instances(sorted(shapes, key=lambda shape: shape.size), lambda shape, choose: shape.numbers(choose), Maps.letters)


def zeros(*shape: int) -> Array:
    """Exact zeros."""
    return rational(np.zeros(shape, int))


def squeezed(maps: Array) -> Array:
    """Without the axes of samples and maps where there is one of each, or of cells that are one; a single row is a row."""
    if maps.ndim < 4:
        return maps
    if maps.shape[2:] == (1, 1):
        maps = maps[..., 0, 0][None, None]
    found = maps.reshape(maps.shape[2:]) if maps.shape[:2] == (1, 1) else maps[0] if len(maps) == 1 else maps
    return found[0] if found.ndim == 2 and len(found) == 1 else found
