"""The smallest counterexample is the smallest: against all that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.cases.choices import Choices
from cnnbp.derivations.smallest import MOST, SIGN, by_cost, smallest

OPTIONS = (1, 2, -1, 3, -2)


@dataclass(frozen=True)
class Numbers:
    """Some numbers."""

    values: tuple[int, ...]

    def given(self) -> Mapping[str, object]:
        return {"values": self.values}

    @property
    def cost(self) -> float:
        return sum(abs(value) + SIGN * (value < 0) for value in self.values)


def _row(size: int, choose: Choices) -> Numbers:
    return Numbers(tuple(choose.pick(OPTIONS) for _ in range(size)))


def test_everything_once_and_in_order() -> None:
    """All 125 rows of three, none before a cheaper one."""
    found = list(by_cost(lambda choose: _row(3, choose)))
    assert {numbers.values for numbers in found} == set(product(OPTIONS, repeat=3))
    assert len(found) == 125
    assert [numbers.cost for numbers in found] == sorted(numbers.cost for numbers in found)


@given(total=st.integers(-6, 9), size=st.integers(1, 3))
def test_smallest_of_all(total: int, size: int) -> None:
    """Of the shortest rows with this sum, one of the least cost; where there is none, what was known."""
    known = Numbers((99,))
    found = smallest(range(1, size + 1), _row, lambda numbers: sum(numbers.values) == total, known)
    rows = [Numbers(values) for length in range(1, size + 1) for values in product(OPTIONS, repeat=length)]
    good = [numbers for numbers in rows if sum(numbers.values) == total]
    if not good:
        assert found is known
    else:
        assert found is not None
        assert (len(found.values), found.cost) == min((len(numbers.values), numbers.cost) for numbers in good)  # type: ignore[attr-defined]


def test_what_is_not_shown_is_not_searched() -> None:
    """A choice that changes nothing in what is given is not made anew for each of the others."""

    def make(choose: Choices) -> Numbers:
        numbers = _row(2, choose)
        _row(5, choose)
        return numbers

    assert len(list(by_cost(make))) == 25


def test_a_search_ends() -> None:
    """After so many of a shape; the known stands, or nothing."""
    tried = 0

    def never(_: object) -> bool:
        nonlocal tried
        tried += 1
        return False

    assert smallest((20,), _row, never, None) is None
    assert tried == MOST


@pytest.mark.parametrize(("low", "high", "first"), [(-3, 4, [0, 1, -1, 2]), (2, 9, [2, 3, 4, 5]), (-9, -4, [-4, -5, -6, -7])])
def test_integers_from_the_nearest_to_0(low: int, high: int, first: list[int]) -> None:
    """As `Choices` promises; and with a minus sign after without."""
    found = by_cost(lambda choose: Numbers((choose.integer(low, high),)))
    assert [numbers.values[0] for numbers in islice(found, 4)] == first
