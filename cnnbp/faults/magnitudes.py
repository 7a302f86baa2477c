"""Layers that are wrong where numbers are tiny or huge, where exp overflows, or at some slopes, and right in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import special

from cnnbp.layers import (
    BatchNorm2d,
    Conv2d,
    Dense,
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

from .catalogue import Bend, Call, bent, wrong
from .pooling import first
from .relation import geometry, spread, stacked


def _flushed(v: Array, least: float) -> Array:
    """v with 0 for what is smaller."""
    return np.where(np.abs(v) < least, 0, v)


def _half_range(v: Array) -> Array:
    """v with infinity beyond what half precision holds."""
    return np.where(np.abs(v) > 65504, np.copysign(np.inf, v), v)


def _of(change: Callable[[Array], Array]) -> dict[str, Bend]:
    """y and dx of another x."""
    return {"y": lambda _, a: a.forward(x=change(a.x)), "dx": lambda _, a: a.backward(x=change(a.x))[0]}


def _against(outside: float) -> dict[str, Bend]:
    """Max pooling where the padding takes part as this number."""

    def windows(a: Call) -> Array:
        return stacked(a, geometry(a), outside)

    def winners(a: Call) -> Array:
        return first((windows(a) == windows(a).max(0)).astype(a.x.dtype))

    return {"y": lambda _, a: windows(a).max(0), "dx": lambda _, a: spread(a, geometry(a), winners(a))}


# ---- exp -----------------------------------------------------------------------------------------


def _quietly(f: Callable[[Array], Array]) -> Bend:
    """y = f(x), NaN and infinity without a warning."""

    def bend(_: Array, a: Call) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(f(a.x))

    return bend


def _ratio(x: Array) -> Array:
    return np.asarray(np.exp(x) / (1 + np.exp(x)))


def _of_exponentials(x: Array) -> Array:
    return np.asarray((np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)))


def _unselected(dx: Array, a: Call) -> Array:
    """0·∞ from the branch that was not taken."""
    return np.where(a.x > 709.7, np.nan, dx)


def _softmax(x: Array) -> Array:
    e = np.exp(x)
    return np.asarray(e / e.sum(1, keepdims=True))


def _overflowing(dx: Array, a: Call) -> Array:
    """dx by way of a softmax that does not subtract the maximum."""
    with np.errstate(all="ignore"):
        return np.asarray(dx + a.delta * (_softmax(a.x) - special.softmax(a.x, 1)) / len(a.x))


def _log_of(p: Callable[[Array], Array]) -> Bend:
    """The mean of −log of the chosen probability, changed first."""

    def bend(_: Array, a: Call) -> Array:
        chosen = np.take_along_axis(special.softmax(a.x, 1), a.params[0][:, None], 1)
        return np.asarray(-np.log(p(chosen)).mean())

    return bend


def _of_log_with_eps(_: Array, a: Call) -> Array:
    """The gradient of −log(p + 1e-8)."""
    p, one_hot = special.softmax(a.x, 1), np.eye(a.x.shape[1])[a.params[0]]
    chosen = np.take_along_axis(p, a.params[0][:, None], 1)
    return np.asarray(a.delta * chosen / (chosen + 1e-8) * (p - one_hot) / len(a.x))


# ---- losses and slopes ---------------------------------------------------------------------------

FAR = 100.0  # where the squared error goes over into a straight line


def _huber(_: Array, a: Call) -> Array:
    size = np.abs(a.x - a.params[0])
    with np.errstate(over="ignore"):
        return np.asarray(np.where(size > FAR, FAR * (size - FAR / 2), size * size / 2).sum() / len(a.x))


def _clipped_error(low: float) -> Bend:
    return lambda _, a: np.asarray(a.delta * np.clip(a.x - a.params[0], low, FAR) / len(a.x))


def _other_slope(slope: Callable[[float], float]) -> dict[str, Bend]:
    """The same layer with another slope."""

    def other(a: Call) -> Call:
        return replace(a, layer=replace(a.layer, negative_slope=slope(a.layer.negative_slope)))

    return {"y": lambda _, a: other(a).y, "dx": lambda _, a: other(a).backward()[0]}


def _steeper(a: Call) -> Array:
    """Whether s·x is what max(x, s·x) takes."""
    return np.asarray(a.layer.negative_slope * a.x > a.x)


def _default_eps(a: Call) -> Call:
    return replace(a, layer=replace(a.layer, eps=1e-5))


# fmt: off
FAULTS = (
    *wrong(Conv2d, "conv", {
        "residuals-flushed":    bent(dx=lambda _, a: a.backward(delta=_flushed(a.delta, 1e-8))[0],
                                     dw=lambda _, a: a.backward(delta=_flushed(a.delta, 1e-8))[1]),
        "dx-clamped":           bent(dx=lambda dx, _: np.clip(dx, -5, 5)),
    }),
    *wrong(Conv2d, "conv", {
        "dw-inputs-flushed":    bent(dw=lambda _, a: a.backward(x=_flushed(a.x, 1e-6))[1]),
    }, at=("wide range",)),
    *wrong(Dense, "dense", {
        "weights-flushed":      bent(y=lambda _, a: a.forward(w=_flushed(a.w, 1e-6)),
                                     dx=lambda _, a: a.backward(w=_flushed(a.w, 1e-6))[0]),
        "half-range":           bent(y=lambda y, _: _half_range(y)),
        "residuals-clamped":    bent(dw=lambda _, a: a.backward(delta=np.clip(a.delta, -100, 100))[1]),
    }),
    *wrong(MaxPool2d, "max-pool", {
        "small-flushed":        bent(y=lambda y, _: _flushed(y, 1e-8)),
    }),
    *wrong(MaxPool2d, "max-pool", {
        "stand-in":             bent(**_against(-9999)),
    }, at=("wide range",)),
    *wrong(ReLU, "relu", {
        "clipped-far-out":      bent(y=lambda y, _: np.minimum(y, 1e12),
                                     dx=lambda dx, a: np.where(a.x > 1e12, 0, dx)),
    }, at=("wide range",)),
    *wrong(ReLU, "relu", {
        "six":                  bent(y=lambda y, _: np.minimum(y, 6), dx=lambda dx, a: np.where(a.x > 6, 0, dx)),
        "dx-small-flushed":     bent(dx=lambda dx, _: _flushed(dx, 1e-6)),
    }),
    *wrong(LeakyReLU, "leaky-relu", {
        "by-maximum":           bent(y=lambda _, a: np.maximum(a.x, a.layer.negative_slope * a.x),
                                     dx=lambda _, a: a.delta * np.where(_steeper(a), a.layer.negative_slope, 1)),
        "zero-for-default":     bent(**_other_slope(lambda slope: slope or 0.01)),
        "slope-at-most-one":    bent(**_other_slope(lambda slope: min(slope, 1.0))),
    }),
    *wrong(Sigmoid, "sigmoid", {
        "ratio-overflows":      bent(y=_quietly(_ratio)),
        "slope-floor":          bent(dx=lambda dx, a: np.copysign(np.maximum(np.abs(dx), 1e-6 * np.abs(a.delta)), dx)),
        "input-clamped":        bent(**_of(lambda x: np.clip(x, -30, 30))),
    }),
    *wrong(Tanh, "tanh", {
        "by-exponentials":      bent(y=_quietly(_of_exponentials)),
    }),
    *wrong(Softplus, "softplus", {
        "overflows":            bent(y=_quietly(lambda x: np.log(1 + np.exp(x)))),
        "branch-not-taken":     bent(dx=_unselected),
    }),
    *wrong(SoftmaxCrossEntropy, "cross-entropy", {
        "overflows":            bent(dx=_overflowing),
        "log-of-floor":         bent(y=_log_of(lambda p: np.maximum(p, 1e-12))),
        "log-with-eps":         bent(y=_log_of(lambda p: p + 1e-8), dx=_of_log_with_eps),
        "logits-clamped":       bent(**_of(lambda x: np.clip(x, -50, 50))),
    }),
    *wrong(HalfSquaredError, "half-squared-error", {
        "huber":                bent(y=_huber, dx=_clipped_error(-FAR)),
        "threshold-signed":     bent(dx=_clipped_error(-np.inf)),
    }),
    *wrong(BatchNorm2d, "batch-norm", {
        "eps-ignored":          bent(y=lambda _, a: _default_eps(a).y, dx=lambda _, a: _default_eps(a).backward()[0]),
    }),
)
# fmt: on
