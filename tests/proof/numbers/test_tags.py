"""Tags add and multiply as numbers do, and refuse what is not linear in each argument."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.proof.numbers.codes import DELTA, THETA, X
from cnnbp.proof.numbers.tags import General, general, generators
from cnnbp.proof.numbers.unsupported import Unsupported
from cnnbp.proof.terms import indices

VALUES = {X: [Fraction(2), Fraction(-3)], THETA: [Fraction(5), Fraction(7)], DELTA: [Fraction(1, 2), Fraction(11)]}


def value(tag: Any) -> Fraction:
    """What a tag is worth where the unknown numbers have VALUES."""
    total = Fraction(0)
    for code, coefficient in general(tag).terms.items():
        term = Fraction(coefficient)
        for group, number in indices(code).items():
            term *= VALUES[group][number]
        total += term
    return total


LEAVES = {(group, n): generators((2,), group)[n] for group in (X, THETA, DELTA) for n in (0, 1)}
steps = st.lists(st.tuples(st.sampled_from("+-*/c"), st.sampled_from(list(LEAVES)), st.integers(-3, 3)), max_size=12)


@settings(max_examples=60)
@given(start=st.sampled_from(list(LEAVES)), steps=steps)
def test_a_program_on_tags_is_the_program_on_numbers(start: tuple[int, int], steps: list[tuple[str, tuple[int, int], int]]) -> None:
    tag, number = LEAVES[start], VALUES[start[0]][start[1]]
    for operation, leaf, constant in steps:
        other, of_other = LEAVES[leaf], VALUES[leaf[0]][leaf[1]]
        try:
            if operation == "+":
                tag, number = tag + other, number + of_other
            elif operation == "-":
                tag, number = other - tag, of_other - number
            elif operation == "c":
                tag, number = constant + tag * constant, constant + number * constant
            elif operation == "/" and constant:
                tag, number = tag / constant, number / constant
            else:
                tag, number = tag * other, number * of_other
        except Unsupported:  # a second factor of one argument: which refusals there are is tested below
            return
    assert value(tag) == number


def test_a_sum_that_is_added_to_twice_keeps_both_sums_apart() -> None:
    a, b, c = generators((3,), X)
    total = a + b
    first, second = total + c, total + a
    assert value_of(first) == {0: 1, 1: 1, 2: 1}
    assert value_of(second) == {0: 2, 1: 1}
    assert value_of(total) == {0: 1, 1: 1}


def value_of(tag: Any) -> dict[int, Fraction]:
    return {indices(code)[X]: Fraction(c) for code, c in general(tag).terms.items()}


@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("degree", lambda x: x * x),
        ("degree", lambda x: (x + x) * x),
        ("float", float),
        ("float", lambda x: np.zeros(1).__setitem__(0, x)),
        ("int", int),
        ("int", lambda x: [0, 1][x]),
        ("function", lambda x: np.exp(np.array([x, x], object))),
        ("division", lambda x: 1 / x),
        ("power", lambda x: x**2),
        ("comparison", lambda x: (x + 3 * x) > 1 + x),
        ("no-number", lambda x: x + "1"),
        ("no-number", lambda x: x * float("nan")),
    ],
)
def test_what_is_not_linear_is_refused_by_name(code: str, act: Any) -> None:
    with pytest.raises(Unsupported) as error:
        act(generators((1,), X)[0])
    assert error.value.code == code


def test_too_many_entries_are_refused_before_they_are_made() -> None:
    with pytest.raises(Unsupported) as error:
        generators((2**10, 2**11), X)
    assert error.value.code == "too-many"


def test_a_difference_of_equal_sums_is_nothing() -> None:
    a, b = generators((2,), X)
    assert general((a + b) - (b + a)).terms == {}
    assert isinstance((a + b) - a, General)
