"""The noise of a function is measured, and its features are not taken for it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnnbp.oracles.noise import noise, stairs, typical

from .test_noisy_difference import Scalar, _values, hashed


@pytest.mark.parametrize("size", [1e-14, 1e-12, 1e-9])
@pytest.mark.parametrize("function", [lambda t: 0.0, math.sin, math.exp])
def test_the_noise_is_measured(function: Scalar, size: float) -> None:
    """Uniform noise of ±size has the root mean square size/√3; the estimate is that, within a factor of 4."""
    assert 1 / 4 <= noise(_values(lambda t: function(t) + size * hashed(t)), 1.0) / (size / math.sqrt(3)) <= 4


@pytest.mark.parametrize("rate", [1e2, 1e4, 1e6])
def test_a_fast_function_is_not_noise(rate: float) -> None:
    """sin(rate·t): its waves are shorter than the wide tables are, and finer tables have seen that they are smooth."""
    assert noise(_values(lambda t: math.sin(rate * (t + 0.3))), 1.0) < 1e-9


@pytest.mark.parametrize("stair", [2.0**-24, 2.0**-16])
def test_stairs_are_noise(stair: float) -> None:
    """Finer tables do not move on a stair, wider ones see it, of whatever width."""
    found = noise(_values(lambda t: stair * math.floor((t + 0.3) / stair)), 0.7)  # no multiple of a stair
    assert stair / 16 < found < stair


def test_typical_is_relative() -> None:
    """Three quarters of the values are as good; values of 0 do not count."""
    assert typical(np.array([1.0, 1.0, 1.0, 100.0, 5.0]), np.array([1.0, -2.0, 4.0, 1.0, 0.0])) <= 26
    assert typical(np.zeros(2), np.zeros(2)) == 0


@pytest.mark.parametrize("at", [-7.5, -6.0])
def test_stairs_under_a_smooth_factor_are_seen(at: float) -> None:
    """Of t·(1 + erf t) finer tables see the factor t move; jumps by a unit of roundoff of 1 show over wider ones alone."""
    function = _values(lambda t: (at + t) * (1 + math.erf((at + t) / math.sqrt(2))))
    assert noise(function, 1.0) < 2.0**-60 < 2.0**-54 < stairs(function, 8.0) < 2.0**-48


@pytest.mark.parametrize("function", [math.sin, math.exp, lambda t: abs(t - 0.001), lambda t: t**2 * 1e-8])
def test_what_is_smooth_has_no_stairs(function: Scalar) -> None:
    """Nor has what bends once: that lies in one window."""
    assert stairs(_values(function), 1.0) <= 2.0**-50
