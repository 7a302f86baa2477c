"""From feature maps to a vector: the seam between convolution and dense layers."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from . import checks
from .checks import Array


@dataclass(frozen=True)
class Flatten:
    """y[n, c·h·w] = x[n, c, h, w], in row-major order.    x: (n, ...), y: (n, features).

    backward:  dx = δ, in the shape of x

    Raises ValueError for x without a batch axis and for shapes that do not match, TypeError for wrong types.
    """

    def forward(self, x: Array) -> Array:
        x = self._batch(x)
        return x.reshape(len(x), prod(x.shape[1:])).copy()

    def backward(self, delta: Array, x: Array) -> tuple[Array]:
        x = self._batch(x)
        delta = checks.same_shape("delta", delta, (len(x), prod(x.shape[1:])))
        return (delta.reshape(x.shape).copy(),)

    def _batch(self, x: Array) -> Array:
        x = checks.array("x", x)
        if x.ndim == 0:
            raise ValueError("x must have a batch axis (n, ...), got a 0-d array")
        return x
