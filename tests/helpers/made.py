"""Layers that are made in many ways: with arguments kept under other names, or under none, changed later, or by chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from cnnbp.layers.checks import Array


class Kind(Enum):
    TIMES = "times"


class Times:
    """y = factor·x; the argument has no default."""

    def __init__(self, factor: Any) -> None:
        self.factor = factor

    def forward(self, x: Array) -> Array:
        return np.asarray(x * self.factor)

    def backward(self, delta: Array, x: Array) -> Array:
        return np.asarray(1.5 * delta * self.factor)


class Hidden(Times):
    """Its argument is kept under another name, and something else that none of its arguments is."""

    def __init__(self, by: float, *, kind: Kind = Kind.TIMES) -> None:
        self._by, self.kind, self.calls = by, kind, 0

    @property
    def factor(self) -> float:  # type: ignore[override]
        return self._by

    def forward(self, x: Array) -> Array:
        self.calls += 1
        return super().forward(x)


class Worked(Times):
    """What it is made of is not kept at all."""

    def __init__(self, root: float) -> None:
        super().__init__(root**2)


class Drawn(Times):
    """By chance, with a generator that nobody can write down."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng()
        super().__init__(self.rng.normal(size=3))


class Outer:
    class Inner(Times):
        """Of a class in a class."""


class x(Times):  # the name of an array of the call
    """Of a class that is called as an array is."""


@dataclass(frozen=True)
class Held(Times):
    """A dataclass that holds numbers of NumPy and another layer."""

    factor: Any
    inside: Times | None = None
    kinds: tuple[Kind, ...] = field(default=(Kind.TIMES,))


class Slotted(Times):
    """What it is made of is kept in no dictionary."""

    __slots__ = ("factor",)


class Cached:
    """Keeps its parameter, its gradient and its input."""

    def __init__(self, size: int) -> None:
        self.w = np.linspace(1.0, 2.0, size)
        self.dw = np.zeros(size)

    def forward(self, x: Array) -> Array:
        self.x = x
        return np.asarray(x * self.w)

    def backward(self, delta: Array) -> Array:
        self.dw = 2 * (delta * self.x).sum(0)
        return np.asarray(delta * self.w)


def forward(x: Array) -> Array:
    return np.asarray(x * x)


def backward(delta: Array, x: Array) -> Array:
    return np.asarray(delta * x)
