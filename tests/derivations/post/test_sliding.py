"""Maps slid over one another, against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnbp.derivations.post.sliding import slide

MAPS = hnp.arrays(int, hnp.array_shapes(min_dims=2, max_dims=2, max_side=4), elements=st.integers(-3, 3))


@given(a=MAPS, w=MAPS)
@pytest.mark.parametrize("flips", [True, False])
def test_as_scipy_does(a: np.ndarray, w: np.ndarray, flips: bool) -> None:
    """Full and same; valid where the kernel lies inside, and nothing where it does not; padded is full.

    Where a side of the kernel is even its middle is a matter of taste: "same" is compared where there is one.
    """
    from scipy import signal  # here, not above: it takes seconds to import, in each process that collects this file

    theirs = signal.convolve2d if flips else signal.correlate2d
    assert np.array_equal(slide(a, w, flips, "full"), theirs(a, w, "full"))
    if all(side % 2 for side in w.shape):
        assert np.array_equal(slide(a, w, flips, "same"), theirs(a, w, "same"))
    valid = slide(a, w, flips, "valid")
    if all(k <= d for k, d in zip(w.shape, a.shape, strict=True)):
        assert np.array_equal(valid, theirs(a, w, "valid"))
    else:
        assert valid.size == 0
    assert np.array_equal(slide(a, w, flips, "padded"), slide(a, w, flips, "full"))
