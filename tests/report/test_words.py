"""Numbers as people read them, arrays as they can be pasted, anchors that stay apart."""

from __future__ import annotations

import json
import math
from typing import get_args

import pytest

from cnnbp import evidence
from cnnbp.report import words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "&ndash;"),
        (0, "0"),
        (0.0, "0"),
        (40, "40"),
        (-0.25, "&minus;0.25"),
        (0.0071234, "0.00712"),
        (1234.5, "1230"),
        (1e-12, "10<sup>&minus;12</sup>"),
        (9.99e-13, "10<sup>&minus;12</sup>"),
        (1.24e14, "1.2&#8239;&times;&#8239;10<sup>14</sup>"),
        (-3e-9, "&minus;3&#8239;&times;&#8239;10<sup>&minus;9</sup>"),
        ("inf", "&infin;"),
        (-math.inf, "&minus;&infin;"),
        ("nan", "not a number"),
        ("<b>", "&lt;b&gt;"),
        (True, "True"),
    ],
)
def test_number(value: object, shown: str) -> None:
    assert words.number(value) == shown


@pytest.mark.parametrize("exponent", range(-320, 300, 7))
def test_a_number_that_is_not_zero_never_looks_like_zero(exponent: int) -> None:
    assert any(digit in "123456789" for digit in words.number(3.14 * 10.0**exponent))


DEEP = [[[[1.0, 2.0], [3.0, 4.0]]], [[[5.0, 6.0], [7.0, 8.0]]]]


@pytest.mark.parametrize("value", [0.1, -2.0, [], [1.0, -0.5], [[1.0, 2.5], [3.0, 1e-17]], DEEP, "inf"])
def test_an_array_can_be_pasted(value: object) -> None:
    assert json.loads(words.array(value)) == value


def test_a_matrix_stands_row_under_row() -> None:
    assert words.array([[1.0, -0.5], [0.25, 2.0]]) == "[[1, -0.5],\n [0.25, 2]]"


def test_a_long_array_says_where_the_rest_is() -> None:
    assert words.array([[1.5] * 10] * 100).endswith("(the rest is in evidence.json)")


def test_moment() -> None:
    assert words.moment("2026-11-23T16:00:00Z") == "23 November 2026, 16:00 UTC"
    assert words.moment("yesterday") == "yesterday"


def test_anchors_stay_apart() -> None:
    taken: set[str] = set()
    assert [words.anchor(name, taken) for name in ("a b", "a-b", "a/b", "<>")] == ["a-b", "a-b--2", "a-b--3", "unnamed"]


def test_every_kind_of_evidence_is_explained() -> None:
    assert set(get_args(evidence.Kind)) <= set(words.KINDS)
