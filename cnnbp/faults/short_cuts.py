"""Short cuts taken where they do not lead: for numbers all alike, zeros, −0.0, denormals, one sample, two classes, a layout."""

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
    LeakyReLU,
    MaxPool2d,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Softplus,
)
from cnnbp.layers.checks import Array

from .catalogue import Bend, Call, bent, wrong
from .relation import geometry, spread

EQUAL = ("equal residuals",)  # what is special about the numbers of one case in thirty, and where these layers are asked


def _where(condition: Callable[[Call], bool], otherwise: Bend) -> Bend:
    """Right but where the condition holds."""
    return lambda right, a: otherwise(right, a) if condition(a) else right


def _nothing(right: Array, _: Call) -> Array:
    return np.zeros_like(right)


def _alike(v: Array) -> bool:
    return v.size > 1 and bool(np.all(v == v.flat[0]))


def _equal_residuals(a: Call) -> bool:
    return _alike(a.delta)


def _no_weights(a: Call) -> bool:
    return not a.w.any()


# ---- numbers -------------------------------------------------------------------------------------


def _constant_maps(dx: Array, a: Call) -> Array:
    """dx with 0 in every map whose cells are all the same."""
    constant = a.x.max((2, 3), keepdims=True) == a.x.min((2, 3), keepdims=True)
    return np.where(constant & a.layer.training, 0, dx)


def _whole_kernel(a: Call) -> Array:
    """The mean over the whole kernel, whatever lies in the padding: as of an x without a border."""
    return spread(a, geometry(a), np.ones(1) / np.prod(geometry(a).kernel))


def _one_row(a: Call) -> bool:
    return 1 in a.delta.shape[2:]


def _binary(a: Call) -> Array:
    """p of two classes from the second logit alone, as if the first were 0."""
    p = 1 / (1 + np.exp(-np.clip(a.x[:, 1], -700, 700)))
    return np.stack([1 - p, p], 1)


def _binary_gradient(dx: Array, a: Call) -> Array:
    one_hot = np.eye(2)[a.params[0]]
    return np.asarray(a.delta * (_binary(a) - one_hot) / len(a.x))


# ---- memory --------------------------------------------------------------------------------------


def _ascending(v: Array) -> Array:
    """v read from its lowest address upwards, as with |strides|."""
    return v[tuple(slice(None, None, -1 if stride < 0 else 1) for stride in v.strides)]


def _column_major_as_row_major(v: Array) -> Array:
    return np.array(v.reshape(v.shape, order="A")) if v.flags.c_contiguous else np.array(v.ravel(order="K").reshape(v.shape))


def _once(a: Call) -> Array:
    """The sum over a batch that shares memory, taken once."""
    shared = len(a.delta) > 1 and a.delta.strides[0] == 0
    return np.asarray((a.delta[:1] if shared else a.delta).sum(0))


def _transposed_scratch(dx: Array, a: Call) -> Array:
    """dx, after it was put together in what is taken for a copy of delta: of Fortran order it is none."""
    flat = a.delta.T.reshape(-1)
    if a.delta.ndim > 1 and not a.delta.flags.c_contiguous and np.shares_memory(flat, a.delta):
        flat *= 0.25
    return dx


# fmt: off
FAULTS = (
    *wrong(Conv2d, "conv", {
        "equal-residuals":    bent(dx=_where(_equal_residuals, _nothing)),
    }, at=EQUAL),
    *wrong(Conv2d, "conv", {
        "zero-weights":       bent(dw=_where(_no_weights, _nothing)),
    }, at=("zero weights",)),
    *wrong(Dense, "dense", {
        "equal-residuals":    bent(dw=_where(_equal_residuals, _nothing)),
    }, at=EQUAL),
    *wrong(Sigmoid, "sigmoid", {
        "equal-residuals":    bent(dx=_where(_equal_residuals, lambda dx, a: dx / a.delta.size)),
    }, at=EQUAL),
    *wrong(Softplus, "softplus", {
        "negative-zero":      bent(dx=lambda dx, a: np.where((a.x == 0) & np.signbit(a.x), 0, dx)),
    }, at=("negative zeros",)),
    *wrong(Conv2d, "conv", {
        "fortran-weights":    bent(dx=lambda _, a: a.backward(w=_column_major_as_row_major(a.w))[0]),
        "pointwise":          bent(dx=_where(lambda a: a.w.shape[2:] == (1, 1) and a.delta.shape[2:] != a.x.shape[2:], _nothing)),
    }),
    *wrong(ConvTranspose2d, "conv-transpose", {
        "residual-ascending": bent(dw=lambda _, a: a.backward(delta=_ascending(a.delta))[1]),
    }),
    *wrong(Dense, "dense", {
        "zero-input":         bent(db=_where(lambda a: not a.x.any(1).all(), _nothing)),
        "ascending":          bent(y=lambda _, a: a.forward(x=_ascending(a.x))),
        "db-once":            bent(db=lambda _, a: _once(a)),
        "one-sample":         bent(dx=_where(lambda a: len(a.x) == 1, lambda dx, _: dx.squeeze(0))),
        "square":             bent(dw=_where(lambda a: a.w.shape[0] == a.w.shape[1], lambda dw, _: dw.T.copy())),
    }),
    *wrong(MaxPool2d, "max-pool", {
        "one-row":         bent(dx=_where(_one_row, lambda dx, a: spread(a, geometry(a), np.ones(1)))),
    }),
    *wrong(AvgPool2d, "avg-pool", {
        "one-row":         bent(dx=_where(_one_row, lambda _, a: _whole_kernel(a))),
    }),
    *wrong(ReLU, "relu", {
        "sign-bit":           bent(dx=lambda _, a: np.where(np.signbit(a.x), 0, a.delta)),
    }),
    *wrong(LeakyReLU, "leaky-relu", {
        "sign-bit":           bent(dx=lambda _, a: a.delta * np.where(np.signbit(a.x), a.layer.negative_slope, 1)),
    }),
    *wrong(Sigmoid, "sigmoid", {
        "transposed-scratch": bent(dx=_transposed_scratch),
        "single-number":      bent(y=lambda y, _: np.atleast_1d(y)),
    }),
    *wrong(Flatten, "flatten", {
        "one-sample":         bent(y=_where(lambda a: len(a.x) == 1, lambda y, _: y[0])),
        "ascending":          bent(dx=lambda dx, a: _ascending(a.delta).reshape(dx.shape).copy()),
    }),
    *wrong(BatchNorm2d, "batch-norm", {
        "constant-map":       bent(dx=_constant_maps),
        "one-sample":         bent(dx=_where(lambda a: len(a.x) == 1,
                                             lambda _, a: replace(a, layer=replace(a.layer, training=True)).backward()[0]
                                             if a.layer.training else np.zeros_like(a.x))),
    }),
    *wrong(SoftmaxCrossEntropy, "cross-entropy", {
        "two-classes":        bent(dx=_where(lambda a: a.x.shape[1] == 2, _binary_gradient)),
        "over-samples":       bent(dx=_where(lambda a: a.x.shape[0] == a.x.shape[1] > 1,
                                             lambda dx, a: replace(a, x=a.x.T.copy()).backward()[0].T.copy())),
    }),
)
# fmt: on
