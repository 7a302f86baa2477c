"""Options that are right one by one and wrong where two or three of them meet, or where one of them was left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cnnbp.layers import AvgPool2d, BatchNorm2d, Conv2d, ConvTranspose2d, Dense, MaxPool2d
from cnnbp.layers.checks import Array, pair

from . import relation
from .answers import Gradients
from .catalogue import Bend, Call, bent, wrong
from .pooling import first, inside, tied
from .relation import Change, Geometry, contraction, geometry, rotated, spread, stacked

Test = Callable[[Geometry, Call], bool]


def _when(test: Test, change: Change) -> Change:
    """The geometry is changed where the test says so."""
    return lambda g, a: change(g, a) if test(g, a) else g


def _groups(g: Geometry, a: Call) -> bool:
    return bool(a.layer.groups > 1)


def _strided(g: Geometry, _: Call) -> bool:
    return max(g.stride) > 1


def _groups_strided(g: Geometry, a: Call) -> bool:
    return _groups(g, a) and _strided(g, a)


def _one_stride(g: Geometry, a: Call) -> bool:
    return 1 in g.stride and _strided(g, a)


def _gaps(g: Geometry, _: Call) -> bool:
    """Whether the stride leaves cells out."""
    return any(s > d * (k - 1) + 1 for s, d, k in zip(g.stride, g.dilation, g.kernel, strict=True))


def _remainders(a: Call) -> tuple[int, ...]:
    g = geometry(a)
    axes = zip(a.x.shape[2:], *g, strict=True)
    return tuple((n + 2 * p - d * (k - 1) - 1) % s for n, k, s, p, d in axes)


def _both_remain(g: Geometry, a: Call) -> bool:
    return min(_remainders(a)) > 0


def _swapped(option: str) -> Change:
    return lambda g, _: g._replace(**{option: getattr(g, option)[::-1]})


def _first_for_both(option: str) -> Change:
    return lambda g, _: g._replace(**{option: (getattr(g, option)[0],) * 2})


def _padding_within_kernel(g: Geometry, _: Call) -> Geometry:
    rows, columns = (min(p, d * (k - 1)) for p, d, k in zip(g.padding, g.dilation, g.kernel, strict=True))
    return g._replace(padding=(rows, columns))


def _shifted_by_one(g: Geometry, _: Call) -> Geometry:
    return g.shifted(1, 1)


def _unread(dx: Array, a: Call) -> Array:
    """dx with 1 in the rows and columns beyond the last window, which no line of the code writes."""
    left = dx.copy()
    rows, columns = (max(0, r - p) for r, p in zip(_remainders(a), geometry(a).padding, strict=True))
    left[..., dx.shape[2] - rows :, :] = 1
    left[..., dx.shape[3] - columns :] = 1
    return left


def _depthwise(a: Call) -> bool:
    return bool(a.layer.groups == a.x.shape[1] > 1)


def _and_of_no_bias(g: Gradients, a: Call) -> Gradients:
    """A gradient of 0 for the bias that was not given."""
    return g if len(a.params) > 1 else (*g, np.zeros(len(a.w)))


def _and_decay(v: Array, of: Array) -> Array:
    return v + 1e-4 * of


# ---- pooling -------------------------------------------------------------------------------------


def _overhanging(a: Call) -> bool:
    """Whether a last window reaches beyond input and padding."""
    axes = zip(a.x.shape[2:], a.delta.shape[2:], *geometry(a), strict=True)
    return any(s * (o - 1) + d * (k - 1) + 1 > n + 2 * p for n, o, k, s, p, d in axes)


def _zeros_beyond(right: Array, a: Call) -> Array:
    """y where 0 stands beyond the border, if a window overhangs."""
    return stacked(a, geometry(a), 0).max(0) if _overhanging(a) else right


def _in_floor_mode(a: Call) -> Call:
    return replace(a, layer=replace(a.layer, ceil_mode=False))


def _rows_alone(a: Call) -> Array:
    """1/|window| as if no window met the border at its sides."""
    there, (rows, columns) = inside(a), geometry(a).kernel
    count = there.reshape(rows, columns, *there.shape[1:]).max(1).sum(0) * columns
    return np.asarray(1 / np.maximum(count, 1))


def _inner_divisor(dx: Array, a: Call) -> Array:
    return dx if a.layer.count_include_pad else spread(a, geometry(a), _rows_alone(a))


# ---- transposed ----------------------------------------------------------------------------------


def _exchanged(name: str, change: Change) -> Bend:
    bend = contraction(name, change)
    return lambda answer, a: bend(answer, a.exchanged)


def _extra(a: Call) -> tuple[int, int]:
    return pair("output_padding", a.layer.output_padding, 0)


def _by_extra(g: Geometry, a: Call) -> Geometry:
    """Shifted by the output padding, as if that stood in front."""
    return g.shifted(*_extra(a))


# fmt: off
FAULTS = (
    *wrong(Conv2d, "conv", {
        "dw-groups-and-stride":     bent(dw=contraction("dw", _when(_groups, relation.unstrided))),
        "dx-groups-stride-dilation": bent(dx=contraction("dx", _when(_groups_strided, relation.undilated))),
        "depthwise-rotated":        bent(dx=lambda dx, a: a.backward(w=rotated(a.w))[0] if _depthwise(a) else dx),
        "padding-and-gaps":         bent(dx=contraction("dx", _when(_gaps, relation.unpadded)),
                                         dw=contraction("dw", _when(_gaps, relation.unpadded))),
        "padding-beyond-kernel":    bent(dw=contraction("dw", _padding_within_kernel)),
        "both-remainders":          bent(dx=contraction("dx", _when(_both_remain, _shifted_by_one))),
        "dx-unwritten":             bent(dx=_unread),
        "dilation-axes-swapped":    bent(dx=contraction("dx", _swapped("dilation"))),
        "first-stride-for-both":    bent(dw=contraction("dw", _first_for_both("stride"))),
        "gradient-of-no-bias":      bent(gradients=_and_of_no_bias),
        "one-stride-alone":         bent(dx=contraction("dx", _when(_one_stride, relation.unstrided))),
    }),
    *wrong(ConvTranspose2d, "conv-transpose", {
        "stride-axes-swapped":      bent(dx=_exchanged("y", _swapped("stride"))),
        "output-padding-in-front":  bent(dw=_exchanged("dw", _by_extra)),
        "groups-and-stride":        bent(dx=_exchanged("y", _when(_groups, relation.unstrided))),
        "padding-and-dilation":     bent(dx=_exchanged("y", _when(lambda g, _: max(g.padding) > 0, relation.undilated))),
    }),
    *wrong(MaxPool2d, "max-pool", {
        "zeros-beyond":             bent(y=_zeros_beyond),
        "floor-mode":               bent(y=lambda _, a: _in_floor_mode(a).y),
        "stride-left-out":          bent(dx=lambda dx, a: spread(a, geometry(a)._replace(stride=(1, 1)), first(tied(a)))
                                         if a.layer.stride is None else dx),
        "padding-and-dilation":     bent(dx=lambda dx, a: spread(a, geometry(a)._replace(padding=(0, 0)), first(tied(a)))
                                         if max(geometry(a).dilation) > 1 else dx),
    }),
    *wrong(AvgPool2d, "avg-pool", {
        "divisor-of-rows":          bent(dx=_inner_divisor),
        "floor-mode":               bent(y=lambda _, a: _in_floor_mode(a).y),
        "counted-if-strided":       bent(y=lambda y, a: replace(a, layer=replace(a.layer, count_include_pad=True)).y
                                         if max(geometry(a).stride) > 1 else y),
    }),
    *wrong(BatchNorm2d, "batch-norm", {
        "given-dw":                 bent(dw=lambda dw, a: dw if a.layer.training else
                                         replace(a, layer=replace(a.layer, training=True), params=a.params[:2]).backward()[1]),
        "given-dx-centred":         bent(dx=lambda dx, a: dx if a.layer.training else dx - dx.mean((0, 2, 3), keepdims=True)),
        "no-bias-no-scale":         bent(dx=lambda dx, a: dx if len(a.params) > 1 else a.backward(w=np.ones_like(a.w))[0]),
    }),
    *wrong(Dense, "dense", {
        "decays-weights":           bent(dw=lambda dw, a: _and_decay(dw, a.w)),
        "decays-bias":              bent(db=lambda db, a: _and_decay(db, a.b)),
        "transposed-without-bias":  bent(dw=lambda dw, a: dw if len(a.params) > 1 else dw.T.reshape(dw.shape)),
    }),
)
# fmt: on
