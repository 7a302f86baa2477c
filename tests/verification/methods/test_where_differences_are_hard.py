"""Without a reference, where differences are hard: right layers never fail, and what stays unseen has its reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import erf

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import gaussian, opaque, reference
from tests.verification.methods.small import small

# layer, arguments, delta: the smallest of what drawn cases found
RIGHT = {
    "ties whose residuals cancel": (cnnbp.MaxPool2d((1, 2), 1), ([[[[1.0, 1, 1]]]],), [[[[3.0, -3]]]]),
    "a small entry beside a large one": (cnnbp.Tanh(), ([1e-9, 1e11],), [1.0, 1.0]),
    "a bend beyond the finest step": (cnnbp.ReLU(), ([-2e-3, 1e5],), [1.0, 1.0]),
    "a smooth bend beyond the finest step": (cnnbp.Softplus(), ([4e-6, 1e8, 1e8],), [1.0, 1e-9, 1e-9]),
    "a residual smaller than the noise": (cnnbp.Sigmoid(), ([1e-6, 1e10],), [1e-12, 1.0]),
    "a slope below all rounding": (cnnbp.SoftmaxCrossEntropy(), ([[-8.0, 120.0]], [1]), 1.0),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_layers_where_differences_are_hard(name: str) -> None:
    """What cannot be estimated is left out, not held against the layer."""
    layer, args, delta = RIGHT[name]
    assert cnnbp.verify(opaque(layer), *map(np.array, args), delta=np.array(delta)).status != "fail"


def _single_precision(layer: Any) -> Any:
    def forward(*args: Array) -> Array:
        return layer.forward(*(a.astype(np.float32) for a in args)).astype(float)

    def backward(*args: Array) -> tuple[Array, ...]:
        return tuple(g.astype(float) for g in layer.backward(*(a.astype(np.float32) for a in args)))

    return cnnbp.from_functions(forward, backward)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("operator", ["Conv2d", "Dense", "AvgPool2d", "Tanh", "Softplus"])
def test_a_noisy_layer_is_judged_by_its_noise(operator: str) -> None:
    """float32 inside, right otherwise: its noise is not held against it; a factor 2 is still seen through it."""
    layer = reference(operator)
    for seed in range(1):
        args = [a + 0.0 for a in gaussian(*(a.shape for a in small(operator)), seed=seed)]
        noisy = _single_precision(layer)
        assert cnnbp.verify(noisy, *args, seed=seed).status != "fail"
        doubled = cnnbp.from_functions(noisy.forward, lambda *a, noisy=noisy: tuple(2 * g for g in noisy.backward(*a)))
        assert cnnbp.verify(doubled, *args, seed=seed).status == "fail"


def test_a_forward_with_a_domain_is_not_pushed_out_of_it() -> None:
    """log near 0: large steps leave the domain and raise; smaller ones do the work."""

    def forward(x: Array) -> Array:
        if (x <= 0).any():
            raise ValueError("x must be positive")
        return np.log(x)

    layer = cnnbp.from_functions(forward, lambda delta, x: (delta / x,))
    x = np.abs(gaussian((2, 3))[0]) + 0.05
    assert cnnbp.verify(layer, x).status != "fail"
    wrong = cnnbp.from_functions(forward, lambda delta, x: (2 * delta / x,))
    assert cnnbp.verify(wrong, x).status == "fail"


def test_little_off_has_a_reason_of_its_own() -> None:
    """A constant that is rounded to three digits in backward alone: wrong, or judged too little, and never said to be noise."""

    def slope(x: Array, c: float) -> Array:
        t = np.tanh(c * (x + 0.044715 * x**3))
        return (1 + t) / 2 + x / 2 * (1 - t * t) * c * (1 + 0.134145 * x * x)

    c = np.sqrt(2 / np.pi)
    gelu = cnnbp.from_functions(lambda x: x / 2 * (1 + np.tanh(c * (x + 0.044715 * x**3))), lambda d, x: d * slope(x, 0.798))
    verdict = cnnbp.verify(gelu, np.random.default_rng(3).normal(size=2), seed=3)
    assert verdict.evidence[0].remark is not None
    assert (verdict.status, verdict.evidence[0].remark.code) == ("inconclusive", "verification.beyond-subtle")


def _gelu_slope(x: Array) -> Array:
    return (1 + erf(x / np.sqrt(2))) / 2 + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _softmax_backward(delta: Array, x: Array) -> Array:
    y = _softmax(x)
    return y * (delta - (delta * y).sum(-1, keepdims=True))


CANCELLING = {
    "gelu": (lambda x: x * (1 + erf(x / np.sqrt(2))) / 2, lambda d, x: d * _gelu_slope(x), 3.0),
    "naive softplus": (lambda x: np.log(1 + np.exp(x)), lambda d, x: d / (1 + np.exp(-x)), 15.0),
    "softmax": (_softmax, _softmax_backward, 30.0),
    "one minus cosine": (lambda x: 1 - np.cos(x), lambda d, x: d * np.sin(x), 1e-3),
}


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("name", CANCELLING)
def test_formulas_that_cancel_do_not_fail(name: str) -> None:
    """Where a right forward is a staircase of rounding, its differences are noise, and are not held against its slope."""
    forward, backward, spread = CANCELLING[name]
    for seed in range(3):
        x = np.random.default_rng(seed).normal(0, spread, (3, 4))
        verdict = cnnbp.verify(cnnbp.from_functions(forward, backward), x, seed=seed)
        assert verdict.status != "fail", str(verdict)
