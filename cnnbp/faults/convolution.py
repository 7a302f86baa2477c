"""Convolutions that contract over a wrong relation, read a wrong channel, or scale the sum."""

from __future__ import annotations

import numpy as np

from cnnbp.layers import Conv2d
from cnnbp.layers.checks import Array

from .catalogue import Bend, Call, bent, right, wrong
from .other_convolutions import ByFFT, ByMatrix, ByOneProduct, ByTheTextbook, FromTheLastTap, by
from .relation import (
    Change,
    Geometry,
    channels_swapped,
    geometry,
    next_group,
    rotated,
    stride_as_dilation,
    triples,
    undilated,
    unpadded,
    unstrided,
)


def _contracted(a: Call, change: Change, *, assign: bool = False) -> tuple[Array, Array]:
    """dx[i] = Σ w[t]·δ[o] and dw[t] = Σ δ[o]·x[i], over the triples of the changed geometry."""
    g, groups = change(geometry(a), a), a.layer.groups
    delta, x = (v.reshape(len(v), groups, v.shape[1] // groups, *v.shape[2:]) for v in (a.delta, a.x))
    w = a.w.reshape(groups, len(a.w) // groups, *a.w.shape[1:])
    dx, dw = np.zeros(x.shape, np.result_type(delta, w)), np.zeros(w.shape, np.result_type(delta, x))
    for o, t, i in triples(a, g):
        value = np.einsum("gkc,ngkpq->ngcpq", w[..., *t], delta[o])
        dx[i] = value if assign else dx[i] + value
        dw[..., *t] += np.einsum("ngkpq,ngcpq->gkc", delta[o], x[i])
    return dx.reshape(a.x.shape), dw.reshape(a.w.shape)


def _dx(change: Change) -> Bend:
    return lambda _, a: _contracted(a, change)[0]


def _dw(change: Change) -> Bend:
    return lambda _, a: _contracted(a, change)[1]


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


def _minus(g: Geometry, shift: tuple[int, int]) -> Geometry:
    return g._replace(padding=(g.padding[0] - shift[0], g.padding[1] - shift[1]))


def _remainder(g: Geometry, a: Call) -> Geometry:
    return _minus(g, g.reach(a.delta.shape[2:], a.x.shape[2:]))


def _kernel_span(g: Geometry, _: Call) -> Geometry:
    return _minus(g, ((1 - g.dilation[0]) * (g.kernel[0] - 1), (1 - g.dilation[1]) * (g.kernel[1] - 1)))


def _thin_padding(g: Geometry, _: Call) -> Geometry:
    return g._replace(padding=(min(g.padding[0], 1), min(g.padding[1], 1)))


def _axes_swapped(option: str) -> Change:
    return lambda g, _: g._replace(**{option: getattr(g, option)[::-1]})


def _both(change: Change) -> dict[str, Bend]:
    return {"dx": _dx(change), "dw": _dw(change)}


# fmt: off
FAULTS = wrong(Conv2d, "conv", {
    "kernel-not-flipped":    bent(dx=lambda _, a: a.backward(w=rotated(a.w))[0]),
    "dw-rotated":            bent(dw=lambda dw, _: rotated(dw)),
    "dw-transposed":         bent(dw=lambda dw, _: dw.swapaxes(-1, -2).reshape(dw.shape)),
    "dx-channels-swapped":   bent(dx=lambda _, a: a.backward(w=channels_swapped(a.w, a))[0]),
    "dw-channels-swapped":   bent(dw=channels_swapped),
    "stride-forgotten":      bent(**_both(unstrided)),
    "dx-stride-forgotten":   bent(dx=_dx(unstrided)),
    "dw-remainder":          bent(dw=_dw(_remainder)),
    "dx-remainder":          bent(dx=_dx(_remainder)),
    "padding-forgotten":     bent(**_both(unpadded)),
    "dw-padding-forgotten":  bent(dw=_dw(unpadded)),
    "dx-kernel-span":        bent(dx=_dx(_kernel_span)),
    "dx-dilation-ignored":   bent(dx=_dx(undilated)),
    "stride-as-dilation":    bent(dx=_dx(stride_as_dilation)),
    "stride-axes-swapped":   bent(**_both(_axes_swapped("stride"))),
    "padding-axes-swapped":  bent(**_both(_axes_swapped("padding"))),
    "padding-at-most-one":   bent(dx=_dx(_thin_padding)),
    "corner-dropped":        bent(dx=_without_corner),
    "dx-tail":               bent(dx=_without_tail),
    "dx-assigned":           bent(dx=lambda _, a: _contracted(a, lambda g, _: g, assign=True)[0]),
    "dw-next-group":         bent(dw=next_group),
    "dx-next-group":         bent(dx=lambda _, a: a.backward(w=next_group(a.w, a))[0]),
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
