"""Pooling: the convolution's relation T with weights that nobody learns: 1 at the winner, or 1/|window| everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from . import checks
from .checks import Array, Size
from .relation import BLOCK_BYTES, Relation, relation


@dataclass(frozen=True)
class MaxPool2d:
    """y[n,c,o] = max x[n,c,i] over (o,t,i) in T.    x: (n, c, h, w), y: (n, c, p, q).

    backward:  dx[i] = Σ δ[o] over the windows o that i won

    Conventions: a tie goes to the first winner in row-major order; padding never wins; a NaN in a window wins.
    Raises ValueError for options and shapes that make no sense, TypeError for wrong types.
    Source: the derivation's "weight 1 for the maximum, 0 for the others".
    """

    kernel_size: Size
    stride: Size | None = None
    padding: Size = 0
    dilation: Size = 1
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        _check_window(self)
        checks.sizes(self, dilation=1)

    def forward(self, x: Array) -> Array:
        x, T = _arguments(self, x, self.dilation)
        return _maxima(x, T)

    def backward(self, delta: Array, x: Array) -> tuple[Array]:
        x, T = _arguments(self, x, self.dilation)
        delta = checks.same_shape("delta", delta, x.shape[:2] + T.output_shape)
        maps, residuals = x.reshape(-1, *x.shape[2:]), delta.reshape(-1, *delta.shape[2:])
        dx = np.zeros(maps.shape, delta.dtype)
        for m in _blocks(maps):
            y, unclaimed = _maxima(maps[m], T), np.ones(residuals[m].shape, bool)
            for o, _, i in T:
                wins = unclaimed[o] & ((maps[m][i] == y[o]) | (maps[m][i] != maps[m][i]))
                unclaimed[o] ^= wins
                dx[m][i] += np.where(wins, residuals[m][o], 0)
        return (dx.reshape(x.shape),)


@dataclass(frozen=True)
class AvgPool2d:
    """y[n,c,o] = Σ x[n,c,i] / |window o| over (o,t,i) in T.    x: (n, c, h, w), y: (n, c, p, q).

    backward:  dx[i] = Σ δ[o] / |window o| over the windows o that contain i

    |window| counts padding cells, as far as input + padding reaches, if `count_include_pad`; else input cells only.
    Raises ValueError for options and shapes that make no sense, TypeError for wrong types.
    Source: mean pooling in the derivation; the divisor at the border is PyTorch's.
    """

    kernel_size: Size
    stride: Size | None = None
    padding: Size = 0
    ceil_mode: bool = False
    count_include_pad: bool = True

    def __post_init__(self) -> None:
        _check_window(self)
        checks.flag("count_include_pad", self.count_include_pad)

    def forward(self, x: Array) -> Array:
        x, T = _arguments(self, x)
        y = np.zeros(x.shape[:2] + T.output_shape, x.dtype)
        for o, _, i in T:
            y[o] += x[i]
        quotient: Array = y / self._window_sizes(T, x)
        return quotient

    def backward(self, delta: Array, x: Array) -> tuple[Array]:
        x, T = _arguments(self, x)
        delta = checks.same_shape("delta", delta, x.shape[:2] + T.output_shape)
        share = delta / self._window_sizes(T, delta)
        dx = np.zeros(x.shape, share.dtype)
        for o, _, i in T:
            dx[i] += share[o]
        return (dx,)

    def _window_sizes(self, T: Relation, like: Array) -> Array:
        """|window| of each output, as numbers of the same kind as `like`, so that no precision is gained or lost: (p, q)."""
        down, across = (axis.window_sizes(self.count_include_pad) for axis in (T.rows, T.columns))
        return np.multiply.outer(down, across).astype(like.dtype)


def _maxima(x: Array, T: Relation) -> Array:
    """The maximum of each window, from its first input cell on: so no stand-in for −∞ is needed, in any number system."""
    h, w = T.rows.first_inputs(), T.columns.first_inputs()
    y: Array = x[..., h[:, None], w]
    for o, _, i in T:
        y[o] = np.maximum(y[o], x[i])
    return y


def _blocks(maps: Array) -> Iterator[slice]:
    """As many feature maps at a time as stay near the processor's cache."""
    size = max(1, BLOCK_BYTES // max(1, maps[:1].nbytes))
    return (slice(m, m + size) for m in range(0, len(maps), size))


def _check_window(layer: MaxPool2d | AvgPool2d) -> None:
    checks.sizes(layer, kernel_size=1, padding=0, **({} if layer.stride is None else {"stride": 1}))
    checks.flag("ceil_mode", layer.ceil_mode)
    pads, kernel = (checks.pair("", option, 0) for option in (layer.padding, layer.kernel_size))
    if any(2 * pad > size for pad, size in zip(pads, kernel, strict=True)):
        got = f"padding={layer.padding!r} with kernel_size={layer.kernel_size!r}"
        raise ValueError(f"padding must be at most half of kernel_size, got {got}")


def _arguments(layer: MaxPool2d | AvgPool2d, x: Array, dilation: Size = 1) -> tuple[Array, Relation]:
    """x, and T for its cells."""
    x = checks.array("x", x, "n c h w")
    for name, size in zip(("rows", "columns"), x.shape[2:], strict=True):
        checks.integer(f"{name} of x", size, 1)
    stride = layer.kernel_size if layer.stride is None else layer.stride
    return x, relation(x.shape[2:], layer.kernel_size, stride, layer.padding, dilation, bool(layer.ceil_mode))
