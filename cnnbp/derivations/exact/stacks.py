"""Layers on one another, on exact numbers or letters: a whole network, and a convolution above a pooling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations
from typing import Any

import numpy as np

from ... import layers
from ...cases.choices import Choices
from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from .images import Convolution, Maps, zeros
from .letters import AnyFunction, Letters
from .numbers import CURVES, IDENTITY, Activation, half_square, integers
from .windows import Pooling, Windows


@dataclass(frozen=True)
class Network:
    """One image through convolution, f, pooling and a fully-connected layer v with biases c; half squared error to y."""

    conv: Convolution
    f: Activation
    window: tuple[int, int]
    v: Array
    c: Array
    y: Array
    ranks: Array | None = None

    def given(self) -> dict[str, Any]:
        """Image, kernel, f and window, the last weights and the target."""
        known = {name: value for name, value in self.conv.given().items() if name != "δ"}
        return {**known, "f": self.f.name, "window": "{} × {}".format(*self.window), "v": self.v, "c": self.c, "y": self.y}

    def loss(self, a: Array, w: Array, b: Array, v: Array, c: Array, mean: bool) -> Any:
        """J, every layer the reference CNN's."""
        pool = (layers.AvgPool2d if mean else layers.MaxPool2d)(self.window)
        pooled = pool.forward(self.f(layers.Conv2d().forward(a, w, b)))
        return half_square(layers.Dense().forward(pooled.reshape(1, -1), v, c) - self.y)

    @property
    def parameters(self) -> dict[str, Array]:
        """Kernel, its bias, weights and biases of the last layer; and the image."""
        return {"a": self.conv.z, "w": self.conv.w, "b": self.conv.b, "v": self.v, "c": self.c}

    def truth(self, name: str, mean: bool) -> Array:
        """∂J/∂ one of them."""
        known = self.parameters
        if (name, mean) not in self._known:
            self._known[name, mean] = jacobian(lambda moved: self.loss(**{**known, name: moved}, mean=mean), known[name])
        return self._known[name, mean]

    @cached_property
    def _known(self) -> dict[tuple[str, bool], Array]:
        """Several readings ask the same."""
        return {}

    @cached_property
    def pooling(self) -> Pooling:
        """The pooling layer on the map that it meets."""
        z = self.conv.matrix(self.conv.w) @ self.conv.z.ravel() + self.conv.b[0]
        z = z.reshape(self.conv.delta.shape)
        above = zeros(1, 1, z.shape[2] // self.window[0], z.shape[3] // self.window[1])
        return Pooling(self.f, z, self.window, self.window, above, self.ranks)

    @cached_property
    def ties(self) -> bool:
        """Whether some window has its largest activation twice: there is no derivative there."""
        pool = self.pooling
        a = pool.a[0, 0]
        return any(
            sum(bool(a[cell] == a[best]) for cell in cells) > 1 for cells, best in zip(pool.cells, pool.winners, strict=True)
        )


@dataclass(frozen=True)
class Above:
    """A convolution above a pooling: the map z, whose activations are pooled, a kernel w, and the residual δ above it."""

    pool: Pooling
    w: Array
    delta: Array

    def given(self) -> dict[str, Any]:
        """All of it."""
        below = {name: value for name, value in self.pool.given().items() if name != "δ"}
        maps = Convolution(0 * self.pool.delta, self.w, self.delta, zeros(1)).given()
        return {**below, **maps}

    def truth(self, column: str, mean: bool) -> Array:
        """∂J/∂ the pooled map, or the residual ∂J/∂z below the pooling."""
        conv = layers.Conv2d()
        if column == "pooled":
            return jacobian(lambda a: np.sum(self.delta * conv.forward(a, self.w)), self.pool.pool(self.pool.a, mean))
        return jacobian(lambda z: np.sum(self.delta * conv.forward(self.pool.pool(self.pool.f(z), mean), self.w)), self.pool.z)


@dataclass(frozen=True)
class Stack:
    """The shape of a network: image, kernel, window of the pooling, and units of the last layer."""

    maps: Maps
    window: tuple[int, int]
    units: int

    def __str__(self) -> str:
        return f"{self.maps}, window {self.window[0]}×{self.window[1]}, {self.units} out"

    @property
    def pooled(self) -> int:
        """How many values the pooling hands up."""
        (p, q), (r, s) = self.maps.above, self.window
        return (p // r) * (q // s)

    def numbers(self, choose: Choices) -> Network:
        """Small integers; activations that tie are possible, and show nothing."""
        conv = replace(self.maps.numbers(choose), f=IDENTITY)
        f, v = choose.pick(CURVES), integers(choose, (self.units, self.pooled))
        c, y = integers(choose, (self.units,), zero=True), integers(choose, (1, self.units), zero=True)
        return Network(conv, f, self.window, v, c, y)

    def letters(self) -> Iterator[Network]:
        """Letters, once for every order of the activations."""
        cells = int(np.prod(self.maps.above))
        for ranks in permutations(range(cells)):
            stock = Letters(self.maps.size + 2 * cells + self.units * (self.pooled + 2))
            f, conv = AnyFunction(stock), self.maps.filled(stock, IDENTITY)
            last = stock.array(self.units, self.pooled), stock.array(self.units), stock.array(1, self.units)
            net = Network(conv, f, self.window, *last, np.array(ranks).reshape(1, 1, *self.maps.above))
            stock.order(net.pooling.a, ranks)
            yield net


@dataclass(frozen=True)
class Pooled:
    """The shape of a convolution above a pooling: the windows of the pooling, and the sides of the kernel."""

    windows: Windows
    kernel: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.windows}, then {self.kernel[0]}×{self.kernel[1]}"

    @property
    def above(self) -> tuple[int, int]:
        """The sides of the map above the convolution."""
        (p, q), (r, s) = self.windows.above, self.kernel
        return p - r + 1, q - s + 1

    def numbers(self, choose: Choices) -> Above:
        """Small integers, no two activations alike."""
        pool = self.windows.numbers(choose)
        return Above(pool, integers(choose, (1, 1, *self.kernel)), integers(choose, (1, 1, *self.above)))

    def letters(self) -> Iterator[Above]:
        """Letters, once for every order of the activations."""
        for pool in self.windows.letters(more=int(np.prod(self.kernel) + np.prod(self.above) + 2 * np.prod(self.windows.above))):
            stock = pool.z.flat[0].letters
            yield Above(pool, stock.array(1, 1, *self.kernel), stock.array(1, 1, *self.above))
