"""Elementwise layers whose slope is taken at the wrong place or on the wrong side, or whose residual is lost."""

from __future__ import annotations

import numpy as np
from scipy import special

from cnnbp.layers import LeakyReLU, ReLU, Sigmoid, Softplus, Tanh
from cnnbp.layers.checks import Array

from .catalogue import Call, bent, right, wrong


def _slope(a: Call) -> Array:
    """f′(x): the gradient for a residual of ones."""
    return a.backward(delta=np.ones_like(a.delta))[0]


def _inverse(delta: Array) -> Array:
    return np.divide(1, delta, out=np.zeros_like(delta), where=delta != 0)


def _half_angle(a: Call) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(a.x / 2)))


def _two_branches(x: Array) -> Array:
    e = np.exp(np.where(x < 0, x, 0))
    return np.asarray(np.where(x < 0, e / (1 + e), 1 / (1 + np.exp(np.where(x < 0, 0, -x)))))


def _by_parts(v: Array, a: Call) -> Array:
    """v on the right and slope·v on the left of the kink, added."""
    return np.asarray(v * (a.x > 0) + a.layer.negative_slope * v * (a.x <= 0))


# fmt: off
FAULTS = (
    *wrong(Sigmoid, "sigmoid", {
        "slope-at-activation":  bent(dx=lambda _, a: a.backward(x=a.y)[0]),
        "slope-missing":        bent(dx=lambda _, a: a.delta.copy()),
        "slope-of-output":      bent(dx=lambda _, a: a.delta * a.x * (1 - a.x)),
        "residual-ignored":     bent(dx=lambda _, a: _slope(a)),
        "residual-squared":     bent(dx=lambda dx, a: a.delta * dx),
    }),
    *wrong(Tanh, "tanh", {
        "slope-not-squared":    bent(dx=lambda _, a: a.delta * (1 - a.y)),
        "slope-at-activation":  bent(dx=lambda _, a: a.backward(x=a.y)[0]),
        "residual-inverted":    bent(dx=lambda _, a: _inverse(a.delta) * _slope(a)),
    }),
    *wrong(ReLU, "relu", {
        "kink-passes":          bent(dx=lambda _, a: np.where(a.x >= 0, a.delta, 0)),
        "mask-from-output":     bent(dx=lambda _, a: np.where(a.y >= 0, a.delta, 0)),
    }),
    *wrong(LeakyReLU, "leaky-relu", {
        "slope-forgotten":      bent(dx=lambda _, a: np.where(a.x > 0, a.delta, 0)),
        "slope-not-multiplied": bent(dx=lambda _, a: np.where(a.x > 0, a.delta, a.layer.negative_slope)),
        "side-from-output":     bent(dx=lambda _, a: a.delta * np.where(a.y > 0, 1, a.layer.negative_slope)),
    }),
    *wrong(Softplus, "softplus", {
        "tail-lost":            bent(dx=lambda dx, a: np.where(a.x > 88, 0, dx)),
        "zero-at-zero":         bent(dx=lambda dx, a: np.where(a.x == 0, 0, dx)),
        "threshold":            bent(y=lambda y, a: np.where(a.x > 20, a.x, y),
                                     dx=lambda dx, a: np.where(a.x > 20, a.delta, dx)),
        "slope-of-relu":        bent(dx=lambda _, a: np.where(a.x > 0, a.delta, 0)),
    }),
)

RIGHT = (
    *right(Sigmoid, "sigmoid", {
        "half-angle":           bent(y=lambda _, a: _half_angle(a),
                                     dx=lambda _, a: a.delta * (_half_angle(a) * (1 - _half_angle(a)))),
        "two-branches":         bent(y=lambda _, a: _two_branches(a.x),
                                     dx=lambda _, a: a.delta * _two_branches(a.x) * _two_branches(-a.x)),
    }),
    *right(Tanh, "tanh", {
        "slope-from-output":    bent(y=lambda _, a: np.tanh(a.x),
                                     dx=lambda _, a: a.delta * (1 - np.tanh(a.x) ** 2)),
    }),
    *right(Softplus, "softplus", {
        "logaddexp":            bent(y=lambda _, a: np.logaddexp(0, a.x),
                                     dx=lambda _, a: a.delta * special.expit(a.x)),
    }),
    *right(ReLU, "relu", {
        "by-product":           bent(y=lambda _, a: a.x * (a.x > 0), dx=lambda _, a: a.delta * (a.x > 0)),
    }),
    *right(LeakyReLU, "leaky-relu", {
        "by-parts":             bent(y=lambda _, a: _by_parts(a.x, a),
                                     dx=lambda _, a: _by_parts(a.delta, a)),
    }),
)
# fmt: on
