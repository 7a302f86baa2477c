"""A formula leaves as plain mathematics with its TeX, or not at all."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from cnnbp.report.document import Record
from cnnbp.report.formula import ATTRIBUTES, TAGS, formula
from cnnbp.report.misprints import misprints, source

from tests.report.statements import BROKEN


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
    assert {element.tag for element in root.iter()} <= TAGS | {"semantics", "annotation"}
    assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES | {"encoding"}
    annotation = root.find("semantics/annotation")
    assert annotation is not None
    assert annotation.text == tex
    assert not [element.text for element in root.iter() if element.tag != "annotation" and re.search(r"[\\&]", element.text or "")]


@pytest.mark.parametrize(
    "tex",
    [
        "",
        r"\frac{a}{",
        r"a^b^c",
        r"\unheardof{x}",
        "a & b",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{answer}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\text{</math><img src=x onerror=alert(1)>}",
        r"\text{<!--}",
        r"\text{<mi onclick='x'>y</mi>}",
    ],
)
def test_what_would_be_lost_invented_or_dangerous_is_left_as_tex(tex: str) -> None:
    assert formula(tex) is None


@pytest.mark.parametrize("label", BROKEN)
def test_every_misprint_is_marked_in_print_as_broken_as_it_is(label: str) -> None:
    """Marks change nothing but themselves: neither letters nor where the limits of a sum stand."""
    tex, pieces = BROKEN[label]
    marks = [(tex.index(piece), tex.index(piece) + len(piece)) for piece in pieces]
    plain, marked = (ET.fromstring(str(formula(tex, those))) for those in ((), marks))
    assert sum(element.get("class") == "misprint" for element in marked.iter()) == len(marks)
    assert "".join(marked.itertext()) == "".join(plain.itertext())
    kept = [[element.tag for element in root.iter() if element.tag != "mrow"] for root in (plain, marked)]
    assert kept[0] == kept[1]


def test_a_mark_that_is_no_formula_is_left_out_alone() -> None:
    tex = r"\frac{a}{b}+c"
    found = str(formula(tex, [(0, 7), (len(tex) - 1, len(tex))]))
    assert found.count("misprint") == 1
    assert '<mrow class="misprint"><mrow><mi>c</mi></mrow></mrow>' in found


def test_print_that_hides_something_is_not_marked() -> None:
    assert "misprint" not in str(formula(r"\phantom{a}b", [(11, 12)]))


def test_the_source_is_marked_to_the_character() -> None:
    record = Record({"misprints": [{"start": 2, "end": 3, "what": "x"}, {"start": 0, "end": 1, "what": "y"}]})
    assert source("<b>", misprints(record, "<b>")) == "<mark>&lt;</mark>b<mark>&gt;</mark>"


@pytest.mark.parametrize("ranges", [[(0, 4)], [(1, 1)], [(0, 2), (1, 3)]])
def test_a_range_outside_of_the_print_is_refused(ranges: list[tuple[int, int]]) -> None:
    record = Record({"misprints": [{"start": start, "end": end, "what": ""} for start, end in ranges]}, "statements[7]")
    with pytest.raises(ValueError, match=r"statements\[7\]\.misprints: \d to \d is no range"):
        misprints(record, "abc")


def test_every_formula_of_the_derivation_is_set_as_mathematics() -> None:
    """As printed, broken as some are, and as corrected: none falls back to its source."""
    from cnnbp.derivations import DERIVATION

    written = [tex for s in DERIVATION.statements for tex in (s.printed, s.corrected) if tex]
    assert [tex for tex in written if formula(tex) is None] == []
