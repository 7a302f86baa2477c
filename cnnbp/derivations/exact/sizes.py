"""Sizes alone: an image under a kernel, where nothing but cells and places is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ... import layers
from ...cases.choices import Choices
from ...rounding import Array


@dataclass(frozen=True)
class Sizes:
    """An n × n image in c channels, seen by one k × k kernel with this stride and padding."""

    n: int
    k: int = 3
    c: int = 1
    stride: int = 1
    padding: int = 0

    def __str__(self) -> str:
        return f"n = {self.n}, k = {self.k}"

    def given(self) -> dict[str, Any]:
        """Kernel, channels, stride and padding only where they are not the usual 3, 1, 1 and 0."""
        usual = {"k": 3, "channels": 1, "stride": 1, "padding": 0}
        options = {"k": self.k, "channels": self.c, "stride": self.stride, "padding": self.padding}
        return {"n": self.n, **{name: value for name, value in options.items() if value != usual[name]}}

    def places(self) -> int:
        """In how many places the kernel fits, found by trying them: along one side, and so along the other."""
        reach = range(-self.padding, self.n + self.padding, self.stride)
        side = [start for start in reach if all(start + t < self.n + self.padding for t in range(self.k))]
        return len(side) ** 2

    def inputs(self) -> list[int]:
        """Of every output of the reference CNN, how many input cells change it: each cell alone is lit in turn."""
        cells = self.c * self.n * self.n
        lit = np.eye(cells, dtype=int).astype(object).reshape(cells, self.c, self.n, self.n)
        outputs = layers.Conv2d().forward(lit, np.ones((1, self.c, self.k, self.k), int).astype(object))
        return [int(count) for count in np.count_nonzero(outputs.reshape(cells, -1), axis=0)]


def usual(size: Sizes) -> Sizes:
    """The same with a 3×3 kernel, stride 1, no padding and one channel."""
    return replace(size, k=3, c=1, stride=1, padding=0)


def three_by_three(size: Sizes) -> Sizes:
    """The same with a 3×3 kernel and one channel."""
    return replace(size, k=3, c=1)


def one_channel(size: Sizes) -> Sizes:
    """The same with stride 1, no padding and one channel."""
    return replace(size, c=1, stride=1, padding=0)


def channels(size: Sizes) -> Sizes:
    """The same with a 3×3 kernel, stride 1 and no padding, and no more than six cells a side."""
    return replace(size, n=min(size.n, 6), k=3, stride=1, padding=0)


def usual_channel(size: Sizes) -> Sizes:
    """The same small, with all as usual."""
    return usual(channels(size))


def sizes(n: int, choose: Choices) -> Sizes:
    """An n × n image, under a kernel that fits into it."""
    small = [k for k in (3, 1, 2, 4, 5) if k <= n]
    return Sizes(n, choose.pick(small), choose.integer(1, 3), choose.integer(1, 3), choose.integer(0, 2))


@dataclass(frozen=True)
class Pixel:
    """A pixel of an n × n image, counted from 0, under a 3×3 kernel."""

    n: int
    i: int
    j: int

    def given(self) -> dict[str, Any]:
        """The image and the pixel, counted from 1."""
        return {"n": self.n, "row": self.i + 1, "column": self.j + 1}

    def met(self) -> int:
        """How many outputs of the reference CNN it influences, every weight being 1."""
        lit: Array = np.zeros((1, 1, self.n, self.n), int).astype(object)
        lit[0, 0, self.i, self.j] = 1
        return int(np.count_nonzero(layers.Conv2d().forward(lit, np.ones((1, 1, 3, 3), int).astype(object))))


def inside(pixel: Pixel) -> Pixel:
    """The pixel moved two away from every border, where it is nearer."""
    return Pixel(pixel.n, *(min(max(at, 2), pixel.n - 3) for at in (pixel.i, pixel.j)))


def pixel(n: int, choose: Choices) -> Pixel:
    """Some pixel of an n × n image."""
    return Pixel(n, choose.integer(0, n - 1), choose.integer(0, n - 1))
