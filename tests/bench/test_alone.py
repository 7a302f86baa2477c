"""The layers whose verdict is timed are right, and a verdict takes a fraction of the forwards of a plain loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp

from .alone import ROWS, SLOW, Counted

SMALL = [row for row in ROWS if sum(int(np.prod(shape)) for shape in row[3]) <= SLOW]


@pytest.mark.parametrize("row", SMALL, ids=lambda row: row[0])
def test_a_verdict_takes_a_part_of_a_plain_loop(row: Any) -> None:
    """In forwards, of which the loop takes two for each entry."""
    _, layer, padding, shapes = row
    args = tuple(map(np.random.default_rng(100).standard_normal, shapes))
    assert cnnbp.verify(layer, *args, like=cnnbp.Conv2d(padding=padding)).passed
    counted = Counted(layer)
    assert cnnbp.verify(counted, *args).passed
    assert 10 < counted.forwards < 2 * sum(a.size for a in args) / 4
