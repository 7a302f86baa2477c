"""From results to a document: its status, what is missing, which program it was; and one bad result is enough."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp import faults
from cnnbp.evidence import Evidence, Verdict, remark
from cnnbp.evidence.status import WORST, examine
from cnnbp.run import slices
from cnnbp.run.document import assemble
from cnnbp.run.plan import Plan, part, plan
from cnnbp.run.provenance import provenance, sources_sha256
from cnnbp.run.slices import Slice, Tried
from cnnbp.run.tasks import Result, Task
from cnnbp.verification.verify import verify
from tests.evidence import sample
from tests.small_run import KEPT, once

NAMES = (*KEPT, "digits", "training")
WHOLE = plan(4, 1)
PLAN = Plan(tuple(task for task in WHOLE.tasks if task.name in NAMES), part(WHOLE.whole, NAMES))
TRAINING, DIGITS, MATRIX, STATEMENT, _, LAYER, RIGHT, WRONG = PLAN.tasks
ORIGIN = provenance(1, "quick", 4, 2, "2026-01-01T00:00:00+00:00")


@pytest.fixture(scope="module")
def results() -> dict[Task, Result]:
    """What a small run found; digits and training are made up, for they take their time."""
    made_up = {TRAINING: sample.training().model_copy(update={"seed": 1}), DIGITS: sample.digits()}
    return {task: made_up.get(task) or once(task) for task in PLAN.tasks}


def dense(verdict: Verdict | None = None) -> Slice:
    """Four cases of Dense, each with this verdict, or with that on a layer that is wrong."""
    fault = next(fault for fault in faults.FAULTS if fault.id == "dense-dw-doubled")
    return Slice("Dense", tuple(_tried(number, fault, verdict) for number in range(4)))


def _tried(number: int, fault: faults.Fault, verdict: Verdict | None) -> Tried:
    case = slices.case("Dense", "Dense", number, 1)
    found = verdict or replace(verify(fault.make(), *case.args, delta=case.delta, like=case.layer), layer=repr(case.layer))
    return slices.summed_up(number, case, found)


UNTESTED = sample.reading("as-printed").model_copy(update={"vacuous": 20, "holds": None})
SILENT = Evidence("autograd", "x", "abstain", "sampled", remark=remark("oracles.no-torch"))
DOUBTFUL = Verdict("Dense()", "inconclusive", (SILENT,), (remark("verification.not-judged", quantity="x"),), {"x": (1, 1)})
CHANGES: list[tuple[Task, Result, str]] = [
    (STATEMENT, sample.statement("delta-output", "refuted", sample.reading("as-printed", wrong=9)), "refuted"),
    (STATEMENT, sample.statement("delta-output", "holds", sample.reading("as-printed", wrong=9)), "incomplete"),
    (STATEMENT, sample.statement("delta-output", "not tested", UNTESTED), "incomplete"),
    (STATEMENT, sample.statement("delta-output", "not mathematical"), "holds"),
    (LAYER, dense(), "wrong"),
    (LAYER, dense(DOUBTFUL), "incomplete"),
    (LAYER, Slice("Dense", dense().cases[:0]), "incomplete"),
    (DIGITS, sample.digits().model_copy(update={"whole": sample.failing_verdict(sample.NETWORK, "w1")}), "wrong"),
    (DIGITS, sample.digits().model_copy(update={"layers": (DOUBTFUL, sample.verdict("Tanh()"))}), "incomplete"),
    (TRAINING, sample.training().model_copy(update={"accuracy": 0.05}), "wrong"),
    (TRAINING, sample.training().model_copy(update={"vacuous": ("w1",)}), "incomplete"),
    (WRONG, sample.doubled().model_copy(update={"caught": False, "by": ""}), "void"),
    (RIGHT, sample.right("dense-einsum").model_copy(update={"accusation": sample.failing_verdict("Dense()", "x")}), "void"),
]


def test_a_clean_run_holds(results: dict[Task, Result]) -> None:
    """Everything planned is done, nothing is wrong, the controls stood, and no record contradicts another."""
    document = assemble(results, PLAN, ORIGIN)
    standing = examine(document)
    assert (document.status, standing.status, document.trouble) == ("holds", "holds", None)
    assert standing.contradictions == ()
    assert [layer.operator for layer in document.layers] == ["Dense"]
    assert document.provenance == ORIGIN


@pytest.mark.parametrize(("task", "result", "status"), CHANGES)
def test_one_result_is_enough(results: dict[Task, Result], task: Task, result: Result, status: str) -> None:
    """A refuted statement, a failing layer, a missed fault, a right layer that fails: each decides the run, at its subject."""
    document = assemble({**results, task: result}, PLAN, ORIGIN)
    assert document.status == status
    at = {"statement": "derivation", "wrong": "harness", "right": "harness"}.get(task.kind, "code")
    assert {subject.kind for subject in examine(document).subjects if subject.status == status} >= {at}


@settings(max_examples=40)
@given(chosen=st.sets(st.sampled_from(range(len(CHANGES)))), missing=st.sets(st.sampled_from(PLAN.tasks)))
def test_the_worst_decides(results: dict[Task, Result], chosen: set[int], missing: set[Task]) -> None:
    """Of several bad results the worst makes the status; what is missing takes its own with it, and never holds."""
    changed = {CHANGES[number][0]: CHANGES[number] for number in sorted(chosen)}
    done = {task: changed[task][1] if task in changed else found for task, found in results.items() if task not in missing}
    statuses = [status for task, _, status in changed.values() if task in done]
    document = assemble(done, PLAN, ORIGIN)
    assert document.status == min([*statuses, "incomplete" if missing else "holds"], key=WORST.index)


def test_why_nothing_more_will_come_is_kept(results: dict[Task, Result]) -> None:
    """Beside what is missing; and where nothing is, it is a contradiction."""
    ended = remark("run.ended", how="SIGTERM")
    cut = assemble({WRONG: results[WRONG]}, PLAN, ORIGIN, ended)
    assert (cut.status, cut.trouble, examine(cut).contradictions) == ("incomplete", ended, ())
    missing = {why.code for subject in examine(cut).subjects for why in subject.objections}
    assert missing >= {f"status.missing-{what}" for what in ("statement", "layer", "part", "control")}
    assert [said.code for said in examine(assemble(results, PLAN, ORIGIN, ended)).contradictions] == ["status.trouble"]


def test_provenance_names_the_sources() -> None:
    """The hash covers the sources, and is the same when taken twice."""
    assert ORIGIN.sources_sha256 == sources_sha256()
    assert len(ORIGIN.sources_sha256) == 64
    assert ORIGIN.processor.endswith("cores")
