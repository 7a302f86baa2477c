"""Whatever floats compute lies within the interval and the error that the number says."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnbp.proof.numbers.rounded import BITS, Functions, Rounded, Straddles, U
from cnnbp.proof.numbers.unsupported import Unsupported

RATIONAL: list[Callable[[Any], Any]] = [
    lambda x: x * x + 1,
    lambda x: (1 + x) / (x * 3 + 7),
    lambda x: 4 * x * x / ((1 + x * x) * (1 + x * x)),
    lambda x: -x - x * x,
    lambda x: 10 - x,
    lambda x: 100 - x * x * x,
    lambda x: 20 / (3 + x) - x / 64,
]
WORDS: list[Callable[[Any], Any]] = [
    lambda x: np.exp(-x) / (1 + np.exp(-x)),
    lambda x: np.tanh(x) * np.tanh(x) + x,
    lambda x: np.log1p(np.exp(x)) * x,
]


def box(low: float, high: float, assumed: float = 2) -> Rounded:
    return Rounded(Functions(assumed), low, high)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5, 4), st.floats(0, 0.5), st.floats(0, 1))
@example(1.0, 0.0, 0.0)
def test_rational_functions_of_any_float_in_between(low: float, width: float, share: float) -> None:
    """Held against fractions."""
    high = low + width
    x = min(max(low + share * width, low), high)
    with flint.ctx.workprec(BITS):
        for f in RATIONAL:
            found, exact, computed = f(box(low, high)), f(Fraction(x)), f(x)
            exact = Fraction(exact)
            number = flint.arb(flint.fmpq(exact.numerator, exact.denominator))
            assert not found.low > number
            assert not found.high < number
            assert not abs(flint.arb(float(computed)) - number) > found.error * abs(number)
            assert found.error < 200 * U


@settings(max_examples=40, deadline=None)
@given(st.floats(0.25, 20), st.floats(0, 0.5), st.floats(0, 1))
def test_functions_of_any_float_in_between(low: float, width: float, share: float) -> None:
    """Held against balls a point wide."""
    high = low + width
    x = min(max(low + share * width, low), high)
    with flint.ctx.workprec(BITS):
        for f in WORDS:
            found, computed = (f(np.array([v], dtype))[0] for v, dtype in ((box(low, high), object), (x, float)))
            exact = f(np.array([box(x, x)], object))[0]
            number = exact.low.union(exact.high)
            assert found.low.lower() <= number.upper()
            assert found.high.upper() >= number.lower()
            assert not abs(flint.arb(float(computed)) - number) > found.error * abs(number)
            assert found.error < 200 * U


def test_what_is_exact_adds_no_error() -> None:
    x = box(1.5, 1.75)
    assert all(v.error == 0 for v in (-x, x + 0, 0 + x, 2 * x, x / 4, x * -1))
    assert (x * 3).error > 0


@pytest.mark.parametrize(
    ("code", "compute"),
    [
        ("cancels", lambda x: x - 1.5),
        ("cancels", lambda x: 1 / (x - x)),
        ("cancels", lambda x: (-x).log1p()),
        ("subnormal", lambda x: (-x * 700).exp() if x.functions.called else Rounded(x.functions, -800, -790).exp()),
        ("no-digits", lambda x: Rounded(x.functions, 800, 801).exp()),
        ("rounded-argument", lambda x: (x * 3).exp()),
        ("rounded-comparison", lambda x: x * 3 < 0),
        ("rounded-comparison", lambda x: x < x),
        ("float", float),
    ],
)
def test_what_cannot_be_bounded_is_refused(code: str, compute: Callable[[Rounded], Any]) -> None:
    with pytest.raises(Unsupported) as raised:
        compute(box(1, 2))
    assert raised.value.code == code


def test_comparisons() -> None:
    x = box(1, 2)
    assert 0 < x < 3
    assert x <= 3
    assert not x >= 2.5
    assert abs(box(-2, -1)).low == 1
    with pytest.raises(Straddles) as raised:
        assert x < 1.5
    assert raised.value.at == 1.5
