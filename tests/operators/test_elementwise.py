"""The suprema in the records of elementwise operators: never exceeded by divided differences, and nearly reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cnnbp import layers
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from cnnbp.operators.record import EntryByEntry, Silent
from cnnbp.oracles.masked_network import Activation
from tests.helpers.layers import case, question

H, X = 2.0**-5, np.arange(-8, 8, 2.0**-7)
SMOOTH, BENT = ("Sigmoid", "Tanh", "Softplus"), ("ReLU", "LeakyReLU")
SLOPES: dict[str, list[dict[str, Any]]] = {"LeakyReLU": [{"negative_slope": s} for s in (0.01, -3.0, 1.5)]}


def _activation(operator: str, options: dict[str, Any]) -> Activation:
    record = OPERATORS[operator].activation
    assert not isinstance(record, Silent)
    return record(options)


@pytest.mark.parametrize("operator", ["Identity", *SMOOTH, *BENT])
def test_the_largest_slope(operator: str) -> None:
    """A central difference is f′ somewhere in between: it never exceeds sup|f′|, and comes within 1 % of it.

    Of a LeakyReLU whose slopes are both below 1 the record may know no more than 1.
    """
    for options in SLOPES.get(operator, [{}]):
        known, f = _activation(operator, options), getattr(layers, operator)(**options).forward
        steepest = np.max(abs(f(X + H) - f(X - H)) / (2 * H))
        assert 0.99 * known.steepest <= steepest <= known.steepest + 1e-12
        np.testing.assert_allclose(known.f(X), f(X), rtol=0, atol=1e-15)


@pytest.mark.parametrize("operator", ["Identity", *SMOOTH])
def test_slope_and_curvature_of_an_activation(operator: str) -> None:
    """f′ is the central difference but for h², and a second difference never exceeds sup|f″|, and comes within 1 % of it."""
    known = _activation(operator, {})
    first, second = (known.f(X + H) - known.f(X - H)) / (2 * H), (known.f(X + H) - 2 * known.f(X) + known.f(X - H)) / H**2
    assert 0.99 * known.curvature - 1e-11 <= abs(second).max() <= known.curvature + 1e-11
    np.testing.assert_allclose(known.slope(X), first, atol=H**2)
    assert not known.kink


@pytest.mark.parametrize("operator", BENT)
def test_kinks_are_certified_and_not_bounded(operator: str) -> None:
    """A piecewise linear activation says that it has a kink, and has no curvature."""
    known = _activation(operator, {"negative_slope": 0.01})
    assert (known.kink, known.curvature) == (True, 0.0)


def third_difference(f: Callable[[float], Array]) -> Array:
    """f‴ somewhere within 1.5·H of 0."""
    third: Array = (f(1.5 * H) - 3 * f(0.5 * H) + 3 * f(-0.5 * H) - f(-1.5 * H)) / H**3
    return third


@pytest.mark.parametrize("operator", SMOOTH)
def test_the_largest_third_derivative(operator: str) -> None:
    """A third difference is f‴ somewhere in between: it never exceeds sup|f‴|, and comes within 1 % of it."""
    f, plan = getattr(layers, operator)().forward, OPERATORS[operator].differences["x"]
    assert isinstance(plan, EntryByEntry)
    assert plan.third is not None
    assert 0.99 * plan.third <= np.max(abs(third_difference(lambda t: f(X + t)))) <= plan.third + 1e-9


@pytest.mark.parametrize("operator", [*SMOOTH, *BENT, "Identity"])
def test_against_a_relatively_accurate_oracle_tails_count(operator: str) -> None:
    """The bound of a slope is sup|f′|·|δ| as a rule, and no larger, relative to |f′·δ|, against the complex step."""
    for number in range(10):
        asked = question(case(operator, number))
        said = asked.answers.get("complex_step")
        if isinstance(said, dict):
            assert (asked.bound(1, "x", "complex_step") <= asked.bound(1, "x") * (1 + 1e-12)).all()
            np.testing.assert_allclose(
                asked.bound(1, "x", "complex_step"), 2 * 12 * 2.0**-53 * abs(said["x"]), rtol=1e-9, atol=1e-300
            )
