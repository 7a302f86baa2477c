"""Losses: the mean over the batch of one number per sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import checks
from .checks import Array


@dataclass(frozen=True)
class HalfSquaredError:
    """J = (1/n)·Σ ½‖x − target‖².    x, target: (n, ...) of the same shape, J: ().

    backward:  dx = δ·(x − target)/n

    Raises ValueError for shapes that differ and for an empty batch (it has no mean), TypeError for wrong types.
    Source: the derivation's `loss-sample`, averaged as in `loss-batch`.
    """

    def forward(self, x: Array, target: Array) -> Array:
        error = self._error(x, target)
        return checks.scalar(np.sum(error * error) / (2 * len(error)))

    def backward(self, delta: Array, x: Array, target: Array) -> tuple[Array]:
        error = self._error(x, target)
        return (_seed(delta, error) * error / len(error),)

    def _error(self, x: Array, target: Array) -> Array:
        x = _batch(x)
        error: Array = x - checks.same_shape("target", target, x.shape)
        return error


@dataclass(frozen=True)
class SoftmaxCrossEntropy:
    """J = (1/n)·Σ_n (log Σ_c exp x[n,c] − x[n,target[n]]).    x: (n, c), target: class indices (n,), J: ().

    backward:  dx[n,c] = δ·(softmax(x)[n,c] − [c = target[n]])/n

    Raises ValueError for an empty batch and targets out of range, TypeError for wrong types.
    """

    def forward(self, x: Array, target: Array) -> Array:
        x, chosen = self._arguments(x, target)
        shifted = x - _row_maximum(x)
        loss = np.log(np.exp(shifted).sum(1)) - shifted[chosen]
        return checks.scalar(loss.sum() / len(x))

    def backward(self, delta: Array, x: Array, target: Array) -> tuple[Array]:
        x, chosen = self._arguments(x, target)
        e = np.exp(x - _row_maximum(x))
        dx = e / e.sum(1, keepdims=True)
        dx[chosen] -= 1
        return (_seed(delta, dx) * dx / len(x),)

    def _arguments(self, x: Array, target: Array) -> tuple[Array, tuple[Array, Array]]:
        x = _batch(checks.array("x", x, "n c"))
        target = checks.same_shape("target", target, (len(x),))
        if target.dtype.kind not in "iu":
            raise TypeError(f"target must hold class indices (integers), got dtype {target.dtype}")
        if np.any((target < 0) | (target >= x.shape[1])):
            raise ValueError(f"target must hold class indices from 0 to {x.shape[1] - 1}, got {target.min()} to {target.max()}")
        return x, (np.arange(len(x)), target)


def _batch(x: Array) -> Array:
    x = checks.array("x", x)
    if x.ndim == 0:
        raise ValueError("x must have a batch axis (n, ...), got a 0-d array")
    if x.size == 0:
        raise ValueError(f"x must hold at least one sample, since an empty batch has no mean: got shape {x.shape}")
    return x


def _seed(delta: Array | float, like: Array) -> Array:
    """The residual of a single number; a Python number takes the dtype of what it multiplies."""
    return np.array(delta, like.dtype) if isinstance(delta, (int, float)) else checks.same_shape("delta", delta, ())


def _row_maximum(x: Array) -> Array:
    return np.take_along_axis(x, x.real.argmax(1)[:, None], 1)
