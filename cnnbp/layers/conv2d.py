"""Convolution: forward and backward as three contractions of one index relation."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from math import prod

import numpy as np

from . import checks
from .checks import Array, Size
from .relation import Relation, relation


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
        checks.convolution(self)

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        cells, taps, T = self._arguments(x, w, b)
        y = np.empty((*cells.shape[:2], taps.shape[1], prod(T.output_shape)), np.result_type(x, w))
        for n, g in T.blocks(cells):
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
        for n, g in T.blocks(cells):
            windows = T.gather(cells[n, g])
            dx[n, g] = T.scatter(taps[g].swapaxes(-1, -2) @ residual[n, g])
            dw[g] += (residual[n, g] @ windows.swapaxes(-1, -2)).sum(0)
        gradients = dx.reshape(x.shape), dw.reshape(w.shape)
        return gradients if b is None else (*gradients, delta.sum((0, 2, 3)))

    def parameter_shapes(self, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """Shapes of w and b for inputs (c, h, w). Raises ValueError where out_channels or kernel_size was not given."""
        channels, kernel = checks.announced(self)
        return (channels, input_shape[0] // self.groups, *kernel), (channels,)

    def _arguments(self, x: Array, w: Array, b: Array | None) -> tuple[Array, Array, Relation]:
        """The cells of x as (n, g, c/g, h, w), the taps of w as (g, k/g, c/g·t), so that `@` sums over c and t at once; and T."""
        x, w = checks.array("x", x, "n c h w"), checks.array("w", w, "k c/groups r s")
        k, c, groups = *w.shape[:2], self.groups
        checks.weights(self, w, k)
        if x.shape[1] != c * groups:
            raise ValueError(f"x must have {c * groups} channels for w {w.shape} and groups={groups}, got {x.shape[1]}")
        if k % groups:
            raise ValueError(f"groups must divide the {k} output channels of w {w.shape}, got groups={groups}")
        if b is not None:
            checks.same_shape("b", b, (k,))
        T = relation(x.shape[2:], w.shape[2:], self.stride, self.padding, self.dilation)
        return x.reshape(len(x), groups, c, *x.shape[2:]), w.reshape(groups, k // groups, -1), T
