"""The handwritten digits: what is shipped, and what is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from cnnbp import digits


def test_shipped_digits() -> None:
    """1,797 images of 8×8 pixels in [0, 1], one-hot targets, all ten classes."""
    x, y = digits.load()
    assert x.shape == (1797, 1, 8, 8)
    assert y.shape == (1797, 10)
    assert (x.min(), x.max()) == (0, 1)
    assert np.array_equal(y.sum(1), np.ones(1797))
    assert (y.sum(0) > 170).all()


@pytest.mark.parametrize("text", ["1,2,3\n", ",".join(["99"] * 64) + ",1\n"])
def test_other_files_are_refused(text: str, tmp_path: Path) -> None:
    """A file of another form is answered with what was expected."""
    path = tmp_path / "digits.csv.gz"
    with gzip.open(path, "wt") as file:
        file.write(text)
    with pytest.raises(ValueError, match="64 pixels from 0 to 16"):
        digits.load(path)
