"""The first words of the page are never better than the document's status, nor better than its own records."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from cnnbp.report import render
from cnnbp.report.statements import CORRECTED, DEFINITION, HOLDS, OPEN, READINGS, REFUTED, UNJUDGED, group
from cnnbp.report.words import Mark

from tests.report import sample
from tests.report.statements import Document

PASSING = "What was tried holds, as corrected"


def heading(page: str) -> str:
    """The largest words, without symbol."""
    found = re.search(r"<h1>.*?</span>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return found[1].strip()


def _miss(d: Document) -> None:
    d["controls"]["wrong"][0]["caught"] = False


def _accuse(d: Document) -> None:
    d["controls"]["unusual"][0] |= {"accused": True, "accusations": [sample.failing_verdict()]}


def _empty(d: Document) -> None:
    d |= {"statements": [], "layers": [], "digits": None}


WORSE: list[tuple[str, Callable[[Document], object], str]] = [
    ("says void", lambda d: d.update(status="void"), "Void"),
    ("says incomplete", lambda d: d.update(status="incomplete"), "Incomplete"),
    ("says refuted", lambda d: d.update(status="refuted"), "The derivation is refuted"),
    ("did not finish", lambda d: d.update(complete=False), "Incomplete"),
    ("missed a wrong layer", _miss, "Void"),
    ("accused a right layer", _accuse, "Void"),
    ("ran no controls", lambda d: d.update(controls={}), "Incomplete"),
    ("judged nothing", _empty, "Incomplete"),
    ("refuted a statement", lambda d: d["statements"][1].update(verdict="refuted"), "The derivation is refuted"),
    ("left a statement open", lambda d: d["statements"][1].update(verdict="hm"), "Incomplete"),
    ("a layer failed", lambda d: d["layers"][0].update(fail=1), "The derivation is refuted"),
    ("an oracle objected", lambda d: d["layers"][0]["oracles"]["autograd"].update(fail=1), "The derivation is refuted"),
    ("a layer passed nothing", lambda d: d["layers"][0].update({"pass": 0}), "Incomplete"),
    ("a reading did not hold", lambda d: d["statements"][1]["readings"][0].update(wrong=1), "The derivation is refuted"),
    ("a correction did not hold", lambda d: d["statements"][2]["readings"][2].update(holds=False), "The derivation is refuted"),
    ("no correction was tried", lambda d: d["statements"][2]["readings"].pop(), "Incomplete"),
    ("nothing stands behind a verdict", lambda d: d["statements"][1].update(readings=[]), "Incomplete"),
    ("a step failed", lambda d: d["training"].update(status="fail"), "The derivation is refuted"),
    ("a step went beyond its bound", lambda d: d["training"]["ratios"].append(1.01), "The derivation is refuted"),
    ("nobody agreed with the steps", lambda d: d["training"].update(status="abstain", reason="torch is absent"), "Incomplete"),
    ("no step was compared", lambda d: d["training"].update(compared=0), "Incomplete"),
    ("nothing was learnt", lambda d: d["training"].update(accuracy=0.2), "Incomplete"),
    ("failed on digits", lambda d: d["digits"].update(whole=sample.failing_verdict()), "The derivation is refuted"),
]


@pytest.mark.parametrize(("change", "words"), [row[1:] for row in WORSE], ids=[row[0] for row in WORSE])
def test_no_document_with_an_objection_looks_like_a_pass(change: Callable[[Document], object], words: str) -> None:
    document = sample.document()
    change(document)
    page = render(document)
    assert heading(page).startswith(words)
    assert PASSING not in page
    assert 'class="answer good"' not in page


def test_a_document_without_objection_holds() -> None:
    page = render(sample.document())
    assert heading(page) == PASSING + "."
    assert "<title>✓ " + PASSING in page
    assert sample.document()["summary"] in page


@pytest.mark.parametrize("status", ["void", "incomplete"])
def test_void_and_incomplete_come_before_the_question(status: str) -> None:
    page = render(sample.document() | {"status": status})
    assert page.index("<h1>") < page.index('class="question"')


def test_void_outranks_all_and_every_objection_is_told() -> None:
    document = sample.document() | {"complete": False}
    _miss(document)
    document["statements"][1]["verdict"] = "refuted"
    page = render(document)
    assert heading(page).startswith("Void")
    for words in ("did not finish", "1 wrong layer went uncaught", "E18 is refuted"):
        assert words in page


def test_layers_alone_never_speak_for_the_derivation() -> None:
    page = render(sample.document() | {"statements": [], "controls": {}})
    assert heading(page) == "Every layer agrees with its oracles."
    assert PASSING not in page
    assert "None were run" in page


@pytest.mark.parametrize(
    ("verdict", "mark"),
    [
        ("holds", HOLDS),
        ("refuted as printed, holds as corrected", CORRECTED),
        ("holds under these readings only", READINGS),
        ("definition", DEFINITION),
        ("not mathematical", UNJUDGED),
        ("not tested", OPEN),
        ("not judged", OPEN),
        ("refuted", REFUTED),
        ("refuted under every reading", REFUTED),
        ("holds, probably", OPEN),
        ("", OPEN),
    ],
)
def test_a_verdict_that_is_not_understood_never_counts_as_holding(verdict: str, mark: Mark) -> None:
    assert group(verdict) is mark
