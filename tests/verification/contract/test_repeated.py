"""A layer that does not repeat itself is told what it is: random, or one with a state."""

from __future__ import annotations

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import codes, gaussian


class EveryFew:
    """tanh, a hundredth off at every few calls."""

    def __init__(self, period: int) -> None:
        self.period, self.calls = period, 0

    def forward(self, x: Array) -> Array:
        self.calls += 1
        return np.asarray(np.tanh(x) * (1.01 if self.calls % self.period == 0 else 1))

    def backward(self, delta: Array, x: Array) -> Array:
        return np.asarray(delta * (1 - np.tanh(x) ** 2))


@pytest.mark.parametrize("period", [2, 3, 4])
def test_a_counter_is_no_chance(period: int) -> None:
    """However often it comes back to where it was."""
    assert "contract.stateful" in codes(cnnbp.verify(EveryFew(period), *gaussian((3, 4)), like=cnnbp.Tanh()))


def test_chance_is_no_state() -> None:
    """A mask from NumPy's global generator."""
    layer = cnnbp.from_functions(lambda x: x * (np.random.random(x.shape) > 0.5), lambda d, x: d)  # noqa: NPY002  # that is the fault
    assert codes(cnnbp.verify(layer, *gaussian((3, 4))))[-1:] == ["contract.random-global"]


class DoubledAtFirst:
    """x², whose first gradient is twice too large."""

    def __init__(self) -> None:
        self.calls = 0

    def forward(self, x: Array) -> Array:
        return x * x

    def backward(self, delta: Array, x: Array) -> Array:
        self.calls += 1
        return 2 * x * delta * (2 if self.calls == 1 else 1)


def test_a_state_is_not_told_as_calculus() -> None:
    """What is right on both sides of a number is so because it was asked about later."""
    verdict = cnnbp.verify(DoubledAtFirst(), np.array([0.5, 1.0, 2.0]))
    assert codes(verdict) == ["verification.wrong-entry", "contract.stateful"]


def test_many_axes_grow_by_few() -> None:
    """A larger map of thirty axes is larger along three of them."""
    assert cnnbp.verify(cnnbp.from_functions(lambda x: x * x, lambda d, x: 2 * d * x), np.full((1,) * 30, 2.0)).status != "fail"
