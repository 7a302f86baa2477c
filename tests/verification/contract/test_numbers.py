"""Other numbers for arrays of the same shapes: in the range of what was there, and none where it was."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp.layers.checks import Array
from cnnbp.verification.contract.numbers import LITTLE, alike, filled, nudged, other, others, varied

ARRAYS = {
    "drawn": np.random.default_rng(0).normal(size=(3, 4)),
    "all below 0": -np.random.default_rng(1).uniform(1, 2, (2, 2, 3)),
    "mostly 0": np.array([0.0, 3, 0, 0, -1, 0.5, 0.25, 0]),
    "large": np.array([1.5e308, -1.5e308, 1e300, 7.0, 2e307]),
    "float32": np.linspace(-1, 2, 12, dtype=np.float32).reshape(3, 4),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_alike_keeps_the_largest_and_the_least(name: str) -> None:
    """Nothing leaves the range, the sum is another, and so is each entry beside the two."""
    a = ARRAYS[name]
    found = alike(a)
    assert (found.max(), found.min(), found.dtype) == (a.max(), a.min(), a.dtype)
    assert np.isfinite(found).all()
    assert np.count_nonzero(found == other(a)) == 2 + np.count_nonzero(a[(a > a.min()) & (a < a.max())] == 0)
    assert np.array_equal(found == 0, other(a) == 0)
    assert not np.array_equal(found, a)


@pytest.mark.parametrize("a", [np.full((2, 3), 5.0), np.array(3.0), np.array([1.0, 2.0]), np.zeros(4)])
def test_alike_is_another_array_in_any_case(a: Array) -> None:
    """Where there is nothing between the largest and the least as well."""
    assert not np.any(alike(a) == other(a))
    assert not np.array_equal(alike(a), a)


def test_integers_stay_among_themselves() -> None:
    """They are indices, and may be none that were not there."""
    indices = np.array([3, 1, 2])
    for found in (alike(indices), *others((indices,))):
        assert sorted(found) == [1, 2, 3]
        assert found.dtype == indices.dtype
    assert alike(np.zeros((0, 2))).shape == (0, 2)


def test_a_residual_that_shows_little_is_filled() -> None:
    """Zeros are replaced, and one number everywhere is varied; of any other every entry stays."""
    delta = np.array([[0.0, 2.0], [3.0, 0.0]])
    assert filled(delta, 1).all()
    assert (filled(delta, 1)[delta != 0] == delta[delta != 0]).all()
    assert np.ptp(varied(np.ones((2, 3)))) > 0
    assert varied(delta) is delta


@pytest.mark.parametrize("name", ARRAYS)
def test_one_number_is_nudged(name: str) -> None:
    """It is none of the ends, and no 0; all others stay, and so does what it was made of."""
    a = ARRAYS[name]
    found, before = nudged(a), a.copy()
    (place,) = np.flatnonzero(found != a)
    assert a.min() < a.flat[place] < a.max()
    assert found.flat[place] == a.flat[place] * (1 - a.dtype.type(LITTLE))
    assert found.dtype == a.dtype
    assert np.array_equal(a, before)


@pytest.mark.parametrize("a", [np.zeros((0, 2)), np.array([1.0, 2.0]), np.arange(9), np.eye(3) + 1, np.zeros(4)])
def test_nothing_that_must_stay_is_nudged(a: Array) -> None:
    """Indices and symmetric matrices, and where there are only ends."""
    assert np.array_equal(nudged(a), a)
    assert nudged(a).dtype == a.dtype
