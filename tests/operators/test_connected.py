"""Terms, magnitudes and norms of the connected operators, and the integers that their sums leave room for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.operators import OPERATORS
from cnnbp.operators.connected import largest_of_products, per_sample
from cnnbp.operators.record import AlongDirections, Silent
from cnnbp.rounding import EXACT
from tests.helpers.layers import case, question

CONNECTED = [name for name, record in OPERATORS.items() if not isinstance(record.network, Silent)]


@pytest.mark.parametrize("name", CONNECTED)
def test_bounds_come_from_the_network_and_not_from_the_layer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the layer out of order the bounds are the same: magnitudes and terms are the masked network's."""
    drawn = case(name, 3)
    asked, again = question(drawn), question(drawn)
    expected = [asked.bound(tier, quantity) for tier in (1, 2) for quantity in asked.quantities]
    for method in ("forward", "backward"):
        monkeypatch.setattr(asked.operator.layer, method, None)
    found = [again.bound(tier, quantity) for tier in (1, 2) for quantity in asked.quantities]
    assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))


@pytest.mark.parametrize("name", CONNECTED)
def test_tier_2_is_never_finer_than_the_largest_terms(name: str) -> None:
    """C·u·‖·‖·‖·‖ bounds what conventional algorithms are off by: tier 1, but where an entry sums more terms than C/2."""
    for number in range(20):
        asked = question(case(name, number))
        for quantity in asked.quantities:
            small = asked.terms(quantity) < 50
            assert (asked.bound(2, quantity) >= 0.999 * asked.bound(1, quantity))[small].all()


def test_norms_by_sample() -> None:
    """‖a[n]‖₂, spread over an array of another shape with as many samples; none of no sample."""
    assert per_sample(np.array([[3.0, 4], [0, 0]]), (2, 1, 3)).tolist() == [[[5, 5, 5]], [[0, 0, 0]]]
    assert per_sample(np.zeros((0, 4)), (0, 2)).shape == (0, 2)


@given(products=st.integers(0, 10**9), unit=st.integers(1, 60))
def test_integers_leave_room_for_their_sums(products: int, unit: int) -> None:
    """So many products of three such integers, in such units, stay below 2⁵³."""
    largest = largest_of_products(products, unit)
    assert 0 <= largest <= 2**20
    assert products * (largest * unit) ** 3 <= EXACT / 2


@pytest.mark.parametrize("name", CONNECTED)
def test_steps_are_as_large_as_the_data(name: str) -> None:
    """What is linear in each argument is moved by a power of two between half the largest entry and all of it."""
    asked = question(case(name, 2))
    for position, quantity in enumerate(asked.operands):
        plan = asked.operator.differences[quantity]
        assert isinstance(plan, AlongDirections)
        step, _, left = plan.prepare(asked, position)
        assert np.frexp(step)[0] == 0.5
        if name != "MaxPool2d":
            largest = float(np.max(np.abs(asked.args[position])))
            assert left is None
            assert largest / 2 < step <= largest or largest == 0
        assert plan.truncation(asked, step) == 0
