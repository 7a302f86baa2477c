"""Batch normalisation: every channel brought to mean 0 and variance 1, then scaled and shifted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import checks
from .checks import Array

Given = Array | None  # what may be left out of the call


@dataclass(frozen=True)
class BatchNorm2d:
    """y[n,c,i] = w[c]·x̂[n,c,i] + b[c],  x̂ = (x − μ[c])/σ[c],  σ = √(v + eps).    x, y: (n, c, h, w), w, b: (c,).

    In training, forward(x, w, b), μ and v are the mean and the variance of the m = n·h·w entries of a channel, v divided
    by m, and part of the function. With training=False, forward(x, w, b, mean, var), they are given: (c,).

    backward:  dw = Σ δ·x̂    db = Σ δ              sums over n and i
               dx = (w/σ)·(δ − (x̂·dw + db)/m)       in training, since μ and v move with x
               dx = (w/σ)·δ                         where they are given: constants, for which no gradient is returned

    Raises ValueError for shapes that do not match, an eps that is not positive and, in training, channels without an
    entry; TypeError for wrong types and for statistics that are missing or not asked for.
    Source: Ioffe and Szegedy, Batch Normalization, 2015, algorithm 1.
    """

    eps: float = 1e-5
    training: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", checks.number("eps", self.eps))
        checks.flag("training", self.training)
        if not self.eps > 0:
            raise ValueError(f"eps must be positive, got {self.eps!r}")

    def forward(self, x: Array, w: Array, b: Given = None, mean: Given = None, var: Given = None) -> Array:
        normal, _, w, b = self._arguments(x, w, b, mean, var)
        y: Array = w * normal
        return y if b is None else y + b

    def backward(
        self, delta: Array, x: Array, w: Array, b: Given = None, mean: Given = None, var: Given = None
    ) -> tuple[Array, ...]:
        normal, sigma, w, b = self._arguments(x, w, b, mean, var)
        delta = checks.same_shape("delta", delta, normal.shape)
        dw, db = _sums(delta * normal), _sums(delta)
        through_statistics = (normal * dw + db) / _entries(normal) if self.training else 0
        dx = w / sigma * (delta - through_statistics)
        return (dx, dw.ravel()) if b is None else (dx, dw.ravel(), db.ravel())

    def parameter_shapes(self, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """Shapes of w and b for inputs (c, h, w). Raises ValueError where statistics must be given: none are drawn."""
        if not self.training:
            raise ValueError("BatchNorm2d(training=False) needs given statistics, and a network that is drawn has none")
        return input_shape[:1], input_shape[:1]

    def _arguments(self, x: Array, w: Array, b: Given, mean: Given, var: Given) -> tuple[Array, Array, Array, Given]:
        """x̂: (n, c, h, w), and σ, w and b, which face it channel by channel."""
        x = checks.array("x", x, "n c h w")
        w, b = _of_channels("w", w, x), None if b is None else _of_channels("b", b, x)
        mu, v = self._statistics(x, mean, var)
        sigma = np.sqrt(v + self.eps)
        return (x - mu) / sigma, sigma, w, b

    def _statistics(self, x: Array, mean: Given, var: Given) -> tuple[Array, Array]:
        """μ and v."""
        if not self.training:
            return _of_channels("mean", mean, x), _of_channels("var", var, x)
        if mean is not None or var is not None:
            raise TypeError("mean and var must be left out where training=True, which takes them from x")
        if x.size == 0:
            raise ValueError(f"x must have at least one entry in each channel, since none have no mean: got shape {x.shape}")
        mu = _sums(x) / _entries(x)
        return mu, _sums((x - mu) * (x - mu)) / _entries(x)


def _of_channels(name: str, value: object, x: Array) -> Array:
    """One number for each channel of x: (c, 1, 1)."""
    return checks.same_shape(name, value, x.shape[1:2])[:, None, None]


def _sums(v: Array) -> Array:
    """The sum over each channel: (1, c, 1, 1)."""
    sums: Array = v.sum((0, 2, 3), keepdims=True)
    return sums


def _entries(v: Array) -> int:
    """m = n·h·w"""
    return int(v.size // v.shape[1])
