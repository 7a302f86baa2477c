"""The document of a run: what its tasks found, all of it or the first of it, with the status that follows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence import Evidence, Verdict, remark
from cnnbp.evidence.status import WORST, examine
from cnnbp.run.document import assemble
from cnnbp.run.provenance import sources_sha256
from cnnbp.run.slices import Slice
from cnnbp.run.tasks import Result, Task
from tests.evidence import sample
from tests.run.results import DENSE, ORIGIN, PLAN, results, tried

RESULTS = results()


def test_a_whole_run_holds() -> None:
    """Everything planned is done, nothing is wrong, nothing contradicts anything."""
    found = assemble(RESULTS, PLAN, ORIGIN)
    assert (found.status, examine(found).contradictions) == ("holds", ())
    assert [layer.operator for layer in found.layers] == ["Dense"]
    assert found.layers[0].cases == 4


@settings(max_examples=25)
@given(missing=st.sets(st.sampled_from(PLAN.tasks), min_size=1))
def test_what_is_missing_shows_as_missing(missing: set[object]) -> None:
    """Whatever is not done, the document does not hold, and says so in no contradiction."""
    found = assemble({task: result for task, result in RESULTS.items() if task not in missing}, PLAN, ORIGIN)
    standing = examine(found)
    assert (found.status, standing.status, standing.contradictions) == ("incomplete", "incomplete", ())


MATRIX, DIGITS, TRAINING, STATEMENT, _, LAYER, PROOF, RIGHT, WRONG = PLAN.tasks
UNTESTED = sample.reading("as-printed").model_copy(update={"vacuous": 20, "holds": None})
SILENT = Evidence("autograd", "x", "abstain", "sampled", remark=remark("oracles.no-torch"))
DOUBTFUL = Verdict("Conv2d(kernel_size=3)", "inconclusive", (SILENT,), (remark("verification.not-judged", quantity="x"),), {})
DOUBTED = replace(tried(2, "inconclusive"), doubts=(("x", remark("verification.nothing-left"), 6),))
CHANGES: list[tuple[Task, Result, str]] = [
    (STATEMENT, sample.statement("delta-output", "refuted", sample.reading("as-printed", wrong=9)), "refuted"),
    (STATEMENT, sample.statement("delta-output", "holds", sample.reading("as-printed", wrong=9)), "incomplete"),
    (STATEMENT, sample.statement("delta-output", "not tested", UNTESTED), "incomplete"),
    (STATEMENT, sample.statement("delta-output", "not mathematical"), "holds"),
    (LAYER, Slice("Dense", (tried(2), tried(3, "fail"))), "wrong"),
    (LAYER, Slice("Dense", (DOUBTED, replace(DOUBTED, number=3), replace(DOUBTED, number=4))), "incomplete"),
    (LAYER, Slice("Dense", (tried(2),)), "incomplete"),
    (DIGITS, sample.digits().model_copy(update={"whole": sample.failing_verdict(sample.NETWORK, "w1")}), "wrong"),
    (DIGITS, sample.digits().model_copy(update={"layers": (DOUBTFUL, sample.verdict("Tanh()"))}), "incomplete"),
    (TRAINING, sample.training().model_copy(update={"accuracy": 0.05}), "wrong"),
    (TRAINING, sample.training().model_copy(update={"vacuous": ("w1",)}), "incomplete"),
    (WRONG, RESULTS[WRONG].model_copy(update={"caught": False, "by": ""}), "void"),  # type: ignore[union-attr]
    (RIGHT, RESULTS[RIGHT].model_copy(update={"failure": sample.failing_verdict("Dense()", "x", known=DENSE)}), "void"),  # type: ignore[union-attr]
]


@pytest.mark.parametrize(("task", "result", "status"), CHANGES)
def test_one_result_is_enough(task: Task, result: Result, status: str) -> None:
    """A refuted statement, a failing layer, a missed fault, a right layer that fails: each decides the run, at its subject."""
    found = assemble({**RESULTS, task: result}, PLAN, ORIGIN)
    assert found.status == status
    at = {"statement": "derivation", "wrong": "harness", "right": "harness"}.get(task.kind, "code")
    assert status == "holds" or at in {subject.kind for subject in examine(found).subjects if subject.status == status}


@settings(max_examples=40)
@given(chosen=st.sets(st.sampled_from(range(len(CHANGES)))), missing=st.sets(st.sampled_from(PLAN.tasks)))
def test_the_worst_decides(chosen: set[int], missing: set[Task]) -> None:
    """Of several bad results the worst makes the status; what is missing takes its own with it, and never holds."""
    changed = {CHANGES[number][0]: CHANGES[number] for number in sorted(chosen)}
    done = {task: changed[task][1] if task in changed else found for task, found in RESULTS.items() if task not in missing}
    statuses = [status for task, _, status in changed.values() if task in done]
    expected = min([*statuses, "incomplete" if missing else "holds"], key=WORST.index)  # type: ignore[arg-type]
    assert assemble(done, PLAN, ORIGIN).status == expected


def test_a_failing_slice_is_a_wrong_layer() -> None:
    """The derivation stands beside it."""
    done = {**RESULTS, PLAN.tasks[5]: Slice("Dense", (tried(2), tried(3, "fail", padding="2")))}
    standing = examine(assemble(done, PLAN, ORIGIN))
    assert (standing.status, [subject.status for subject in standing.subjects]) == ("wrong", ["holds", "wrong", "holds"])
    assert standing.contradictions == ()


def test_why_nothing_more_will_come_is_kept() -> None:
    """Beside what is missing."""
    ended = remark("run.ended", how="SIGTERM")
    found = assemble({PLAN.tasks[0]: RESULTS[PLAN.tasks[0]]}, PLAN, ORIGIN, ended)
    assert (found.trouble, found.status, examine(found).contradictions) == (ended, "incomplete", ())


def test_provenance_names_the_sources() -> None:
    """The hash covers the sources, and is the same when taken twice."""
    assert ORIGIN.sources_sha256 == sources_sha256()
    assert ORIGIN.processor.endswith("cores")
