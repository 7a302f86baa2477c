"""Right layers by another formula, with memory that does no harm, or with other arrays inside: what must not be taken for wrong."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
from scipy import special

from cnnbp.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    HalfSquaredError,
    LeakyReLU,
    MaxPool2d,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Softplus,
    Tanh,
)
from cnnbp.layers.checks import Array

from .answers import Gradients
from .catalogue import Call, bent, remembering, right
from .other_convolutions import Convolution, by
from .relation import Geometry, dilated, geometry, spread, stacked, windowed

Kept = dict[Any, Any]


class ChannelsLast(Convolution):
    """Channels last inside: (n, h, w, c), and taps that are products of matrices."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        windows = windowed(x, g.kernel, g.stride, g.dilation).transpose(0, 2, 3, 4, 5, 1)
        return np.tensordot(windows, w.transpose(2, 3, 1, 0), 3).transpose(0, 3, 1, 2)

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        dx = np.zeros((len(delta), *cells, w.shape[1]))
        for r, s in np.ndindex(*g.kernel):
            rows, columns = (slice(d * t, d * t + step * n, step) for d, t, step, n in
                             zip(g.dilation, (r, s), g.stride, delta.shape[2:], strict=True))  # fmt: skip
            dx[:, rows, columns] += np.tensordot(delta.transpose(0, 2, 3, 1), w[:, :, r, s], 1)
        return dx.transpose(0, 3, 1, 2)

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        windows = windowed(x, g.kernel, g.stride, g.dilation)
        return np.tensordot(delta, windows[:, :, : delta.shape[2], : delta.shape[3]], ((0, 2, 3), (0, 2, 3)))


class BySampleAndTap(Convolution):
    """One sample and one output channel at a time, each tap a sum over all outputs."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        windows = windowed(x, g.kernel, g.stride, g.dilation)
        return np.array([[np.einsum("cpqrs,crs->pq", sample, kernel) for kernel in w] for sample in windows])

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        padded = dilated(delta, g.stride, cells)  # every shift wraps around into zeros
        taps = list(np.ndindex(*g.kernel))
        shifted = [np.roll(padded, (g.dilation[0] * r, g.dilation[1] * s), (2, 3)) for r, s in taps]
        return np.asarray(sum(np.einsum("nkhw,kc->nchw", v, w[:, :, r, s]) for v, (r, s) in zip(shifted, taps, strict=True)))

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        windows = windowed(x, g.kernel, g.stride, g.dilation)[:, :, : delta.shape[2], : delta.shape[3]]
        parts = [np.einsum("kpq,cpqrs->kcrs", d, v) for d, v in zip(delta, windows, strict=True)]
        return np.asarray(sum(reversed(parts)))


# ---- memory that does no harm --------------------------------------------------------------------


def _by_content(found: Gradients, a: Call, kept: Kept) -> Gradients:
    """Kept under all that they depend on."""
    key = tuple((v.shape, v.tobytes()) for v in (a.delta, a.x, *a.params))
    return tuple(map(np.array, kept.setdefault(key, found)))


def _own_workspace(dx: Array, a: Call, kept: Kept) -> Array:
    """Put together in a buffer of its own, which is filled anew, and handed out as a copy."""
    room = kept.setdefault(dx.shape, np.empty(dx.shape))
    room.fill(0)
    room += dx
    return np.array(room)


def _in_place(f: Callable[[Array], Any]) -> Callable[[Array, Call], Array]:
    """f works in place, on a copy."""

    def bend(_: Array, a: Call) -> Array:
        own = np.array(a.x)
        f(own)
        return own

    return bend


def _rectify(v: Array) -> None:
    v[...] = np.maximum(v, 0, out=v)


# ---- other formulas ------------------------------------------------------------------------------


def _running_maximum(_: Array, a: Call) -> Array:
    """Tap by tap, a later one wins only where it is larger."""
    windows = stacked(a, geometry(a), -np.inf)
    best, winner = windows[0].copy(), np.zeros(windows[0].shape, int)
    for tap, values in enumerate(windows[1:], 1):
        better = values > best
        best, winner = np.where(better, values, best), np.where(better, tap, winner)
    return spread(a, geometry(a), (np.arange(len(windows))[:, None, None, None, None] == winner).astype(float))


def _by_sorting(_: Array, a: Call) -> Array:
    return np.asarray(np.sort(stacked(a, geometry(a), -np.inf), 0)[-1])


def _pull(_: Array, a: Call) -> Array:
    """Each cell of dx gathers from the windows that cover it, by the gradient's own matrix."""
    windows, cells = a.delta.shape[2:], a.x.shape[2:]
    each = np.eye(prod(windows)).reshape(-1, 1, *windows)
    shares = a.backward(delta=each, x=np.zeros((len(each), 1, *cells)))[0]
    rows = np.zeros(a.x.shape)
    for share, (p, q) in zip(shares, np.ndindex(*windows), strict=True):
        rows += share * a.delta[..., p : p + 1, q : q + 1]
    return rows


def _centring(_: Array, a: Call) -> Array:
    """y with the mean taken off by the matrix I − 11ᵀ/m."""
    if not a.layer.training:
        return a.y
    n, c, *cells = a.x.shape
    v = a.x.swapaxes(0, 1).reshape(c, -1)
    m = v.shape[1]
    centred = v @ (np.eye(m) - 1 / m)
    sigma = np.sqrt((centred**2).mean(1, keepdims=True) + a.layer.eps)
    scaled = centred / sigma * a.w[:, None] + (a.b[:, None] if a.b.size == c else 0)
    return np.asarray(scaled.reshape(c, n, *cells).swapaxes(0, 1))


def _log_space(_: Array, a: Call) -> Array:
    """The gradient as a signed logarithm: exp(log p + log δ − log n), the target apart."""
    n, classes = a.x.shape
    log_p = a.x - np.logaddexp.reduce(a.x, 1, keepdims=True)
    with np.errstate(divide="ignore"):
        size = np.exp(log_p + np.log(np.abs(a.delta)) - np.log(n))
    return np.asarray(np.sign(a.delta) * size - a.delta / n * (np.arange(classes) == a.params[0][:, None]))


def _by_absolute(_: Array, a: Call) -> Array:
    s = a.layer.negative_slope
    return np.asarray(0.5 * ((1 + s) * a.x + (1 - s) * np.abs(a.x)))


def _product_of_sums(_: Array, a: Call) -> Array:
    """½(h − t)·(h − t), one dot product."""
    error = (a.x - a.params[0]).ravel()
    return np.asarray(0.5 / len(a.x) * error.dot(error))


# fmt: off
RIGHT = (
    *right(Conv2d, "conv", {
        "channels-last":      by(ChannelsLast),
        "sample-by-sample":   by(BySampleAndTap),
        "kept-by-content":    remembering(gradients=_by_content),
        "own-workspace":      remembering(dx=_own_workspace),
    }),
    *right(MaxPool2d, "max-pool", {
        "running":            bent(dx=_running_maximum),
        "by-sorting":         bent(y=_by_sorting),
    }),
    *right(AvgPool2d, "avg-pool", {
        "window-by-window":   bent(dx=_pull),
    }),
    *right(BatchNorm2d, "batch-norm", {
        "centring-matrix":    bent(y=_centring),
    }),
    *right(ReLU, "relu", {
        "in-place-on-a-copy": bent(y=_in_place(_rectify)),
        "by-absolute":        bent(y=lambda _, a: (a.x + np.abs(a.x)) * 0.5),
        "flush-to-zero":      bent(y=lambda y, _: np.where(y < np.finfo(float).tiny, 0, y)),
    }),
    *right(LeakyReLU, "leaky-relu", {
        "by-absolute":        bent(y=_by_absolute),
    }),
    *right(Sigmoid, "sigmoid", {
        "logaddexp":          bent(y=lambda _, a: np.exp(-np.logaddexp(0, -a.x)),
                                   dx=lambda _, a: a.delta * np.exp(-np.logaddexp(0, -a.x) - np.logaddexp(0, a.x))),
    }),
    *right(Tanh, "tanh", {
        "by-sigmoid":         bent(y=lambda _, a: 2 * special.expit(2 * a.x) - 1,
                                   dx=lambda _, a: a.delta * 4 * special.expit(2 * a.x) * special.expit(-2 * a.x)),
    }),
    *right(Softplus, "softplus", {
        "by-parts":           bent(y=lambda _, a: np.maximum(a.x, 0) + np.log1p(np.exp(-np.abs(a.x)))),
    }),
    *right(SoftmaxCrossEntropy, "cross-entropy", {
        "log-space":          bent(dx=_log_space),
    }),
    *right(HalfSquaredError, "half-squared-error", {
        "dot-product":        bent(y=_product_of_sums),
    }),
)
# fmt: on
