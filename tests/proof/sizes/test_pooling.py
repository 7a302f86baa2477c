"""NumPy at the place of one output, and what `first_inputs` and `window_sizes` are there."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.layers.relation import Axis
from cnnbp.proof.sizes.pooling import Elementwise
from cnnbp.proof.sizes.source import Source, text

SOURCE = Source(text())


def test_elementwise() -> None:
    """NumPy at one place."""
    np = Elementwise(3, 9)
    assert (np.arange(9), np.minimum(2, 1), np.maximum(2, 1), np.where(True, 4, 5), np.any(False)) == (3, 1, 2, 4, False)
    for other in (8, 10):
        with pytest.raises(TypeError, match="a place for each, and no other"):
            np.arange(other)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 2), st.booleans())
def test_one_place_after_the_other_is_the_whole(
    size: int, kernel: int, stride: int, padding: int, dilation: int, ceil: bool
) -> None:
    """The source on the model says, output by output, what the layers' own says on NumPy."""
    options = size, kernel, stride, padding, dilation, ceil
    whole = Axis("h", *options)
    try:
        outputs = range(whole.outputs)
        first = whole.first_inputs().tolist()
    except ValueError:
        return
    places = []
    for output in outputs:
        SOURCE.names["np"] = Elementwise(output, len(outputs))
        ours = SOURCE.Axis("h", *options)
        places.append((ours.first_inputs(), ours.window_sizes(True), ours.window_sizes(False)))
    assert places == [*zip(first, whole.window_sizes(True).tolist(), whole.window_sizes(False).tolist(), strict=True)]


def test_the_model_knows_no_other_function() -> None:
    """What it does not know is no proof."""
    with pytest.raises(AttributeError):
        Elementwise(1, 2).clip  # type: ignore[attr-defined]  # noqa: B018
    assert hasattr(numpy, "clip")
