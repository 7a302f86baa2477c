"""What differs between two documents: nothing of one and itself, and each change for the worse is for the better turned round."""

from __future__ import annotations

from typing import Any

import pytest

from cnnbp.evidence.compared import Change, changes
from cnnbp.evidence.joining.layers import joined
from cnnbp.evidence.records import Document
from cnnbp.evidence.status import concluded
from cnnbp.text import sentence
from tests.evidence import sample

WHOLE = sample.document()


def changed(**update: Any) -> Document:
    return concluded(WHOLE.model_copy(update=update))


def with_controls(**update: Any) -> Document:
    return changed(controls=WHOLE.controls.model_copy(update=update))


def origin(**update: Any) -> Document:
    return changed(provenance=WHOLE.provenance.model_copy(update=update))


MISSED = tuple(c.model_copy(update={"caught": False, "by": "", "cases": 20}) for c in WHOLE.controls.wrong)
UNPROVED = WHOLE.proofs.model_copy(update={"layers": WHOLE.proofs.layers[1:]})
UNTAUGHT = WHOLE.proofs.model_copy(update={"theorems": None})
WORSE: list[tuple[Document, str]] = [
    (changed(layers=(sample.failing_layer("x"), sample.tanh())), "layer Conv2d: was pass, now fail"),
    (changed(layers=(sample.tanh(),)), "layer Conv2d: was pass, now missing"),
    (
        changed(training=WHOLE.training and WHOLE.training.model_copy(update={"accuracy": 0.05})),
        "part training: was pass, now fail",
    ),
    (with_controls(wrong=MISSED), f"control {MISSED[0].id}: was caught, now missed"),
    (with_controls(wrong=MISSED), "run: was holds, now void"),
    (changed(proofs=UNTAUGHT), "theorem is claimed by evidence of another kind: was theorem, now nothing"),
    (changed(proofs=UNPROVED), "Conv2d is claimed by evidence of another kind: was symbolic, now sampled"),
]
OTHER: list[tuple[Document, str]] = [
    (origin(seed=8), "seed: was 7, now 8"),
    (origin(sources_sha256="0" * 64), "sources sha256: was 9b1c9b1c9b1c9b1c, now 0000000000000000"),
    (origin(torch="3.0"), "torch: was 2.13.0+cpu, now 3.0"),
]


def said(found: list[Change], turn: str) -> list[str]:
    return [sentence(change.what) for change in found if change.turn == turn]


def test_nothing_differs_from_itself() -> None:
    """Nor when it was made."""
    assert changes(WHOLE, WHOLE) == []
    assert changes(WHOLE, origin(started="2027-01-01T00:00:00+00:00", seconds=1.0)) == []


@pytest.mark.parametrize(("other", "told"), WORSE)
def test_what_got_worse_is_told(other: Document, told: str) -> None:
    """First; and turned round it got better."""
    found = changes(WHOLE, other)
    assert told in said(found, "worse")
    assert found[0].turn == "worse"
    assert said(found, "better") == []
    back = changes(other, WHOLE)
    assert said(back, "worse") == []
    assert len(said(back, "better")) == len(said(found, "worse"))


def test_what_failed_and_is_not_there_any_more_is_no_better() -> None:
    """It is told, and neither; what contradicts itself is worse."""
    failing, gone = (changed(layers=these) for these in ((sample.failing_layer("x"), sample.tanh()), (sample.tanh(),)))
    assert "layer Conv2d: was fail, now missing" in said(changes(failing, gone), "other")
    odd = changed(layers=(sample.failing_layer("x").model_copy(update={"failed": 5}), sample.tanh()))
    assert "layer Conv2d: was fail, now contradicted" in said(changes(failing, odd), "worse")


def test_of_a_layer_that_fails_the_larger_share_of_cases_is_worse() -> None:
    """The same failures in fewer cases; as large a share of more cases is told, and is neither."""
    one, right = sample.failing_layer("x"), sample.conv2d()
    rarely, twice = (changed(layers=(joined(those), sample.tanh())) for those in ((one, right), (one, one)))
    failing = changed(layers=(one, sample.tanh()))
    assert "layer Conv2d: failed in 3 of 24 cases, now in 3 of 12" in said(changes(rarely, failing), "worse")
    assert "layer Conv2d: failed in 3 of 12 cases, now in 6 of 24" in said(changes(failing, twice), "other")


@pytest.mark.parametrize(("other", "told"), OTHER)
def test_other_origins_decide_nothing(other: Document, told: str) -> None:
    """They are told, and neither better nor worse."""
    found = changes(WHOLE, other)
    assert told in said(found, "other")
    assert said(found, "better") == []


def test_a_statement_that_only_holds_as_corrected_is_worse_than_one_that_holds() -> None:
    """Among those that hold there is a better and a worse."""
    book = WHOLE.derivations[0]
    before = next(s for s in book.statements if s.verdict == "holds")
    mended = next(s for s in book.statements if s.verdict.startswith("refuted as printed"))
    after = mended.model_copy(update={"id": before.id, "theorems": before.theorems})
    statements = tuple(after if s is before else s for s in book.statements)
    found = changes(WHOLE, changed(derivations=(book.model_copy(update={"statements": statements}),)))
    assert any(before.id in told for told in said(found, "worse"))
