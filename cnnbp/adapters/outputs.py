"""A layer with several outputs as a layer with one: all of their entries in a row."""

from __future__ import annotations

import copy
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..rounding import Array
from .adapted import Around

Shapes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Joined(Around):
    """The layer, its outputs side by side; a residual is cut into as many parts again."""

    known: dict[Shapes, Shapes] = field(default_factory=dict)
    """The shapes of the outputs, by those of the arguments."""

    def shapes(self, *args: Array) -> Shapes:
        """Of the outputs."""
        key = tuple(np.shape(a) for a in args)
        if key not in self.known:
            self.forward(*args)
        return self.known[key]

    def forward(self, *args: Array) -> Array:
        """All outputs in a row."""
        found = self.layer.forward(*args)
        parts = [np.asarray(y) for y in (found if isinstance(found, tuple) else (found,))]
        self.known[tuple(np.shape(a) for a in args)] = tuple(y.shape for y in parts)
        return np.concatenate([y.ravel() for y in parts])

    def backward(self, delta: Array, *args: Array) -> Any:
        """What the layer answers to the parts of the residual, as a tuple."""
        return self.layer.backward(cut(delta, self.shapes(*args)), *args)


def joined(layer: Any, args: tuple[Array, ...]) -> Any:
    """The layer, or, where it answers these arguments with a tuple of outputs and takes a tuple of residuals, it joined.

    Asked on a copy. Where it answers `(y, cache)` its backward takes no such tuple: that is left to be told.
    """
    asked = layer
    with suppress(Exception):
        asked = copy.deepcopy(layer)
    try:
        found = asked.forward(*map(np.array, args))
        if not isinstance(found, tuple) or not found or not all(isinstance(y, np.ndarray) and y.dtype.kind == "f" for y in found):
            return layer
        asked.backward(tuple(np.ones_like(y) for y in found), *map(np.array, args))
    except (Exception, SystemExit):  # of whatever kind: the layer is judged, and this told, in its turn
        return layer
    return Joined(layer)


def cut(row: Array, shapes: Shapes) -> tuple[Array, ...]:
    """Parts of these shapes."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return tuple(part.reshape(shape) for part, shape in zip(np.split(row, ends[:-1]), shapes, strict=True))


def place(index: int, shapes: Shapes) -> tuple[int, ...]:
    """Of an entry of the row: the number of its output, and where it stands in it."""
    for number, shape in enumerate(shapes):
        size = int(np.prod(shape))
        if index < size:
            return number, *(int(i) for i in np.unravel_index(index, shape))
        index -= size
    raise IndexError(index)
