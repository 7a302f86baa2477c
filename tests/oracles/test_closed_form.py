"""The closed forms against balls of 400 digits, far into the tails, and their gradients against complex steps of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnbp.oracles.closed_form import FORMS
from tests.layers.loops import Array

pytestmark = pytest.mark.filterwarnings("error")  # nothing overflows on the way either

U, STEP = 2.0**-53, 2.0**-60
BENT: dict[str, Any] = {"negative_slope": 0.25}
EXACT: dict[str, tuple[Callable[[arb], arb], Callable[[arb], arb]]] = {  # f and f′ in any precision
    "Sigmoid": (lambda x: 1 / (1 + (-x).exp()), lambda x: 1 / ((1 + x.exp()) * (1 + (-x).exp()))),
    "Tanh": (lambda x: x.tanh(), lambda x: x.sech() ** 2),
    "Softplus": (lambda x: x.exp().log1p(), lambda x: 1 / (1 + (-x).exp())),
}
ELEMENTWISE = [*EXACT, "Identity", "ReLU", "LeakyReLU"]


@pytest.fixture(autouse=True)
def many_digits() -> Iterator[None]:
    """Enough for 1 + e⁻⁶⁴⁰ not to be 1."""
    before, ctx.dps = ctx.dps, 400
    yield
    ctx.dps = before


def off(actual: float, exact: arb) -> float:
    """The relative error, in units of roundoff."""
    return float(abs((arb(float(actual)) - exact) / exact).mid()) / U


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("operator", EXACT)
@given(x=st.floats(-320, 320))
@example(40.0)
@example(np.nextafter(40.0, 41.0))
@example(-40.0)
@example(np.nextafter(-40.0, -41.0))
@example(1e-300)
def test_relative_accuracy_in_either_tail(operator: str, x: float) -> None:
    """f, f′ and the complex step of f are right to a few roundings of their own size, however small they are."""
    form, (f, slope) = FORMS[operator], EXACT[operator]
    at = np.array(x)
    if x:  # tanh 0 = 0 has no relative error
        assert off(form.forward({}, at), f(arb(x))) <= 8
    assert off(form.slope({}, at), slope(arb(x))) <= 8
    assert off(form.forward({}, at + 1j * STEP).imag / STEP, slope(arb(x))) <= 16


@pytest.mark.parametrize("operator", ELEMENTWISE)
def test_limits_are_reached_without_overflow(operator: str) -> None:
    """At ±10000 everything is its limit, for real and for complex numbers."""
    x = np.array([-1e4, 1e4])
    values, slopes = {
        "Sigmoid": ([0, 1], [0, 0]),
        "Tanh": ([-1, 1], [0, 0]),
        "Softplus": ([0, 1e4], [0, 1]),
        "Identity": ([-1e4, 1e4], [1, 1]),
        "ReLU": ([0, 1e4], [0, 1]),
        "LeakyReLU": ([-2500, 1e4], [0.25, 1]),
    }[operator]
    assert FORMS[operator].forward(BENT, x).tolist() == values
    assert FORMS[operator].slope(BENT, x).tolist() == slopes
    assert FORMS[operator].gradient(BENT, 3 * np.ones(2), x)[0].tolist() == [3 * s for s in slopes]
    assert (FORMS[operator].forward(BENT, x + 1j * STEP).imag / STEP).tolist() == slopes


def test_conventions_at_the_kink() -> None:
    """ReLU′(0) = 0 and LeakyReLU′(0) = negative_slope."""
    assert FORMS["ReLU"].slope({}, np.array([0.0, -0.0])).tolist() == [0, 0]
    assert FORMS["LeakyReLU"].slope(BENT, np.array([0.0, -0.0])).tolist() == [0.25, 0.25]


def complex_steps(operator: str, options: Any, delta: Array, args: list[Array], number: int) -> Array:
    """∂⟨δ, y⟩ by every entry of one argument."""
    gradient = np.zeros(args[number].shape)
    for i in np.ndindex(gradient.shape):
        moved = [a.astype(complex) if a.dtype == float else a for a in args]
        moved[number][i] += 1j * STEP
        gradient[i] = np.sum(delta * FORMS[operator].forward(options, *moved)).imag / STEP
    return gradient


NORMAL = np.random.default_rng(1)
X, DELTA = NORMAL.normal(size=(2, 3, 2, 2)), NORMAL.normal(size=(2, 3, 2, 2))
W, B, MEAN, VAR = (*NORMAL.normal(size=(3, 3)), NORMAL.random(3))
LOGITS = NORMAL.normal(size=(4, 3)) * [[1], [10], [100], [600]]


@pytest.mark.parametrize(
    ("operator", "options", "delta", "args"),
    [
        ("HalfSquaredError", {}, np.array(-1.5), [LOGITS, LOGITS[::-1].copy()]),
        ("SoftmaxCrossEntropy", {}, np.array(-1.5), [LOGITS, np.array([0, 2, 1, 1])]),
        ("BatchNorm2d", {"eps": 1e-5, "training": True}, DELTA, [X, W, B]),
        ("BatchNorm2d", {"eps": 1e-5, "training": True}, DELTA, [X, W]),
        ("BatchNorm2d", {"eps": 0.5, "training": False}, DELTA, [X, W, B, MEAN, VAR]),
    ],
)
def test_gradient_is_the_complex_step_of_the_forward(operator: str, options: Any, delta: Array, args: list[Array]) -> None:
    """For every entry of every argument that has a gradient, to a few roundings of the largest."""
    gradients = FORMS[operator].gradient(options, delta, *args)
    assert len(gradients) == (1 if operator in ("HalfSquaredError", "SoftmaxCrossEntropy") else min(3, len(args)))
    for number, gradient in enumerate(gradients):
        expected = complex_steps(operator, options, delta, args, number)
        assert np.abs(gradient - expected).max() <= 64 * U * np.abs(expected).max()


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(st.floats(-600, 600), min_size=3, max_size=3), min_size=1, max_size=3), target=st.integers(0, 2))
def test_cross_entropy_is_accurate_however_small(rows: list[list[float]], target: int) -> None:
    """J and dx of one sample after the other, relative to their own size, also where the target is all but certain."""
    for row in rows:
        exact = [arb(v).exp() for v in row]
        p = [e / sum(exact) for e in exact]
        x, t = np.array([row]), np.array([target])
        others = sum(p[c] for c in range(3) if c != target)
        loss = (others / p[target]).log1p()
        if loss > 1e-300:  # below, float64 has fewer digits
            assert off(FORMS["SoftmaxCrossEntropy"].forward({}, x, t), loss) <= 16 + 2 * max(map(abs, row))
        (dx,) = FORMS["SoftmaxCrossEntropy"].gradient({}, np.array(1.0), x, t)
        for c in range(3):
            right = -others if c == target else p[c]
            if right > 1e-300:
                assert off(dx[0, c], right) <= 16 + 4 * max(map(abs, row))


def test_batch_norm_by_hand() -> None:
    """Entries 3 above and below their mean, ε = 7: x̂ = ±¾, y = w·x̂ + b; with given statistics those count instead."""
    x, w, b = np.array([2.0, 8.0]).reshape(2, 1, 1, 1), np.array([8.0]), np.array([1.0])
    assert FORMS["BatchNorm2d"].forward({"eps": 7.0, "training": True}, x, w, b).ravel().tolist() == [-5, 7]
    given_ = np.array([0.0]), np.array([9.0])
    assert FORMS["BatchNorm2d"].forward({"eps": 7.0, "training": False}, x, w, b, *given_).ravel().tolist() == [5, 17]
