"""A verdict in one line and as a table: what a debugger, pytest and a notebook show."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np

import cnnbp
from cnnbp.evidence import Verdict
from tests.helpers.layers import gaussian, opaque
from tests.helpers.wrong import Convolves, Loops, Turned

HOSTILE = "<script>alert(1)</script>"


def asked(layer: object) -> Verdict:
    return cnnbp.verify(layer, *gaussian((2, 3, 6, 5), (4, 3, 3, 2)), like=cnnbp.Conv2d())


def test_one_line_says_what_and_why() -> None:
    """Quantity, extent and cause of the first, and how much else is wrong."""
    said = repr(asked(Turned()))
    assert said.startswith("<Verdict FAIL Turned: dx wrong in 180 of 180 entries; the kernel is not rotated: ")
    assert "\n" not in said
    assert repr(asked(Convolves())).endswith("(and 2 more)>")
    assert repr(asked(Loops())) == "<Verdict PASS Loops>"
    vacuous = cnnbp.verify(opaque(cnnbp.MaxPool2d(2)), np.ones((1, 1, 4, 4)))
    assert repr(vacuous) == f"<Verdict INCONCLUSIVE {vacuous.layer}: no oracle could judge the residual dx as a whole>"


def test_the_table_is_well_formed_and_says_the_same() -> None:
    """Every tag that opens closes."""
    verdict, open_ = asked(Turned()), list[str]()

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            open_.extend([] if tag == "br" else [tag])

        def handle_endtag(self, tag: str) -> None:
            assert open_.pop() == tag

    Tags().feed(verdict._repr_html_())
    assert open_ == []
    assert "the kernel is not rotated" in verdict._repr_html_()
    assert "180 of 180 entries" in verdict._repr_html_()


def test_whatever_a_layer_is_called_is_text() -> None:
    """No name becomes markup."""
    verdict = replace(asked(Turned()), layer=HOSTILE, shapes={HOSTILE: (1,)})
    assert "<script>" not in verdict._repr_html_()
    assert "&lt;script&gt;" in verdict._repr_html_()
