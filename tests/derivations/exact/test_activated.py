"""Activations and slopes are those of f at z, worked out once."""

from __future__ import annotations

import numpy as np

from cnnbp.derivations.exact.activated import Activated
from cnnbp.derivations.exact.numbers import CURVES


class Map(Activated):
    """A map alone."""

    def __init__(self) -> None:
        self.z, self.f = np.array([2, 3], object), CURVES[0]


def test_a_map_has_activations_and_slopes() -> None:
    """Of its own f, in exact numbers."""
    found = Map()
    assert found.a.tolist() == found.f(found.z).tolist()
    assert found.slope.tolist() == found.f.slope(found.z).tolist()
    assert found.a is found.a
