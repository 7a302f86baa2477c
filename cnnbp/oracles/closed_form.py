"""Forward and gradient of the operators that have no connections, by formulas of the textbook.

Each forward is analytic and carries complex numbers through: sides are chosen by real parts, nothing asks for |z|. So the
complex step can be taken of it, and in either tail its imaginary part keeps the relative accuracy of the slope.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..rounding import Array

Options = Mapping[str, Any]
Gradients = tuple[Array, ...]


@dataclass(frozen=True)
class ClosedForm:
    """y = forward(options, x, *params), and gradient(options, delta, x, *params) by x and each parameter that has one."""

    forward: Callable[..., Array]
    gradient: Callable[..., Gradients]

    def slope(self, options: Options, x: Array) -> Array:
        """f′(x) of an elementwise operator: its gradient for δ = 1."""
        return self.gradient(options, np.ones(x.shape), x)[0]


# ---- elementwise: y = f(x), dx = δ·f′(x) ---------------------------------------------------------

FAR = 40.0  # beyond it 1 + e^(−|x|) is 1, and the first term of a series is all of it


def _elementwise(f: Callable[[Options, Array], Array], slope: Callable[[Options, Array], Array]) -> ClosedForm:
    return ClosedForm(lambda options, x: f(options, x), lambda options, delta, x: (delta * slope(options, x),))


def _sigmoid(x: Array) -> Array:
    """1/(1 + e⁻ˣ), and eˣ far on the left, where e⁻ˣ may overflow."""
    left = x.real < -FAR
    y: Array = np.where(left, np.exp(np.where(left, x, 0)), 1 / (1 + np.exp(-np.where(left, 0, x))))
    return y


def _softplus(x: Array) -> Array:
    """log(1 + eˣ), and x + e⁻ˣ far on the right, where eˣ may overflow."""
    right = x.real > FAR
    y: Array = np.where(right, x + np.exp(-np.where(right, x, 0)), np.log1p(np.exp(np.where(right, 0, x))))
    return y


def _tanh(x: Array) -> Array:
    """(1 − e⁻²ˣ)/(1 + e⁻²ˣ) for x ≥ 0, and odd."""
    left = x.real < 0
    short = np.expm1(-2 * np.where(left, -x, x))  # e⁻²ˣ − 1, without cancellation at 0
    y: Array = np.where(left, short, -short) / (2 + short)
    return y


def _tanh_slope(x: Array) -> Array:
    """1/cosh², 0 where it is below the smallest number."""
    secant = 1 / np.cosh(np.clip(x, -10 * FAR, 10 * FAR))
    slope: Array = secant * secant
    return slope


def _leaky(options: Options, x: Array, of: Array) -> Array:
    """`of` where x is above 0, `of` times the slope elsewhere."""
    right = x.real > 0
    y: Array = np.where(right, of, options["negative_slope"] * np.where(right, 0, of))
    return y


# ---- losses --------------------------------------------------------------------------------------


def _half_squared_error(options: Options, x: Array, target: Array) -> Array:
    """The mean of ½⟨x − t, x − t⟩ over the batch."""
    error = (x - target).reshape(len(x), -1)
    return np.asarray(np.einsum("ni,ni->n", error, error).sum() / (2 * len(x)))


def _shifted(x: Array, target: Array) -> tuple[Array, Array, Array]:
    """x minus its largest entry, by sample; which entry that is; and the target's: (n, c), (n, c), (n, c)."""
    classes = np.arange(x.shape[1])
    largest = classes == x.real.argmax(1)[:, None]
    return x - x[largest][:, None], largest, classes == np.asarray(target)[:, None]


def _cross_entropy(options: Options, x: Array, target: Array) -> Array:
    """The mean of log Σ exp(x − max) − (x[t] − max): the largest term of the sum is 1, log1p takes the others."""
    shifted, largest, chosen = _shifted(x, target)
    others = np.where(largest, 0, np.exp(shifted)).sum(1)
    return np.asarray((np.log1p(others) - shifted[chosen]).sum() / len(x))


def _cross_entropy_gradient(options: Options, delta: Array, x: Array, target: Array) -> Gradients:
    """δ·p/n, and at the target minus the sum of the other p, where p − 1 would cancel."""
    shifted, _, chosen = _shifted(x, target)
    p = np.exp(shifted) / np.exp(shifted).sum(1, keepdims=True)
    others = np.where(chosen, 0, p)
    return (delta * np.where(chosen, -others.sum(1, keepdims=True), others) / len(x),)


# ---- batch normalisation -------------------------------------------------------------------------

AXES = (0, 2, 3)


def _batch_norm(options: Options, x: Array, w: Array, b: Array | None = None, *statistics: Array) -> Array:
    """w·(x − μ)/√(v + ε) + b"""
    centred, root = _centred(options, x, statistics)
    y: Array = centred * (w[:, None, None] / root)
    return y if b is None else y + b[:, None, None]


def _batch_norm_gradient(
    options: Options, delta: Array, x: Array, w: Array, b: Array | None = None, *statistics: Array
) -> Gradients:
    """The chain rule as in the paper: by x̂, from there by the variance, by the mean, and by x along all three ways."""
    centred, root = _centred(options, x, statistics)
    by_normal = delta * w[:, None, None]
    dx = by_normal / root
    if options["training"]:
        by_variance = (by_normal * centred).sum(AXES, keepdims=True) / (-2 * root * root * root)
        by_mean = -dx.sum(AXES, keepdims=True)  # the variance adds −2·Σ(x − μ)/m = 0
        dx = dx + (2 * by_variance * centred + by_mean) / (x.size // x.shape[1])
    dw = np.einsum("nchw,nchw->c", delta, centred / root)
    return (dx, dw) if b is None else (dx, dw, delta.sum(AXES))


def _centred(options: Options, x: Array, statistics: tuple[Array, ...]) -> tuple[Array, Array]:
    """x − μ, and √(v + ε), with the statistics of the batch in training and the given ones otherwise."""
    if not options["training"]:
        mean, variance = (s[:, None, None] for s in statistics)
        return x - mean, np.sqrt(variance + options["eps"])
    centred = x - x.mean(AXES, keepdims=True)
    return centred, np.sqrt((centred * centred).mean(AXES, keepdims=True) + options["eps"])


FORMS: Mapping[str, ClosedForm] = {
    "Identity": _elementwise(lambda _, x: x + 0, lambda _, x: np.ones(x.shape)),
    "Sigmoid": _elementwise(lambda _, x: _sigmoid(x), lambda _, x: _sigmoid(x) * _sigmoid(-x)),
    "Tanh": _elementwise(lambda _, x: _tanh(x), lambda _, x: _tanh_slope(x)),
    "Softplus": _elementwise(lambda _, x: _softplus(x), lambda _, x: _sigmoid(x)),
    "ReLU": _elementwise(lambda _, x: np.where(x.real > 0, x, 0), lambda _, x: 1.0 * (x > 0)),
    "LeakyReLU": _elementwise(lambda o, x: _leaky(o, x, x), lambda o, x: _leaky(o, x, np.ones(x.shape))),
    "HalfSquaredError": ClosedForm(_half_squared_error, lambda options, delta, x, target: (delta / len(x) * (x - target),)),
    "SoftmaxCrossEntropy": ClosedForm(_cross_entropy, _cross_entropy_gradient),
    "BatchNorm2d": ClosedForm(_batch_norm, _batch_norm_gradient),
}
