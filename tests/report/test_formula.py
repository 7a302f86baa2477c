"""A formula leaves as plain mathematics with its TeX, or not at all."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence import records as r
from cnnbp.report.mathematics.formula import ATTRIBUTES, LONGEST, TAGS, formula
from cnnbp.report.statements.misprints import misprints, source, spans
from tests.evidence import sample as base
from tests.evidence.sample import en
from tests.report.sample import BROKEN

PIECES = (
    r"\frac{", "}", "{", "_", "^", "a", r"\sum", r"\left(", r"\right)", "&", r"\\", r"\begin{aligned}", r"\end{aligned}", r"\text{",
    "<", "1", "+", r"\Bigl(", r"\Bigr)", r"\operatorname{f}", "'", "=", "δ", " ",
)  # fmt: skip


@pytest.mark.parametrize(
    "tex",
    [
        r"\delta_i^{(nl)}=(a_i^{(nl)}-y_i)f'(z_i^{(nl)})",
        r"a^{(l+1)}=f(z^{(l+1)}",  # printed so: a parenthesis is missing
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\Bigl(\Bigl\lfloor\tfrac{n+2p-k}{s}\Bigr\rfloor+1\Bigr)^2",
        r"\operatorname{rot180}(w)",
        r"\sum_{\text{windows}}\delta_{\text{窗口}}\,e_{\arg\max}",
        r"a < b",
    ],
)
def test_tex_becomes_mathematics(tex: str) -> None:
    found = formula(tex)
    assert found is not None
    root = ET.fromstring(str(found))
    annotation = root.find("semantics/annotation")
    assert annotation is not None
    assert annotation.text == tex
    assert not [element.text for element in root.iter() if element.tag != "annotation" and re.search(r"[\\&]", element.text or "")]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.tuples(st.integers(0, 30), st.integers(1, 30)))
@settings(deadline=None)
def test_only_mathematics_leaves_whatever_the_print_is(tex: str, mark: tuple[int, int]) -> None:
    found = formula(tex, (mark,) if mark[0] < mark[1] <= len(tex) else ())
    if found is not None:
        root = ET.fromstring(str(found))
        assert {element.tag for element in root.iter()} <= TAGS | {"semantics", "annotation"}
        assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES | {"encoding", "class"}


@pytest.mark.parametrize(
    "tex",
    [
        "", r"\frac{a}{", r"a^b^c", r"\unheardof{x}", "a & b", r"\href{javascript:alert(1)}{x}", r"\style{position:fixed}{x}",
        r"\class{answer}{x}", r"\text{<script>alert(1)</script>}", r"\text{</math><img src=x onerror=alert(1)>}", r"\text{<!--}",
        r"\text{<mi onclick='x'>y</mi>}",
    ],
)  # fmt: skip
def test_what_would_be_lost_invented_or_dangerous_is_left_as_tex(tex: str) -> None:
    assert formula(tex) is None


ENOUGH = 1_000_000  # calls of functions: less than a second
UNREADABLE = ["{" * 999 + "a" + "}" * 999, r"\frac{" * 300 + "a", "a_{" * 600, "x" * LONGEST, "x" * 20_000, r"\left(" * 333]


class Enough(BaseException):
    """Ends what takes too much work; no handler of errors on the way takes it for one of its own."""


def calls(tex: str) -> int:
    """Of how many functions it takes to set the TeX with every other character marked, counted until they are too many."""
    count = 0

    def called(*_: object) -> None:
        """At each call; with None for an answer no line within it is traced."""
        nonlocal count
        count += 1
        if count > ENOUGH:
            raise Enough

    before = sys.gettrace()
    formula.cache_clear()
    sys.settrace(called)
    try:
        formula(tex, tuple((n, n + 1) for n in range(0, min(len(tex), LONGEST), 2)))
    except Enough:
        pass
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("tex", UNREADABLE)
def test_what_nobody_reads_takes_little_work(tex: str) -> None:
    assert 0 < calls(tex) < ENOUGH


def test_with_more_marks_it_would_take_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than three times as much, which for the longest of the texts above would be too much."""
    few = calls("x" * 100)
    monkeypatch.setattr("cnnbp.report.mathematics.formula.MOST", 40)
    assert calls("x" * 100) > 3 * few > 0


@pytest.mark.parametrize("label", BROKEN)
def test_every_misprint_is_marked_in_print_as_broken_as_it_is(label: str) -> None:
    """Marks change nothing but themselves: neither letters nor where the limits of a sum stand."""
    tex, pieces = BROKEN[label]
    marks = tuple((tex.index(piece), tex.index(piece) + len(piece)) for piece in pieces)
    plain, marked = (ET.fromstring(str(formula(tex, those))) for those in ((), marks))
    assert sum(element.get("class") == "misprint" for element in marked.iter()) == len(marks)
    assert "".join(marked.itertext()) == "".join(plain.itertext())
    kept = [[element.tag for element in root.iter() if element.tag != "mrow"] for root in (plain, marked)]
    assert kept[0] == kept[1]


def test_a_mark_that_is_no_formula_is_left_out_alone() -> None:
    tex = r"\frac{a}{b}+c"
    found = str(formula(tex, ((0, 7), (len(tex) - 1, len(tex)))))
    assert found.count("misprint") == 1
    assert '<mrow class="misprint"><mrow><mi>c</mi></mrow></mrow>' in found


def test_print_that_hides_something_is_not_marked() -> None:
    assert "misprint" not in str(formula(r"\phantom{a}b", ((11, 12),)))


def marked(printed: str, *ranges: tuple[int, int]) -> r.Statement:
    found = tuple(r.Misprint(start=start, end=end, what=en("x")) for start, end in ranges)
    return base.statement("a", "definition").model_copy(update={"printed": printed, "misprints": found})


def test_the_source_is_marked_to_the_character() -> None:
    assert source("<b>", misprints(marked("<b>", (2, 3), (0, 1)))[0]) == "<mark>&lt;</mark>b<mark>&gt;</mark>"


@given(st.text("ab<&", max_size=12), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6))
def test_ranges_that_overlap_or_leave_the_print_are_listed_and_not_marked(printed: str, ranges: list[tuple[int, int]]) -> None:
    found, others = misprints(marked(printed, *ranges))
    assert len(found) + len(others) == len(ranges)
    inside = spans(found)
    assert all(a[1] <= b[0] for a, b in pairwise(inside))
    assert all(0 <= start < end <= len(printed) for start, end in inside)
    shown = source(printed, found).replace("<mark>", "").replace("</mark>", "")
    assert shown == source(printed, ())
