"""What is special about pools: a step that changes no winner, and integers that every window divides."""

from __future__ import annotations

import numpy as np
import pytest

import cnnbp
from cnnbp.operators.record import AlongDirections
from cnnbp.verification.methods.integers import drawn
from tests.helpers.layers import case, question


def test_a_step_changes_no_winner() -> None:
    """Whatever the data, moving every cell by the step, to either side, leaves each window that is judged its winner."""
    rng = np.random.default_rng(0)
    for number in range(30):
        c = case("MaxPool2d", number)
        asked = question(c)
        plan = asked.operator.differences["x"]
        assert isinstance(plan, AlongDirections)
        step, delta, left = plan.prepare(asked, 0)
        for _ in range(3):
            moved = c.args[0] + step * rng.choice([-1.0, 1.0], c.args[0].shape)
            np.testing.assert_array_equal(c.layer.backward(delta, moved)[0], c.layer.backward(delta, c.args[0])[0])
        assert (left or (0, 0))[0] == np.count_nonzero(delta != c.delta) or not c.delta.all()


@pytest.mark.parametrize("number", range(20))
def test_windows_divide_their_integers(number: int) -> None:
    """Means of the integers that are drawn are integers, and so are the shares of the residual."""
    asked = drawn(question(case("AvgPool2d", number)), number)
    layer = cnnbp.AvgPool2d(**asked.options)
    for found in (layer.forward(*asked.args), *layer.backward(asked.delta, *asked.args)):
        np.testing.assert_array_equal(found, np.rint(found))
