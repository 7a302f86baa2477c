"""The verdict of a whole run: what makes it hold, refuted, void or incomplete."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.run.document import assemble
from cnnbp.run.provenance import provenance, sources_sha256
from cnnbp.run.tasks import Task, perform

TRAINING = Task("training", "training", 4, 1)
PLAN = [
    TRAINING,
    Task("digits", "digits", 4, 1),
    Task("statement", "delta-output", 3, 1),
    Task("layer", "Dense", 4, 1),
    Task("unusual", "dense-einsum", 3, 1),
    Task("wrong", "dense-dw-doubled", 20, 1),
]
DIGITS, STATEMENT, LAYER, UNUSUAL, WRONG = PLAN[1:]
ORIGIN = provenance(1, "quick", 4, 2, "2026-01-01T00:00:00+00:00")
WORST_FIRST = ("void", "refuted", "incomplete", "holds")
Results = dict[Task, dict[str, Any]]

CHANGES: list[tuple[Task, dict[str, Any], str]] = [
    (STATEMENT, {"verdict": "refuted"}, "refuted"),
    (STATEMENT, {"verdict": "splendid"}, "refuted"),
    (STATEMENT, {"verdict": "not tested"}, "incomplete"),
    (STATEMENT, {"verdict": "not mathematical"}, "holds"),
    (LAYER, {"fail": 1}, "refuted"),
    (LAYER, {"pass": 1}, "incomplete"),
    (DIGITS, {"whole": {"layer": "Network", "status": "fail"}}, "refuted"),
    (DIGITS, {"layers": [{"layer": "Tanh()", "status": "inconclusive"}]}, "incomplete"),
    (TRAINING, {"status": "fail"}, "refuted"),
    (TRAINING, {"status": "abstain"}, "incomplete"),
    (WRONG, {"caught": False}, "void"),
    (UNUSUAL, {"accused": True}, "void"),
]


@pytest.fixture(scope="module")
def results() -> Results:
    """What a small run found; its training is made up, for it takes its time."""
    return {task: perform(task) for task in PLAN[1:]} | {TRAINING: {"status": "pass"}}


def test_a_clean_run_holds(results: Results) -> None:
    """Everything planned is done, nothing is wrong, the controls stood."""
    document = assemble(results, PLAN, ORIGIN)
    assert (document["status"], document["complete"]) == ("holds", True)
    assert document["layers"][0]["operator"] == "Dense"
    assert document["summary"] == "Of 1 statement: 1 right as printed. No oracle disagrees with the layer."


@pytest.mark.parametrize(("task", "change", "status"), CHANGES)
def test_one_result_is_enough(results: Results, task: Task, change: dict[str, Any], status: str) -> None:
    """A refuted statement, a failing layer, a missed fault, an accused right layer: each decides the run."""
    changed = copy.deepcopy(results)
    changed[task].update(change)
    document = assemble(changed, PLAN, ORIGIN)
    assert document["status"] == status
    assert status == "holds" or task.name in document["summary"] or "digits" in document["summary"]


@given(chosen=st.sets(st.sampled_from(range(len(CHANGES)))), missing=st.sets(st.sampled_from(PLAN)))
def test_the_worst_decides(results: Results, chosen: set[int], missing: set[Task]) -> None:
    """Of several bad results the worst makes the status; what is missing takes its own with it, and never holds."""
    changed = copy.deepcopy(results)
    for number in sorted(chosen):
        changed[CHANGES[number][0]].update(CHANGES[number][1])
    done = {task: found for task, found in changed.items() if task not in missing}
    document = assemble(done, PLAN, ORIGIN)
    last = {(task, key): status for n in sorted(chosen) for task, change, status in [CHANGES[n]] for key in change if task in done}
    expected = min([*last.values(), "incomplete" if missing else "holds"], key=WORST_FIRST.index)
    assert document["status"] == expected
    assert document["complete"] == (not missing)


def test_why_nothing_more_will_come_is_said(results: Results) -> None:
    """The sentence stands in the summary, also beside what is worse."""
    done = {WRONG: {**results[WRONG], "caught": False}}
    said = assemble(done, PLAN, ORIGIN, "The run was ended by SIGTERM.")["summary"]
    assert said.startswith("The controls failed: missed dense-dw-doubled; wrongly accused nobody.")
    assert said.endswith("The run was ended by SIGTERM. 1 of 6 tasks are done; what the others would have shown is not known.")


def test_provenance_names_the_sources() -> None:
    """The hash covers the sources, and is the same when taken twice."""
    assert ORIGIN["sources_sha256"] == sources_sha256()
    assert len(ORIGIN["sources_sha256"]) == 64
    assert ORIGIN["processor"].endswith("cores")
