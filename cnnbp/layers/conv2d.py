"""Convolution: forward and backward as three contractions of one index relation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from functools import lru_cache
from math import prod

import numpy as np

from . import checks
from .checks import Array, Size
from .relation import Relation, relation

Shape = tuple[int, ...]

BLOCK_BYTES = 1 << 20  # so much of the gathered windows at a time as stays near the processor's cache


@dataclass(frozen=True)
class Conv2d:
    """Cross-correlation: z[n,k,p,q] = Σ w[k,c,r,s]·x[n,c,h,w] + b[k] over (o,t,i) in T, o = (p,q), t = (r,s), i = (h,w).

    x: (n, c, h, w), w: (k, c/groups, r, s), b: (k,), y: (n, k, p, q). T holds the triples with
    h = stride·p + dilation·r − padding, likewise w; with `groups`, output channels see the input channels of their group.

    backward:  dx[i] = Σ w[t]·δ[o]    dw[t] = Σ δ[o]·x[i]    db = Σ δ[o]        sums over T, dw and db also over n

    `out_channels` and `kernel_size` are needed by `Network.init` alone; where given, `w` must match them.
    Raises ValueError for options and shapes that make no sense, TypeError for wrong types.
    Source: the derivation's "a CNN is a fully-connected network whose missing connections are 0".
    """

    stride: Size = 1
    padding: Size = 0
    dilation: Size = 1
    groups: int = 1
    _: KW_ONLY
    out_channels: int | None = None
    kernel_size: Size | None = None

    def __post_init__(self) -> None:
        for name, least in (("stride", 1), ("padding", 0), ("dilation", 1)):
            option = getattr(self, name)
            checks.pair(name, option, least)
            if isinstance(option, list):  # options are for good, and T is looked up by them
                object.__setattr__(self, name, tuple(option))
        checks.integer("groups", self.groups, 1)
        if self.out_channels is not None:
            checks.integer("out_channels", self.out_channels, 1)
        if self.kernel_size is not None:
            checks.pair("kernel_size", self.kernel_size, 1)

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        cells, taps, T = self._arguments(x, w, b)
        y = np.empty((*cells.shape[:2], taps.shape[1], prod(T.output_shape)), np.result_type(x, w))
        for n, g in _blocks(cells, T):
            windows = T.gather(cells[n, g])
            y[n, g] = taps[g] @ windows
        y = y.reshape(len(x), len(w), *T.output_shape)
        return y if b is None else y + b[:, None, None]

    def backward(self, delta: Array, x: Array, w: Array, b: Array | None = None) -> tuple[Array, ...]:
        cells, taps, T = self._arguments(x, w, b)
        delta = checks.same_shape("delta", delta, (len(x), len(w), *T.output_shape))
        residual = delta.reshape(*cells.shape[:2], taps.shape[1], prod(T.output_shape))
        dx = np.empty(cells.shape, np.result_type(delta, w))
        dw = np.zeros(taps.shape, np.result_type(delta, x))
        for n, g in _blocks(cells, T):
            windows = T.gather(cells[n, g])
            dx[n, g] = T.scatter(taps[g].swapaxes(-1, -2) @ residual[n, g])
            dw[g] += (residual[n, g] @ windows.swapaxes(-1, -2)).sum(0)
        gradients = dx.reshape(x.shape), dw.reshape(w.shape)
        return gradients if b is None else (*gradients, delta.sum((0, 2, 3)))

    def parameter_shapes(self, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """Shapes of w and b for inputs (c, h, w). Raises ValueError where out_channels or kernel_size was not given."""
        if self.out_channels is None or self.kernel_size is None:
            raise ValueError("Conv2d needs out_channels and kernel_size before a network can draw its weights")
        kernel = checks.pair("kernel_size", self.kernel_size, 1)
        return (self.out_channels, input_shape[0] // self.groups, *kernel), (self.out_channels,)

    def _arguments(self, x: Array, w: Array, b: Array | None) -> tuple[Array, Array, Relation]:
        """The cells of x as (n, g, c/g, h, w), the taps of w as (g, k/g, c/g·t), so that `@` sums over c and t at once; and T."""
        x, w = checks.array("x", x, "n c h w"), checks.array("w", w, "k c/groups r s")
        (k, c, *kernel), groups = w.shape, self.groups
        T = _relation(x.shape, w.shape, self.stride, self.padding, self.dilation, groups)
        if b is not None:
            checks.same_shape("b", b, (k,))
        if self.out_channels not in (None, k):
            raise ValueError(f"w must have out_channels={self.out_channels} output channels, got {k}")
        if self.kernel_size is not None and checks.pair("kernel_size", self.kernel_size, 1) != tuple(kernel):
            raise ValueError(f"w must have a kernel of kernel_size={self.kernel_size}, got {tuple(kernel)}")
        return x.reshape(len(x), groups, c, *x.shape[2:]), w.reshape(groups, k // groups, -1), T


@lru_cache(maxsize=256)
def _relation(x_shape: Shape, w_shape: Shape, stride: Size, padding: Size, dilation: Size, groups: int) -> Relation:
    """T for these shapes and options. Raises ValueError where they make no sense together."""
    (k, c, *kernel), (h, v) = w_shape, x_shape[2:]
    if x_shape[1] != c * groups:
        raise ValueError(f"x must have {c * groups} channels for w {w_shape} and groups={groups}, got {x_shape[1]}")
    if k == 0 or c == 0:
        raise ValueError(f"w must have at least one channel on either side, got shape {w_shape}")
    if k % groups:
        raise ValueError(f"groups must divide the {k} output channels of w {w_shape}, got groups={groups}")
    for name, size in zip(("height", "width"), kernel, strict=True):
        checks.integer(f"kernel {name}", size, 1)
    pairs = (checks.pair("", option, 0) for option in (stride, padding, dilation))
    return relation((h, v), tuple(kernel), *pairs)


def _blocks(x: Array, T: Relation) -> Iterator[tuple[slice, slice]]:
    """Slices of samples and groups, such that the gathered windows of one block have about BLOCK_BYTES."""
    group_bytes = max(1, x.itemsize * x.shape[2] * prod(T.window_shape))
    groups = min(x.shape[1], max(1, BLOCK_BYTES // group_bytes))
    samples = max(1, BLOCK_BYTES // (group_bytes * x.shape[1]))
    for n in range(0, len(x), samples):
        for g in range(0, x.shape[1], groups):
            yield slice(n, n + samples), slice(g, g + groups)
