"""Numbers as people read them, arrays as they can be pasted, anchors that stay apart."""

from __future__ import annotations

import math
import re
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


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("δ_k^(nl) and w_ij", "<i>δ</i><sub>k</sub><sup>(nl)</sup> and <i>w</i><sub>ij</sub>"),
        ("f′(z(2)) = δ(3)", "f′(<i>z</i><sup>(2)</sup>) = <i>δ</i><sup>(3)</sup>"),
        ("to s_(l+1)", "to <i>s</i><sub>l+1</sub>"),
        ("masked_dense, x_, a_b_c", "masked_dense, x_, a_b_c"),
        ("w_<b>", "w_&lt;b&gt;"),
        ("<_ij", "&lt;_ij"),
    ],
)
def test_indices_in_prose(said: str, shown: str) -> None:
    assert words.prose(said) == shown


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("post, https://a.example/b_c/d.html", "https://a.example/b_c/d.html"),
        ("(https://a.example/b).", "https://a.example/b"),
        ("http://a.example", None),
        ("javascript:alert(1)", None),
        ('https://a.example/b"onclick=x', "https://a.example/b"),
    ],
)
def test_only_https_addresses_can_be_followed(said: str, address: str | None) -> None:
    found = re.findall(r'href="([^"]*)"', words.linked(said))
    assert found == ([] if address is None else [address])


def test_moment() -> None:
    assert words.moment("2026-11-23T16:00:00Z") == "23 November 2026, 16:00 UTC"
    assert words.moment("yesterday") == "yesterday"


def test_anchors_stay_apart() -> None:
    taken: set[str] = set()
    assert [words.anchor(name, taken) for name in ("a b", "a-b", "a/b", "<>")] == ["a-b", "a-b--2", "a-b--3", "unnamed"]


def test_every_kind_of_evidence_is_explained() -> None:
    assert set(get_args(evidence.Kind)) <= set(words.KINDS)
