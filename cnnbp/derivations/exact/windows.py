"""Pooling on exact numbers or letters: a map cut into windows, and the true derivatives of what is pooled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations
from typing import Any

import numpy as np

from ... import layers
from ...cases.choices import Choices
from ...oracles import masked_dense
from ...oracles.dual_numbers import jacobian, rational
from ...rounding import Array
from ..statement import Instances
from .activated import Activated
from .images import squeezed
from .letters import AnyFunction, Letters
from .numbers import CURVES, IDENTITY, Activation, integers


@dataclass(frozen=True)
class Pooling(Activated):
    """A map z: (1, 1, h, w) whose activations f(z) are pooled over windows, and the residual δ of the pooled map.

    `ranks` has the order of the activations, where they are letters.
    """

    f: Activation
    z: Array
    window: tuple[int, int]
    stride: tuple[int, int]
    delta: Array
    ranks: Array | None = None

    def given(self) -> dict[str, Any]:
        """The stride only where windows overlap."""
        how = {"window": f"{self.window[0]} × {self.window[1]}"}
        if self.stride != self.window:
            how["stride"] = f"{self.stride[0]} × {self.stride[1]}"
        return {"f": self.f.name, "z": squeezed(self.z), **how, "δ": squeezed(self.delta)}

    @property
    def cells(self) -> list[list[tuple[int, int]]]:
        """The cells of every window, in row-major order."""
        (r, s), (down, right) = self.window, self.stride
        places = np.ndindex(self.delta.shape[2:])
        return [[(p * down + u, q * right + v) for u in range(r) for v in range(s)] for p, q in places]

    @cached_property
    def winners(self) -> list[tuple[int, int]]:
        """The largest cell of every window."""
        a = self.a[0, 0]
        return [max(cells, key=lambda cell: a[cell]) for cells in self.cells]

    def pool(self, a: Array, mean: bool = False) -> Array:
        """The pooled map, as the reference CNN computes it."""
        operator = layers.AvgPool2d if mean else layers.MaxPool2d
        return operator(self.window, self.stride).forward(a)

    def by_activation(self, mean: bool = False) -> Array:
        """∂J/∂a where δ is the residual of the pooled map."""
        if ("a", mean) not in self._known:
            self._known["a", mean] = jacobian(lambda a: np.sum(self.delta * self.pool(a, mean)), self.a)
        return self._known["a", mean]

    def by_net_input(self, mean: bool = False) -> Array:
        """∂J/∂z where δ is the residual of the pooled map."""
        if ("z", mean) not in self._known:
            self._known["z", mean] = jacobian(lambda z: np.sum(self.delta * self.pool(self.f(z), mean)), self.z)
        return self._known["z", mean]

    @cached_property
    def _known(self) -> dict[tuple[str, bool], Array]:
        """Several readings ask the same."""
        return {}

    def matrix(self, mean: bool = False) -> Array:
        """P, the weights of the pooling layer as a fully-connected one: 1 at each winner, or 1/|window| at each cell."""
        if mean:
            found = masked_dense.avg_pool2d_matrix(self.z.shape, self.window, self.stride).toarray() != 0
            return rational(found.astype(int)) / (self.window[0] * self.window[1])
        order = (self.a if self.ranks is None else self.ranks).astype(float)
        return rational(masked_dense.max_pool2d_matrix(order, self.window, self.stride).toarray().astype(int))


def linear(case: Pooling) -> Pooling:
    """The same where the layer before has slope 1."""
    return replace(case, f=IDENTITY)


@dataclass(frozen=True)
class Windows:
    """The sides of a window, by how much it moves, and how many there are."""

    window: tuple[int, int]
    stride: tuple[int, int]
    above: tuple[int, int]

    def __str__(self) -> str:
        (r, s), (down, right), (h, v) = self.window, self.stride, self.sides
        return f"{h}×{v}, window {r}×{s}" + (f", stride {down}×{right}" if self.window != self.stride else "")

    @property
    def sides(self) -> tuple[int, int]:
        """Of the map that is pooled."""
        (r, s), (down, right), (p, q) = self.window, self.stride, self.above
        return (p - 1) * down + r, (q - 1) * right + s

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return int(np.prod(self.sides) + np.prod(self.above))

    def numbers(self, choose: Choices) -> Pooling:
        """No two activations alike, so that nothing ties; some negative where f allows it, so that f may turn their order."""
        cells = int(np.prod(self.sides))
        left, values = list(range(1, 2 * cells + 1)), []
        for _ in range(cells):
            values.append(left.pop(left.index(choose.pick(left))))
        f = choose.pick(CURVES)
        signed = [value * choose.pick((1, -1)) for value in values]
        distinct = len({f(value) for value in signed}) == cells
        z = rational(np.array(signed if distinct else values).reshape(1, 1, *self.sides))
        return Pooling(f, z, self.window, self.stride, integers(choose, (1, 1, *self.above)))

    def letters(self, more: int = 0) -> Iterator[Pooling]:
        """Letters, and any function for f: once for every order that the activations may have; `more` are left in each stock."""
        for ranks in permutations(range(int(np.prod(self.sides)))):
            stock = Letters(self.size + 2 * len(ranks) + more)
            f, z = AnyFunction(stock), stock.array(1, 1, *self.sides)
            for values in (f(z), z):  # in the order of z, where f(z) = z
                stock.order(values, ranks)
            delta, order = stock.array(1, 1, *self.above), np.array(ranks).reshape(z.shape)
            yield Pooling(f, z, self.window, self.stride, delta, order)


def apart(*shapes: tuple[tuple[int, int], tuple[int, int]]) -> Instances:
    """Windows side by side: the sides of a window, and how many there are."""
    return _sorted(Windows(window, window, above) for window, above in shapes)


def overlapping(*shapes: tuple[tuple[int, int], tuple[int, int]]) -> Instances:
    """Windows that move by one."""
    return _sorted(Windows(window, (1, 1), above) for window, above in shapes)


def _sorted(shapes: Iterable[Windows]) -> Instances:
    return Instances(sorted(shapes, key=lambda shape: shape.size), Windows.numbers, Windows.letters)
