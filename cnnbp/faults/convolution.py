"""Convolutions that contract over a wrong relation, read a wrong channel, or scale the sum."""

from __future__ import annotations

import numpy as np

from cnnbp.layers import Conv2d
from cnnbp.layers.checks import Array

from . import relation
from .catalogue import Bend, Call, bent, right, wrong
from .other_convolutions import ByFFT, ByMatrix, ByOneProduct, ByTheTextbook, FromTheLastTap, by
from .relation import Change, contraction, geometry, rotated, unpadded, unstrided


def _dx(change: Change, *, assign: bool = False) -> Bend:
    return contraction("dx", change, assign=assign)


def _dw(change: Change) -> Bend:
    return contraction("dw", change)


def _corner(v: Array) -> Array:
    """v with nothing left but its last row's last entry."""
    alone = np.zeros_like(v)
    alone[..., -1, -1] = v[..., -1, -1]
    return alone


def _without_corner(dx: Array, a: Call) -> Array:
    return dx - a.backward(delta=_corner(a.delta), w=_corner(a.w))[0]


def _without_tail(dx: Array, a: Call) -> Array:
    """dx with the columns beyond the last full block of four left at zero."""
    dx[..., dx.shape[-1] // 4 * 4 :] *= geometry(a).stride[1] == 1
    return dx


def _positions(a: Call) -> int:
    return int(np.prod(a.delta.shape[2:]))


def _both(change: Change) -> dict[str, Bend]:
    return {"dx": _dx(change), "dw": _dw(change)}


# fmt: off
FAULTS = wrong(Conv2d, "conv", {
    "kernel-not-flipped":    bent(dx=lambda _, a: a.backward(w=rotated(a.w))[0]),
    "dw-rotated":            bent(dw=lambda dw, _: rotated(dw)),
    "dw-transposed":         bent(dw=lambda dw, _: dw.swapaxes(-1, -2).reshape(dw.shape)),
    "dx-channels-swapped":   bent(dx=lambda _, a: a.backward(w=relation.channels_swapped(a.w, a))[0]),
    "dw-channels-swapped":   bent(dw=relation.channels_swapped),
    "stride-forgotten":      bent(**_both(unstrided)),
    "dx-stride-forgotten":   bent(dx=_dx(unstrided)),
    "dw-remainder":          bent(dw=_dw(relation.remainder)),
    "dx-remainder":          bent(dx=_dx(relation.remainder)),
    "padding-forgotten":     bent(**_both(unpadded)),
    "dw-padding-forgotten":  bent(dw=_dw(unpadded)),
    "dx-kernel-span":        bent(dx=_dx(relation.kernel_span)),
    "dx-dilation-ignored":   bent(dx=_dx(relation.undilated)),
    "stride-as-dilation":    bent(dx=_dx(relation.stride_as_dilation)),
    "stride-axes-swapped":   bent(**_both(relation.axes_swapped("stride"))),
    "padding-axes-swapped":  bent(**_both(relation.axes_swapped("padding"))),
    "padding-at-most-one":   bent(dx=_dx(relation.thin_padding)),
    "corner-dropped":        bent(dx=_without_corner),
    "dx-tail":               bent(dx=_without_tail),
    "dx-assigned":           bent(dx=_dx(relation.right_geometry, assign=True)),
    "dw-next-group":         bent(dw=relation.next_group),
    "dx-next-group":         bent(dx=lambda _, a: a.backward(w=relation.next_group(a.w, a))[0]),
    "over-positions":        bent(dw=lambda dw, a: dw / _positions(a), db=lambda db, a: db / _positions(a)),
    "dw-mean":               bent(dw=lambda dw, a: dw / max(1, len(a.x) * _positions(a))),
    "dw-over-batch":         bent(dw=lambda dw, a: dw / max(1, len(a.x))),
    "dw-first-sample":       bent(dw=lambda _, a: a.backward(delta=a.delta[:1], x=a.x[:1])[1]),
    "db-mean":               bent(db=lambda db, a: db / max(1, len(a.x))),
    "db-first-sample":       bent(db=lambda _, a: a.delta[:1].sum((0, 2, 3))),
    "db-shared":             bent(db=lambda db, _: np.full_like(db, db.sum())),
    "true-convolution":      bent(y=lambda _, a: a.forward(w=rotated(a.w)), dw=lambda dw, _: rotated(dw),
                                  dx=lambda _, a: a.backward(w=rotated(a.w))[0]),
})

RIGHT = right(Conv2d, "conv", {
    "fft":            by(ByFFT),
    "one-product":    by(ByOneProduct),
    "textbook":       by(ByTheTextbook),
    "sparse-matrix":  by(ByMatrix),
    "last-tap-first": by(FromTheLastTap),
})
# fmt: on
