"""A layer whose arrays have their axes in another order than the reference's, as one whose axes are in that order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..rounding import Array
from .adapted import Around


@dataclass(frozen=True)
class Axes:
    """The axes of one array by letters, as the reference has them and as the layer has them.

    The layer's may stand in another order; a letter that is missing is an axis of length 1 which it does not have, and a 1 is one
    that it has beyond the reference's.
    """

    reference: str
    layer: str

    @property
    def _kept(self) -> str:
        return self.layer.replace("1", "")

    def to_reference(self, a: Array) -> Array:
        """A view in the order of the reference. Raises ValueError where the array does not have these axes."""
        if a.ndim != len(self.layer) or any(n != 1 for n, letter in zip(a.shape, self.layer, strict=True) if letter == "1"):
            raise ValueError(f"must have the axes {self.layer!r}, got shape {a.shape}")
        found = a.reshape([n for n, letter in zip(a.shape, self.layer, strict=True) if letter != "1"])
        found = found.transpose([self._kept.index(letter) for letter in self.reference if letter in self._kept])
        return np.expand_dims(found, [j for j, letter in enumerate(self.reference) if letter not in self._kept])

    def to_layer(self, a: Array) -> Array:
        """A view in the order of the layer. Raises ValueError for more than one of what the layer takes one of."""
        missing = tuple(j for j, letter in enumerate(self.reference) if letter not in self._kept)
        if any(a.shape[j] != 1 for j in missing):
            raise ValueError(f"a layer whose arrays have the axes {self.layer!r} takes one at a time, got shape {a.shape}")
        left = [letter for letter in self.reference if letter in self._kept]
        found = a.squeeze(missing).transpose([left.index(letter) for letter in self._kept])
        return np.expand_dims(found, [j for j, letter in enumerate(self.layer) if letter == "1"])


@dataclass(frozen=True)
class LaidOut(Around):
    """The layer, asked in the order of axes of the reference. `args`: one for each argument; `wanted`: those with a gradient."""

    args: tuple[Axes, ...]
    y: Axes
    wanted: tuple[int, ...]

    def forward(self, *args: Array) -> Any:
        """y, in the order of the reference."""
        return _turned(self.y, self.layer.forward(*self._handed(args)))

    def backward(self, delta: Array, *args: Array) -> Any:
        """The gradients, each in the order of its argument's axes; what does not fit them is left as it is, to be told."""
        answer = self.layer.backward(self.y.to_layer(delta), *self._handed(args))
        if answer is None or isinstance(answer, dict):
            return answer
        found = tuple(answer) if isinstance(answer, (tuple, list)) else (answer,)
        positions: Sequence[int] = self.wanted if len(found) == len(self.wanted) else range(len(args))
        if len(found) > len(positions):
            return answer
        return tuple(_turned(self.args[j], g) for j, g in zip(positions, found, strict=False))

    def _handed(self, args: tuple[Array, ...]) -> list[Array]:
        return [axes.to_layer(a) for axes, a in zip(self.args, args, strict=False)]


def _turned(axes: Axes, answer: Any) -> Any:
    if not isinstance(answer, np.ndarray):
        return answer
    try:
        return axes.to_reference(answer)
    except ValueError:
        return answer
