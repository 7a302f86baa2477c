"""Convolutions that contract over a wrong relation, read a wrong channel, or scale the sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnbp.layers import Conv2d
from cnnbp.layers.checks import Array

from .catalogue import Bend, Call, Fault, distort
from .relation import Geometry, geometry, triples

Change = Callable[[Geometry, Call], Geometry]


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


def _fault(id: str, claim: str, trigger: str, source: str, **bends: Any) -> Fault:
    return Fault(f"conv-{id}", "Conv2d", claim, trigger, source, distort(Conv2d, **bends))


def _rotated(v: Array) -> Array:
    return v[..., ::-1, ::-1]


def _by_group(v: Array, a: Call) -> Array:
    return v.reshape(a.layer.groups, len(v) // a.layer.groups, *v.shape[1:])


def _channels_swapped(v: Array, a: Call) -> Array:
    """w or dw with its k and c axes exchanged in each group; where they differ in length, the same numbers in the wrong order."""
    return _by_group(v, a).swapaxes(1, 2).reshape(v.shape)


def _next_group(v: Array, a: Call) -> Array:
    return np.roll(_by_group(v, a), 1, axis=0).reshape(v.shape)


def _corner(v: Array) -> Array:
    """v with nothing left but its last row's last entry."""
    alone = np.zeros_like(v)
    alone[..., -1, -1] = v[..., -1, -1]
    return alone


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


def _unstrided(g: Geometry, _: Call) -> Geometry:
    return g._replace(stride=(1, 1))


def _unpadded(g: Geometry, _: Call) -> Geometry:
    return g._replace(padding=(0, 0))


def _undilated(g: Geometry, _: Call) -> Geometry:
    return g._replace(dilation=(1, 1))


def _stride_as_dilation(g: Geometry, _: Call) -> Geometry:
    return g._replace(stride=g.dilation, dilation=g.stride)


def _thin_padding(g: Geometry, _: Call) -> Geometry:
    return g._replace(padding=(min(g.padding[0], 1), min(g.padding[1], 1)))


def _axes_swapped(option: str) -> Change:
    return lambda g, _: g._replace(**{option: getattr(g, option)[::-1]})


# fmt: off
FAULTS = (
    _fault("kernel-not-flipped", "dx correlates the residual with w itself instead of w rotated by 180°",
           "any kernel larger than 1×1; a symmetric kernel hides it", "classic: the rotation in δ * rot180(w) left out",
           dx=lambda _, a: a.backward(w=_rotated(a.w))[0]),
    _fault("dw-rotated", "dw comes back rotated by 180°", "any kernel larger than 1×1", "nntrainer #705",
           dw=lambda dw, _: _rotated(dw)),
    _fault("dw-transposed", "the taps of dw are stored column by column and read row by row",
           "any kernel with two rows and two columns; a one-row kernel hides it", "Maratyszcza/NNPACK #15",
           dw=lambda dw, _: dw.swapaxes(-1, -2).reshape(dw.shape)),
    _fault("dx-channels-swapped", "dx sums over input channels where it should sum over output channels",
           "more than one channel on both sides; c = k keeps every shape right", "NervanaSystems/neon #111",
           dx=lambda _, a: a.backward(w=_channels_swapped(a.w, a))[0]),
    _fault("dw-channels-swapped", "dw is stored with input channels first",
           "more than one channel on both sides; tests with c = k = 1 hide it", "apache/systemds PR#541", dw=_channels_swapped),
    _fault("stride-forgotten", "backward takes its windows at (p, q) instead of (stride·p, stride·q)", "stride above 1",
           "Kulbear/deep-learning-coursera PR#34; enggen/Deep-Learning-Coursera #7", dx=_dx(_unstrided), dw=_dw(_unstrided)),
    _fault("dx-stride-forgotten", "dx alone ignores the stride", "stride above 1", "tiny-dnn PR#326", dx=_dx(_unstrided)),
    _fault("dw-remainder", "dw correlates past the last window and keeps the misaligned end of the result",
           "a stride that does not divide; input + 2·padding − kernel divisible by the stride hides it",
           "hpc-ulisboa/posit-neuralnet PR#2", dw=_dw(_remainder)),
    _fault("dx-remainder", "dx comes out too short and is filled up with zeros at the wrong end", "a stride that does not divide",
           "torch7-distro #20 (2012); f-dangel/backpack #30", dx=_dx(_remainder)),
    _fault("padding-forgotten", "backward places its windows as if the input had not been padded", "padding above 0",
           "tensorflow #11092", dx=_dx(_unpadded), dw=_dw(_unpadded)),
    _fault("dw-padding-forgotten", "dw alone ignores the padding, dx does not", "padding above 0",
           "classic: x used where padded x is meant", dw=_dw(_unpadded)),
    _fault("dx-kernel-span", "dx pads the residual by k − 1 instead of dilation·(k − 1)", "dilation above 1, kernel above 1",
           "jax PR#567 (#563)", dx=_dx(_kernel_span)),
    _fault("dx-dilation-ignored", "the columns are put back into the image without dilation", "dilation above 1, kernel above 1",
           "apache/mxnet #11203", dx=_dx(_undilated)),
    _fault("stride-as-dilation", "backward exchanges stride and dilation", "stride ≠ dilation", "candle PR#2337",
           dx=_dx(_stride_as_dilation)),
    _fault("stride-axes-swapped", "backward takes the stride of the height for the width, and the other way round",
           "two different strides; tests with one number for both hide it", "mlpack #4050; burn PR#4466",
           dx=_dx(_axes_swapped("stride")), dw=_dw(_axes_swapped("stride"))),
    _fault("padding-axes-swapped", "backward exchanges the padding of height and width", "two different paddings",
           "classic: (h, w) read as (w, h)", dx=_dx(_axes_swapped("padding")), dw=_dw(_axes_swapped("padding"))),
    _fault("padding-at-most-one", "dx treats every padding as 1 at most",
           "padding of 2 or more; “same” padding of 3×3 kernels hides it", "classic: one cell cropped, whatever the padding",
           dx=_dx(_thin_padding)),
    _fault("corner-dropped", "the last triple of T, last output and last tap, is missing from dx",
           "always, unless that triple reads padding; one input cell is wrong", "classic: a loop that ends one too early",
           dx=lambda dx, a: dx - a.backward(delta=_corner(a.delta), w=_corner(a.w))[0]),
    _fault("dx-tail", "the last columns of dx, beyond the full vector blocks, are never computed",
           "width stride above 1 and a width that is no multiple of the block", "fujitsu/oneDNN #43 / PR#44", dx=_without_tail),
    _fault("dx-assigned", "dx is written, not accumulated: the last tap to reach a cell wins",
           "overlapping windows; stride ≥ kernel hides it", "classic: = for +=",
           dx=lambda _, a: _contracted(a, lambda g, _: g, assign=True)[0]),
    _fault("dw-next-group", "each group receives the weight gradient of another", "groups above 1",
           "burn PR#1891 (#1877); pytorch #68868", dw=_next_group),
    _fault("dx-next-group", "dx sends the residual of one group through the weights of another", "groups above 1",
           "classic: group offset of w forgotten", dx=lambda _, a: a.backward(w=_next_group(a.w, a))[0]),
    _fault("over-positions", "dw and db are divided by the number of output cells",
           "more than one output cell; only the scale is wrong", "Oneflow PR#255 (2017)", dw=lambda dw, a: dw / _positions(a),
           db=lambda db, a: db / _positions(a)),
    _fault("dw-mean", "dw is a mean over samples and positions instead of a sum",
           "more than one sample or output cell; only the scale is wrong", "sebgao/cTensor #3",
           dw=lambda dw, a: dw / max(1, len(a.x) * _positions(a))),
    _fault("dw-over-batch", "dw is divided by the batch size, which the loss has done already", "more than one sample",
           "classic: 1/m in the layer and in the loss", dw=lambda dw, a: dw / max(1, len(a.x))),
    _fault("dw-first-sample", "only the first sample contributes to dw", "more than one sample; n = 1 hides it",
           "cbovar/ConvNetSharp #128 (batch above 1; the mechanism is ours)",
           dw=lambda _, a: a.backward(delta=a.delta[:1], x=a.x[:1])[1]),
    _fault("db-mean", "db is the mean over the batch instead of the sum", "more than one sample", "jimfleming/differentiation #1",
           db=lambda db, a: db / max(1, len(a.x))),
    _fault("db-first-sample", "db sees the first sample only", "more than one sample", "classic: delta[0] for delta.sum(0)",
           db=lambda _, a: a.delta[:1].sum((0, 2, 3))),
    _fault("db-shared", "every channel gets the sum over all channels as its bias gradient", "more than one output channel",
           "classic: sum() without an axis", db=lambda db, _: np.full_like(db, db.sum())),
    _fault("true-convolution", "forward and backward agree with each other, but convolve where the specification correlates",
           "any kernel larger than 1×1; no gradient check sees it", "classic: convolve2d for correlate2d",
           y=lambda _, a: a.layer.forward(a.x, _rotated(a.w), *a.params[1:]), dx=lambda _, a: a.backward(w=_rotated(a.w))[0],
           dw=lambda dw, _: _rotated(dw)),
)
# fmt: on
