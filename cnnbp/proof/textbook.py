"""What the operators without connections are, as textbooks write them, on exact numbers: nothing here minds overflow or rounding.

The gradient of each is the derivative of its formula; at a kink, of the side that the formula takes there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..rounding import Array

Options = Mapping[str, Any]
AXES = (0, 2, 3)  # batch normalisation's: all entries of a channel


def _cross_entropy(options: Options, x: Array, target: Array) -> Array:
    """(1/n)·Σ_n (log Σ_c exp x[n,c] − x[n,target[n]])"""
    log_sums = np.log(np.exp(x).sum(1))
    return _number(sum(log_sums[n] - x[n, t] for n, t in enumerate(target)) / len(x))


def _batch_norm(options: Options, x: Array, w: Array, b: Array | None = None, *statistics: Array) -> Array:
    """w·(x − μ)/√(v + ε) + b"""
    if options["training"]:
        entries = x.size // x.shape[1]
        mean = x.sum(AXES, keepdims=True) / entries
        variance = ((x - mean) ** 2).sum(AXES, keepdims=True) / entries
    else:
        mean, variance = (s[:, None, None] for s in statistics)
    y: Array = w[:, None, None] * (x - mean) / np.sqrt(variance + options["eps"])
    return y if b is None else y + b[:, None, None]


def _number(value: Any) -> Array:
    """A 0-d array of it."""
    found = np.empty((), object)
    found[()] = value
    return found


TEXTBOOK: Mapping[str, Callable[..., Array]] = {
    "Identity": lambda _, x: x,
    "Sigmoid": lambda _, x: 1 / (1 + np.exp(-x)),
    "Tanh": lambda _, x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "Softplus": lambda _, x: np.log(1 + np.exp(x)),
    "ReLU": lambda _, x: np.where(x > 0, x, 0),
    "LeakyReLU": lambda options, x: np.where(x > 0, x, options["negative_slope"] * x),
    "HalfSquaredError": lambda _, x, target: _number(((x - target) ** 2).sum() / (2 * len(x))),
    "SoftmaxCrossEntropy": _cross_entropy,
    "BatchNorm2d": _batch_norm,
}
