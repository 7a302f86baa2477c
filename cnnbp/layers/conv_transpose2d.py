"""Transposed convolution: the contractions of a convolution in exchanged roles: forward folds, backward unfolds."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from math import prod

import numpy as np

from . import checks
from .checks import Array, Size
from .relation import Relation, transposed


@dataclass(frozen=True)
class ConvTranspose2d:
    """y[n,k,p,q] = Σ w[c,k,r,s]·x[n,c,h,w] + b[k] over (i,t,o) in T, i = (h,w), t = (r,s), o = (p,q).

    x: (n, c, h, w), w: (c, k/groups, r, s), b: (k,), y: (n, k, p, q). T is the relation of the convolution that maps y to x:
    p = stride·h + dilation·r − padding, likewise q. Of rows y has stride·(h − 1) − 2·padding + dilation·(r − 1) +
    output_padding + 1: several sizes of y are mapped to one of x, and output_padding says which of them is meant.

    backward:  dx[i] = Σ w[t]·δ[o]    dw[t] = Σ x[i]·δ[o]    db = Σ δ[o]        sums over T, dw and db also over n

    `out_channels` and `kernel_size` are needed by `Network.init` alone; where given, `w` must match them.
    Raises ValueError for options and shapes that make no sense, TypeError for wrong types.
    Source: the derivation's backward of a convolution, taken as a forward; options and their order are PyTorch's.
    """

    stride: Size = 1
    padding: Size = 0
    output_padding: Size = 0
    groups: int = 1
    dilation: Size = 1
    _: KW_ONLY
    out_channels: int | None = None
    kernel_size: Size | None = None

    def __post_init__(self) -> None:
        checks.convolution(self)
        checks.sizes(self, output_padding=0)
        options = (checks.pair("", option, 0) for option in (self.output_padding, self.stride, self.dilation))
        if any(surplus >= max(steps) for surplus, *steps in zip(*options, strict=True)):
            raise ValueError(
                f"output_padding must be smaller than stride or dilation, got output_padding={self.output_padding!r} "
                f"with stride={self.stride!r}, dilation={self.dilation!r}"
            )

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        cells, taps, T = self._arguments(x, w, b)
        y = np.empty((*cells.shape[:2], w.shape[1], *T.input_shape), np.result_type(x, w))
        for n, g in T.blocks(y):
            windows = taps[g].swapaxes(-1, -2) @ cells[n, g]
            y[n, g] = T.scatter(windows)
        y = y.reshape(len(x), self.groups * w.shape[1], *T.input_shape)
        return y if b is None else y + b[:, None, None]

    def backward(self, delta: Array, x: Array, w: Array, b: Array | None = None) -> tuple[Array, ...]:
        cells, taps, T = self._arguments(x, w, b)
        delta = checks.same_shape("delta", delta, (len(x), self.groups * w.shape[1], *T.input_shape))
        residual = delta.reshape(*cells.shape[:2], w.shape[1], *T.input_shape)
        dx = np.empty(cells.shape, np.result_type(delta, w))
        dw = np.zeros(taps.shape, np.result_type(delta, x))
        for n, g in T.blocks(residual):
            windows = T.gather(residual[n, g])
            dx[n, g] = taps[g] @ windows
            dw[g] += (cells[n, g] @ windows.swapaxes(-1, -2)).sum(0)
        gradients = dx.reshape(x.shape), dw.reshape(w.shape)
        return gradients if b is None else (*gradients, delta.sum((0, 2, 3)))

    def parameter_shapes(self, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """Shapes of w and b for inputs (c, h, w). Raises ValueError where out_channels or kernel_size was not given."""
        channels, kernel = checks.announced(self)
        return (input_shape[0], channels // self.groups, *kernel), (channels,)

    def _arguments(self, x: Array, w: Array, b: Array | None) -> tuple[Array, Array, Relation]:
        """The cells of x as (n, g, c/g, h·w), the taps of w as (g, c/g, k/g·t), so that `@` sums over c alone; and T."""
        x, w = checks.array("x", x, "n c h w"), checks.array("w", w, "c k/groups r s")
        c, k, groups = *w.shape[:2], self.groups
        checks.weights(self, w, k * groups)
        if x.shape[1] != c:
            raise ValueError(f"x must have {c} channels for w {w.shape}, got {x.shape[1]}")
        if c % groups:
            raise ValueError(f"groups must divide the {c} input channels of w {w.shape}, got groups={groups}")
        if b is not None:
            checks.same_shape("b", b, (k * groups,))
        T = transposed(x.shape[2:], w.shape[2:], self.stride, self.padding, self.dilation, self.output_padding)
        return x.reshape(len(x), groups, c // groups, prod(x.shape[2:])), w.reshape(groups, c // groups, -1), T
