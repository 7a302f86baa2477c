"""A layer about which nothing is known: right ones never fail, wrong ones do, noise is named."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest
from scipy.special import erf

import cnnbp
from cnnbp.faults import FAULTS
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from tests.helpers.layers import arguments, bent, case, gaussian, opaque, reference

ENTRIES = 40  # of all arguments, at most: every entry costs forwards


def small(operator: str) -> list[Array]:
    """x and the parameters, with two samples at most."""
    x, *params = arguments(operator)
    return [x[:2], *(p[:2] if p.dtype.kind == "i" or operator == "HalfSquaredError" else p for p in params)]


@pytest.mark.parametrize("operator", OPERATORS)
def test_right_layers_never_fail(operator: str) -> None:
    """Over drawn cases, with their kinks, ties, zeros, saturation and wide ranges: pass or inconclusive."""
    failed, drawn = [], (case(operator, number) for number in range(60))
    for number, c in enumerate(islice((c for c in drawn if sum(a.size for a in c.args) <= ENTRIES), 4)):
        record = OPERATORS[operator]
        skip = [name for name in record.arguments[: len(c.args)] if name not in (*record.gradients, *record.indices)]
        verdict = cnnbp.verify(
            opaque(c.layer), *c.args, delta=c.delta, names=record.arguments[: len(c.args)], skip=skip, seed=number
        )
        if verdict.status == "fail":
            failed.append((number, c.traits[0], verdict.reasons[0][:200]))
    assert failed == []


@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - {"HalfSquaredError"}))  # no gradient by its real target
def test_right_layers_pass_on_plain_numbers(operator: str) -> None:
    """On gaussian numbers the verdict is "pass": caution does not silence it. The evidence is marked as an estimate."""
    verdict = cnnbp.verify(opaque(reference(operator)), *small(operator))
    assert verdict.passed, str(verdict)
    assert {e.kind for e in verdict.evidence if e.oracle != "contract"} == {"estimated"}


def _one_entry(relative: float) -> Callable[[Array, Any], Array]:
    def bend(g: Array, _: Any) -> Array:
        g = g.copy()
        g.ravel()[np.abs(g).argmax()] *= 1 + relative
        return g

    return bend


WRONG = {
    "kernel not rotated": ("Conv2d", {"dx": lambda _, a: a.backward(w=a.w[..., ::-1, ::-1])[0]}),
    "kernel gradient rotated": ("Conv2d", {"dw": lambda dw, _: dw[..., ::-1, ::-1]}),
    "one weight off by a millionth": ("Conv2d", {"dw": _one_entry(1e-6)}),
    "one input off by a millionth": ("Dense", {"dx": _one_entry(1e-6)}),
    "one average off by a millionth": ("AvgPool2d", {"dx": _one_entry(1e-6)}),
    "slope missing": ("Tanh", {"dx": lambda _, a: a.delta.copy()}),
    "slope at the activation": ("Sigmoid", {"dx": lambda _, a: a.delta * a.y}),
    "twice": ("Softplus", {"dx": lambda dx, _: 2 * dx}),
    "residual ignored": ("ReLU", {"dx": lambda _, a: np.where(a.x > 0, 1.0, 0.0)}),
    "negative side forgotten": ("LeakyReLU", {"dx": lambda _, a: np.where(a.x > 0, a.delta, 0)}),
    "to the wrong winner": ("MaxPool2d", {"dx": lambda dx, _: dx[..., ::-1]}),
    "bias averaged": ("Dense", {"db": lambda db, a: db / len(a.x)}),
    "nothing": ("Dense", {"dx": lambda dx, _: 0 * dx}),
}


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("name", WRONG)
def test_wrong_layers_fail_without_a_reference(name: str) -> None:
    """The layer's own forward is enough, whatever the residual, and the differences say which quantity."""
    operator, bends = WRONG[name]
    verdict = cnnbp.verify(opaque(bent(operator, **bends)), *small(operator), seed=len(name))
    assert verdict.status == "fail", str(verdict)
    wrong = {e.quantity for e in verdict.evidence if e.oracle == "finite_difference" and e.status == "fail"}
    assert wrong == {quantity.removeprefix("d") for quantity in bends}


def test_a_forward_that_is_wrong_too_is_not_seen() -> None:
    """What nobody but a reference can know: a convolution that convolves agrees with its own differences."""
    layer = next(f for f in FAULTS if f.id == "conv-true-convolution").make()
    assert cnnbp.verify(opaque(layer), *small("Conv2d")).passed
    assert cnnbp.verify(layer, *small("Conv2d"), like=cnnbp.Conv2d()).status == "fail"


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


# layer, arguments, delta: the smallest of what the drawn cases above find
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


@pytest.mark.usefixtures("methods_alone")
def test_shapes_may_change_in_any_way() -> None:
    """A layer of three parameters with an output of another rank: all four gradients are judged."""
    x, w, b, c = gaussian((2, 3), (3, 4), (4,), (4,))

    def forward(x: Array, w: Array, b: Array, c: Array) -> Array:
        return np.asarray(((x @ w + b) * c).sum())

    def backward(delta: Array, x: Array, w: Array, b: Array, c: Array) -> tuple[Array, ...]:
        g = delta * np.broadcast_to(c, (2, 4))
        return g @ w.T, x.T @ g, g.sum(0), delta * (x @ w + b).sum(0)

    verdict = cnnbp.verify(cnnbp.from_functions(forward, backward), x, w, b, c)
    assert verdict.passed
    assert {e.quantity for e in verdict.evidence if e.oracle == "finite_difference"} == {"x", "w", "b", "c"}


def test_indices_between_arguments_have_no_gradient() -> None:
    """Gradients belong to the floating arguments, wherever integers stand."""
    gathered = cnnbp.from_functions(
        lambda x, i, w: (x * w)[:, i],
        lambda d, x, i, w: (np.put_along_axis(z := np.zeros(x.shape), np.tile(i, (len(x), 1)), d, 1) or z * w, (z * x).sum(0)),
    )
    rng = np.random.default_rng(0)
    assert cnnbp.verify(gathered, rng.normal(size=(3, 4)), np.array([0, 2]), rng.normal(size=4)).passed


def test_a_nan_gradient_is_wrong() -> None:
    """NaN never passes, and is never called noise."""
    assert cnnbp.verify(cnnbp.from_functions(lambda x: 2 * x, lambda d, x: d * np.nan), np.ones(3)).status == "fail"


# ---- right formulas that cancel --------------------------------------------------------------------------------------


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
    for seed in range(5):
        x = np.random.default_rng(seed).normal(0, spread, (3, 4))
        verdict = cnnbp.verify(cnnbp.from_functions(forward, backward), x, seed=seed)
        assert verdict.status != "fail", str(verdict)
