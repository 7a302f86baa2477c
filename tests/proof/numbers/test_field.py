"""Elements obey the rules of exp, log and √, derivatives the rules of calculus, and what differs is not taken for equal."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cnnbp.proof.numbers import signs
from cnnbp.proof.numbers.element import Element
from cnnbp.proof.numbers.field import Field
from cnnbp.proof.numbers.unsupported import Unsupported
from cnnbp.proof.numbers.walk import Walk

FUNCTIONS = {
    "exp": (np.exp, lambda x, y: math.exp(x * y + 2 * x)),
    "log": (lambda v: np.log(1 + np.exp(v)), lambda x, y: math.log(1 + math.exp(x * y + 2 * x))),
    "tanh": (np.tanh, lambda x, y: math.tanh(x * y + 2 * x)),
    "sqrt": (lambda v: np.sqrt(v * v + 3), lambda x, y: math.sqrt((x * y + 2 * x) ** 2 + 3)),
    "quotient": (lambda v: v / (1 + v * v), lambda x, y: (x * y + 2 * x) / (1 + (x * y + 2 * x) ** 2)),
    "softmax": (lambda v: np.exp(v) / (np.exp(v) + np.exp(-v)), lambda x, y: 1 / (1 + math.exp(-2 * (x * y + 2 * x)))),
    "of a quotient": (lambda v: np.exp(1 / (1 + v * v)), lambda x, y: math.exp(1 / (1 + (x * y + 2 * x) ** 2))),
    "power": (lambda v: (v * v + 1) ** -2, lambda x, y: ((x * y + 2 * x) ** 2 + 1) ** -2),
}


@pytest.fixture
def unknown() -> tuple[Field, Any]:
    field = Field(2)
    return field, field.array((2,))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_derivatives_are_those_of_the_function(name: str, unknown: tuple[Field, Any]) -> None:
    field, (x, y) = unknown
    symbolic, numeric = FUNCTIONS[name]
    array = np.empty(1, object)
    array[0] = x * y + 2 * x
    element = symbolic(array)[0]
    for point in ([Fraction(1, 2), Fraction(-1)], [Fraction(-3, 4), Fraction(1, 3)]):
        values, (a, b), h = field.values(point), map(float, point), 1e-5
        assert float(element.at(values)) == pytest.approx(numeric(a, b), rel=1e-12)
        slope = float(field.derivative(element, 0).at(field.values(point)))
        assert slope == pytest.approx((numeric(a + h, b) - numeric(a - h, b)) / (2 * h), rel=1e-7, abs=1e-9)


EQUAL = {
    "exp of a sum": lambda x, y: (np.exp(x + 2 * y), np.exp(x) * np.exp(y) ** 2),
    "exp of a difference": lambda x, y: (np.exp(x - y), np.exp(x) / np.exp(y)),
    "log of a product": lambda x, y: (np.log(np.exp(x) * (1 + np.exp(y))), x + np.log(1 + np.exp(y))),
    "log of a quotient": lambda x, y: (np.log(1 + np.exp(-x)), np.log(1 + np.exp(x)) - x),
    "tanh by cosh": lambda x, y: (1 - np.tanh(x) ** 2, 1 / np.cosh(x) ** 2),
    "expm1": lambda x, y: (np.expm1(x) + 1, np.exp(x)),
    "sinh": lambda x, y: (np.sinh(x) + np.cosh(x), np.exp(x)),
    "a root squared": lambda x, y: (np.sqrt(x + y) ** 2, x + y),
    "a root in a quotient": lambda x, y: (1 / np.sqrt(x + y), np.sqrt(x + y) / (x + y)),
    "a root to the third": lambda x, y: (np.sqrt(x) ** 3 - x * np.sqrt(x), 0 * x),
}


def _array(element: Element) -> Any:
    found = np.empty((), object)
    found[()] = element
    return element.F.array(()).__class__.of(element.F, found)


@pytest.mark.parametrize("name", EQUAL)
def test_equal_functions_are_the_same_element(name: str) -> None:
    field = Field(4)
    x, y = field.array((2,))
    a, b = EQUAL[name](_array(x), _array(y))
    first, second = (field.element(np.asarray(v)[()]) for v in (a, b))
    assert first.same(second)
    assert not first.same(second + 1)
    assert not (first * 2 + 1).same(second)
    assert not first.same(second + x * Fraction(1, 10**9))


def test_comparisons_walk_every_order_and_know_what_follows(unknown: tuple[Field, Any]) -> None:
    field, (x, y) = unknown
    seen = []
    for _ in Walk(100):
        field.begin()
        seen.append((x > y, y < x, x - y > 0, 2 * x <= 2 * y))
    assert len(seen) == 3
    assert all(a == b == c == (not d) for a, b, c, d in seen)


def test_exponentials_are_positive_without_asking(unknown: tuple[Field, Any]) -> None:
    _, (x, y) = unknown
    for walk in Walk(10):
        assert x.exp() + 1 > 0
        assert -1 - y.sqrt() - x * x < 0
        assert walk.single


@pytest.mark.parametrize("ties", [True, False])
def test_a_root_or_a_square_may_be_0_and_no_less(unknown: tuple[Field, Any], ties: bool) -> None:
    _, (x, y) = unknown
    for number in (y.sqrt(), x * x * y.sqrt(), 2 * x * x + y.sqrt()):
        found = [(number > 0) - (number < 0) for _ in Walk(10, ties=ties)]
        assert found == ([1, 0] if ties else [1])


def test_a_point_is_on_a_path_only_where_no_ball_leaves_a_doubt(unknown: tuple[Field, Any]) -> None:
    field, (x, y) = unknown
    root = y.sqrt()
    for walk in Walk(10):
        sign = (root > x) - (root < x)
        held = [signs.holds(walk, field.values([Fraction(a), Fraction(2)])) for a in (1, 2)]
        assert held == [sign > 0, sign < 0]
        assert signs.holds(walk, field.values([Fraction(2), Fraction(4)])) == (sign == 0)


@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("float", float),
        ("int", int),
        ("power", lambda x: x**0.3),
        ("no-number", lambda x: x * "a"),
        ("comparison", lambda x: x < np.arange(2)),
    ],
)
def test_what_is_not_elementary_is_refused_by_name(code: str, act: Any, unknown: tuple[Field, Any]) -> None:
    with pytest.raises(Unsupported) as error:
        act(unknown[1][0])
    assert error.value.code == code


def test_more_functions_than_symbols_are_refused() -> None:
    field = Field(1)
    (x,) = field.array((1,))
    with pytest.raises(Unsupported) as error:
        [(x**n + n).sqrt() for n in range(100)]
    assert error.value.code == "too-many-functions"


def test_division_by_zero_is_python_s(unknown: tuple[Field, Any]) -> None:
    _, (x, _) = unknown
    with pytest.raises(ZeroDivisionError):
        1 / (x - x)
