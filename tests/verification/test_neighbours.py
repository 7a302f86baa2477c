"""Numbers near those of a case: in pairs of opposite directions, each moved by its own size."""

from __future__ import annotations

import numpy as np

from cnnbp.verification.neighbours import level, neighbours, of_wide_range
from tests.helpers.layers import gaussian

X, DELTA, INDICES = np.array([[1e8, -3.0, 0.0], [1e-9, 2.0, -5.0]]), np.array([1.0, 1e-3]), np.arange(4)


def test_they_lie_on_both_sides_and_as_far_as_each_number_is_large() -> None:
    """One that is 0 moves by what is usual; the last pair moves an array as one; an index has no neighbours."""
    found = [(*args, delta) for args, delta in neighbours((X, INDICES), DELTA, np.random.default_rng(0), 3, 2.0**-10)]
    assert len(found) == 6
    sizes = np.where(X == 0, np.median(np.abs(X[X != 0])), np.abs(X))
    for (above, same, up), (below, _, down) in zip(found[::2], found[1::2], strict=True):
        assert same is INDICES
        np.testing.assert_allclose([*(above - X).flat, *(up - DELTA)], [*(X - below).flat, *(DELTA - down)], rtol=1e-6)
        moved = np.abs(above - X) * 2.0**10 / sizes
        assert (moved > 0.49).all()
        assert (moved < 1.01).all()
    assert np.ptp(moved) < 1e-6  # of the last


def test_level_numbers_are_as_large_as_the_largest() -> None:
    """Of each array; indices as they are."""
    (x, indices), delta = level((X, INDICES), DELTA, np.random.default_rng(0))
    assert indices is INDICES
    assert all((np.abs(a) >= size / 2).all() and (np.abs(a) <= size).all() for a, size in ((x, 1e8), (delta, 1.0)))


def test_ranges() -> None:
    """Normal numbers are of one size; a few far larger than the rest are not."""
    x = gaussian((10**4,))[0]
    assert not of_wide_range(x, np.zeros(3), np.arange(5))
    assert of_wide_range(np.append(x, 1e7))
