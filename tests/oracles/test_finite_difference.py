"""Differences are exact where the mathematics says so: on polynomials of degree 2 and dyadic numbers, and by a complex step."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.layers import ReLU, Sigmoid, Softplus, Tanh
from cnnbp.oracles import finite_difference
from cnnbp.oracles.abstention import Abstention
from cnnbp.oracles.finite_difference import Array

FEW = settings(max_examples=25)
finite = st.floats(-1e100, 1e100)


@FEW
@given(seed=st.integers(0, 2**32 - 1), quadratic=st.booleans(), exponent=st.integers(-10, 3))
def test_a_central_difference_of_a_quadratic_is_exact(seed: int, quadratic: bool, exponent: int) -> None:
    """⟨δ, f(x + v) − f(x − v)⟩ = 2·⟨δ, J·v⟩ for f(x) = A·x + (B·x)², for every step, large or small, on dyadic numbers."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 6, 2)
    a, b, x, v, delta = (rng.integers(-8, 9, size) for size in ((rows, columns), (rows, columns), columns, columns, rows))
    b = b * quadratic
    difference = finite_difference.along(lambda t: a @ t + (b @ t) ** 2, x / 8, v * 2.0**exponent, delta.astype(float))
    slope = sum(int(d) * (int(p) + 2 * int(q) * Fraction(int(r), 8)) for d, p, q, r in zip(delta, a @ v, b @ v, b @ x, strict=True))
    assert difference.change == 2 * slope * Fraction(2) ** exponent
    np.testing.assert_array_equal(difference.spread, 2 * v * 2.0**exponent)
    np.testing.assert_array_equal((difference.plus + difference.minus) / 2, x / 8)


def test_the_step_is_the_one_really_taken() -> None:
    """Where x ± v rounds, `spread` is x₊ − x₋ after rounding, the denominator of the slope."""
    x, v = np.array([1.0, 1.0, 2.0**52]), np.array([2.0**-54, 0.1, 0.75])
    difference = finite_difference.along(lambda t: 3 * t, x, v, np.array([1.0, 1.0, 1.0]))
    np.testing.assert_array_equal(difference.spread, difference.plus - difference.minus)
    np.testing.assert_array_equal(difference.spread[[0, 2]], [0, 2])
    np.testing.assert_allclose((difference.above - difference.below)[:2], 3 * difference.spread[:2], rtol=1e-15)


@FEW
@given(numerators=st.lists(st.integers(-999, 999), max_size=8), exponent=st.integers(-8, 3))
def test_every_entry_at_once(numerators: list[int], exponent: int) -> None:
    """(f(x + h) − f(x − h))/spread = 2x + 1 for f(x) = x² + x, in every entry."""
    x, h = np.array(numerators, float) / 16, np.full(len(numerators), 2.0**exponent)
    above, below, spread = finite_difference.elementwise(lambda t: t * t + t, x, h)
    np.testing.assert_array_equal((above - below) / spread, 2 * x + 1)


def exact_slope(name: str, x: float) -> Decimal:
    """f′(x) to 50 digits, by the textbook."""
    with localcontext() as context:
        context.prec = 50
        e = (-abs(Decimal(x)) * (2 if name == "Tanh" else 1)).exp()
        if name == "Softplus":
            return (1 if x >= 0 else e) / (1 + e)
        return (4 if name == "Tanh" else 1) * e / (1 + e) ** 2


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), Softplus()], ids=lambda layer: type(layer).__name__)
@FEW
@given(numbers=st.lists(st.floats(-30, 30), min_size=1, max_size=20), direction=st.sampled_from([1.0, -1.0, 0.5, 3.0]))
def test_the_complex_step_is_exact_to_rounding(layer: Any, numbers: list[float], direction: float) -> None:
    """The slope of our own forwards to 4e-15 of itself, also deep in saturation, along any direction."""
    x = np.array(numbers)
    slope = finite_difference.complex_step(layer.forward, x, np.full(x.shape, direction))
    for actual, at in zip(slope, numbers, strict=True):
        expected = Fraction(exact_slope(type(layer).__name__, at)) * Fraction(direction)
        assert abs(Fraction(float(actual)) - expected) < Fraction(4e-15) * abs(expected)


@pytest.mark.parametrize("forward", [np.abs, np.real, lambda z: np.zeros(z.shape), lambda z: np.array(z.real, np.float32)])
def test_the_complex_step_abstains(forward: Callable[[Array], Array]) -> None:
    """A forward that answers with real numbers has dropped the derivative: an abstention, not a derivative of 0."""
    with pytest.raises(Abstention, match="complex"):
        finite_difference.complex_step(forward, np.array([1.0, -2]), np.ones(2))


def test_the_complex_step_goes_through_a_branch() -> None:
    """ReLU looks at the real part only, so its slopes come through."""
    x = np.array([-2.0, 3.0])
    np.testing.assert_array_equal(finite_difference.complex_step(ReLU().forward, x, np.ones(2)), [0, 1])


@FEW
@given(pairs=st.lists(st.tuples(finite, finite), max_size=12), cancelling=st.booleans())
def test_the_inner_product_rounds_each_product_once_and_the_sum_once(pairs: list[tuple[float, float]], cancelling: bool) -> None:
    """⟨a, b⟩ is the float nearest to Σ of the rounded products; what cancels, cancels exactly."""
    pairs = pairs + [(-a, b) for a, b in pairs] + [(1.0, 0.5)] if cancelling else pairs
    a, b = np.array(pairs, float).reshape(-1, 2).T
    exact = float(sum((Fraction(p * q) for p, q in pairs), Fraction(0)))
    assert finite_difference.inner(a, b) == exact
    assert not cancelling or exact == 0.5


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_the_inner_product_of_what_is_not_finite_is_nan(wrong: float) -> None:
    """One product that is no number makes the whole no number."""
    assert math.isnan(finite_difference.inner(np.array([[1.0, wrong]]), np.array([[2.0, 3.0]])))


def test_the_inner_product_overflows_like_a_float() -> None:
    """A sum beyond the largest float is infinite, or no number, but no exception."""
    assert not math.isfinite(finite_difference.inner(np.array([1e308, 1e308]), np.ones(2)))
