"""Losses whose value and gradient differ by a factor, a sign, or a term."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnbp.layers import HalfSquaredError, SoftmaxCrossEntropy
from cnnbp.layers.checks import Array

from .catalogue import Call, Fault, distort


def _half(id: str, claim: str, trigger: str, source: str, **bends: Any) -> Fault:
    return Fault(f"half-squared-error-{id}", "HalfSquaredError", claim, trigger, source, distort(HalfSquaredError, **bends))


def _entropy(id: str, claim: str, trigger: str, source: str, **bends: Any) -> Fault:
    return Fault(f"cross-entropy-{id}", "SoftmaxCrossEntropy", claim, trigger, source, distort(SoftmaxCrossEntropy, **bends))


def _softmax(x: Array, axis: int) -> Array:
    e = np.exp(x - x.max(axis, keepdims=True))
    softmax: Array = e / e.sum(axis, keepdims=True)
    return softmax


def _transposed_softmax(dx: Array, a: Call) -> Array:
    """dx with the softmax taken over the batch instead of the classes."""
    changed: Array = dx + a.delta * (_softmax(a.x, 0) - _softmax(a.x, 1)) / len(a.x)
    return changed


def _features(a: Call) -> int:
    return a.x.size // len(a.x)


# fmt: off
FAULTS = (
    _half("without-half", "the value lacks the ½ that the gradient has cancelled", "always; scale only", "davisking/dlib #1169",
          y=lambda y, _: 2 * y),
    _half("half-twice", "the value is halved once more than the gradient says", "always; scale only", "fetchai/ledger PR#1741",
          y=lambda y, _: y / 2),
    _half("sum", "the gradient is that of the sum over the batch, the value that of the mean", "more than one sample",
          "ageron/handson-ml #179; mistnet #33", dx=lambda dx, a: dx * len(a.x)),
    _half("over-batch-twice", "value and gradient are divided by the batch size twice, and agree with each other",
          "more than one sample", "GraphSAGE #12", y=lambda y, a: y / len(a.x), dx=lambda dx, a: dx / len(a.x)),
    _half("over-features", "value and gradient are means over entries, not over samples, and agree with each other",
          "more than one feature", "classic: mean() for mean over the batch", y=lambda y, a: y / _features(a),
          dx=lambda dx, a: dx / _features(a)),
    _half("sign", "the gradient points uphill: target − h", "always", "classic: delta rule and gradient confused",
          dx=lambda dx, _: -dx),
    _half("residual-ignored", "the layer believes itself last and takes δ for 1", "δ ≠ 1; a loss checked on its own hides it",
          "classic: backward() without argument", dx=lambda _, a: a.backward(delta=np.ones_like(a.delta))[0]),
    _entropy("without-one-hot", "the gradient is the softmax, from which the target was never subtracted", "always",
             "classic: p for p − y", dx=lambda _, a: a.delta * _softmax(a.x, 1) / len(a.x)),
    _entropy("sum", "the gradient is that of the sum over the batch, the value that of the mean", "more than one sample",
             "jax PR#3113", dx=lambda dx, a: dx * len(a.x)),
    _entropy("softmax-over-batch", "the gradient normalises over samples instead of classes", "any batch; a 1×1 one hides it",
             "classic: axis=0 for axis=1", dx=_transposed_softmax),
    _entropy("target-only", "the gradient is right at the target class and zero elsewhere", "more than one class",
             "classic: −1/p differentiated through one entry only",
             dx=lambda dx, a: dx * (np.arange(a.x.shape[1]) == a.params[0][:, None])),
    _entropy("over-batch-twice", "value and gradient are divided by the batch size twice, and agree with each other",
             "more than one sample", "GraphSAGE #12", y=lambda y, a: y / len(a.x), dx=lambda dx, a: dx / len(a.x)),
)
# fmt: on
