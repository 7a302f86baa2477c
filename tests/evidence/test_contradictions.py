"""Every contradiction is found once: a single change to the sample, and the code of what it runs into."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from cnnbp.evidence import records
from cnnbp.evidence.status import examine
from cnnbp.text import sentence
from tests.text.test_text import codes

from .changed import CHANGES, FAILING, FAILURE, LAYER, SEVERAL, VERDICT, WHOLE
from .changes import changed
from .sample import document, post, wanted

Json = Any
SUBJECTS = {
    "missed", "wrongly-failed", "uncontrolled", "void-harness", "wrong-forward", "refuted", "not-tested", "wrong", "inconclusive",
    "cases-missing", "contradicted", "contradictions", "grid-missing", "unseen",
    "missing-shard", "raised",
}  # fmt: skip


LARGE = ("derivations", "layers", "matrix", "ladder", "digits", "training")
PARSED = {text: json.loads(text) for text in (WHOLE, FAILING)}
READ = {text: records.Document.model_validate_json(text) for text in PARSED}
BARE = PARSED[WHOLE] | {name: [] if isinstance(PARSED[WHOLE][name], list) else None for name in LARGE}


def put(text: str, values: Mapping[str, Json]) -> records.Document:
    """The document with other values in these places; the parts that have none of them are those that were read before."""
    found = PARSED[text]
    for path, value in values.items():
        inner, way = found, list[str | int]()
        for key in path.split("."):
            way.append(key if isinstance(inner, dict) else int(key))
            inner = inner.get(key) if isinstance(inner, dict) else inner[int(key)]
        found = changed(found, tuple(way), value)
    parts = {path.partition(".")[0] for path in values}
    read = records.Document.model_validate_json(json.dumps(BARE | {part: found[part] for part in parts}))
    return READ[text].model_copy(update={part: getattr(read, part) for part in parts})


@pytest.mark.parametrize("values", SEVERAL.values(), ids=list(SEVERAL))
def test_several_changes_run_into_something(values: dict[str, Json]) -> None:
    """Other records disprove them."""
    standing = examine(put(WHOLE, values))
    assert standing.contradictions != ()
    assert standing.status != "holds"


@pytest.mark.parametrize("place", [f"{VERDICT}.evidence", "digits.layers.1.evidence", "digits.whole.evidence"])
def test_no_piece_of_evidence_can_be_left_out(place: str) -> None:
    """Whichever it is: a whole run has every oracle on every quantity, and every point of the contract."""
    _, which, *_ = path = place.split(".")
    digits = PARSED[WHOLE]["digits"]
    verdict = digits["whole"] if which == "whole" else digits["layers"][int(path[2])]
    for number, item in enumerate(verdict["evidence"]):
        fewer = [other for n, other in enumerate(verdict["evidence"]) if n != number]
        found = {told.code for told in examine(put(WHOLE, {place: fewer})).contradictions}
        silent = item["oracle"] == "masked_dense" and item["status"] == "abstain" and item["quantity"] == "y"
        assert found or silent, item


@pytest.mark.parametrize(("code", "path", "value"), CHANGES, ids=[f"{code} {path}" for code, path, _ in CHANGES])
def test_a_single_change_runs_into_it(code: str, path: str, value: Json) -> None:
    """It is found, told in a sentence, and neither the run nor any subject holds."""
    failing = FAILURE in path or code == "unseen-failures"
    standing = examine(put(FAILING if failing else WHOLE, {path: value}))
    found = {contradiction.code: sentence(contradiction) for contradiction in standing.contradictions}
    assert f"status.{code}" in found
    assert "{" not in "".join(found.values()), found
    assert standing.status != "holds"
    assert "holds" not in {subject.status for subject in standing.subjects}


def test_what_the_sources_have_disproves_what_a_document_says_of_them() -> None:
    """A statement, a control, a layer: left out of the records and of what a whole run is said to have, nothing is missing."""
    before, has = document(), wanted([post()])["post"]
    fewer = before.model_copy(
        update={
            "derivations": (before.derivations[0].model_copy(update={"statements": before.derivations[0].statements[1:]}),),
            "whole": before.whole.model_copy(
                update={
                    "statements": {"post": {s: r for s, r in has.items() if s != "chain-rule"}},
                    "theorems": dict.fromkeys(before.whole.theorems, ()),
                }
            ),
        }
    )
    assert examine(fewer).status == "holds"
    standing = examine(fewer, before.whole)
    assert [(told.code, told.values["names"]) for told in standing.contradictions] == [
        ("status.not-as-installed", ["statements", "theorems"])
    ]
    assert "holds" not in {subject.status for subject in standing.subjects}
    assert examine(before, before.whole) == examine(before)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (f"{LAYER}.doubts.0.remark.code", "run.never-heard", "run.never-heard"),
        (f"{LAYER}.doubts.0.remark", {"code": "run.not-covered", "values": {}}, "run.not-covered"),
        ("digits.layers.1.evidence.0.remark", {"code": "verification.left-out", "values": {}}, "verification.left-out"),
        ("proofs.layers.1.proof.scope.0.values", {"paths": 3}, "proof.scope.orders"),
        ("not_covered.0.code", "run.not-covered.nothing", "run.not-covered.nothing"),
    ],
)  # fmt: skip
def test_what_the_sources_have_no_sentence_for_is_found_where_they_are_at_hand(path: str, value: Json, code: str) -> None:
    """A code that nobody knows, or one without its values. Of other sources nobody can tell: they may be newer."""
    found = put(WHOLE, {path: value})
    told = [why for why in examine(found, found.whole).contradictions if why.code == "status.unsaid"]
    assert [why.values["codes"] for why in told] == [[code]]
    assert code in sentence(told[0])
    assert "status.unsaid" not in {why.code for why in examine(found).contradictions}


def test_every_check_is_among_them() -> None:
    """None that was never seen to find anything."""
    told = {code.removeprefix("status.") for code in codes("status") if code.startswith("status.")}
    every = told - SUBJECTS - {"not-as-installed", "unsaid"}
    assert every == {code for code, _, _ in CHANGES}


def test_the_samples_contradict_nothing() -> None:
    """So that what is found is found because of the change."""
    for read in READ.values():
        assert examine(read).contradictions == ()


def test_a_part_of_a_run_may_have_the_ladder_without_its_layer() -> None:
    """As `--only ladder --only Conv2d` has it; a whole run may not."""
    found = document()
    for networks, said in ((found.whole.networks, True), ((), False)):
        whole = found.whole.model_copy(update={"layers": {"Conv2d": found.whole.layers["Conv2d"]}, "networks": networks})
        codes = {why.code for why in examine(found.model_copy(update={"whole": whole})).contradictions}
        assert ("status.ladder-layer" in codes) == said
