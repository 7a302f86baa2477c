"""Exact derivatives: of polynomials as algebra has them, of max by the branch taken, and of the layers themselves."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp import layers
from cnnbp.oracles.dual_numbers import Dual, jacobian, rational

numbers = st.fractions(-5, 5, max_denominator=12)
FEW = settings(max_examples=20)


@FEW
@given(st.lists(numbers, min_size=1, max_size=5), numbers)
def test_derivative_of_a_polynomial(coefficients: list[Fraction], x: Fraction) -> None:
    """Σ c_k·x^k has the slope Σ k·c_k·x^(k−1)."""
    by_algebra = sum((k * c * x ** (k - 1) for k, c in enumerate(coefficients) if k), Fraction(0))

    def horner(at: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        value = 0 * at
        for c in reversed(coefficients):
            value = value * at + c
        return value

    assert jacobian(horner, rational([x])).tolist() == [[by_algebra]]


@FEW
@given(numbers, numbers, numbers)
def test_rules_of_the_slope(a: Fraction, b: Fraction, c: Fraction) -> None:
    """Sum, difference, product and quotient, with numbers on either side."""
    x = Dual(a, 1)
    assert [(x + b).slope, (b - x).slope, (x - b).slope, (b * x).slope, (x * x).slope] == [1, -1, 1, b, 2 * a]
    assert (-x).slope == -1
    if c:
        assert ((x * b) / c).slope == b / c
    if a:
        assert [(b / x).slope, (x / x).slope, (x / (x * x)).slope] == [-b / a**2, 0, -1 / a**2]


@FEW
@given(numbers, numbers)
def test_comparison_asks_the_values(a: Fraction, b: Fraction) -> None:
    """Whatever the slopes."""
    x, y = Dual(a, 1), Dual(b, -1)
    assert (x < y, x > y, x <= y, x >= y, x == y) == (a < b, a > b, a <= b, a >= b, a == b)


@pytest.mark.parametrize(
    ("layer", "shapes"),
    [
        (layers.Conv2d(stride=2, padding=1), ((1, 2, 3, 4), (2, 2, 2, 2), (2,))),
        (layers.MaxPool2d(2, stride=1), ((1, 1, 3, 3),)),
        (layers.AvgPool2d(2), ((1, 2, 4, 2),)),
        (layers.Dense(), ((2, 3), (2, 3), (2,))),
        (layers.ReLU(), ((2, 3),)),
    ],
)
def test_layers_backward_is_the_exact_derivative(layer: layers.Layer, shapes: tuple[tuple[int, ...], ...]) -> None:
    """∂⟨δ, forward⟩ by every argument, equal to the last digit."""
    rng = np.random.default_rng(3)
    args = [rational(rng.permutation(np.prod(shape) * 2)[: np.prod(shape)].reshape(shape) - 3) for shape in shapes]
    y = layer.forward(*args)
    delta = rational(rng.integers(1, 9, y.shape))
    for number, (found, given_) in enumerate(zip(layer.backward(delta, *args), args, strict=True)):
        moved = [*args]

        def value(v: np.ndarray, number: int = number, moved: list = moved) -> object:  # type: ignore[type-arg]
            moved[number] = v
            return np.sum(delta * layer.forward(*moved))

        assert np.array_equal(found, jacobian(value, given_))


def test_a_wrong_slope_is_seen() -> None:
    """|x| has two slopes, and at 3 only one of them."""
    assert jacobian(lambda x: np.maximum(x, -x), rational([3])).tolist() == [[1]]
    assert jacobian(lambda x: np.maximum(x, -x), rational([-3])).tolist() == [[-1]]


def test_all_entries_move_in_one_run() -> None:
    """The forward is asked once. What does not depend on an entry has the slope 0 there, a constant everywhere."""
    asked = list[np.ndarray]()  # type: ignore[type-arg]

    def forward(x: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        asked.append(x)
        return np.array([x[0] * x[1] * x[1], x[2] / 2, 7], object)

    found = jacobian(forward, rational([2, 3, 5]))
    assert found.tolist() == [[9, 12, 0], [0, 0, Fraction(1, 2)], [0, 0, 0]]
    assert {type(slope) for slope in found.flat} == {Fraction}
    assert len(asked) == 1
