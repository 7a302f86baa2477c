"""Transposed convolutions over a wrong relation, without output padding, or with channels or groups exchanged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cnnbp.layers import Conv2d, ConvTranspose2d
from cnnbp.layers.checks import Array, pair

from . import relation
from .answers import Gradients
from .catalogue import Bend, Call, Way, bent, right, wrong
from .other_convolutions import ByFFT, ByMatrix, ByTheTextbook, Convolution, FromTheLastTap
from .relation import Change, Geometry, contraction, geometry, rotated


def _exchanged(name: str, change: Change, *, assign: bool = False) -> Bend:
    """This answer of the convolution that maps y to x, for which delta is the input and x the residual."""
    bend = contraction(name, change, assign=assign)
    return lambda answer, a: bend(answer, a.exchanged)


def _dx(change: Change) -> Bend:
    return _exchanged("y", change)


def _dw(change: Change) -> Bend:
    return _exchanged("dw", change)


def _both(change: Change) -> dict[str, Bend]:
    return {"dx": _dx(change), "dw": _dw(change)}


def _overwritten(y: Array, a: Call) -> Array:
    """y without bias where the later tap overwrites what an earlier one put down, and the bias on top."""
    return _exchanged("dx", relation.right_geometry, assign=True)(y, a) + a.b[:, None, None]


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
    return _cut(a.delta, *(max(0, n) for n in g.outputs(padded)))


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
    return g.shifted(*(s * (extra // s) for s, extra in zip(g.stride, _surplus(a), strict=True)))


def _zeros_in_front(g: Geometry, _: Call) -> Geometry:
    return g.shifted(g.stride[0] - 1, g.stride[1] - 1)


# ---- computed otherwise --------------------------------------------------------------------------


@dataclass(frozen=True)
class Exchanged:
    """A transposed convolution by way of a convolution of y: its forward is the dx of that, and its dx the forward."""

    layer: ConvTranspose2d
    way: Callable[[Conv2d], Convolution]

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        a = Call(self.layer, x, x, (w,))
        axes = zip(x.shape[2:], *geometry(a), _surplus(a), strict=True)
        cells = tuple(s * (h - 1) - 2 * p + d * (k - 1) + more + 1 for h, k, s, p, d, more in axes)
        y = self._convolution.by_input(self._room(x, w), cells, w)
        return y if b is None else y + b[:, None, None]

    def backward(self, delta: Array, x: Array, w: Array, b: Array | None = None) -> Gradients:
        dx = self._convolution.forward(delta, w)[..., : x.shape[2], : x.shape[3]]
        dw = self._convolution.by_weights(self._room(x, w), delta, w)
        return (dx, dw) if b is None else (dx, dw, delta.sum((0, 2, 3)))

    @property
    def _convolution(self) -> Convolution:
        return self.way(Conv2d(self.layer.stride, self.layer.padding, self.layer.dilation, self.layer.groups))

    def _room(self, x: Array, w: Array) -> Array:
        """x, and zeros where the convolution of y has further outputs, one for each stride in the output padding."""
        a = Call(self.layer, x, x, (w,))
        further = (more // s for more, s in zip(_surplus(a), geometry(a).stride, strict=True))
        return np.pad(x, ((0, 0), (0, 0), *((0, n) for n in further)))


def exchanged(way: Callable[[Conv2d], Convolution]) -> Way:
    """The transposed convolution that is computed by this way of a convolution."""
    return lambda reference: lambda **options: Exchanged(reference(**options), way)


# fmt: off
FAULTS = wrong(ConvTranspose2d, "conv-transpose", {
    "dx-trailing-cells":      bent(dx=_dx(_trailing)),
    "stride-as-dilation":     bent(**_both(relation.stride_as_dilation)),
    "dx-stride-forgotten":    bent(dx=_dx(relation.unstrided)),
    "dw-dilation-ignored":    bent(dw=_dw(relation.undilated)),
    "padding-forgotten":      bent(**_both(relation.unpadded)),
    "zeros-in-front":         bent(**_both(_zeros_in_front)),
    "size-of-a-convolution":  bent(**_misread(_as_of_a_convolution)),
    "output-padding-ignored": bent(**_misread(_without_surplus)),
    "overlap-assigned":       bent(y=_overwritten),
    "dx-kernel-rotated":      bent(dx=lambda _, a: a.backward(w=rotated(a.w))[0]),
    "correlation":            bent(y=lambda _, a: a.forward(w=rotated(a.w)), dw=lambda dw, _: rotated(dw),
                                   dx=lambda _, a: a.backward(w=rotated(a.w))[0]),
    "dx-channels-swapped":    bent(dx=lambda _, a: a.backward(w=relation.channels_swapped(a.w, a))[0]),
    "dw-channels-swapped":    bent(dw=relation.channels_swapped),
    "dw-next-group":          bent(dw=relation.next_group),
    "db-of-x-positions":      bent(db=lambda db, a: db * a.x[0, 0].size / a.delta[0, 0].size),
})

RIGHT = right(ConvTranspose2d, "conv-transpose", {
    "upsampled":              exchanged(ByTheTextbook),
    "sparse-matrix":          exchanged(ByMatrix),
    "last-tap-first":         exchanged(FromTheLastTap),
    "fft":                    exchanged(ByFFT),
})
# fmt: on
