"""The index relation T with any stride, padding and dilation, over sizes that need not belong to them.

A fault of geometry is the right contraction over a wrong relation: `geometry(call)._replace(padding=(0, 0))`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnbp.layers.checks import Array, pair

from .catalogue import Bend, Call

Index = tuple[Any, ...]
Pair = tuple[int, int]


class Geometry(NamedTuple):
    """The options of T, each as a (height, width) pair."""

    kernel: Pair
    stride: Pair
    padding: Pair
    dilation: Pair

    def shifted(self, down: int, right: int) -> Geometry:
        """Every window so many cells further."""
        return self._replace(padding=(self.padding[0] - down, self.padding[1] - right))

    def outputs(self, cells: tuple[int, ...]) -> Pair:
        """(p, q) for an input whose padding is part of `cells`."""
        p, q = ((cells[j] - self.dilation[j] * (self.kernel[j] - 1) - 1) // self.stride[j] + 1 for j in (0, 1))
        return p, q


def geometry(call: Call) -> Geometry:
    """The right geometry of a call of a convolution, a transposed one or a pooling layer."""
    layer = call.layer
    kernel = pair("kernel_size", call.w.shape[2:] if call.params else layer.kernel_size, 1)
    stride = kernel if layer.stride is None else pair("stride", layer.stride, 1)
    return Geometry(kernel, stride, pair("padding", layer.padding, 0), pair("dilation", getattr(layer, "dilation", 1), 1))


def triples(call: Call, g: Geometry) -> list[tuple[Index, Pair, Index]]:
    """(o, t, i) tap by tap in row-major order: `delta[o]` and `x[i]` face each other cell by cell, no cell twice in one tap."""
    down, right = (list(_axis(call, g, j)) for j in (0, 1))
    return [((..., p[:, None], q), (r, s), (..., h[:, None], w)) for r, p, h in down for s, q, w in right]


def _axis(call: Call, g: Geometry, j: int) -> Iterator[tuple[int, Array, Array]]:
    outputs = np.arange(call.delta.shape[j - 2])
    for tap in range(g.kernel[j]):
        inputs = g.stride[j] * outputs + g.dilation[j] * tap - g.padding[j]
        inside = (inputs >= 0) & (inputs < call.x.shape[j - 2])
        yield tap, outputs[inside], inputs[inside]


# ---- pooling -------------------------------------------------------------------------------------


def stacked(call: Call, g: Geometry, outside: float) -> Array:
    """X[t, n, c, p, q] = x[n, c, i] for (o, t, i) in T, `outside` where tap and output meet no input."""
    windows = np.full((prod(g.kernel), *call.delta.shape), outside, np.result_type(call.x, outside))
    for o, (r, s), i in triples(call, g):
        windows[r * g.kernel[1] + s][o] = call.x[i]
    return windows


def spread(call: Call, g: Geometry, shares: Array, *, assign: bool = False) -> Array:
    """dx[i] = Σ shares[t, o]·δ[o] over (o, t, i) in T. With `assign` the last window overwrites the earlier ones.

    shares: (t, n, c, p, q) or what broadcasts to it with a leading axis of taps.
    """
    weighted = np.broadcast_to(shares, (prod(g.kernel), *call.delta.shape)) * call.delta
    dx = np.zeros(call.x.shape, weighted.dtype)
    # The later window meets a cell by the earlier tap: backwards over the taps is forwards over the windows.
    for o, (r, s), i in reversed(triples(call, g)):
        value = weighted[r * g.kernel[1] + s][o]
        dx[i] = value if assign else dx[i] + value
    return dx


# ---- convolution ---------------------------------------------------------------------------------

Change = Callable[[Geometry, Call], Geometry]


def contraction(name: str, change: Change, *, assign: bool = False, backwards: bool = False) -> Bend:
    """y, dx or dw of a convolution without bias, by name, over the triples of a changed geometry.

    With `assign` the last tap overwrites in dx what the earlier ones have added; `backwards` over the taps is forwards over
    the windows.
    """
    return lambda _, a: _contracted(name, a, change(geometry(a), a), assign, backwards)


def _contracted(name: str, a: Call, g: Geometry, assign: bool, backwards: bool) -> Array:
    delta, x = (v.reshape(len(v), a.layer.groups, v.shape[1] // a.layer.groups, *v.shape[2:]) for v in (a.delta, a.x))
    w, taps = _by_group(a.w, a), triples(a, g)
    like, shape = {"y": (delta, a.delta.shape), "dx": (x, a.x.shape), "dw": (w, a.w.shape)}[name]
    found = np.zeros(like.shape, np.result_type(delta, x, w))
    for o, t, i in reversed(taps) if backwards else taps:
        tap = w[..., *t]
        if name == "y":
            found[o] += _each_group(tap, x[i])
        elif name == "dw":
            met = _flat(delta[o]) @ _flat(x[i]).swapaxes(-1, -2)
            found[..., *t] += met.sum(0)
        else:
            value = _each_group(tap.swapaxes(-1, -2), delta[o])
            found[i] = value if assign else found[i] + value
    return found.reshape(shape)


def _each_group(w: Array, v: Array) -> Array:
    """w[g, k, c]·v[n, g, c, p, q], summed over c."""
    return (w @ _flat(v)).reshape(*v.shape[:2], w.shape[1], *v.shape[3:])


def _flat(v: Array) -> Array:
    """(n, g, c, p·q)"""
    return v.reshape(*v.shape[:3], -1)


def right_geometry(g: Geometry, _: Call) -> Geometry:
    """No change."""
    return g


def unstrided(g: Geometry, _: Call) -> Geometry:
    """Windows side by side."""
    return g._replace(stride=(1, 1))


def unpadded(g: Geometry, _: Call) -> Geometry:
    """Windows that start at the first cell."""
    return g._replace(padding=(0, 0))


def undilated(g: Geometry, _: Call) -> Geometry:
    """Taps side by side."""
    return g._replace(dilation=(1, 1))


def stride_as_dilation(g: Geometry, _: Call) -> Geometry:
    """Either in the place of the other."""
    return g._replace(stride=g.dilation, dilation=g.stride)


def remainder(g: Geometry, a: Call) -> Geometry:
    """Windows further by the cells that lie beyond the last one: the remainder of the stride."""
    axes = zip(a.x.shape[2:], *g, strict=True)
    return g.shifted(*((n + 2 * p - d * (k - 1) - 1) % s for n, k, s, p, d in axes))


def kernel_span(g: Geometry, _: Call) -> Geometry:
    """Windows as if a residual had been padded by k − 1 instead of dilation·(k − 1)."""
    return g.shifted(*((1 - d) * (k - 1) for d, k in zip(g.dilation, g.kernel, strict=True)))


def thin_padding(g: Geometry, _: Call) -> Geometry:
    """No padding beyond 1."""
    return g._replace(padding=(min(g.padding[0], 1), min(g.padding[1], 1)))


def axes_swapped(option: str) -> Change:
    """An option whose height is read for its width, and the other way round."""
    return lambda g, _: g._replace(**{option: getattr(g, option)[::-1]})


def rotated(v: Array) -> Array:
    """A kernel, turned by 180°."""
    return v[..., ::-1, ::-1]


def channels_swapped(v: Array, a: Call) -> Array:
    """w or dw with its channel axes exchanged in each group: the same numbers in the wrong order if their lengths differ."""
    return _by_group(v, a).swapaxes(1, 2).reshape(v.shape)


def next_group(v: Array, a: Call) -> Array:
    """w or dw with the numbers of each group in the place of the next."""
    return np.roll(_by_group(v, a), 1, axis=0).reshape(v.shape)


def _by_group(v: Array, a: Call) -> Array:
    return v.reshape(a.layer.groups, len(v) // a.layer.groups, *v.shape[1:])


# ---- in cells of the padded input, where every triple is in range --------------------------------


def windowed(x: Array, kernel: Pair, stride: Pair, dilation: Pair) -> Array:
    """X[..., p, q, r, s] = x[..., stride·p + dilation·r, stride·q + dilation·s]"""
    span = tuple(d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True))
    windows = sliding_window_view(x, span, (-2, -1))
    return windows[..., :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def faced(g: Geometry, cells: tuple[int, ...]) -> Array:
    """The input cell that each output faces through each tap, all three numbered in row-major order: (p·q, r·s)."""
    return windowed(np.arange(prod(cells)).reshape(cells), g.kernel, g.stride, g.dilation).reshape(-1, prod(g.kernel))


def dilated(v: Array, step: Pair, cells: tuple[int, ...]) -> Array:
    """v with its entries `step` apart, from the first cell on, among zeros: (..., *cells)."""
    dilated = np.zeros((*v.shape[:-2], *cells), v.dtype)
    dilated[..., : step[0] * v.shape[-2] : step[0], : step[1] * v.shape[-1] : step[1]] = v
    return dilated
