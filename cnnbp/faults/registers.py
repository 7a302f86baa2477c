"""Layers that are right for few things: wrong at the ends of vector registers, in a second tile, beyond what an index holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cnnbp.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dense,
    Flatten,
    HalfSquaredError,
    MaxPool2d,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Softplus,
    Tanh,
)
from cnnbp.layers.checks import Array

from .catalogue import Bend, Call, bent, wrong
from .pooling import first, tied
from .precision import single
from .relation import Geometry, contraction, geometry, spread

TILE = 8  # what a register of 512 bits holds
LARGE = ("large",)  # the scale of sizes at which these layers are asked, one in twenty of what is drawn


def _from(v: Array, axis: int, start: int) -> Array:
    """v with 0 from this place of the axis on."""
    kept = v.copy()
    kept[(slice(None),) * (axis % v.ndim) + (slice(start, None),)] = 0
    return kept


def _lost(axis: int, start: int) -> Bend:
    """Nothing is computed from this place of the axis on."""
    return lambda right, _: _from(right, axis, start)


def _tail(v: Array, axis: int) -> Array:
    """v with 0 in what is left beyond the full tiles, where there is one full tile or more."""
    full = v.shape[axis] // TILE * TILE
    return _from(v, axis, full) if full else v


def _flat_tail(change: Callable[[Array, Call], Array]) -> Bend:
    """Right but for what is left beyond the full tiles of all entries in a row."""

    def bend(right: Array, a: Call) -> Array:
        full = right.size // TILE * TILE
        left = np.arange(right.size).reshape(right.shape) >= (full or right.size)
        return np.where(left, change(right, a), right)

    return bend


def _wrapped(v: Array, period: int) -> Array:
    """v with each sample in the place of the one whose number has the same last bits."""
    return v[np.arange(len(v)) % period]


def _few(v: Array, most: int) -> Array:
    return v[:most]


# ---- geometry ------------------------------------------------------------------------------------


def _limited(**most: int) -> Callable[[Geometry, Call], Geometry]:
    """The geometry, no option of which is above its limit."""

    def change(g: Geometry, _: Call) -> Geometry:
        limits = {name: tuple(min(v, most[name]) for v in getattr(g, name)) for name in most}
        return g._replace(**limits)

    return change


def _kernel_as_stride(dx: Array, a: Call) -> Array:
    """dx without its last two rows, or columns, where kernel and stride are the same on that axis and above 2."""
    g = geometry(a)
    for j in (0, 1):
        dx = _from(dx, j - 2, max(0, dx.shape[j - 2] - 2)) if g.kernel[j] == g.stride[j] > 2 else dx
    return dx


def _in_single_precision(y: Array, a: Call) -> Array:
    """y from operands in float32, where 64 terms or more are summed."""
    if a.w[0].size < 64:
        return y
    return replace(a, x=single(a.x), params=tuple(map(single, a.params))).y


def _four_bits(a: Call) -> Array:
    """Winners whose number is kept in four bits."""
    winners, wrapped = first(tied(a)), np.zeros_like(tied(a))
    for tap, won in enumerate(winners):
        wrapped[tap % 16] += won
    return wrapped


def _few_classes(dx: Array, a: Call) -> Array:
    """dx of a softmax over the first eight classes, where there are more and the target is one of those."""
    few = (a.params[0] < TILE).all() and a.x.shape[1] > TILE
    if not few:
        return dx
    inner = replace(a, x=a.x[:, :TILE].copy()).backward()[0]
    return np.concatenate([inner, np.zeros((len(a.x), a.x.shape[1] - TILE))], 1)


def _second_tile(w: Array) -> Array:
    """w or its like, whose second and later tiles repeat the first."""
    return w[np.arange(len(w)) % TILE]


# fmt: off
FAULTS = (
    *wrong(Conv2d, "conv", {
        "dx-stride-limited":     bent(dx=contraction("dx", _limited(stride=3))),
        "dx-dilation-limited":   bent(dx=contraction("dx", _limited(dilation=3))),
        "dw-padding-limited":    bent(dw=contraction("dw", _limited(padding=3))),
        "dx-kernel-as-stride":   bent(dx=_kernel_as_stride),
    }),
    *wrong(MaxPool2d, "max-pool", {
        "stride-limited":        bent(dx=lambda _, a: spread(a, _limited(stride=3)(geometry(a), a), first(tied(a)))),
    }),
    *wrong(Conv2d, "conv", {
        "dw-sample-wraps":       bent(dw=lambda _, a: a.backward(x=_wrapped(a.x, 16))[1]),
        "dw-first-block":        bent(dw=lambda _, a: a.backward(delta=_few(a.delta, 24), x=_few(a.x, 24))[1]),
        "dw-second-tile":        bent(dw=_lost(1, TILE)),
        "dx-channel-tail":       bent(dx=lambda dx, _: _tail(dx, 1)),
        "db-tail":               bent(db=lambda db, _: _tail(db, 0)),
        "dw-fifth-tap":          bent(dw=_lost(-1, 5)),
        "y-beyond-outputs":      bent(y=_lost(-1, 16)),
        "float32-beyond-64":     bent(y=_in_single_precision),
    }, at=LARGE),
    *wrong(ConvTranspose2d, "conv-transpose", {
        "dx-channel-tail":       bent(dx=lambda dx, _: _tail(dx, 1)),
        "dw-sample-wraps":       bent(dw=lambda _, a: a.backward(x=_wrapped(a.x, 16))[1]),
        "dx-row-tail":           bent(dx=lambda dx, _: _tail(dx, 3)),
    }, at=LARGE),
    *wrong(MaxPool2d, "max-pool", {
        "four-bits":             bent(dx=lambda _, a: spread(a, geometry(a), _four_bits(a))),
        "column-tail":           bent(dx=lambda dx, _: _tail(dx, 3)),
    }, at=LARGE),
    *wrong(AvgPool2d, "avg-pool", {
        "second-tile":           bent(y=_lost(1, TILE)),
        "row-tail":              bent(dx=lambda dx, _: _tail(dx, 2)),
    }, at=LARGE),
    *wrong(BatchNorm2d, "batch-norm", {
        "channel-wraps":         bent(dx=lambda _, a: a.backward(w=_second_tile(a.w))[0]),
        "dw-sample-tail":        bent(dw=lambda _, a: replace(a, delta=_tail(a.delta, 0)).backward()[1]),
    }, at=LARGE),
    *wrong(Dense, "dense", {
        "feature-tail":          bent(y=lambda _, a: a.forward(x=_tail(a.x, 1))),
        "db-tail":               bent(db=lambda db, _: _tail(db, 0)),
        "dw-sample-tail":        bent(dw=lambda _, a: a.backward(delta=_tail(a.delta, 0))[1]),
        "dx-second-tile":        bent(dx=lambda _, a: a.backward(w=_second_tile(a.w))[0]),
    }, at=LARGE),
    *wrong(SoftmaxCrossEntropy, "cross-entropy", {
        "eight-classes":         bent(dx=_few_classes),
        "sample-tail":           bent(dx=lambda dx, _: _tail(dx, 0)),
    }, at=LARGE),
    *wrong(HalfSquaredError, "half-squared-error", {
        "sample-tail":           bent(dx=lambda dx, _: _tail(dx, 0)),
    }, at=LARGE),
    *wrong(Flatten, "flatten", {
        "second-tile":           bent(y=lambda y, _: y[:, np.arange(y.shape[1]) % 16] if y.shape[1] > 32 else y),
    }, at=LARGE),
    *wrong(Sigmoid, "sigmoid", {
        "tail":                  bent(dx=_flat_tail(lambda dx, _: dx * (1 + 1e-7))),
    }, at=LARGE),
    *wrong(Tanh, "tanh", {
        "tail":                  bent(dx=_flat_tail(lambda _, a: a.delta)),
    }, at=LARGE),
    *wrong(ReLU, "relu", {
        "mask-of-first-tile":    bent(dx=_flat_tail(lambda _, a: a.delta * (np.roll(a.x, TILE) > 0))),
    }, at=LARGE),
    *wrong(Softplus, "softplus", {
        "tail":                  bent(y=_flat_tail(lambda y, _: single(y))),
    }, at=LARGE),
)
# fmt: on
