"""Letters compute as numbers do, and say that two things are equal only where they are so for all numbers."""

from __future__ import annotations

from fractions import Fraction
from operator import add, mul, sub
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.derivations.exact.letters import AnyFunction, Expression, Letters
from cnnbp.oracles.dual_numbers import Dual, jacobian

STEPS = st.lists(st.tuples(st.sampled_from([add, sub, mul]), st.integers(0, 3), st.integers(-3, 3)), min_size=1, max_size=6)


def at(expression: Any, values: list[Fraction]) -> Fraction:
    """The number that an expression is where the letters have these values."""
    total = Fraction(0)
    for powers, c in expression.polynomial.to_dict().items():
        term = Fraction(int(c.p), int(c.q))
        for value, power in zip(values, powers, strict=False):
            term *= value ** int(power)
        total += term
    return total


@settings(max_examples=40)
@given(steps=STEPS, values=st.lists(st.fractions(-3, 3, max_denominator=4), min_size=3, max_size=3))
def test_letters_compute_as_numbers_do(steps: list[Any], values: list[Fraction]) -> None:
    """Sums, differences and products of letters and numbers, and a quotient by a number."""
    stock = Letters(3)
    letters: list[Any] = [stock.new() for _ in range(3)]
    found, number = letters[0] / 2, values[0] / 2
    for operation, which, constant in steps:
        operand, known = (letters[which], values[which]) if which < 3 else (constant, Fraction(constant))
        found, number = operation(operand, found) if constant < 0 else operation(found, operand), (
            operation(known, number) if constant < 0 else operation(number, known)
        )  # fmt: skip
    assert at(found, values) == number


def test_equal_means_for_all_numbers() -> None:
    """(a + b)² and its terms, not a and b; 0 is false."""
    a, b = Letters(2).array(2)
    assert (a + b) * (a + b) == a * a + 2 * a * b + b * b
    assert a != b
    assert not bool(a - a)
    assert bool(a - b)


def test_letters_run_out() -> None:
    """Which is said."""
    with pytest.raises(ValueError, match="2 letters are not enough"):
        Letters(2).array(3)


def test_order_is_what_was_given() -> None:
    """Between letters that have ranks, also as the values of dual numbers; nothing is guessed about others."""
    stock = Letters(4)
    a = stock.array(3)
    stock.order(a, (2, 0, 1))
    assert max(a) is a[0]
    assert (a[1] < a[2], a[1] >= a[0], Dual(a[0]) > a[1], a[1] < Dual(a[2])) == (True, False, True, True)  # type: ignore[arg-type]
    assert np.maximum(a[1], a[2]) is a[2]
    for unknown in (stock.new(), a[0] + a[1]):
        with pytest.raises(TypeError, match="nothing is known of the order"):
            _ = a[0] < unknown


def test_any_function() -> None:
    """One value and one slope for each z, whichever way z is written; other ones for another z; and the chain rule."""
    stock = Letters(12)
    f, (x, y) = AnyFunction(stock), stock.array(2)
    assert f(x + y) == f(y + x)
    assert f(x) != f(y)
    assert f(x) != f.slope(x)
    assert f(Fraction(0)) == f(x - x)
    slopes = jacobian(lambda z: f(z[0] * z[1]) + f(z[0]), np.array([x, y], object))
    assert slopes[0] == f.slope(x * y) * y + f.slope(x)
    assert slopes[1] == f.slope(x * y) * x


def test_what_is_no_number_is_left_to_others() -> None:
    """An array decides how it is added to; a string cannot be."""
    a = Letters(1).new()
    assert (a + np.array([1, 2], object)).shape == (2,)
    assert isinstance(1 - a, Expression)
    assert a * 0.5 + np.int64(1) == a / 2 + 1
    with pytest.raises(TypeError):
        a + "1"
