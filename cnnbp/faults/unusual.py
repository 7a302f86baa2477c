"""Right layers that look wrong: other formulas, other orders of summation, other forms of the answer. None may be accused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from cnnbp.layers import (
    AvgPool2d,
    Conv2d,
    Dense,
    Flatten,
    HalfSquaredError,
    Layer,
    LeakyReLU,
    MaxPool2d,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Softplus,
    Tanh,
)
from cnnbp.layers.checks import Array

from . import detours
from .catalogue import Call, Unusual, distort
from .relation import geometry, spread, stacked


def _detour(way: Callable[[Conv2d], Any]) -> Callable[..., Layer]:
    return lambda **options: way(Conv2d(**options))


def _handed_over(reference: Callable[..., Any], form: Callable[[Array], Array]) -> Callable[..., Layer]:
    """The reference's numbers, in another form of array."""
    return distort(reference, y=lambda y, _: form(y), gradients=lambda gradients, _: tuple(map(form, gradients)))


def _read_only(v: Array) -> Array:
    v.flags.writeable = False
    return v


def _every_second(v: Array) -> Array:
    """v as every second entry, counted from the end, of an array twice as long."""
    room = np.zeros((*v.shape[:-1], 2 * v.shape[-1]), v.dtype) if v.ndim else np.zeros(2, v.dtype)
    strided = room[..., ::-2] if v.ndim else room[1, ...]
    strided[...] = v
    return strided


# ---- elementwise and losses -----------------------------------------------------------------------------------------


def _half_angle(a: Call) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(a.x / 2)))


def _two_branches(x: Array) -> Array:
    e = np.exp(np.where(x < 0, x, 0))
    return np.asarray(np.where(x < 0, e / (1 + e), 1 / (1 + np.exp(np.where(x < 0, 0, -x)))))


def _norm_squared(a: Call) -> Array:
    return np.asarray(np.square(np.linalg.norm((a.x - a.params[0]).ravel())) / (2 * len(a.x)))


def _entropy(a: Call) -> Array:
    return np.asarray(-np.take_along_axis(special.log_softmax(a.x, 1), a.params[0][:, None], 1).mean())


def _minus_one_hot(a: Call) -> Array:
    one_hot = np.eye(a.x.shape[1], dtype=a.x.dtype)[a.params[0]]
    return np.asarray(a.delta * (special.softmax(a.x, 1) - one_hot) / len(a.x))


# ---- pooling --------------------------------------------------------------------------------------------------------


def _winner(a: Call) -> Array:
    """1 at the argmax of each window, padding standing at −∞: (t, n, c, p, q)."""
    windows = stacked(a, geometry(a), -np.inf)
    return np.asarray(np.arange(len(windows))[:, None, None, None, None] == windows.argmax(0))


def _means(a: Call, j: int) -> Array:
    """Pooling along one axis as a matrix: 1/|window p| where the window of p covers h, (p, h)."""
    g, size, outputs = geometry(a), a.x.shape[2 + j], a.delta.shape[2 + j]
    first = g.stride[j] * np.arange(outputs)[:, None] - g.padding[j]
    cells = np.arange(-g.padding[j], size + g.padding[j])
    covered = (first <= cells) & (cells < first + g.kernel[j])
    inside = covered[:, g.padding[j] : g.padding[j] + size]
    cells_of = covered if a.layer.count_include_pad else inside
    return np.asarray(inside / cells_of.sum(1, keepdims=True), np.result_type(a.x, 1.0))


def _reciprocals(a: Call) -> Array:
    """1/|window|, rounded: (p, q)."""
    down, across = (1 / _means(a, j).max(1) for j in (0, 1))
    return np.asarray(1 / np.rint(np.multiply.outer(down, across)), np.result_type(a.x, 1.0))


# fmt: off
UNUSUAL = (
    Unusual("conv-fft", "Conv2d",
            "the three contractions are products of spectra; right to a multiple of u·‖x‖·‖w‖, not entry by entry",
            _detour(detours.ByFFT)),
    Unusual("conv-one-product", "Conv2d", "im2col: one matrix product for the whole batch, which sums in another order",
            _detour(detours.ByOneProduct)),
    Unusual("conv-textbook", "Conv2d",
            "dx is the full correlation of the dilated residual with rot180(w): the same triples, found from the other end",
            _detour(detours.ByTheTextbook)),
    Unusual("conv-sparse-matrix", "Conv2d",
            "the masked fully-connected network, multiplied out: M x, Mᵀ δ and the sums over the fibres of T",
            _detour(detours.ByMatrix)),
    Unusual("conv-last-tap-first", "Conv2d", "taps and samples are summed from the last to the first",
            _detour(detours.FromTheLastTap)),
    Unusual("conv-fortran", "Conv2d", "answers are Fortran-ordered; indices, not memory, say which entry is which",
            _handed_over(Conv2d, np.asfortranarray)),
    Unusual("conv-strided-answers", "Conv2d", "answers are views with gaps and a negative stride",
            _handed_over(Conv2d, _every_second)),
    Unusual("conv-read-only-answers", "Conv2d", "answers are read-only; who wants to change them may copy them",
            _handed_over(Conv2d, _read_only)),
    Unusual("conv-list-of-gradients", "Conv2d", "backward returns a list, a sequence like any other", distort(Conv2d,
            gradients=lambda g, _: list(g))),
    Unusual("dense-einsum", "Dense", "einsum sums in another order than BLAS", distort(Dense,
            y=lambda _, a: np.einsum("ni,oi->no", a.x, a.w) + (a.params[1] if len(a.params) > 1 else 0),
            dx=lambda _, a: np.einsum("no,oi->ni", a.delta, a.w), dw=lambda _, a: np.einsum("no,ni->oi", a.delta, a.x),
            db=lambda _, a: np.einsum("no->o", a.delta))),
    Unusual("dense-last-sample-first", "Dense", "the sums over the batch run from the last sample to the first", distort(Dense,
            dw=lambda _, a: a.delta[::-1].T @ a.x[::-1],
            db=lambda _, a: a.delta[::-1].cumsum(0)[-1] if len(a.x) else a.delta.sum(0))),
    Unusual("max-pool-argmax", "MaxPool2d",
            "argmax over all windows at once, padding standing at −∞; argmax, too, takes the first of equals", distort(MaxPool2d,
            y=lambda _, a: stacked(a, geometry(a), -np.inf).max(0), dx=lambda _, a: spread(a, geometry(a), _winner(a)))),
    Unusual("max-pool-read-only-answers", "MaxPool2d", "answers are read-only", _handed_over(MaxPool2d, _read_only)),
    Unusual("max-pool-bare-gradient", "MaxPool2d", "one gradient is returned without a tuple around it", distort(MaxPool2d,
            gradients=lambda g, _: g[0])),
    Unusual("avg-pool-reciprocal", "AvgPool2d", "multiplies by 1/|window|, rounded once more than a division", distort(AvgPool2d,
            y=lambda _, a: stacked(a, geometry(a), 0).sum(0) * _reciprocals(a),
            dx=lambda _, a: spread(a, geometry(a), _reciprocals(a)))),
    Unusual("avg-pool-separable", "AvgPool2d",
            "means of rows, then of columns: the divisor is a product of one factor for each axis", distort(AvgPool2d,
            y=lambda _, a: _means(a, 0) @ a.x @ _means(a, 1).T, dx=lambda _, a: _means(a, 0).T @ a.delta @ _means(a, 1))),
    Unusual("sigmoid-half-angle", "Sigmoid",
            "½(1 + tanh(x/2)) with the slope y(1 − y): right to u, though not relatively in the tails", distort(Sigmoid,
            y=lambda _, a: _half_angle(a), dx=lambda _, a: a.delta * (_half_angle(a) * (1 - _half_angle(a))))),
    Unusual("sigmoid-two-branches", "Sigmoid", "1/(1 + e⁻ˣ) for x ≥ 0 and eˣ/(1 + eˣ) for x < 0", distort(Sigmoid,
            y=lambda _, a: _two_branches(a.x), dx=lambda _, a: a.delta * _two_branches(a.x) * _two_branches(-a.x))),
    Unusual("tanh-slope-from-output", "Tanh", "the slope is 1 − y², which cancels in the tails but by no more than u",
            distort(Tanh, dx=lambda _, a: a.delta * (1 - np.tanh(a.x) ** 2))),
    Unusual("softplus-logaddexp", "Softplus", "log(e⁰ + eˣ) by logaddexp, its slope by expit", distort(Softplus,
            y=lambda _, a: np.logaddexp(0, a.x), dx=lambda _, a: a.delta * special.expit(a.x))),
    Unusual("relu-by-product", "ReLU", "x·[x > 0], which may be −0 where the reference has 0", distort(ReLU,
            y=lambda _, a: a.x * (a.x > 0), dx=lambda _, a: a.delta * (a.x > 0))),
    Unusual("relu-bare-gradient", "ReLU", "one gradient is returned without a tuple around it", distort(ReLU,
            gradients=lambda g, _: g[0])),
    Unusual("leaky-relu-by-parts", "LeakyReLU", "max(x, 0) + slope·min(x, 0): the sides are added, not chosen", distort(LeakyReLU,
            y=lambda _, a: np.maximum(a.x, 0) + a.layer.negative_slope * np.minimum(a.x, 0),
            dx=lambda _, a: a.delta * (a.x > 0) + a.layer.negative_slope * a.delta * (a.x <= 0))),
    Unusual("flatten-by-view", "Flatten", "answers share memory with the arguments, and change neither", distort(Flatten,
            y=lambda y, a: a.x.reshape(y.shape), dx=lambda dx, a: a.delta.reshape(dx.shape))),
    Unusual("half-squared-error-by-norm", "HalfSquaredError", "½‖x − target‖²/n by way of a square root", distort(HalfSquaredError,
            y=lambda _, a: _norm_squared(a))),
    Unusual("cross-entropy-by-log-softmax", "SoftmaxCrossEntropy",
            "the chosen entry of log softmax; softmax minus a one-hot matrix", distort(SoftmaxCrossEntropy,
            y=lambda _, a: _entropy(a), dx=lambda _, a: _minus_one_hot(a))),
)
# fmt: on
