"""The constants and the magnitudes of the losses."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp import layers
from cnnbp.operators.losses import THIRD
from tests.helpers.layers import case, question
from tests.operators.test_elementwise import X, third_difference


def test_the_largest_third_derivative_of_cross_entropy() -> None:
    """Along any ±1 direction log Σ exp stays below its constant, whatever the classes, and two classes come within 1 % of it."""
    rng = np.random.default_rng(0)
    found = []
    for classes in (2, 3, 7):
        z = np.column_stack([X, rng.normal(size=(len(X), classes - 1))])
        v = np.column_stack([np.ones(len(X)), -np.ones(len(X)), rng.choice([-1, 1], (len(X), classes - 2))])
        third = third_difference(lambda t, z=z, v=v: np.log(np.exp(z + t * v).sum(1)))  # type: ignore[misc]
        found.append(np.max(abs(third)))
    assert found[0] >= 0.99 * THIRD
    assert max(found) <= THIRD + 1e-9


@pytest.mark.parametrize("operator", ["HalfSquaredError", "SoftmaxCrossEntropy"])
def test_the_bound_of_a_moved_value_covers_every_smaller_move(operator: str) -> None:
    """The bound at the farthest is at least the bound wherever each entry is moved by as much, to either side."""
    rng = np.random.default_rng(1)
    for number in range(10):
        asked = question(case(operator, number))
        step = float(np.max(np.abs(asked.args[0]), initial=1.0)) / 2
        farthest = asked.operator.bounds.farthest(asked, 0, step)
        for _ in range(5):
            moved = asked.with_argument(0, asked.args[0] + step * rng.choice([-1.0, 1.0], asked.args[0].shape))
            assert moved.bound(1, "y") <= farthest * (1 + 1e-12)


def test_the_target_has_no_gradient() -> None:
    """Neither a real target nor classes are operands."""
    for name in ("HalfSquaredError", "SoftmaxCrossEntropy"):
        asked = question(case(name, 0))
        assert asked.quantities == ("y", "x")
        assert len(asked.args) == 2
        assert isinstance(asked.operator.layer(), getattr(layers, name))
