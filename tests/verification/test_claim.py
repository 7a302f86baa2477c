"""How far an entry may be moved hangs on the argument, at any scale."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp.layers.checks import Array
from cnnbp.verification.claim import Claim


def claim(at: Array, gradient: Array | None = None) -> Claim:
    return Claim(np.asarray, np.asarray, at, at, at if gradient is None else gradient, np.ones(at.shape))


@pytest.mark.parametrize("size", [1e-300, 1.0, 1e300])
def test_the_scale_follows_the_numbers(size: float) -> None:
    """Their root mean square, without overflow; zeros do not count, and move as small entries do."""
    found = claim(size * np.array([3.0, -4.0, 0.0, 1e-9]))
    assert found.usual == pytest.approx(size * 5 / np.sqrt(3), rel=1e-12)
    assert found.scale == pytest.approx(size * np.array([3, 4, found.usual / size / 64, found.usual / size / 64]), rel=1e-12)


def test_zeros_move_by_a_part_of_1() -> None:
    """Nothing is known of their scale."""
    assert claim(np.zeros(2)).usual == 1
    assert claim(np.zeros(2)).scale.tolist() == [1 / 64, 1 / 64]


def test_what_is_not_finite_is_not_the_largest() -> None:
    """A gradient of NaN and ∞ has no size."""
    assert claim(np.ones(3), np.array([2.0, np.nan, np.inf])).largest == 2
    assert claim(np.array([3.0, -4.0])).whole == 7
