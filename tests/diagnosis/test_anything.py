"""What is told of any layer: right numbers elsewhere, another gradient, an offset, a limit, a lower precision, another form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.evidence import remark
from cnnbp.layers.checks import Array
from tests.diagnosis.test_diagnose import causes
from tests.helpers.layers import bent, gaussian, opaque

pytestmark = pytest.mark.usefixtures("methods_alone")

X, W, B = gaussian((4, 4), (4, 4), (4,))
Bend = Callable[[Array, Any], Array]


def shuffled(v: Array, _: Any) -> Array:
    return np.random.default_rng(0).permutation(v.ravel()).reshape(v.shape)


@pytest.mark.parametrize(
    ("bends", "found"),
    [
        ({"dx": lambda v, _: 0 * v}, {"x": ["all-zero"]}),
        ({"dx": lambda _, a: a.backward()[1]}, {"x": ["gradient-of-another"]}),
        ({"dx": lambda v, _: v + 1e-8}, {"x": ["offset"]}),
        ({"dx": lambda v, _: np.clip(v, -0.5, 0.5)}, {"x": ["clipped"]}),
        ({"dw": lambda v, a: v + 1e-4 * a.w}, {"w": ["decay"]}),
        ({"db": lambda v, a: v - 0.3 * a.b}, {"b": ["decay"]}),
        ({"dw": lambda v, a: v + 1e-4 * np.abs(a.w)}, {}),
        ({"dx": lambda v, _: v[::-1]}, {"x": ["flipped"]}),
        ({"dx": lambda v, _: np.roll(v, 1, 0)}, {"x": ["moved-along"]}),
        ({"dx": lambda v, _: v.T}, {"x": ["axes-reversed", "last-axes-exchanged", "column-by-column"]}),
        ({"dx": lambda v, _: np.broadcast_to(v.sum(0), v.shape)}, {"x": ["summed-along"]}),
        ({"dx": lambda v, _: np.broadcast_to(v.mean(0), v.shape)}, {"x": ["mean-along"]}),
        ({"dx": lambda v, _: v - v.mean(0)}, {"x": ["centred"]}),
        ({"dx": shuffled}, {"x": ["reordered"]}),
        ({"gradients": lambda g, _: (g[1], g[0], g[2])}, {"x": ["gradient-of-another"], "w": ["gradient-of-another"]}),
    ],
)
def test_what_was_done_to_right_numbers(bends: dict[str, Bend], found: dict[str, list[str]]) -> None:
    """Each under its code, alone."""
    assert causes(cnnbp.verify(bent("Dense", **bends), X, W, B, like=cnnbp.Dense())) == found


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize(("alone", "found"), [(True, {"x": ["diagonal-alone"]}), (False, {})])
def test_a_softmax_of_which_the_diagonal_is_taken(trusted: bool, alone: bool, found: dict[str, list[str]]) -> None:
    """With a reference that is no layer of cnnbp, and without one; nothing is named where the rest is there, and wrong."""

    def forward(x: Array) -> Array:
        return np.asarray(np.exp(x) / np.exp(x).sum(1, keepdims=True))

    def whole(delta: Array, x: Array) -> Array:
        y = forward(x)
        return y * (delta - (delta * y).sum(1, keepdims=True))

    def backward(delta: Array, x: Array) -> Array:
        y = forward(x)
        return delta * y * (1 - y) if alone else y * (delta - (delta * y).max(1, keepdims=True))

    like = cnnbp.from_functions(forward, whole) if trusted else None
    verdict = cnnbp.verify(cnnbp.from_functions(forward, backward), gaussian((3, 4))[0], like=like)
    assert verdict.status == "fail"
    assert causes(verdict) == found


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize(("forward", "found"), [(np.tanh, {"x": ["sigmoid-slope"]}), (np.sin, {})])
def test_the_slope_of_a_sigmoid_is_no_diagonal(trusted: bool, forward: Any, found: dict[str, list[str]]) -> None:
    """It is y·(1 − y) as well, and each entry of y hangs on its own of x alone."""

    def wrong(delta: Array, x: Array) -> Array:
        return np.asarray(delta * forward(x) * (1 - forward(x)))

    slope = {np.tanh: lambda x: 1 - np.tanh(x) ** 2, np.sin: np.cos}[forward]
    like = cnnbp.from_functions(lambda x: forward(x), lambda delta, x: delta * slope(x)) if trusted else None
    verdict = cnnbp.verify(cnnbp.from_functions(lambda x: forward(x), wrong), gaussian((3, 4))[0], like=like)
    assert verdict.status == "fail"
    assert causes(verdict) == found


def test_a_mean_that_is_taken_for_a_constant() -> None:
    """What is right has the mean 0 along that axis, and the answer has another."""

    def backward(delta: Array, x: Array) -> Array:
        return delta

    (x,) = gaussian((5, 3))
    centring = cnnbp.from_functions(lambda x: x - x.mean(0), backward)
    right = cnnbp.from_functions(lambda x: x - x.mean(0), lambda delta, x: delta - delta.mean(0))
    (cause,) = cnnbp.verify(centring, x, like=right).diagnosis
    assert cause.what == remark("diagnosis.cause.not-centred", quantity="x", x="x", along="0")


@pytest.mark.parametrize(
    ("bend", "code", "format"),
    [
        (lambda v, _: v.astype(np.float32).astype(float), "answers-rounded", "float32"),
        (lambda v, _: v.astype(np.float16).astype(float), "answers-rounded", "float16"),
        (
            lambda _, a: a.delta.astype(np.float32).astype(float) @ a.w.astype(np.float32).astype(float),
            "operands-rounded",
            "float32",
        ),
        (lambda v, _: v * (1 + 2.0**-24 * np.random.default_rng(0).normal(size=v.shape)), "errors-like", "float32"),
    ],
)
def test_a_lower_precision_is_named(bend: Bend, code: str, format: str) -> None:
    """By answers that it can hold, by operands that were rounded, or by the size of the errors; beside any reference."""
    for like in (cnnbp.Dense(), opaque(cnnbp.Dense())):
        (cause,) = cnnbp.verify(bent("Dense", dx=bend), X, W, B, like=like).diagnosis
        assert cause.what.code == f"diagnosis.cause.{code}"
        assert cause.what.values["format"] == format


def test_a_cast_on_the_way_is_told_beside_any_reference() -> None:
    """Its errors are a small part of what bounds that are measured leave to float32."""

    def forward(x: Array, w: Array) -> Array:
        return np.asarray(np.tanh(x @ w))

    def backward(delta: Array, x: Array, w: Array, dtype: str) -> Array:
        return np.asarray((delta * (1 - forward(x, w) ** 2)).astype(dtype).astype(float) @ w.T)

    layers = [cnnbp.from_functions(forward, lambda d, x, w, t=dtype: backward(d, x, w, t)) for dtype in ("d", "f")]  # type: ignore[misc]
    assert causes(cnnbp.verify(layers[1], X, W, like=layers[0], skip="w")) == {"x": ["errors-like"]}


@pytest.mark.parametrize("size", [1e-12, 1e-10, 1e-5, 1e-3])
def test_errors_of_another_size_are_no_precision_beside_any_reference(size: float) -> None:
    """A reference whose bounds are measured leaves as little room."""

    def forward(x: Array, w: Array) -> Array:
        return np.asarray(np.tanh(x @ w))

    def backward(delta: Array, x: Array, w: Array, off: float = 0) -> Array:
        return ((delta * (1 - forward(x, w) ** 2)) @ w.T) * (1 + off * np.random.default_rng(0).normal(size=x.shape))

    layers = [cnnbp.from_functions(forward, lambda d, x, w, off=off: backward(d, x, w, off)) for off in (0, size)]  # type: ignore[misc]
    verdict = cnnbp.verify(layers[1], X, W, like=layers[0], skip="w")
    assert verdict.status == "fail"
    assert causes(verdict) == {}


@pytest.mark.parametrize("size", [1e-12, 1e-3])
def test_errors_of_another_size_are_no_precision(size: float) -> None:
    """Neither far below float32's nor far above."""

    def bend(v: Array, _: Any) -> Array:
        return v * (1 + size * np.random.default_rng(0).normal(size=v.shape))

    assert causes(cnnbp.verify(bent("Dense", dx=bend), X, W, B, like=cnnbp.Dense())) == {}


@pytest.mark.parametrize(
    ("bends", "found"),
    [
        ({"dw": lambda v, _: v.T}, {"w": ["shape-transposed"]}),
        ({"db": lambda v, _: v[None]}, {"b": ["shape-axes"]}),
        ({"db": lambda _, a: a.delta}, {"b": ["shape-not-summed"]}),
        ({"gradients": lambda g, _: (g[0], g[2], g[1])}, {"": ["order"]}),
        ({"dw": lambda v, _: 2 * v.T}, {}),
        ({"gradients": lambda g, _: (g[0], 2 * g[2], g[1])}, {}),
    ],
)
def test_a_gradient_of_another_form_is_mended(bends: dict[str, Bend], found: dict[str, list[str]]) -> None:
    """Where that makes it right, and nowhere else; beside any reference."""
    x, w, b = gaussian((4, 3), (2, 3), (2,))
    for like in (cnnbp.Dense(), opaque(cnnbp.Dense())):
        verdict = cnnbp.verify(bent("Dense", **bends), x, w, b, like=like)
        assert verdict.status == "fail"
        assert causes(verdict) == found
