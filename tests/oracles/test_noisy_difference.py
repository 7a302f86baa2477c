"""The derivative of an opaque function is right within the error it states, whatever the scale, and a kink is named."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.oracles.estimate import Estimate
from cnnbp.oracles.noise import Function, noise
from cnnbp.oracles.noisy_difference import derivative

Scalar = Callable[[float], float]

MANY, FEW = settings(max_examples=15), settings(max_examples=10)
U = 2.0**-53

factors = st.floats(0.25, 2) | st.floats(-2, -0.25)
scales = st.floats(-8, 8).map(lambda exponent: 10.0**exponent)


def estimate(function: Scalar, scale: float, size: float) -> Estimate:
    """As a verification asks: noise measured, but never below the rounding of values of this size."""
    values = _values(function)
    return derivative(values, np.ones(()), scale, scale / 4, scale / 4, np.maximum(noise(values, scale), 4 * U * size))


def _values(function: Scalar) -> Function:
    return lambda t: np.array(function(t))


def hashed(t: float) -> float:
    """A number in [−1, 1) that hangs on every bit of t: noise, but the same at every call."""
    return int.from_bytes(hashlib.blake2b(struct.pack("d", t), digest_size=8).digest(), "big") / 2**63 - 1


def wave(a: float, b: float, c: float) -> tuple[Scalar, float, float]:
    return lambda t: a * math.sin(b * t + c), a * b * math.cos(c), abs(a)


def growth(a: float, b: float, c: float) -> tuple[Scalar, float, float]:
    return lambda t: a * math.exp(b * t + c), a * b * math.exp(c), abs(a) * math.exp(c)


def polynomial(a: float, b: float, c: float) -> tuple[Scalar, float, float]:
    return lambda t: a * t**4 + (b - a) * t**3 + c * t**2 + b * t - c, b, abs(a) + abs(b) + abs(c)


SMOOTH = [wave, growth, polynomial]


@pytest.mark.parametrize("family", SMOOTH)
@MANY
@given(a=factors, b=factors, c=factors, scale=scales, noisy=st.booleans())
def test_smooth_functions(
    family: Callable[..., tuple[Scalar, float, float]], a: float, b: float, c: float, scale: float, noisy: bool
) -> None:
    """f(t/scale), clean or with noise of 1e-12: no kink, right within the stated error, and that is small beside f."""
    function, slope, size = family(a, b, c)
    found = estimate(lambda t: function(t / scale) + noisy * 1e-12 * size * hashed(t), scale, size)
    assert not found.kink
    assert abs(found.derivative - slope / scale) <= found.error
    assert found.error * scale < (1e-5 if noisy else 1e-6) * size


@pytest.mark.parametrize("bend", [abs, lambda t: max(t, 0.0), lambda t: max(t, 0.25 * t)], ids=["|t|", "max(t, 0)", "max(t, t/4)"])
@pytest.mark.parametrize("family", SMOOTH)
@FEW
@given(a=factors, b=factors, c=factors, scale=scales, noisy=st.booleans())
def test_a_kink_is_named(
    family: Callable[..., tuple[Scalar, float, float]], bend: Scalar, a: float, b: float, c: float, scale: float, noisy: bool
) -> None:
    """A kink at 0, upwards or downwards, is named on top of any smooth function, at any scale, through noise of 1e-12."""
    function, _, size = family(a, b, c)
    found = estimate(lambda t: a * bend(t / scale) + function(t / scale) + noisy * 1e-12 * size * hashed(t), scale, size)
    assert found.kink


@MANY
@given(a=factors, b=factors, c=factors, scale=scales, away=st.floats(0.01, 10), side=st.sampled_from([-1, 1]))
def test_a_kink_well_away_is_none_of_its_business(a: float, b: float, c: float, scale: float, away: float, side: int) -> None:
    """A kink beyond a hundredth of the scale neither counts nor disturbs."""
    function, slope, size = wave(a, b, c)
    found = estimate(lambda t: function(t / scale) + abs(t / scale - side * away), scale, size + away)
    assert not found.kink
    assert abs(found.derivative - (slope - side) / scale) <= found.error < 1e-6 * (size + away) / scale


@pytest.mark.parametrize("bend", [abs, lambda t: max(t, 0.0), lambda t: math.sin(t), lambda t: 3 * t - 1])
@pytest.mark.parametrize("power", [-26, -3, 0, 5, 26])
def test_only_the_scale_matters(bend: Scalar, power: int) -> None:
    """f(t/2ᵏ) at scale 2ᵏ: the same digits, the same word on the kink."""
    scale = 2.0**power
    here, there = estimate(bend, 1.0, 1.0), estimate(lambda t: bend(t / scale), scale, 1.0)
    assert (there.derivative * scale, there.error * scale, there.kink) == (here.derivative, here.error, here.kink)


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_a_function_without_values_has_no_derivative(wrong: float) -> None:
    """No number comes back, with an infinite error, and no kink is invented."""
    found = derivative(lambda t: np.array(wrong if t else 1.0), np.ones(()), 1.0, 0.25, 0.25, np.array(1e-16))
    assert math.isnan(found.derivative)
    assert found.error == math.inf
    assert not found.kink


def test_large_steps_may_leave_the_domain() -> None:
    """Steps where the function has no value are passed over."""
    found = estimate(lambda t: math.sqrt(t + 1e-3) if t > -1e-3 else math.nan, 1.0, 0.03)
    assert abs(found.derivative - 0.5 / math.sqrt(1e-3)) <= found.error < 1e-2


@pytest.mark.parametrize("scale", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("inside", ["argument", "value"])
def test_float32_inside(inside: str, scale: float) -> None:
    """A right function that computes in float32 is right within the stated error, or that error is infinite; no kink."""
    functions = {"argument": lambda t: float(np.sin(np.float32(1 + t))), "value": lambda t: float(np.float32(math.sin(1 + t)))}
    found = estimate(functions[inside], scale, 1.0)
    assert not found.kink
    assert abs(found.derivative - math.cos(1)) <= found.error


@pytest.mark.parametrize("bend", [abs, lambda t: max(t, 0.0), lambda t: math.floor(t) + t])
def test_the_sides_of_a_kink(bend: Scalar) -> None:
    """Each slope that there is, within its error; at a jump one of them has no end, and is not known."""
    (below, off_below), (above, off_above) = estimate(bend, 1.0, 1.0).sides
    assert abs(above - 1) <= off_above < (1e-6 if off_below < math.inf else 1e-2)  # a jump is steep, and steep functions are noisy
    assert off_below == math.inf or abs(below - {abs: -1}.get(bend, 0)) <= off_below < 1e-6


def test_a_straight_line_is_off_by_what_its_slopes_differ() -> None:
    """The coarsest slope is off by more than its noise, and by less than the next one's: the error covers it."""
    function = _values(lambda t: t + (3e-12 if t == 1 else 0.0))
    found = derivative(function, np.ones(()), 0.0, 1.0, 1.0, np.array(1e-13))
    assert found.steady
    assert 1e-12 < abs(found.derivative - 1) <= found.error


def test_steps_below_the_last_digits_are_left_out() -> None:
    """1 + t does not move there."""
    found = derivative(_values(lambda t: math.sin(1 + t)), np.ones(()), 1.0, 0.25, 1e-12, np.array(1e-16))
    assert all(abs(slope / math.cos(1) - 1) < 0.1 for slope in found.slopes)


@pytest.mark.parametrize("size", [1e-300, 5e-324, 1e300])
def test_the_ends_of_the_range(size: float) -> None:
    """|t| there: no OverflowError, and a slope within its error, or none."""
    for scale in (size, 1.0):
        found = derivative(
            _values(lambda t: abs(size + t)), np.ones(()), size, max(scale, size), min(size, scale), np.array(4 * U * size)
        )
        assert not abs(found.derivative - 1) > found.error
