"""The truth about a perceptron, against difference quotients that are exact because J is a polynomial."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from cnnbp.cases.choices import Counter
from cnnbp.derivations.exact.networks import CURVED, IDENTITY, Perceptron, draw


def _drawn(number: int, **known: int | tuple[int, int]) -> Perceptron:
    return draw(Counter(number, "drawn"), rate=True, decay=True, **known)


@pytest.mark.parametrize("number", range(6))
def test_gradient_is_the_central_difference(number: int) -> None:
    """With f(z) = z and one layer, J is quadratic in every weight and bias: its central difference is its derivative."""
    net = replace(_drawn(number, layers=2, samples=(1, 3)), f=IDENTITY)
    by_weights, by_biases = net.by_weights(1, Perceptron.objective), net.by_biases(1, Perceptron.objective)
    for index in np.ndindex(net.w[1].shape):
        up, down = (net.with_weights(1, _moved(net.w[1], index, step)).objective() for step in (1, -1))
        assert by_weights[index] == Fraction(up - down) / 2
    for index in np.ndindex(net.b[1].shape):
        up, down = (replace(net, b={1: _moved(net.b[1], index, step)}).objective() for step in (1, -1))
        assert by_biases[index] == Fraction(up - down) / 2


def _moved(values: np.ndarray, index: tuple[int, ...], step: int) -> np.ndarray:
    moved = values.copy()
    moved[index] += step
    return moved


@pytest.mark.parametrize("number", range(6))
def test_residual_of_a_layer_is_the_gradient_of_its_bias(number: int) -> None:
    """∂J/∂z = ∂J/∂b of one sample, in every layer of a deeper network: two ways through the forward pass."""
    net = _drawn(number, layers=(2, 4))
    for layer in net.b:
        assert np.array_equal(net.residual(layer + 1), net.by_biases(layer, Perceptron.loss))


def test_a_number_or_a_range_is_drawn() -> None:
    """As many layers and samples as are asked for, and all that a range allows."""
    nets = [_drawn(number, layers=(2, 3), samples=2) for number in range(20)]
    assert {net.n for net in nets} == {2, 3}
    assert {net.m for net in nets} == {2}


@pytest.mark.parametrize("f", [IDENTITY, *CURVED])
def test_slope_of_a_polynomial(f: object) -> None:
    """Within h² of the central difference: the third derivative of each is 6 at most."""
    z, h = Fraction(2), Fraction(1, 10**6)
    central = (f(z + h) - f(z - h)) / (2 * h)  # type: ignore[operator]
    assert abs(central - f.slope(z)) <= h * h  # type: ignore[attr-defined]
