"""Every contradiction is found once: a single change to the sample, and the code of what it runs into."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnbp import Conv2d
from cnnbp.evidence import file, records, remark
from cnnbp.evidence.contradictions import proved
from cnnbp.evidence.proof import Hypothesis
from cnnbp.evidence.status import examine
from cnnbp.proof.prove import prove
from cnnbp.text import sentence
from tests.text.test_text import codes

from .sample import document, failing_layer, post, tanh, wanted

Json = Any
WHOLE = file.text(document())
FAILING = file.text(document().model_copy(update={"layers": (failing_layer("x"), tanh()), "status": "wrong"}))
SUBJECTS = {
    "missed", "wrongly-failed", "uncontrolled", "void-harness", "wrong-forward", "refuted", "not-tested", "wrong", "inconclusive",
    "cases-missing", "contradicted", "contradictions", "grid-missing", "unseen",
}  # fmt: skip

STATEMENT, READING = "derivations.0.statements.1", "derivations.0.statements.1.readings.0"
PIECE, VERDICT = "digits.layers.0.evidence.0", "digits.layers.0"
PROOF, IN_ORDERS, NETWORK_PROOF = "proofs.layers.0.proof", "proofs.layers.1.proof", "proofs.networks.0.proof"
WITNESS = {"arguments": {"x": [1, 2]}, "delta": [1], "quantity": "x", "index": [0], "actual": 1.0, "expected": 2.0}
LAYER, TALLY, FAILURE = "layers.0", "layers.0.oracles.masked_dense", "layers.0.failure"
CHANGES: list[tuple[str, str, Json]] = [
    ("says-of-itself", "status", "void"),
    ("trouble", "trouble", {"code": "run.ended", "values": {}}),
    ("twice", "whole.parts", ["matrix", "digits", "training", "training"]),
    ("twice", "layers.0.doubts", json.loads(WHOLE)["layers"][0]["doubts"] * 2),
    ("strays", "whole.right", {"conv-fft": "Conv2d"}),
    ("reading-counts", f"{READING}.senseless", 10),
    ("reading-holds", f"{READING}.holds", True),
    ("reading-error", f"{READING}.worst_error", 0.0),
    ("reading-nonsense", f"{READING}.nonsense", {"en": "it has no value"}),
    ("reading-letters", "derivations.0.statements.0.readings.0.letters.shapes", ["vacuous", "vacuous"]),
    ("reading-letters", f"{READING}.letters.instances", 1),
    ("reading-letters", f"{READING}.letters.abstains", {"en": "it is about sizes"}),
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
    ("statement-fault", "derivations.0.statements.0.fault", {"en": "the step size is missing"}),
    ("statement-left-over", "derivations.0.statements.0.corrected", "w+w"),
    ("readings", f"{READING}.role", "beyond"),
    ("readings", f"{READING}.id", "as-corrected"),
    ("statement-condition", f"{STATEMENT}.condition", {"en": "of size 1"}),
    ("statement-half", "derivations.0.statements.6.unjudged", {"en": ""}),
    ("statement-misprinted", "derivations.0.statements.7.misprints", []),
    ("statement-shapes", f"{STATEMENT}.shapes", ["1–1"]),
    ("misprints", f"{STATEMENT}.misprints.0.end", 9),
    ("kind", f"{PIECE}.kind", "estimated"),
    ("abstains", "digits.layers.1.evidence.0.remark", None),
    ("unmeasured", f"{PIECE}.resolution", None),
    ("beyond", f"{PIECE}.status", "fail"),
    ("ratio", f"{PIECE}.ratio", 0.5),
    ("error", f"{PIECE}.actual", 3.0),
    ("vacuous", f"{PIECE}.status", "vacuous"),
    ("exact", f"{PIECE}.kind", "exact at points"),
    ("place", f"{PIECE}.at", "mantissas"),
    ("place", f"{VERDICT}.evidence.19.at", "integers"),
    ("resolution", f"{PIECE}.resolution", 0.0),
    ("index", f"{VERDICT}.evidence.1.index", [0, 7, 1, 2]),
    ("index", "digits.whole.evidence.1.index", []),
    ("verdict-fails", f"{VERDICT}.status", "fail"),
    ("verdict-wrong", f"{VERDICT}.wrong", [{"code": "verification.wrong", "values": {}}]),
    ("verdict-silent", "digits.layers.1.evidence.2.status", "abstain"),
    ("verdict-gaps", f"{VERDICT}.evidence.1.oracle", "finite_difference"),
    ("verdict-apart", f"{PIECE}.resolution", 2.0**-37),
    ("verdict-apart", f"{PIECE}.scale", 1.0),
    ("verdict-lacks", f"{VERDICT}.evidence.1.oracle", "finite_difference"),
    ("verdict-lacks", "digits.whole.evidence.1.oracle", "complex_step"),
    ("verdict-lacks", "whole.directions", 2),
    ("verdict-strangers", f"{VERDICT}.evidence.9.quantity", "v"),
    ("verdict-beyond", "whole.layers.Conv2d.oracles.autograd", ["y", "x"]),
    ("scale", f"{PIECE}.scale", 0.125),
    ("digits-coarse", f"{PIECE}.resolution", 1e-6),
    ("verdict-sizes", "digits.whole.evidence.1.index", [0, 0]),
    ("layer-counts", f"{LAYER}.passed", 10),
    ("unseen-failures", f"{TALLY}.failed", 2),
    ("agreed", f"{LAYER}.oracles", {}),
    ("options", f"{LAYER}.options.stride.1", 8),
    ("coverage-tables", f"{LAYER}.classes.stride", ["1", "2", "3 and more"]),
    ("coverage-cases", f"{LAYER}.pairs.0.counts.0", [5, 3]),
    ("coverage-sums", f"{LAYER}.pairs.0.counts", [[5, 3], [3, 1]]),
    ("doubts", f"{LAYER}.doubts", []),
    ("layer-failure", f"{LAYER}.failed", 1),
    ("tally", f"{TALLY}.partly", 13),
    ("tally-fails", f"{TALLY}.failed", 4),
    ("tally-kinds", f"{TALLY}.kinds", ["contract"]),
    ("tally-judged", f"{TALLY}.judged", 0),
    ("tally-ratio", f"{TALLY}.worst_ratio", 1.5),
    ("tally-exact", "layers.0.oracles.masked_dense, exact.resolution", 1e-9),
    ("by-quantity", f"{TALLY}.partly", 0),
    ("entries-by-quantity", f"{TALLY}.judged", 10**6),
    ("entries-by-quantity", f"{TALLY}.left_out", 0),
    ("measures-by-quantity", f"{TALLY}.worst_ratio", 0.125),
    ("measures-by-quantity", "layers.0.quantities.x.oracles.autograd.resolution", 1e-6),
    ("quantity-cases", "layers.0.quantities.x.cases", 13),
    ("silent", "layers.0.quantities.x.silent", 1),
    ("coarse", "layers.0.quantities.x.coarse", 13),
    ("silent-cases", f"{LAYER}.inconclusive", 0),
    ("silent-doubts", f"{LAYER}.doubts.0.quantity", "x"),
    ("unexplained", "layers.1.inconclusive", 1),
    ("doubted-quantity", f"{LAYER}.doubts.0.quantity", "v"),
    ("failed-quantity", f"{FAILURE}.quantities", {"x": 3, "v": 3}),
    ("failed-often", f"{FAILURE}.quantities.x", 2),
    ("layer-lacks", "layers.0.quantities.repeats.cases", 11),
    ("layer-strangers", "whole.layers.Conv2d.gradients", ["x"]),
    ("layer-beyond", "whole.layers.Tanh.oracles.complex_step", []),
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
    ("proof-status", f"{PROOF}.claims.0.status", "refuted"),
    ("proof-status", f"{NETWORK_PROOF}.claims.2.compared", 0),
    ("proof-status", f"{NETWORK_PROOF}.claims.2.name", "gradients"),
    ("proof-layer", f"{PROOF}.layer", "Tanh()"),
    ("proof-layer", f"{PROOF}.like", ""),
    ("proof-layer", f"{NETWORK_PROOF}.like", "Conv2d()"),
    ("proof-claims", f"{PROOF}.claims.1.name", "gradient"),
    ("proof-claims", f"{PROOF}.claims.3.name", "loss"),
    ("proof-operator", "whole.proofs.Conv2d", "Tanh"),
    ("proof-kind", f"{PROOF}.kind", None),
    ("proof-kind", f"{PROOF}.kind", "theorem"),
    ("proof-kind", f"{PROOF}.kind", "probabilistic"),
    ("proof-kind", f"{PROOF}.claims.0.kind", "sampled"),
    ("proof-witness", f"{PROOF}.witness", WITNESS),
    ("proof-error", f"{PROOF}.error", 1.5),
    ("proof-error", f"{PROOF}.error", None),
    ("proof-error", f"{PROOF}.claims.3.kind", "sampled"),
    ("proof-silent", f"{PROOF}.remark", {"code": "proof.missing", "values": {"quantity": "w"}}),
    ("proof-silent", f"{PROOF}.status", "abstains"),
    ("proof-certificate", f"{PROOF}.certificate", None),
    ("proof-certificate", f"{PROOF}.products", 0),
    ("proof-floats", f"{PROOF}.hypotheses", []),
    ("proof-floats", f"{PROOF}.hypotheses.0.assumed.code", "proof.assumes.polynomial"),
    ("proof-floats", f"{IN_ORDERS}.claims.3.name", "loss"),
    ("proof-floats", f"{PROOF}.hypotheses.1.checked", None),
    ("proof-floats", f"{PROOF}.hypotheses.0.checked", None),
    ("proof-floats", f"{PROOF}.hypotheses.0.checked.values.bits", 99),
    ("proof-floats", f"{PROOF}.hypotheses.0.checked.values", {"bits": 81}),
    ("proof-floats", f"{PROOF}.claims.3.compared", 25),
    ("proof-orders", f"{PROOF}.paths", 2),
    ("proof-orders", f"{IN_ORDERS}.scope", []),
    ("proof-orders", f"{IN_ORDERS}.scope.0.values.paths", 4),
    ("proof-orders", f"{NETWORK_PROOF}.scope.2.values.ties", 3),
    ("proof-compared", f"{PROOF}.shapes.x", [1, 1, 2, 3]),
    ("proof-compared", f"{PROOF}.claims.0.compared", 7),
    ("proof-compared", f"{IN_ORDERS}.scope.0.values.ties", 2),
    ("proof-compared", f"{IN_ORDERS}.claims.1.compared", 7),
    ("proof-compared", f"{NETWORK_PROOF}.claims.2.compared", 9),
    ("proof-compared", f"{NETWORK_PROOF}.shapes", {"x": [1, 2], "w1": [1, 2], "alpha": []}),
    ("grid-shapes", "whole.grids.Conv2d", 5),
    ("grid-shapes", "proofs.grids.0.step", 3),
    ("grid-shapes", "proofs.grids.0.step", 0),
    ("grid-shapes", "proofs.grids.0.shapes", 4),
    ("grid-failures", "proofs.grids.0.failures", [json.loads(WHOLE)["proofs"]["layers"][1]["proof"]]),
    ("grid-error", "proofs.grids.0.error", 0.0),
    ("grid-products", "proofs.grids.0.products", 0),
    ("proofs-error", "proofs.grids.0.error", 2.0**-60),
    ("kernel", "proofs.sizes.kernel_text", "pass  # and nothing else\n"),
    ("size-claim", "proofs.sizes.claims.0.instances", []),
    ("size-claim", "proofs.sizes.claims.0.instances", [{"size": 3}, {"size": 3}]),
    ("size-claim", "proofs.sizes.claims.0.instances", [{"size": 3}, {"kernel": 3}]),
    ("size-claim", "proofs.sizes.claims.0.conditions", 1),
    ("twin", "proofs.twins.0.short", 0),
    ("twin", "proofs.twins.0.new", "outputs + 1"),
    ("twin", "proofs.twins.0.claim", "tap.floor"),
    ("twin", "proofs.twins.0.false", 6),
    ("bound", "proofs.rounding.0.interval", [350.0, -350.0]),
    ("bound", "proofs.rounding.0.points", 0),
    ("bound", "proofs.rounding.0.bound", None),
    ("theorems", "proofs.theorems.status", "not for this source"),
    ("theorems", "proofs.theorems.reasons", ["Not as they were checked: Axis.v."]),
    ("caught-by", "controls.wrong.0.by", ""),
    ("caught-by", "controls.wrong.0.by", "masked_dense v"),
    ("caught-by", "controls.wrong.0.by", "complex_step y"),
    ("caught-by", "controls.wrong.0.by", "contract speed"),
    ("control-cases", "controls.right.1.cases", 2),
    ("control-cases", "controls.wrong.0.cases", 10**9),
    ("failure", "controls.right.0.failure", json.loads(WHOLE)["digits"]["layers"][0]),
    ("control-operator", "controls.wrong.0.operator", "Tanh"),
    ("no-such-operator", "controls.wrong.0.operator", "Dense"),
    ("matrix-shape", "matrix.kernel", [2, 2]),
    ("matrix-entries", "matrix.entries.0", [0, 0, 7]),
    ("digits-network", "digits.network", "Network([Tanh()])"),
    ("digits-samples", "digits.samples", 31),
    ("digits-sizes", "digits.layers.1.shapes.x", [32, 1, 8, 7]),
    ("digits-sizes", "digits.whole.evidence.1.index.0", 99),
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
    ("wanted", "training.wanted", 3),
    ("wanted", "whole.steps", 5),
    ("alike", "training.ratios", [0.0, 0.0, 0.0, 0.0]),
    ("left-out", "training.left_out", [9]),
    ("ratios", "training.ratios.0", 1.5),
    ("worst", "training.worst", None),
    ("worst", "training.worst.step", 3),
    ("worst-ratio", "training.worst.bound", 1.0),
    ("worst-error", "training.worst.actual", 1.0),
]  # fmt: skip


SEVERAL: dict[str, dict[str, Json]] = {
    "a tally copied from another oracle": {TALLY: json.loads(WHOLE)["layers"][0]["oracles"]["autograd"]},
    "what was abstained passed": {"layers.0.oracles.autograd.passed": 12, "layers.0.oracles.autograd.abstained": 0},
    "what is always abstained passed": {
        "layers.1.oracles.masked_dense": json.loads(WHOLE)["layers"][1]["oracles"]["autograd"],
    },
    "inconclusive cases passed, and their doubts dropped": {
        "layers.0.passed": 12, "layers.0.inconclusive": 0, "layers.0.doubts": [],
    },
    "bounds a million times as wide": {
        f"digits.layers.1.evidence.{n}.{name}": json.loads(WHOLE)["digits"]["layers"][1]["evidence"][n][name] * 1e6
        for n in (2, 3) for name in ("bound", "resolution")
    },
    "one bound a million times as wide": {f"{PIECE}.bound": 2.0**-20, f"{PIECE}.resolution": 2.0**-19},
    "a statement made a definition": {
        "derivations.0.statements.0": {
            **json.loads(WHOLE)["derivations"][0]["statements"][3], "id": "chain-rule",
        },
    },
    "a fault that was mended held all along": {
        STATEMENT: {**json.loads(WHOLE)["derivations"][0]["statements"][0], "id": "step-size", "rerun": "cnnbp verify --only "
                    "step-size --seed 7 --examples 20"},
    },
    "one step of all": {
        "training.wanted": 1, "training.left_out": [], "training.ratios": [2.0**-5], "training.worst.step": 1,
    },
    "no difference in any step": {"training.ratios": [0.0] * 4, "training.worst": None},
}  # fmt: skip
"""Changes in which the record still fits itself."""


def put(document: Json, path: str, value: Json) -> records.Document:
    """The document with another value in this place."""
    *way, last = [int(key) if key.isdecimal() else key for key in path.split(".")]
    found = document
    for key in way:
        found = found[str(key) if isinstance(found, dict) else key]
    found[str(last) if isinstance(found, dict) else last] = value
    return records.Document.model_validate_json(json.dumps(document))


@pytest.mark.parametrize("changed", SEVERAL.values(), ids=list(SEVERAL))
def test_several_changes_run_into_something(changed: dict[str, Json]) -> None:
    """Other records disprove them."""
    document = json.loads(WHOLE)
    for path, value in changed.items():
        found = put(document, path, value)
    standing = examine(found)
    assert standing.contradictions != ()
    assert standing.status != "holds"


@pytest.mark.parametrize("place", [f"{VERDICT}.evidence", "digits.layers.1.evidence", "digits.whole.evidence"])
def test_no_piece_of_evidence_can_be_left_out(place: str) -> None:
    """Whichever it is: a whole run has every oracle on every quantity, and every point of the contract."""
    _, which, *_ = path = place.split(".")
    verdict = json.loads(WHOLE)["digits"]["whole"] if which == "whole" else json.loads(WHOLE)["digits"]["layers"][int(path[2])]
    for number, item in enumerate(verdict["evidence"]):
        fewer = [other for n, other in enumerate(verdict["evidence"]) if n != number]
        found = {told.code for told in examine(put(json.loads(WHOLE), place, fewer)).contradictions}
        silent = item["oracle"] == "masked_dense" and item["status"] == "abstain" and item["quantity"] == "y"
        assert found or silent, item


@pytest.mark.parametrize(("code", "path", "value"), CHANGES, ids=[f"{code} {path}" for code, path, _ in CHANGES])
def test_a_single_change_runs_into_it(code: str, path: str, value: Json) -> None:
    """It is found, told in a sentence, and neither the run nor any subject holds."""
    failing = FAILURE in path or code == "unseen-failures"
    standing = examine(put(json.loads(FAILING if failing else WHOLE), path, value))
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
            "whole": before.whole.model_copy(update={"statements": {"post": {s: r for s, r in has.items() if s != "chain-rule"}}}),
        }
    )
    assert examine(fewer).status == "holds"
    standing = examine(fewer, before.whole)
    assert [(told.code, told.values["names"]) for told in standing.contradictions] == [("status.not-as-installed", ["statements"])]
    assert "holds" not in {subject.status for subject in standing.subjects}
    assert examine(before, before.whole) == examine(before)


def bent(change: Callable[[Any], Any]) -> Any:
    """Conv2d with other gradients."""

    def backward(self: Any, delta: Any, x: Any, *params: Any) -> Any:
        return change(Conv2d.backward(self, delta, x, *params))

    return type("Bent", (Conv2d,), {"backward": backward})()


ANSWERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "right": (lambda found: found, "proved"),
    "doubled": (lambda found: tuple(2 * a for a in found), "refuted"),
    "one missing": (lambda found: found[:1], "refuted"),
    "misshapen": (lambda found: tuple(np.concatenate([a, a]) for a in found), "refuted"),
    "wrong on floats alone": (lambda found: tuple(a if a.dtype == object else 2 * a for a in found), "refuted"),
    "only floats": (lambda found: tuple(np.asarray(a, float) for a in found), "abstains"),
    "nothing": (lambda _: 1 / 0, "abstains"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_no_proof_contradicts_itself_for_what_it_shows(name: str) -> None:
    """Whatever a layer answers, its proof is a record that fits itself: only a changed one does not."""
    change, shown = ANSWERS[name]
    made = replace(prove(bent(change), (2, 1, 3, 3), (1, 1, 2, 2), like=Conv2d()), layer="Conv2d()", like="Conv2d()")
    found = records.Proved(id="Conv2d", of="Conv2d", proof=made)
    assert made.status == shown
    assert list(proved(found, ("x", "w"))) == []
    better = replace(made, status="proved", remark=None, witness=None)
    assert shown == "proved" or list(proved(found.model_copy(update={"proof": better}), ("x", "w"))) != []


def test_a_proof_by_chance_claims_no_more_and_is_held_to_it() -> None:
    """Of a shape too large for unknown numbers: the gradient and forward, with a probability, if the layer is linear."""
    right = document().proofs.layers[0].proof
    chance = replace(
        right, kind="probabilistic", claims=tuple(replace(claim, kind="probabilistic") for claim in right.claims[:2]),
        hypotheses=(
            Hypothesis(remark("proof.assumes.linear"), remark("proof.checked.smaller", shape="(1, 1, 2, 2)")),
            Hypothesis(remark("proof.assumes.same-lines"), remark("proof.checked.lines-smaller", shape="(1, 1, 2, 2)")),
            right.hypotheses[-1],
        ),
        certificate=None, products=0, paths=0,
    )  # fmt: skip
    found = document().proofs.layers[0].model_copy(update={"proof": chance})
    assert list(proved(found, ("x", "w"))) == []
    stronger = found.model_copy(update={"proof": replace(chance, kind="symbolic")})
    assert {told.code for told in proved(stronger, ("x", "w"))} >= {"status.proof-kind", "status.proof-floats"}
    certain = found.model_copy(update={"proof": replace(chance, error=None)})
    assert {told.code for told in proved(certain, ("x", "w"))} == {"status.proof-error"}


def test_every_check_is_among_them() -> None:
    """None that was never seen to find anything."""
    told = {code.removeprefix("status.") for code in codes("status") if code.startswith("status.")}
    every = told - SUBJECTS - {"not-as-installed"}
    assert every == {code for code, _, _ in CHANGES}


def test_the_samples_contradict_nothing() -> None:
    """So that what is found is found because of the change."""
    for text in (WHOLE, FAILING):
        assert examine(records.Document.model_validate_json(text)).contradictions == ()
