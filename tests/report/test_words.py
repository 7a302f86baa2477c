"""Numbers as people read them, arrays as they can be pasted, anchors that stay apart."""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.evidence import records as r
from cnnbp.evidence.follows.records import Contradicted
from cnnbp.evidence.kinds import KINDS
from cnnbp.evidence.verdict import Status, VerdictStatus
from cnnbp.report import words
from cnnbp.report.marks import MARKS
from cnnbp.report.unseen import visible
from cnnbp.text import sentences


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0"),
        (0.0, "0"),
        (40, "40"),
        (-0.25, "−0.25"),
        (0.0071234, "0.00712"),
        (1234.5, "1230"),
        (1e-12, "10<sup>−12</sup>"),
        (9.99e-13, "10<sup>−12</sup>"),
        (1.24e14, "1.2\u202f×\u202f10<sup>14</sup>"),
        (-3e-9, "−3\u202f×\u202f10<sup>−9</sup>"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
        (10**400, "10<sup>400</sup>"),
    ],
)
def test_number(value: float | None, shown: str) -> None:
    assert words.number(value) == shown


def test_a_number_that_is_not_zero_never_looks_like_zero() -> None:
    shown = {exponent: words.number(3.14 * 10.0**exponent) for exponent in range(-320, 300, 7)}
    assert [exponent for exponent, number in shown.items() if not set(number) & set("123456789")] == []


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


@pytest.mark.parametrize(
    ("said", "threads"),
    [
        ("classic: one cell cropped", ""),
        ("burn PR#1891 (#1877); pytorch #68868", "burn PR#1891 (#1877); pytorch #68868"),
        ("mxnet PR#3035 (there: global_pool)", "mxnet PR#3035"),
    ],
)
def test_of_a_bug_its_threads_are_shown(said: str, threads: str) -> None:
    assert words.threads(said) == threads


def test_moment() -> None:
    assert words.moment("2026-11-23T16:00:00Z") == "2026-11-23 16:00 UTC"
    assert words.moment("yesterday") == "yesterday"


@given(st.lists(st.sampled_from(["a b", "a-b", "a/b", "<>", "a-b--2", "a-b--3", "c"]), max_size=30))
def test_anchors_stay_apart_and_the_first_of_a_name_has_it(names: list[str]) -> None:
    found = words.anchors(names)
    assert len(found) == len(names)
    assert len(set(found)) == len(found)
    assert not found or found[0] == (re.sub("[^a-z0-9-]", "-", names[0]) if names[0] != "<>" else "unnamed")


def test_whatever_shows_nothing_is_shown() -> None:
    """All that Unicode files as control, format, separator of lines or half a character, but for what has a shape."""
    shaped = {0x9, 0xA, *range(0x600, 0x606), 0x6DD, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    kinds = ("Cc", "Cf", "Cs", "Zl", "Zp")
    hidden = [n for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) in kinds and n not in shaped]
    assert [f"{n:X}" for n in hidden if visible(chr(n)) != f"⟨U+{n:04X}⟩"] == []


def test_what_has_a_shape_stays() -> None:
    assert visible("δ∂窗口 x\u202fy") == "δ∂窗口 x\u202fy"


def test_every_kind_of_evidence_is_explained() -> None:
    for kind in KINDS:
        assert {f"kind.{kind}.shows", f"kind.{kind}.not"} <= sentences("en").keys()


def test_every_word_of_a_verdict_has_a_mark_and_its_own_words() -> None:
    said = {*get_args(r.RunStatus), *get_args(r.Outcome), *get_args(Status), *get_args(VerdictStatus), *get_args(Contradicted)}
    assert said <= MARKS.keys()
    assert {
        f"report.mark.{word}" for word in MARKS.keys() - {"incomplete", "void", "wrong", "interrupted", "filtered"}
    } <= sentences("en").keys()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("below 2^-71 in all", "below 2<sup>−71</sup> in all"), ("`blocks` and `@`", "<code>blocks</code> and <code>@</code>"),
        ("x_1^2", "<i>x</i><sub>1</sub>^2"), ("2^k, 1.2^3", "2^k, 1.2^3"),
    ],
)  # fmt: skip
def test_powers_and_code_are_set_in_a_sentence(text: str, html: str) -> None:
    assert words.prose(text) == html
