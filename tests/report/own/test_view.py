"""The page of layers of one's own: failures first, nothing claimed that was not found, no name taken for markup."""

from __future__ import annotations

import re
from dataclasses import replace

from cnnbp.evidence import Evidence, Verdict, VerdictStatus, remark
from cnnbp.evidence.gathering import Gathering
from cnnbp.evidence.own import Outcome, Own, OwnDocument, document
from cnnbp.report.own.view import render, view
from tests.helpers.pages import english
from tests.report.test_page import Page

HOSTILE = "<script>alert(1)</script>\u202e"


def own(name: str, status: VerdictStatus, outcome: Outcome = "", like: str = "") -> Own:
    evidence = Evidence("autograd", "x", "fail" if status == "fail" else "pass", "sampled", 1.0, 0.5, 2.0, None, (0,), 2.0, 1.0, 1)
    wrong = (remark("verification.not-judged", quantity="x"),) if status != "pass" else ()
    gathering = Gathering()
    gathering.add(Verdict(name, status, (evidence,), wrong, {"x": (1,)}), like)
    return gathering.records(f"test_{name}", outcome, "again")[0]


def made(*layers: Own, lost: str = "") -> OwnDocument:
    return document("0", list(layers), [remark("own.lost", test=lost)] if lost else [], "2026-01-01T00:00:00+00:00", 1.0)


def test_failures_come_first_and_are_open() -> None:
    """Then what is inconclusive, then what passes, which stays folded."""
    found = made(own("a", "pass"), own("b", "fail"), own("c", "inconclusive"))
    assert [row.own.layer for row in view(found).rows] == ["b", "c", "a"]
    page = render(found)
    assert page.count('<summary id="section-of-') == 3
    assert len(re.findall('<details open><summary id="section-of-', page)) == 2
    assert "Of 3 layers 1 passes, 1 fails, 1 is inconclusive." in english(page)
    assert "No layer was asked about." in english(render(made()))


def test_a_failure_that_a_test_expects_is_told_as_one() -> None:
    """It stays a failure of the layer."""
    page = render(made(own("a", "fail", "passed"), own("b", "fail", "failed")))
    assert "1 failure is in tests that pass" in page
    assert page.count("The test passes all the same") == 1
    assert "Of 2 layers 2 fail." in english(page)


def test_what_was_lost_is_told() -> None:
    """By the name of the test."""
    assert "A worker died in tests/test_x.py::test_y" in render(made(own("a", "pass"), lost="tests/test_x.py::test_y"))


def test_every_element_is_closed_every_link_leads_somewhere_and_names_are_text() -> None:
    """Whatever a layer or a test is called."""
    text = render(made(own(HOSTILE, "fail", like=HOSTILE), own(HOSTILE, "pass")))
    page = Page(text)
    assert page.open == []
    assert page.tags["script"] == 0
    assert page.handlers == []
    assert len(page.ids) == len(set(page.ids))
    assert {reference.removeprefix("#") for reference in page.references} <= set(page.ids)
    assert "\u202e" not in text


def test_what_the_layer_answers_and_what_is_right_stand_above_the_evidence_in_few_rows() -> None:
    """The numbers to the last bit; a row for the quantities of which an oracle says the same."""
    values = {
        "actual": 1.3833290189066356,
        "oracles": ["autograd"],
        "expected": [-0.7751503681974148],
        "error": 2.16,
        "bound": 1e-15,
    }
    verdict = replace(
        own("a", "fail").shown,
        wrong=(remark("verification.wrong-entry", what="dw", where="row 0", on="", quantity="w", ratio=2.1e15, **values),),
        evidence=tuple(Evidence("autograd", name, "pass", "sampled", 0.0, 0.5, 0.0, None, (0,), 2.0, 2.0, 1) for name in "yxb"),
    )
    told = english(render(made(own("a", "fail").model_copy(update={"shown": verdict}))))
    above = told[: told.index("<th scope=col>Kind")]
    assert above.index("The layer") < above.index("1.3833290189066356") < above.index("-0.7751503681974148")
    assert "2.16, 2.1" in above
    assert "<i>y, x, b</i>" in told
