"""The polynomials that stand for f, and the numbers that are drawn."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from cnnbp.cases.choices import Counter
from cnnbp.derivations.exact.numbers import CURVES, Polynomial, array, half_square, integers, joined


@pytest.mark.parametrize("f", CURVES)
def test_slope_of_a_polynomial(f: Polynomial) -> None:
    """Within h² of the central difference: the third derivative of each is 6 at most."""
    z, h = Fraction(2), Fraction(1, 10**6)
    central = (f(z + h) - f(z - h)) / (2 * h)
    assert abs(central - f.slope(z)) <= h * h


def test_zero_is_drawn_only_if_asked_for() -> None:
    """A factor 0 hides what the others are."""
    drawn = [integers(Counter(0, "drawn"), (50,), zero) for zero in (False, True)]
    assert [0 in numbers for numbers in drawn] == [False, True]


def test_rows() -> None:
    """Several parts in one row; one part as it is."""
    matrix = np.array([[1, 2], [3, 4]], object)
    assert joined([matrix]) is matrix
    assert joined([matrix, array([5])]).tolist() == [1, 2, 3, 4, 5]
    assert half_square(array([Fraction(1), Fraction(2)])) == Fraction(5, 2)
