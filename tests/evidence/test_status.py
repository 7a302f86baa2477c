"""What follows from records: each subject by its own, the worst of them for the run, and nothing where they contradict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence import records, remark
from cnnbp.evidence.proof import Proof, Sight
from cnnbp.evidence.status import WORST, concluded, examine
from tests.evidence.sample import (
    conv2d,
    document,
    doubled,
    failing_layer,
    failing_verdict,
    ladder,
    post,
    reading,
    right,
    statement,
    tanh,
    training,
)

Change = dict[str, Any]
PROOFS = document().proofs


def changed(**update: Any) -> records.Document:
    """The sample with other records, and the status that follows from them."""
    return concluded(document().model_copy(update=update))


def wrongly_failed() -> records.Controls:
    """A right layer was failed."""
    failed = right("conv-einsum").model_copy(update={"failure": failing_verdict("Conv2d", "x")})
    return records.Controls(wrong=(doubled(),), right=(failed, right("conv-fft")))


def missed() -> records.Controls:
    """A wrong layer was not caught."""
    uncaught = doubled().model_copy(update={"caught": False, "by": "", "cases": 20})
    return records.Controls(wrong=(uncaught,), right=(right("conv-einsum"), right("conv-fft")))


def with_statement(found: records.Statement) -> tuple[records.Derivation, ...]:
    """The derivation with this in the place of its first statement."""
    rest = post().statements[1:]
    return (
        post().model_copy(
            update={"statements": (found.model_copy(update={"id": "chain-rule", "theorems": ("chain_rule",)}), *rest)}
        ),
    )


def proving(**update: Any) -> Change:
    """Other proofs than those of the sample."""
    return {"proofs": PROOFS.model_copy(update=update)}


def refuted(found: Proof) -> Proof:
    """The same proof of a layer whose gradients are wrong."""
    claims = tuple(replace(claim, status="refuted") if claim.name == "gradient" else claim for claim in found.claims)
    wrong = remark("proof.wrong-gradient", quantity="w")
    return replace(found, status="refuted", claims=claims, remark=wrong, certificate=None, hypotheses=())


def open_(found: Proof) -> Proof:
    """The same layer where unknown numbers were refused."""
    return replace(
        found, status="abstains", kind=None, claims=(), remark=remark("proof.too-many-paths", paths=9), hypotheses=(),
        error=None, certificate=None,
    )  # fmt: skip


def with_proof(number: int, proof: Proof) -> Change:
    """This in the place of the proof of that layer."""
    each = PROOFS.layers[number].model_copy(update={"proof": proof})
    return proving(layers=tuple(each if n == number else old for n, old in enumerate(PROOFS.layers)))


def with_failure(proof: Proof) -> Change:
    """A geometry of the grid that is not proved."""
    first, *rest = PROOFS.grids
    return proving(grids=(replace(first, failures=(proof,)), *rest))


CONV = PROOFS.layers[0].proof
LATE = replace(PROOFS.networks[0].proof, status="abstains", remark=remark("proof.raises", error="KeyError", message="", line=""))
OPEN_NETWORK = PROOFS.networks[0].model_copy(update={"proof": LATE})  # it stopped when all claims were proved so far
UNSEEN = Sight("padding", False, False, None, None)
SHAPELESS = replace(UNSEEN, floats_on_grid=())
assert PROOFS.sizes is not None
REFUSED = PROOFS.sizes.model_copy(update={"claims": (PROOFS.sizes.claims[0].model_copy(update={"refused": ("outputs ≥ 1",)}),)})
BEYOND = tuple(replace(bound, seen=99.0) for bound in PROOFS.rounding)

REFUTED = statement("chain-rule", "refuted", reading("as-printed", wrong=2))
VACUOUS = reading("as-printed").model_copy(update={"vacuous": 20, "holds": None})
UNTESTED = statement("chain-rule", "not tested", VACUOUS)
FEW = conv2d(silent=7)
LADDER = ladder()
BEYOND_A_RUNG = LADDER.model_copy(
    update={"rungs": (LADDER.rungs[0].model_copy(update={"error": 2 * LADDER.rungs[0].bound}), *LADDER.rungs[1:])}
)
RAISED = records.Raised(kind="ladder", name="ladder", error="ArithmeticError: no slope", place="activations.py, line 72, in _df")
DULL = training().model_copy(update={"accuracy": 0.5})

# What happened, and the statuses of the run, the derivation, the code and the harness.
OUTCOMES: list[tuple[str, Change, str]] = [
    ("nothing", {}, "holds holds holds holds"),
    ("a refuted statement", {"derivations": with_statement(REFUTED)}, "refuted refuted holds holds"),
    ("an untested statement", {"derivations": with_statement(UNTESTED)}, "incomplete incomplete holds holds"),
    ("a wrong gradient", {"layers": (failing_layer("x"), tanh())}, "wrong holds wrong holds"),
    ("a wrong forward", {"layers": (failing_layer("y", "x"), tanh())}, "wrong incomplete wrong holds"),
    ("few cases that pass", {"layers": (FEW, tanh())}, "incomplete holds incomplete holds"),
    ("no learning", {"training": DULL}, "wrong holds wrong holds"),
    ("a difference beyond its bound", {"ladder": BEYOND_A_RUNG}, "wrong holds wrong holds"),
    ("an error in the ladder", {"ladder": None, "raised": (RAISED,)}, "wrong holds wrong holds"),
    ("an error under missed faults", {"controls": missed(), "raised": (RAISED,), "ladder": None},
     "void incomplete incomplete void"),
    ("a missing ladder", {"ladder": None}, "incomplete holds incomplete holds"),
    ("a missed fault", {"controls": missed()}, "void incomplete incomplete void"),
    ("a wrongly failed layer", {"controls": wrongly_failed()}, "void incomplete incomplete void"),
    ("both, and a wrong layer", {"controls": wrongly_failed(), "layers": (failing_layer("x"), tanh())},
     "void incomplete incomplete void"),
    ("a missing statement", {"derivations": (post().model_copy(update={"statements": post().statements[1:]}),)},
     "incomplete incomplete holds holds"),
    ("a missing derivation", {"derivations": ()}, "incomplete incomplete holds holds"),
    ("a missing layer", {"layers": (conv2d(),)}, "incomplete holds incomplete holds"),
    ("missing digits", {"digits": None}, "incomplete holds incomplete holds"),
    ("missing controls", {"controls": records.Controls(wrong=(), right=())}, "incomplete holds holds incomplete"),
    ("a refuted proof", with_proof(0, refuted(CONV)), "wrong holds wrong holds"),
    ("an open proof", with_proof(0, open_(CONV)), "incomplete holds incomplete holds"),
    ("an open network", proving(networks=(OPEN_NETWORK,)), "incomplete holds incomplete holds"),
    ("a refuted geometry", with_failure(refuted(CONV)), "wrong holds wrong holds"),
    ("an open geometry", with_failure(open_(CONV)), "incomplete holds incomplete holds"),
    ("a missing proof", proving(layers=PROOFS.layers[1:]), "incomplete holds incomplete holds"),
    ("a missing network", proving(networks=()), "incomplete holds incomplete holds"),
    ("a missing slice", proving(grids=PROOFS.grids[:1]), "incomplete holds incomplete holds"),
    ("a missing grid", proving(grids=()), "incomplete holds incomplete holds"),
    ("missing theorems", proving(theorems=None), "incomplete incomplete incomplete holds"),
    ("missing sizes", proving(sizes=None), "incomplete holds incomplete holds"),
    ("a refused condition", proving(sizes=REFUSED), "incomplete holds incomplete holds"),
    ("a missing bound", proving(rounding=()), "incomplete holds incomplete holds"),
    ("a bound that floats exceed", proving(rounding=BEYOND), "incomplete holds incomplete holds"),
    ("a missing twin", proving(twins=()), "incomplete holds holds incomplete"),
    ("a missing defect", proving(sights=PROOFS.sights[:1]), "incomplete holds holds incomplete"),
    ("an unseen defect", proving(sights=(PROOFS.sights[0], UNSEEN)), "void incomplete incomplete void"),
    ("one that no shape shows", proving(sights=(PROOFS.sights[0], SHAPELESS)), "void incomplete incomplete void"),
    ("a wrong layer in what is not whole", {"layers": (failing_layer("x"),)}, "wrong holds wrong holds"),
]  # fmt: skip


@pytest.mark.parametrize(("update", "statuses"), [(u, s) for _, u, s in OUTCOMES], ids=[name for name, _, _ in OUTCOMES])
def test_each_subject_by_its_own_records(update: Change, statuses: str) -> None:
    """An error in a layer is one of that layer; a void harness, or a wrong forward, leaves nothing to follow for others."""
    standing = examine(changed(**update))
    assert [standing.status, *(subject.status for subject in standing.subjects)] == statuses.split()
    assert standing.contradictions == ()
    assert all((subject.status == "holds") == (not subject.objections) for subject in standing.subjects)


OBJECTIONS = {
    "a refuted proof": "wrong", "an open proof": "inconclusive", "an open network": "inconclusive",
    "a refuted geometry": "wrong", "an open geometry": "inconclusive",
    "a missing proof": "missing-proof", "a missing network": "missing-network", "a missing slice": "grid-missing",
    "a missing grid": "missing-grid", "missing theorems": "missing-theorem",
    "missing sizes": "missing-size", "a refused condition": "inconclusive",
    "a missing bound": "missing-bound", "a bound that floats exceed": "inconclusive", "a missing twin": "missing-twin",
    "a missing defect": "missing-defect", "an unseen defect": "unseen",
}  # fmt: skip


@pytest.mark.parametrize("name", OBJECTIONS)
def test_what_is_objected_to_proofs(name: str) -> None:
    """Each has its own remark, and no other is told of the subject that it is about."""
    update = next(change for told, change, _ in OUTCOMES if told == name)
    found = {why.code.removeprefix("status.") for s in examine(changed(**update)).subjects for why in s.objections}
    assert found - {"void-harness"} == {OBJECTIONS[name]}


@settings(max_examples=30)
@given(st.sets(st.sampled_from(range(len(OUTCOMES)))))
def test_the_worst_decides(chosen: set[int]) -> None:
    """Whatever comes together: the run is as bad as the worst of its subjects, and never better than any one cause alone."""
    merged: Change = {}
    for number in sorted(chosen):
        merged |= OUTCOMES[number][1]
    standing = examine(changed(**merged))
    assert standing.status == min((subject.status for subject in standing.subjects), key=WORST.index)
    alone = [OUTCOMES[n][2].split()[0] for n in chosen if all(merged[key] is OUTCOMES[n][1][key] for key in OUTCOMES[n][1])]
    assert all(WORST.index(standing.status) <= WORST.index(status) for status in alone)


@pytest.mark.parametrize("says", [status for status in get_args(records.RunStatus) if status != "holds"])
def test_what_a_document_says_of_itself_is_not_believed_and_not_bettered(says: str) -> None:
    """A better word than its records is none; a worse one stands, and is a contradiction all the same."""
    worse = examine(document().model_copy(update={"status": says}))
    assert WORST.index(worse.status) <= WORST.index(says)
    assert [found.code for found in worse.contradictions] == ["status.says-of-itself"]
    better = examine(changed(layers=(failing_layer("x"), tanh())).model_copy(update={"status": "holds"}))
    assert better.status == "wrong"
    assert better.contradictions != ()


def test_a_run_that_ended_early_lacks_something() -> None:
    """The trouble is told beside what is missing; where nothing is, it contradicts the rest."""
    ended = remark("run.ended", how="SIGTERM")
    assert examine(changed(matrix=None, trouble=ended)).contradictions == ()
    whole = examine(changed(trouble=ended))
    assert (whole.status, [found.code for found in whole.contradictions]) == ("incomplete", ["status.trouble"])
