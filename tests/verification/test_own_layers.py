"""What people met who brought a layer of their own: wrong ones that used to pass, and right ones that used to fail, one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array

X = np.random.default_rng(100).normal(size=(6, 5))
W = np.random.default_rng(1).normal(size=(4, 5))
DENSE = cnnbp.Dense()


def layer(forward: Callable[..., Any], backward: Callable[..., Any]) -> Any:
    """Two functions."""
    return cnnbp.from_functions(forward, backward)


def spiked(x: Array) -> Array:
    """0 but in one place."""
    found = np.zeros(1000)
    found[500] = x
    return found


SILENT: dict[str, tuple[Any, tuple[Array, ...], str]] = {
    "dx alone, although w was passed": (layer(lambda x, w: x @ w.T, lambda d, x, w: d @ w), (X, W), "contract.gradient-missing"),
    "a forward that is NaN everywhere": (layer(lambda x: x * np.nan, lambda d, x: d), (X,), "contract.not-finite"),
    "zeros": (layer(lambda x: 0 * x, lambda d, x: 0 * d), (X,), "verification.not-judged"),
    "one entry in 1,000": (
        layer(lambda x: np.maximum(x, 0), lambda d, x: d * np.where(x == 0, 0.5, x > 0)),
        (spiked(np.array(1.0)),),
        "verification.not-judged",
    ),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_says_nothing_is_raised(name: str) -> None:
    """`assert_gradients` is never silent about what nobody judged, and names it."""
    subject, args, code = SILENT[name]
    with pytest.raises(cnnbp.GradientError) as raised:
        cnnbp.assert_gradients(subject, *args)
    assert code in [told.code for told in raised.value.verdict.wrong]


def batch_norm(factor: float, variance: bool = True, eps: float = 1e-5) -> Any:
    """Batch norm over samples; its dx times a factor, with or without the term of the variance."""

    def parts(x: Array) -> tuple[Array, Array]:
        sigma = np.sqrt(x.var(0) + eps)
        return (x - x.mean(0)) / sigma, sigma

    def backward(delta: Array, x: Array) -> Array:
        normal, sigma = parts(x)
        return np.asarray(factor * (delta - delta.mean(0) - normal * variance * (delta * normal).mean(0)) / sigma)

    return layer(lambda x: parts(x)[0], backward)


@pytest.mark.parametrize(("mean", "size"), [(100.0, 1.0), (1.0, 3e-3), (1.0, 3e-4), (1.0, 1.0)])
def test_an_offset_hides_no_factor(mean: float, size: float) -> None:
    """Batch norm far from 0, with dx·1.01 and without the term of the variance: wrong; as it should be: right."""
    for seed in range(2):
        x = mean + size * np.random.default_rng(seed + 100).normal(size=(8, 3))
        assert cnnbp.verify(batch_norm(1.0), x).passed
        assert cnnbp.verify(batch_norm(1.01), x).status == "fail"
        assert cnnbp.verify(batch_norm(1.0, variance=False), x).status == "fail"


@pytest.mark.parametrize("offset", [0.0, 1.0, 100.0])
def test_an_eps_of_1e_12_fails_nobody(offset: float) -> None:
    """Where all rows are alike, which the contract tries, nothing but rounding is divided by 1e-6."""
    for seed in range(3):
        x = offset + np.random.default_rng(seed + 100).normal(size=(8, 3))
        assert cnnbp.verify(batch_norm(1.0, eps=1e-12), x).status != "fail"
        assert cnnbp.verify(batch_norm(1.01, eps=1e-12), x).status == "fail"


@pytest.mark.parametrize("alone", [True, False])
def test_a_slope_of_17_among_999_zeros(alone: bool) -> None:
    """ReLU′(0) = 17: without a reference inconclusive, since no entry but one was judged; with it wrong, and no convention."""
    subject = layer(lambda x: np.maximum(x, 0), lambda d, x: d * np.where(x == 0, 17.0, x > 0))
    verdict = cnnbp.verify(subject, spiked(np.array(1.0)), like=None if alone else cnnbp.ReLU(), conventions="any")
    assert verdict.status == ("inconclusive" if alone else "fail"), str(verdict)


@pytest.mark.parametrize("like", [None, DENSE])
def test_a_residual_that_is_clipped_is_no_linear_backward(like: Any) -> None:
    """clip(dx, −5, 5) touches nothing at plain numbers; multiples of the residual show it."""
    subject = layer(lambda x, w: x @ w.T, lambda d, x, w: (np.clip(d @ w, -50, 50), d.T @ x))
    verdict = cnnbp.verify(subject, X, W, like=like)
    assert verdict.status == "fail"
    assert "not linear in delta" in str(verdict)


@pytest.mark.parametrize("like", [None, cnnbp.ReLU()])
def test_nan_at_a_finite_point_is_told_by_its_name(like: Any) -> None:
    """x/|x|·max(x, 0) at 0."""
    x = np.array([1.0, 0.0, -2.0, 3.0])
    subject = layer(lambda x: np.maximum(x, 0) * np.where(x == 0, np.nan, 1), lambda d, x: d * (x > 0))
    verdict = cnnbp.verify(subject, x, like=like)
    assert verdict.status == "fail"
    assert "the forward value y is nan at index [1], although all that was handed in is finite (1 entry like it)" in str(verdict)


def test_a_cross_entropy_that_overflows_fails() -> None:
    """log of a sigmoid that underflowed to 0."""
    t = np.array([1.0, 0.0, 1.0])

    def entropy(x: Array) -> Array:
        p = 1 / (1 + np.exp(-x))
        return np.asarray(-(t * np.log(p) + (1 - t) * np.log(1 - p)).sum())

    subject = layer(entropy, lambda d, x: d * (1 / (1 + np.exp(-x)) - t))
    with np.errstate(all="ignore"):
        assert cnnbp.verify(subject, np.array([0.5, -1.0, 2.0])).passed
        for large in (800.0, -800.0):
            verdict = cnnbp.verify(subject, np.full(3, large))
            assert verdict.status == "fail"
            assert "although all that was handed in is finite" in str(verdict)


def test_wrong_alike_is_seen_with_a_reference_alone() -> None:
    """Forward and backward of another function agree with each other."""
    subject = layer(lambda x: 2 * np.maximum(x, 0), lambda d, x: 2 * d * (x > 0))
    assert cnnbp.verify(subject, X).passed
    assert {told.values["quantity"] for told in cnnbp.verify(subject, X, like=cnnbp.ReLU()).wrong} == {"y", "x"}


def test_log_of_p_plus_a_little_is_right() -> None:
    """log(p + 1e-8) of a softmax, with its exact gradient, where p is as small as that."""

    def softmax(x: Array) -> Array:
        e = np.exp(x - x.max(1, keepdims=True))
        return np.asarray(e / e.sum(1, keepdims=True))

    def backward(delta: Array, x: Array) -> Array:
        p = softmax(x)
        g = delta / (p + 1e-8)
        return np.asarray(p * (g - (g * p).sum(1, keepdims=True)))

    subject = layer(lambda x: np.log(softmax(x) + 1e-8), backward)
    for spread in (1.0, 5.0, 10.0, 20.0):
        verdict = cnnbp.verify(subject, spread * X)
        assert verdict.status != "fail", str(verdict)
        assert spread > 5 or verdict.passed


def test_a_bare_number_may_be_written_to() -> None:
    """y[y < 0] = 0 on a 0-d x."""

    def forward(x: Array) -> Array:
        y = x.copy()
        y[y < 0] = 0
        return y

    subject = layer(forward, lambda d, x: d * (x > 0))
    for number in (2.0, -3.0):
        verdict = cnnbp.verify(subject, np.array(number), like=cnnbp.ReLU())
        assert verdict.status != "fail", str(verdict)


def test_integer_weights_are_weights() -> None:
    """They have a gradient like any others."""
    w = np.arange(-10, 10).reshape(4, 5)
    right = layer(lambda x, w: x @ w.T, lambda d, x, w: (d @ w, d.T @ x))
    wrong = layer(lambda x, w: x @ w.T, lambda d, x, w: (d @ w, 2 * d.T @ x))
    for like in (None, DENSE):
        assert cnnbp.verify(right, X, w, like=like).passed
        assert cnnbp.verify(wrong, X, w, like=like).status == "fail"


def test_dropout_is_told_to_be_random() -> None:
    """And how to make it stand still."""
    rng = np.random.default_rng(0)
    mask = np.ones(X.shape)

    def forward(x: Array) -> Array:
        mask[...] = rng.random(x.shape[-1]) > 0.5 if x.shape == mask.shape else 1
        return x * mask if x.shape == mask.shape else x

    verdict = cnnbp.verify(layer(forward, lambda d, x: d * mask), X)
    assert verdict.status == "fail"
    assert "random" in str(verdict)


def test_padding_beyond_the_kernel_by_hand() -> None:
    """np.pad, then a convolution without padding: twelve of twelve are right."""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        padding, stride = int(rng.integers(1, 6)), int(rng.integers(1, 4))
        around = ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2)
        inner, inside = cnnbp.Conv2d(stride=stride), slice(padding, -padding)

        def forward(x: Array, w: Array, around: Any = around, inner: Any = inner) -> Array:
            return np.asarray(inner.forward(np.pad(x, around), w))

        def backward(d: Array, x: Array, w: Array, around: Any = around, inner: Any = inner, inside: Any = inside) -> Any:
            dx, dw = inner.backward(d, np.pad(x, around), w)
            return dx[:, :, inside, inside], dw

        x, w = rng.normal(size=(2, 2, 4, 5)), rng.normal(size=(2, 2, 2, 3))
        verdict = cnnbp.verify(layer(forward, backward), x, w, like=cnnbp.Conv2d(stride=stride, padding=padding))
        assert verdict.passed, str(verdict)


@pytest.mark.parametrize("size", [1e-300, 5e-324, 1e300])
def test_absolute_values_of_any_size(size: float) -> None:
    """|x|: a verdict, and none that it is wrong."""
    verdict = cnnbp.verify(layer(np.abs, lambda d, x: d * np.sign(x)), np.array([size, -size, 2 * size]))
    assert verdict.status != "fail", str(verdict)


def test_a_layer_that_ends_python_is_wrong() -> None:
    """SystemExit(0) in a forward is no pass, and an exception that cannot be told is one all the same."""

    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    for error in (SystemExit(0), Mute()):

        def forward(x: Array, error: BaseException = error) -> Array:
            raise error

        assert cnnbp.verify(cnnbp.from_functions(forward, lambda d, x: d), np.ones(3)).status == "fail"
