"""Transposed convolutions over a wrong relation, without output padding, or with channels or groups exchanged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cnnbp.layers import Conv2d, ConvTranspose2d
from cnnbp.layers.checks import Array, pair

from .answers import Gradients
from .catalogue import Bend, Call, Way, bent, right, wrong
from .other_convolutions import ByFFT, ByMatrix, ByTheTextbook, Convolution, FromTheLastTap
from .relation import (
    Change,
    Geometry,
    channels_swapped,
    geometry,
    next_group,
    output_shape,
    rotated,
    stride_as_dilation,
    triples,
    undilated,
    unpadded,
    unstrided,
)


def _contracted(a: Call, change: Change, *, assign: bool = False) -> dict[str, Array]:
    """y, dx and dw over the triples of the changed geometry, in which x has the outputs and y the inputs."""
    g, groups = change(geometry(a), a), a.layer.groups
    delta, x = (v.reshape(len(v), groups, v.shape[1] // groups, *v.shape[2:]) for v in (a.delta, a.x))
    w = a.w.reshape(groups, len(a.w) // groups, *a.w.shape[1:])
    y, dx, dw = (np.zeros(v.shape) for v in (delta, x, w))
    for i, t, o in triples(a.exchanged, g):
        value = np.einsum("gck,ngchw->ngkhw", w[..., *t], x[i])
        y[o] = value if assign else y[o] + value
        dx[i] += np.einsum("gck,ngkhw->ngchw", w[..., *t], delta[o])
        dw[..., *t] += np.einsum("ngchw,ngkhw->gck", x[i], delta[o])
    return {"y": y.reshape(a.delta.shape), "dx": dx.reshape(a.x.shape), "dw": dw.reshape(a.w.shape)}


def _over(change: Change, *names: str) -> dict[str, Bend]:
    """These answers, over the changed geometry."""

    def bend(name: str) -> Bend:
        return lambda _, a: _contracted(a, change)[name]

    return {name: bend(name) for name in names}


def _overwritten(y: Array, a: Call) -> Array:
    """y without bias where the later tap overwrites what an earlier one put down, and the bias on top."""
    bias = a.params[1][:, None, None] if len(a.params) > 1 else 0
    return np.asarray(_contracted(a, lambda g, _: g, assign=True)["y"] + bias)


def _cut(v: Array, rows: int, columns: int) -> Array:
    """v with 0 from this row and this column on."""
    kept = np.zeros_like(v)
    kept[..., :rows, :columns] = v[..., :rows, :columns]
    return kept


def _without_surplus(a: Call) -> Array:
    """delta without the cells that output_padding has added."""
    return _cut(a.delta, *(n - extra for n, extra in zip(a.delta.shape[2:], _surplus(a), strict=True)))


def _as_of_a_convolution(a: Call) -> Array:
    """delta as far as a convolution of x would have outputs."""
    g = geometry(a)
    padded = tuple(n + 2 * p for n, p in zip(a.x.shape[2:], g.padding, strict=True))
    return _cut(a.delta, *(max(0, n) for n in output_shape(g, padded)))


def _surplus(a: Call) -> tuple[int, int]:
    return pair("output_padding", a.layer.output_padding, 0)


def _misread(change: Callable[[Call], Array]) -> dict[str, Bend]:
    """dx and dw of a changed delta."""
    return {
        "dx": lambda _, a: a.backward(delta=change(a))[0],
        "dw": lambda _, a: a.backward(delta=change(a))[1],
    }


def _trailing(g: Geometry, a: Call) -> Geometry:
    """One window further for each stride that fits into the output padding."""
    shift = [s * (extra // s) for s, extra in zip(g.stride, _surplus(a), strict=True)]
    return g._replace(padding=(g.padding[0] - shift[0], g.padding[1] - shift[1]))


def _zeros_in_front(g: Geometry, _: Call) -> Geometry:
    return g._replace(padding=(g.padding[0] - g.stride[0] + 1, g.padding[1] - g.stride[1] + 1))


# ---- computed otherwise --------------------------------------------------------------------------


@dataclass(frozen=True)
class Exchanged:
    """A transposed convolution by way of a convolution of y: its forward is the dx of that, and its dx the forward."""

    layer: ConvTranspose2d
    way: Callable[[Conv2d], Convolution]

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        y = self._convolution.by_input(self._room(x, w), np.zeros(self._y_shape(x, w), x.dtype), w)
        return y if b is None else y + b[:, None, None]

    def backward(self, delta: Array, x: Array, w: Array, b: Array | None = None) -> Gradients:
        dx = self._convolution.forward(delta, w)[..., : x.shape[2], : x.shape[3]]
        dw = self._convolution.by_weights(self._room(x, w), delta, w)
        return (dx, dw) if b is None else (dx, dw, delta.sum((0, 2, 3)))

    @property
    def _convolution(self) -> Convolution:
        return self.way(Conv2d(self.layer.stride, self.layer.padding, self.layer.dilation, self.layer.groups))

    def _y_shape(self, x: Array, w: Array) -> tuple[int, ...]:
        g = geometry(Call(self.layer, x, x, (w,)))
        surplus = pair("output_padding", self.layer.output_padding, 0)
        axes = zip(x.shape[2:], *g, surplus, strict=True)
        cells = (s * (h - 1) - 2 * p + d * (k - 1) + more + 1 for h, k, s, p, d, more in axes)
        return len(x), w.shape[1] * self.layer.groups, *cells

    def _room(self, x: Array, w: Array) -> Array:
        """x, and zeros where the convolution of y has further outputs, one for each stride in the output padding."""
        g = geometry(Call(self.layer, x, x, (w,)))
        cells = tuple(n + 2 * p for n, p in zip(self._y_shape(x, w)[2:], g.padding, strict=True))
        room = np.zeros((*x.shape[:2], *output_shape(g, cells)), x.dtype)
        room[..., : x.shape[2], : x.shape[3]] = x
        return room


def exchanged(way: Callable[[Conv2d], Convolution]) -> Way:
    """The transposed convolution that is computed by this way of a convolution."""
    return lambda reference: lambda **options: Exchanged(reference(**options), way)


# fmt: off
FAULTS = wrong(ConvTranspose2d, "conv-transpose", {
    "dx-trailing-cells":      bent(**_over(_trailing, "dx")),
    "stride-as-dilation":     bent(**_over(stride_as_dilation, "dx", "dw")),
    "dx-stride-forgotten":    bent(**_over(unstrided, "dx")),
    "dw-dilation-ignored":    bent(**_over(undilated, "dw")),
    "padding-forgotten":      bent(**_over(unpadded, "dx", "dw")),
    "zeros-in-front":         bent(**_over(_zeros_in_front, "dx", "dw")),
    "size-of-a-convolution":  bent(**_misread(_as_of_a_convolution)),
    "output-padding-ignored": bent(**_misread(_without_surplus)),
    "overlap-assigned":       bent(y=_overwritten),
    "dx-kernel-rotated":      bent(dx=lambda _, a: a.backward(w=rotated(a.w))[0]),
    "correlation":            bent(y=lambda _, a: a.forward(w=rotated(a.w)), dw=lambda dw, _: rotated(dw),
                                   dx=lambda _, a: a.backward(w=rotated(a.w))[0]),
    "dx-channels-swapped":    bent(dx=lambda _, a: a.backward(w=channels_swapped(a.w, a))[0]),
    "dw-channels-swapped":    bent(dw=channels_swapped),
    "dw-next-group":          bent(dw=next_group),
    "db-of-x-positions":      bent(db=lambda db, a: db * a.x[0, 0].size / a.delta[0, 0].size),
})

RIGHT = right(ConvTranspose2d, "conv-transpose", {
    "upsampled":              exchanged(ByTheTextbook),
    "sparse-matrix":          exchanged(ByMatrix),
    "last-tap-first":         exchanged(FromTheLastTap),
    "fft":                    exchanged(ByFFT),
})
# fmt: on
