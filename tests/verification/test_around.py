"""Around a number: a claim that holds there alone, one whose slopes change nearby, and one that does not know its last digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cnnbp.layers.checks import Array
from cnnbp.verification.around import CAUTION, Around
from cnnbp.verification.claim import Claim
from tests.verification.hard.noise import hashed


def around(slopes: Callable[[Array], Array], at: float = 1.0) -> Around:
    """Of sin, with these slopes."""
    x = np.array([at, 2.0])
    return Around(Claim(np.sin, slopes, x, np.sin(x), slopes(x), np.ones(2)), np.random.default_rng(0))


@pytest.mark.parametrize("at", [1.0, 0.0, -3.0])
def test_what_holds_at_one_number_alone_is_isolated(at: float) -> None:
    """Where both sides have the slope that was found; not where the claim is theirs, or jumps there."""
    slope = float(np.cos(at))
    assert around(lambda x: np.where(x == at, 5.0, np.cos(x)), at).isolated(0, 1e-6, slope)
    assert not around(lambda x: 5.0 * np.cos(x), at).isolated(0, 1e-6, slope)
    assert not around(lambda x: np.where(x >= at, 5.0, np.cos(x)), at).isolated(0, 1e-6, slope)


def test_slopes_that_change_within_the_step_are_restless() -> None:
    """By as much as the claim is off, and not by a thousandth of it."""
    wave = around(lambda x: 1 + np.cos(1e6 * (x - 1)))
    assert wave.restless(0, 1e-5, 1.0)
    assert not wave.restless(0, 1e-11, 1.0)
    assert not around(np.cos).restless(0, 1e-4, 1e-3)


def test_a_gradient_that_moves_with_last_bits_trembles() -> None:
    """As far as it does, with caution; a smooth one by its rounding."""
    shaky = around(lambda x: np.cos(x) * (1 + 0.01 * hashed(x))).tremor
    assert (shaky > 1e-3).any()
    assert (shaky <= CAUTION * 0.021).all()
    assert (around(np.cos).tremor < 1e-13).all()
