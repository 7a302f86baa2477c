"""The evidence of a run while it works: readable at any moment, and never passing before the end."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnbp.evidence import file, remark
from cnnbp.evidence.records import Document
from cnnbp.evidence.status import examine
from cnnbp.run.journal import Journal
from cnnbp.run.plan import Plan
from cnnbp.run.provenance import provenance
from cnnbp.run.tasks import Task
from tests.small_run import once, plan

ORIGIN = provenance(1, "quick", 2, 1, "2026-01-01T00:00:00+00:00")
FOUND = plan(2, 1)
HALVES = (Task("layer", "Dense", 1, 1), Task("layer", "Dense", 1, 1, 1))
PLAN = Plan((*(task for task in FOUND.tasks if task.kind != "layer"), *HALVES), FOUND.whole)


class Clock:
    """Shows what it is set to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def records(document: Document) -> int:
    """How many results there are in it."""
    statements = sum(len(derivation.statements) for derivation in document.derivations)
    cases = sum(layer.cases for layer in document.layers)
    return statements + cases + len(document.controls.wrong) + len(document.controls.right) + (document.matrix is not None)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(PLAN.tasks), pauses=st.lists(st.sampled_from([0.0, 0.4, 1.0, 7.0]), min_size=7, max_size=7))
def test_at_any_moment_the_file_is_readable_and_no_pass(order: list[Task], pauses: list[float], tmp_path: Path) -> None:
    """Whenever the run is killed, in whatever order results arrived: a whole file, incomplete; at the end it holds."""
    path = tmp_path / "evidence.json"
    path.write_text('{"status": "holds", "of": "an earlier run"}')
    clock = Clock()
    journal, written = Journal(PLAN, ORIGIN, path, clock), []
    for task, clock.now in zip(order, accumulate(pauses), strict=True):
        found = file.read(path)
        assert (found.status, journal.complete, examine(found).contradictions) == ("incomplete", False, ())
        written.append(records(found))
        journal.add(task, once(task))
    assert file.read(path).status == "incomplete"
    assert (journal.complete, journal.document().status) == (True, "holds")
    assert journal.write() == file.read(path)
    assert written == sorted(written)


def test_it_writes_at_most_once_a_second(tmp_path: Path) -> None:
    """What arrives within a second waits for the next writing."""
    path, clock = tmp_path / "evidence.json", Clock()
    journal, seen = Journal(PLAN, ORIGIN, path, clock), []
    for task, clock.now in zip(PLAN.tasks, (0.2, 0.9, 1.3), strict=False):
        journal.add(task, once(task))
        seen.append(records(file.read(path)))
    assert seen == [0, 0, 3]
    assert file.read(path).provenance.seconds == 1.3


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    """A run of single parts leaves no file; its document says what ended it, and lacks the rest."""
    journal, ended = Journal(PLAN, ORIGIN), remark("run.ended", how="Ctrl-C")
    journal.add(PLAN.tasks[0], once(PLAN.tasks[0]))
    found = journal.document(ended)
    assert (found.status, found.trouble, records(found)) == ("incomplete", ended, 1)
    assert list(tmp_path.iterdir()) == []
