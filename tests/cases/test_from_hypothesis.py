"""Hypothesis makes the choices that a counter makes elsewhere, and shrinks them."""

from __future__ import annotations

from hypothesis import find, given, settings

from cnnbp.cases.choices import Choices
from cnnbp.cases.from_hypothesis import strategy


def _pair(choose: Choices) -> tuple[int, str]:
    return choose.integer(2, 9), choose.pick("abc")


@given(strategy(_pair))
def test_choices_are_among_the_options(pair: tuple[int, str]) -> None:
    """From low to high, and one of those offered."""
    number, letter = pair
    assert 2 <= number <= 9
    assert letter in "abc"


def test_the_simplest_are_the_least_and_the_first() -> None:
    """What it takes to fail, and nothing more."""
    assert find(strategy(_pair), lambda pair: True, settings=settings(database=None)) == (2, "a")
    assert find(strategy(_pair), lambda pair: pair[0] > 4, settings=settings(database=None)) == (5, "a")
