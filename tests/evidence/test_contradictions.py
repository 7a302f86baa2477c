"""Each contradiction is seen: one change to a document in which there is none, and its code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cnnbp.evidence import file, records
from cnnbp.evidence.status import concluded, examine
from cnnbp.text import ENGLISH, sentences
from tests.evidence.sample import document, failing_layer, failing_verdict, tanh

FAILING = document().model_copy(update={"layers": (failing_layer("x"), tanh())})
HOLDS, STEP, BRACKET, WORDS = (f"derivations.0.statements.{number}" for number in (0, 1, 2, 3))
CONV, PIECE, WHOLE = "layers.0", "digits.layers.0.evidence.0", "digits.whole"
FAILURE = f"{CONV}.failure"
ENTRIES = json.loads(file.text(document()))["matrix"]["entries"]
SAMPLE = json.loads(file.text(document()))
ORACLES = SAMPLE["layers"][1]["oracles"]
ACCUSED = json.loads(file.text(document().model_copy(update={"controls": records.Controls(wrong=(), right=(
    document().controls.right[0].model_copy(update={"accusation": failing_verdict("Conv2d", "x")}),
))})))["controls"]["right"][0]  # fmt: skip
ACCUSED["accusation"] = {**ACCUSED["accusation"], **SAMPLE["digits"]["layers"][1]}

CHANGES: list[tuple[str, str, Any]] = [
    ("twice", "layers.1.operator", "Conv2d"),
    ("strays", "controls.right.0.id", "conv-other"),
    ("reading-counts", f"{STEP}.readings.0.vacuous", 15),
    ("reading-counts", f"{STEP}.readings.0.senseless", 10),
    ("reading-holds", f"{STEP}.readings.0.holds", True),
    ("reading-holds", f"{HOLDS}.readings.0.holds", None),
    ("reading-error", f"{STEP}.readings.0.worst_error", 0.0),
    ("reading-error", f"{STEP}.readings.0.worst_error", None),
    ("reading-nonsense", f"{STEP}.readings.0.nonsense.en", "no value"),
    ("reading-counterexample", f"{STEP}.readings.0.counterexample", None),
    ("reading-cases", f"{STEP}.readings.1.cases", 21),
    ("reading-facets", f"{STEP}.readings.1.facets", {}),
    ("counterexample", f"{STEP}.readings.0.counterexample.says", [1, "2/4"]),
    ("counterexample", f"{STEP}.readings.0.counterexample.says", None),
    ("counterexample", f"{STEP}.readings.0.counterexample.given.w", [[1, 2], [0]]),
    ("counterexample", f"{BRACKET}.readings.0.counterexample.says", [1, 2]),
    ("statement-verdict", f"{HOLDS}.verdict", "refuted"),
    ("statement-verdict", f"{HOLDS}.verdict", "definition"),
    ("statement-verdict", f"{WORDS}.verdict", "holds"),
    ("statement-untested", f"{WORDS}.cases", 20),
    ("statement-kind", f"{HOLDS}.kind", "sampled"),
    ("statement-quantity", f"{HOLDS}.quantity.en", ""),
    ("statement-empty", f"{WORDS}.printed", ""),
    ("statement-correction", f"{STEP}.corrected", None),
    ("statement-fault", f"{STEP}.fault.en", ""),
    ("statement-cases", f"{STEP}.cases", 21),
    ("statement-few", "provenance.examples", 21),
    ("misprints", f"{STEP}.misprints.0.end", 4),
    ("kind", f"{PIECE}.oracle", "hearsay"),
    ("kind", f"{PIECE}.kind", "estimated"),
    ("abstains", "digits.layers.0.evidence.2.remark", None),
    ("unmeasured", f"{PIECE}.judged", 0),
    ("unmeasured", f"{PIECE}.bound", None),
    ("unmeasured", "digits.layers.0.evidence.2.judged", 3),
    ("beyond", f"{PIECE}.status", "fail"),
    ("beyond", f"{PIECE}.max_error", 1e-3),
    ("ratio", f"{PIECE}.ratio", 0.5),
    ("error", f"{PIECE}.actual", 0.5),
    ("vacuous", f"{PIECE}.status", "vacuous"),
    ("vacuous", "digits.layers.0.evidence.3.status", "vacuous"),
    ("exact", f"{PIECE}.kind", "exact at points"),
    ("resolution", f"{PIECE}.resolution", 1e-20),
    ("index", "digits.layers.0.evidence.1.index", [32, 0, 0, 0]),
    ("index", "digits.layers.0.evidence.1.index", [0, 0]),
    ("index", "digits.layers.0.evidence.1.left_out", 1),
    ("verdict-fails", "digits.layers.0.status", "fail"),
    ("verdict-wrong", "digits.layers.0.wrong", [{"code": "x", "values": {}}]),
    ("verdict-wrong", f"{WHOLE}.status", "inconclusive"),
    ("verdict-silent", f"{WHOLE}.evidence.0.status", "abstain"),
    ("verdict-gaps", "digits.layers.0.evidence.1.quantity", "w"),
    ("layer-counts", f"{CONV}.cases", 11),
    ("layer-cases", "provenance.examples", 11),
    ("layer-failure", f"{CONV}.failed", 1),
    ("layer-oracles", "layers.1.oracles", ORACLES | {"finite_difference": ORACLES["autograd"]}),
    ("tally", f"{CONV}.oracles.autograd.passed", 12),
    ("tally", f"{CONV}.oracles.autograd.partly", 12),
    ("tally-kinds", f"{CONV}.oracles.autograd.kinds", ["exact at points"]),
    ("tally-kinds", f"{CONV}.oracles.autograd.kinds", []),
    ("tally-judged", f"{CONV}.oracles.autograd.judged", 0),
    ("tally-judged", f"{CONV}.oracles.contract.left_out", 1),
    ("tally-ratio", f"{CONV}.oracles.autograd.worst_ratio", 1.5),
    ("tally-ratio", f"{CONV}.oracles.autograd.resolution", None),
    ("tally-ratio", f"{CONV}.oracles.masked_dense, exact.worst_ratio", 0.5),
    ("tally-fails", f"{CONV}.oracles.autograd.failed", 1),
    ("options", f"{CONV}.options.stride.1", 8),
    ("doubt", f"{CONV}.doubts.0.cases", 2),
    ("doubts", f"{CONV}.doubts", []),
    ("rerun", f"{STEP}.rerun", "cnnbp verify --only chain-rule --seed 7 --examples 20"),
    ("rerun", "provenance.seed", 8),
    ("sections", f"{STEP}.section", "forward"),
    ("facets", "derivations.0.facets", {}),
    ("caught-by", "controls.wrong.0.by", ""),
    ("caught-by", "controls.wrong.0.caught", False),
    ("right-cases", "controls.right.0.cases", 4),
    ("accusation", "controls.right.0", ACCUSED),
    ("control-operators", "controls.right.0.operator", "Dense"),
    ("matrix-shape", "matrix.x_shape", [5, 6]),
    ("matrix-entries", "matrix.entries", ENTRIES[1:]),
    ("matrix-entries", "matrix.entries.0", [0, 0, 1]),
    ("digits-network", "digits.network", "Network([Tanh()])"),
    ("digits-network", "digits.layers.0.layer", "Dense()"),
    ("digits-samples", "digits.samples", 31),
    ("two-networks", "training.network", "Network([Tanh()])"),
    ("seed", "training.seed", 8),
    ("started", "provenance.started", "yesterday"),
    ("steps", "training.steps", 7),
    ("compared", "training.wanted", 5),
    ("left-out", "training.left_out", [6]),
    ("curve", "training.loss.0.0", 7),
    ("curve", "training.distance", []),
    ("no-twin", "training.accuracy_torch", None),
    ("accuracy", "training.accuracy", 0.96),
    ("ratios", "training.ratios.2", 1.5),
    ("worst", "training.ratios.2", 0.001),
    ("worst", "training.worst", None),
    ("worst-step", "training.worst.step", 5),
    ("worst-ratio", "training.worst.error", 1e-3),
    ("worst-ratio", "training.worst.actual", 0.25),
]  # fmt: skip
OF_FAILURES: list[tuple[str, str, Any]] = [
    ("unheard", f"{CONV}.oracles", {"contract": SAMPLE["layers"][0]["oracles"]["contract"]}),
    ("unseen-failures", f"{CONV}.oracles.masked_dense.failed", 0),
    ("failures", f"{FAILURE}.failures", 4),
    ("failure-verdict", f"{FAILURE}.verdict.layer", "Dense()"),
    ("failure-options", f"{FAILURE}.options.stride", "9"),
    ("failure-quantities", f"{FAILURE}.quantities.x", 4),
    ("failure-quantities", f"{FAILURE}.quantities", {"w": 3}),
    ("failure-number", f"{FAILURE}.number", 12),
    ("rerun", f"{FAILURE}.rerun", "rm -rf /"),
    ("verdict-fails", f"{FAILURE}.verdict.status", "inconclusive"),
]


@pytest.mark.parametrize(("code", "path", "value"), [*CHANGES, *OF_FAILURES], ids=lambda value: str(value)[:40])
def test_each_is_seen(code: str, path: str, value: Any) -> None:
    """The document is still one of the right form; it holds no longer, and the contradiction is among those that are told."""
    whole = FAILING if (code, path, value) in OF_FAILURES else document()
    found = json.loads(file.text(whole))
    holder: Any = found
    *way, last = [int(key) if key.isdecimal() and "options" not in path else key for key in path.split(".")]
    for key in way:
        holder = holder[int(key) if isinstance(holder, list) else key]
    holder[int(last) if isinstance(holder, list) else last] = value
    standing = examine(concluded(records.Document.model_validate_json(json.dumps(found))))
    assert f"status.{code}" in [told.code for told in standing.contradictions]
    assert standing.status != "holds"


def test_the_samples_contradict_nothing() -> None:
    """Else the changes would show nothing."""
    assert examine(document()).contradictions == ()
    assert examine(concluded(FAILING)).contradictions == ()


def test_none_is_forgotten() -> None:
    """Every sentence about a contradiction has its change; the others are objections, and `test_status` has them."""
    text = list(sentences(ENGLISH))
    told = [code for code in text if code.startswith("status.")]
    objections = told[: told.index("status.says-of-itself") + 1]
    shown = {f"status.{code}" for code, _, _ in [*CHANGES, *OF_FAILURES]} | {"status.trouble"}
    assert set(told) - set(objections) == shown
