"""Every contradiction is found once: a single change to the sample, and the code of what it runs into."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cnnbp.evidence import file, records
from cnnbp.evidence.status import examine
from cnnbp.text import sentence
from tests.text.test_text import codes

from .sample import document, failing_layer, tanh

Json = Any
WHOLE = file.text(document())
FAILING = file.text(document().model_copy(update={"layers": (failing_layer("x"), tanh()), "status": "wrong"}))
SUBJECTS = {
    "missed", "wrongly-failed", "uncontrolled", "void-harness", "wrong-forward", "refuted", "not-tested", "wrong", "inconclusive",
    "cases-missing", "contradicted", "contradictions",
}  # fmt: skip

STATEMENT, READING = "derivations.0.statements.1", "derivations.0.statements.1.readings.0"
PIECE, VERDICT = "digits.layers.0.evidence.0", "digits.layers.0"
LAYER, TALLY, FAILURE = "layers.0", "layers.0.oracles.masked_dense", "layers.0.failure"
CHANGES: list[tuple[str, str, Json]] = [
    ("says-of-itself", "status", "void"),
    ("trouble", "trouble", {"code": "run.ended", "values": {}}),
    ("twice", "whole.wrong", ["conv-doubled", "conv-doubled"]),
    ("strays", "whole.layers", ["Conv2d"]),
    ("reading-counts", f"{READING}.senseless", 10),
    ("reading-holds", f"{READING}.holds", True),
    ("reading-error", f"{READING}.worst_error", 0.0),
    ("reading-nonsense", f"{READING}.nonsense", {"en": "it has no value"}),
    ("reading-counterexample", f"{READING}.counterexample", None),
    ("counterexample", f"{READING}.counterexample.says", [1, "2/4"]),
    ("counterexample", f"{READING}.counterexample.given.w", [[1, 2], [3]]),
    ("reading-cases", f"{READING}.cases", 19),
    ("reading-facets", f"{READING}.facets", {}),
    ("statement-verdict", f"{STATEMENT}.verdict", "holds"),
    ("statement-untested", "derivations.0.statements.3.cases", 3),
    ("statement-kind", f"{STATEMENT}.kind", "sampled"),
    ("statement-quantity", f"{STATEMENT}.quantity", {"en": ""}),
    ("statement-empty", f"{STATEMENT}.printed", ""),
    ("statement-correction", f"{STATEMENT}.corrected", None),
    ("statement-fault", f"{STATEMENT}.fault", {"en": ""}),
    ("misprints", f"{STATEMENT}.misprints.0.end", 9),
    ("kind", f"{PIECE}.kind", "estimated"),
    ("abstains", f"{VERDICT}.evidence.2.remark", None),
    ("unmeasured", f"{PIECE}.resolution", None),
    ("beyond", f"{PIECE}.status", "fail"),
    ("ratio", f"{PIECE}.ratio", 0.5),
    ("error", f"{PIECE}.actual", 3.0),
    ("vacuous", f"{PIECE}.status", "vacuous"),
    ("exact", f"{PIECE}.kind", "exact at points"),
    ("resolution", f"{PIECE}.resolution", 0.0),
    ("index", f"{VERDICT}.evidence.1.index", [0, 7, 1, 2]),
    ("index", "digits.whole.evidence.1.index", []),
    ("verdict-fails", f"{VERDICT}.status", "fail"),
    ("verdict-wrong", f"{VERDICT}.wrong", [{"code": "verification.wrong", "values": {}}]),
    ("verdict-silent", f"{VERDICT}.evidence.1.status", "abstain"),
    ("verdict-gaps", f"{VERDICT}.evidence.1.oracle", "finite_difference"),
    ("verdict-sizes", "digits.whole.evidence.1.index", [0, 0]),
    ("layer-counts", f"{LAYER}.passed", 10),
    ("unseen-failures", f"{TALLY}.failed", 2),
    ("agreed", f"{LAYER}.oracles", {}),
    ("options", f"{LAYER}.options.stride.1", 8),
    ("doubts", f"{LAYER}.doubts", []),
    ("layer-failure", f"{LAYER}.failed", 1),
    ("tally", f"{TALLY}.partly", 13),
    ("tally-fails", f"{TALLY}.failed", 4),
    ("tally-kinds", f"{TALLY}.kinds", ["contract"]),
    ("tally-judged", f"{TALLY}.judged", 0),
    ("tally-ratio", f"{TALLY}.worst_ratio", 1.5),
    ("failures", f"{FAILURE}.failures", 2),
    ("failure-verdict", f"{FAILURE}.verdict.layer", "Tanh()"),
    ("failure-options", f"{FAILURE}.options.padding", "3"),
    ("failure-quantities", f"{FAILURE}.quantities", {"w": 1}),
    ("failure-number", f"{FAILURE}.number", 99),
    ("rerun", f"{FAILURE}.rerun", "cnnbp verify --only Tanh"),
    ("rerun", f"{STATEMENT}.rerun", "cnnbp verify --only chain-rule"),
    ("sections", "derivations.0.sections", {}),
    ("facets", "derivations.0.facets", {}),
    ("statement-cases", f"{STATEMENT}.cases", 19),
    ("statement-few", "provenance.examples", 21),
    ("layer-oracles", "layers.1.oracles", {}),
    ("layer-cases", "provenance.examples", 11),
    ("caught-by", "controls.wrong.0.by", ""),
    ("right-cases", "controls.right.1.cases", 2),
    ("failure", "controls.right.0.failure", json.loads(WHOLE)["digits"]["layers"][0]),
    ("control-operator", "controls.wrong.0.operator", "Dense"),
    ("matrix-shape", "matrix.kernel", [2, 2]),
    ("matrix-entries", "matrix.entries.0", [0, 0, 7]),
    ("digits-network", "digits.network", "Network([Tanh()])"),
    ("digits-samples", "digits.samples", 31),
    ("digits-sizes", "digits.layers.1.shapes.x", [32, 1, 8, 7]),
    ("digits-sizes", f"{PIECE}.index", [0, 0, 1, 9]),
    ("few-images", "training.train", 3),
    ("two-networks", "training.source", "other digits"),
    ("seed", "training.seed", 8),
    ("started", "provenance.started", "yesterday"),
    ("steps", "training.steps", 5),
    ("loss", "training.loss.0.0", 2),
    ("distance", "training.distance.0.0", 2),
    ("no-twin", "training.accuracy_torch", None),
    ("accuracy", "training.accuracy", 0.951),
    ("compared", "training.wanted", 5),
    ("left-out", "training.left_out", [9]),
    ("ratios", "training.ratios.0", 1.5),
    ("worst", "training.worst", None),
    ("worst", "training.worst.step", 3),
    ("worst-ratio", "training.worst.bound", 1.0),
    ("worst-error", "training.worst.actual", 1.0),
]  # fmt: skip


def put(document: Json, path: str, value: Json) -> records.Document:
    """The document with another value in this place."""
    *way, last = [int(key) if key.isdecimal() else key for key in path.split(".")]
    found = document
    for key in way:
        found = found[key]
    found[str(last) if isinstance(found, dict) else last] = value
    return records.Document.model_validate_json(json.dumps(document))


@pytest.mark.parametrize(("code", "path", "value"), CHANGES, ids=[f"{code} {path}" for code, path, _ in CHANGES])
def test_a_single_change_runs_into_it(code: str, path: str, value: Json) -> None:
    """It is found, told in a sentence, and neither the run nor any subject holds."""
    failing = path.startswith(FAILURE) or code == "unseen-failures"
    standing = examine(put(json.loads(FAILING if failing else WHOLE), path, value))
    found = {contradiction.code: sentence(contradiction) for contradiction in standing.contradictions}
    assert f"status.{code}" in found
    assert "{" not in "".join(found.values()), found
    assert standing.status != "holds"
    assert "holds" not in {subject.status for subject in standing.subjects}


def test_every_check_is_among_them() -> None:
    """None that was never seen to find anything."""
    every = {code.removeprefix("status.") for code in codes("status")} - SUBJECTS
    assert every == {code for code, _, _ in CHANGES}


def test_the_samples_contradict_nothing() -> None:
    """So that what is found is found because of the change."""
    for text in (WHOLE, FAILING):
        assert examine(records.Document.model_validate_json(text)).contradictions == ()
