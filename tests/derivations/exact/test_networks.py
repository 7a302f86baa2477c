"""The truth about a perceptron, against difference quotients that are exact because J is a polynomial."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from cnnbp.cases.choices import Counter
from cnnbp.derivations.exact.layouts import Layout
from cnnbp.derivations.exact.networks import Perceptron
from cnnbp.derivations.exact.numbers import IDENTITY


def _drawn(number: int, *units: int, samples: int = 1) -> Perceptron:
    return Layout(units, samples, rate=True, decay=True).numbers(Counter(number, "drawn"))


@pytest.mark.parametrize("number", range(6))
def test_gradient_is_the_central_difference(number: int) -> None:
    """With f(z) = z and one layer, J is quadratic in every weight and bias: its central difference is its derivative."""
    net = replace(_drawn(number, 2, 1 + number % 3, samples=1 + number % 2), f=IDENTITY)
    for index in np.ndindex(net.w[1].shape):
        up, down = (net.with_weights(1, _moved(net.w[1], index, step)).objective() for step in (1, -1))
        assert net.gradient(1)[index] == Fraction(up - down) / 2
    for index in np.ndindex(net.b[1].shape):
        up, down = (replace(net, b={1: _moved(net.b[1], index, step)}).objective() for step in (1, -1))
        assert net.bias_gradient(1)[index] == Fraction(up - down) / 2


def _moved(values: np.ndarray, index: tuple[int, ...], step: int) -> np.ndarray:
    moved = values.copy()
    moved[index] += step
    return moved


@pytest.mark.parametrize("number", range(6))
def test_residual_of_a_layer_is_the_gradient_of_its_bias(number: int) -> None:
    """∂J/∂z = ∂J/∂b of one sample, in every layer of a deeper network: two ways through the forward pass."""
    net = _drawn(number, 2, 1, 3, 2)
    for layer in net.b:
        assert np.array_equal(net.residual(layer + 1), net.by_biases(layer, Perceptron.loss))


def test_a_changed_network_is_computed_anew() -> None:
    """What one network remembers, another one that was made of it does not."""
    net = _drawn(0, 1, 2, 1)
    before = net.a(3).copy()
    other = net.with_weights(1, 2 * net.w[1])
    assert np.array_equal(net.a(3), before)
    assert not np.array_equal(other.z(2) - other.b[1], net.z(2) - net.b[1])


@pytest.mark.parametrize("number", range(6))
def test_with_step_1_all_else_is_as_it_was(number: int) -> None:
    """Whichever of the two computes first: both have what a network has that shares nothing."""
    net, alone = (_drawn(number, 2, 2, 1, samples=2) for _ in range(2))
    shared, made = net.unit_step, replace(alone, rate=Fraction(1))
    assert shared.rate == 1
    for layer in net.w:
        assert np.array_equal(net.gradient(layer), alone.gradient(layer))
        assert np.array_equal(shared.gradient(layer), made.gradient(layer))
        assert np.array_equal(shared.bias_gradient(layer), made.bias_gradient(layer))
        assert np.array_equal(net.bias_gradient(layer), alone.bias_gradient(layer))
    assert shared.gradient(1) is net.gradient(1)
