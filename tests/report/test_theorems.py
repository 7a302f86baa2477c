"""A statement shows the theorems that hold it, where they stand; and the page says of which kinds its evidence is."""

from __future__ import annotations

import re

from cnnbp.evidence import records as r
from cnnbp.report.kinds.view import kinds
from cnnbp.report.setting import Setting
from cnnbp.report.speech import Speech
from tests.helpers.pages import in_english as render
from tests.report import sample


def article(document: r.Document, id: str) -> str:
    """What the page says of one statement."""
    found = re.search(rf'<article class="statement">(?:(?!</article>).)*id="{id}".*?</article>', render(document), re.DOTALL)
    assert found
    return found[0]


def stale(document: r.Document) -> r.Document:
    """The same, its theorems being about another source."""
    assert document.proofs.theorems is not None
    update = {"status": "not for this source", "reasons": ("Not as they were checked: Axis.v.",)}
    theorems = document.proofs.theorems.model_copy(update=update)
    return document.model_copy(update={"proofs": document.proofs.model_copy(update={"theorems": theorems})})


def test_a_statement_shows_its_theorem_and_what_it_says() -> None:
    shown = article(sample.document(), "chain-rule")
    assert '<a href="#theorem-chain_rule"><code>chain_rule</code></a>: dx is the gradient.' in shown
    assert "what this theorem says" in shown
    assert "theorem" not in article(sample.document(), "step-size")


def test_one_that_does_not_stand_is_not_shown_but_objected() -> None:
    shown = article(stale(sample.document()), "chain-rule")
    assert "what this theorem says" not in shown
    assert "names theorems that this run has not, or that do not stand for its source: chain_rule" in shown


def test_statements_are_listed_under_the_kind_that_they_have() -> None:
    """Under "theorem" where one holds them, else under what is left."""
    listed = re.compile(r"<dt><b>theorem</b> 1<dd>(<ul>.*?)</dd>")
    found = listed.search(render(sample.document()))
    assert found
    assert re.findall(r'href="#([\w-]+)"', found[1]) == ["chain-rule"]
    assert listed.search(render(stale(sample.document()))) is None


def test_what_was_asked_in_float32_is_shown() -> None:
    """As many entries as were compared."""
    assert "the same in float32, 28 entries compared" in render(sample.document())


def test_every_kind_of_which_there_is_evidence_is_said_to_be_there() -> None:
    """Proofs, sizes and theorems as well as samples."""
    here = kinds(Setting(sample.document(), Speech("en")))
    assert {kind for kind, there in here.items() if not there} == set()
    assert not kinds(Setting(stale(sample.document()), Speech("en")))["theorem"]
