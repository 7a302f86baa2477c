"""Losses whose value and gradient differ by a factor, a sign, or a term."""

from __future__ import annotations

import numpy as np
from scipy import special

from cnnbp.layers import HalfSquaredError, SoftmaxCrossEntropy
from cnnbp.layers.checks import Array

from .catalogue import Call, bent, right, wrong


def _transposed_softmax(dx: Array, a: Call) -> Array:
    """dx with the softmax taken over the batch instead of the classes."""
    return np.asarray(dx + a.delta * (special.softmax(a.x, 0) - special.softmax(a.x, 1)) / len(a.x))


def _target_alone(dx: Array, a: Call) -> Array:
    return np.asarray(dx * (np.arange(a.x.shape[1]) == a.params[0][:, None]))


def _features(a: Call) -> int:
    return a.x.size // len(a.x)


def _norm_squared(a: Call) -> Array:
    return np.asarray(np.square(np.linalg.norm((a.x - a.params[0]).ravel())) / (2 * len(a.x)))


def _entropy(a: Call) -> Array:
    return np.asarray(-np.take_along_axis(special.log_softmax(a.x, 1), a.params[0][:, None], 1).mean())


def _minus_one_hot(a: Call) -> Array:
    one_hot = np.eye(a.x.shape[1], dtype=a.x.dtype)[a.params[0]]
    return np.asarray(a.delta * (special.softmax(a.x, 1) - one_hot) / len(a.x))


# fmt: off
FAULTS = (
    *wrong(HalfSquaredError, "half-squared-error", {
        "without-half":       bent(y=lambda y, _: 2 * y),
        "half-twice":         bent(y=lambda y, _: y / 2),
        "sum":                bent(dx=lambda dx, a: dx * len(a.x)),
        "over-batch-twice":   bent(y=lambda y, a: y / len(a.x), dx=lambda dx, a: dx / len(a.x)),
        "over-features":      bent(y=lambda y, a: y / _features(a), dx=lambda dx, a: dx / _features(a)),
        "sign":               bent(dx=lambda dx, _: -dx),
        "residual-ignored":   bent(dx=lambda _, a: a.backward(delta=np.ones_like(a.delta))[0]),
    }),
    *wrong(SoftmaxCrossEntropy, "cross-entropy", {
        "without-one-hot":    bent(dx=lambda _, a: a.delta * special.softmax(a.x, 1) / len(a.x)),
        "sum":                bent(dx=lambda dx, a: dx * len(a.x)),
        "softmax-over-batch": bent(dx=_transposed_softmax),
        "target-only":        bent(dx=_target_alone),
        "over-batch-twice":   bent(y=lambda y, a: y / len(a.x), dx=lambda dx, a: dx / len(a.x)),
    }),
)

RIGHT = (
    *right(HalfSquaredError, "half-squared-error", {
        "by-norm":            bent(y=lambda _, a: _norm_squared(a)),
    }),
    *right(SoftmaxCrossEntropy, "cross-entropy", {
        "by-log-softmax":     bent(y=lambda _, a: _entropy(a), dx=lambda _, a: _minus_one_hot(a)),
    }),
)
# fmt: on
