"""Maps slid over one another, against PyTorch."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnbp.derivations.post.sliding import slide

MAPS = hnp.arrays(int, hnp.array_shapes(min_dims=2, max_dims=2, max_side=4), elements=st.integers(-3, 3))


def theirs(a: np.ndarray, w: np.ndarray, flips: bool, padding: tuple[int, ...]) -> np.ndarray:
    """The same by PyTorch, which flips nothing by itself."""
    kernel = torch.from_numpy((w[::-1, ::-1] if flips else w).copy())
    return torch.nn.functional.conv2d(torch.from_numpy(a)[None, None], kernel[None, None], padding=padding)[0, 0].numpy()


@settings(max_examples=60)
@given(a=MAPS, w=MAPS, flips=st.booleans())
def test_as_pytorch_does(a: np.ndarray, w: np.ndarray, flips: bool) -> None:
    """Full and same; valid where the kernel lies inside, and nothing where it does not; padded is full.

    Where a side of the kernel is even its middle is a matter of taste: "same" is compared where there is one.
    """
    full = theirs(a, w, flips, tuple(side - 1 for side in w.shape))
    assert np.array_equal(slide(a, w, flips, "full"), full)
    assert np.array_equal(slide(a, w, flips, "padded"), full)
    if all(side % 2 for side in w.shape):
        assert np.array_equal(slide(a, w, flips, "same"), theirs(a, w, flips, tuple(side // 2 for side in w.shape)))
    valid = slide(a, w, flips, "valid")
    if all(k <= d for k, d in zip(w.shape, a.shape, strict=True)):
        assert np.array_equal(valid, theirs(a, w, flips, (0, 0)))
    else:
        assert valid.size == 0
