"""The evidence of a run while it works: readable at any moment, and never passing before the end."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnbp import evidence
from cnnbp.run.journal import Journal
from cnnbp.run.provenance import provenance
from cnnbp.run.tasks import Task, perform

ORIGIN = provenance(1, "quick", 2, 1, "2026-01-01T00:00:00+00:00")
PLAN = [
    Task("matrix", "matrix", 1, 1),
    Task("statement", "delta-output", 2, 1),
    Task("layer", "Dense", 2, 1),
    Task("layer", "Dense", 2, 1, 2),
    Task("unusual", "dense-einsum", 1, 1),
    Task("wrong", "dense-dw-doubled", 20, 1),
]


class Clock:
    """Shows what it is set to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def results() -> dict[Task, dict[str, Any]]:
    """What a small run found."""
    return {task: perform(task) for task in PLAN}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(PLAN), pauses=st.lists(st.sampled_from([0.0, 0.4, 1.0, 7.0]), min_size=6, max_size=6))
def test_at_any_moment_the_file_is_readable_and_no_pass(
    order: list[Task], pauses: list[float], results: dict[Task, dict[str, Any]], tmp_path: Path
) -> None:
    """Whenever the run is killed, in whatever order results arrived: a whole file, incomplete; at the end it holds."""
    path = tmp_path / "evidence.json"
    path.write_text('{"status": "holds", "of": "an earlier run"}')
    clock = Clock()
    journal, written = Journal(PLAN, ORIGIN, path, clock), []
    for task, clock.now in zip(order, accumulate(pauses), strict=True):
        found = evidence.read(path)
        assert (found["status"], found["complete"]) == ("incomplete", False)
        written.append(found)
        journal.add(task, results[task])
    assert evidence.read(path)["status"] == "incomplete"
    assert journal.document()["status"] == "holds"
    assert [len(found["statements"]) for found in written] == sorted(len(found["statements"]) for found in written)


def test_it_writes_at_most_once_a_second(results: dict[Task, dict[str, Any]], tmp_path: Path) -> None:
    """What arrives within a second waits for the next writing."""
    path, clock = tmp_path / "evidence.json", Clock()
    journal, seen = Journal(PLAN, ORIGIN, path, clock), []
    for task, clock.now in zip(PLAN, (0.2, 0.9, 1.3), strict=False):
        journal.add(task, results[task])
        seen.append(evidence.read(path)["summary"].split()[0])
    assert seen == ["0", "0", "3"]


def test_without_a_path_nothing_is_written(results: dict[Task, dict[str, Any]], tmp_path: Path) -> None:
    """A run of single parts leaves no file; its document says what ended it."""
    journal = Journal(PLAN, ORIGIN)
    journal.add(PLAN[0], results[PLAN[0]])
    said = journal.document("The run was ended by Ctrl-C.")["summary"]
    assert said == "The run was ended by Ctrl-C. 1 of 6 tasks are done; what the others would have shown is not known."
    assert list(tmp_path.iterdir()) == []
