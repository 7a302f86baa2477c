"""The evidence of a run while it works: readable at any moment, and never passing before the end."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnbp.evidence import file
from cnnbp.evidence.status import examine
from cnnbp.run.journal import Journal
from tests.run.results import ORIGIN, PLAN, results

RESULTS = results()


class Clock:
    """Shows what it is set to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(PLAN.tasks), pauses=st.lists(st.sampled_from([0.0, 0.4, 1.0, 7.0]), min_size=9, max_size=9))
def test_at_any_moment_the_file_is_readable_and_no_pass(order: list[object], pauses: list[float], tmp_path: Path) -> None:
    """Whenever the run is killed, in whatever order results arrived: a whole file, incomplete; at the end it holds."""
    path, clock = tmp_path / "evidence.json", Clock()
    path.write_text('{"status": "holds", "of": "an earlier run"}')
    journal, seen = Journal(PLAN, ORIGIN, path, clock), []
    for task, clock.now in zip(order, accumulate(pauses), strict=True):
        found = file.read(path)
        assert (found.status, examine(found).contradictions) == ("incomplete", ())
        seen.append(sum(layer.cases for layer in found.layers))
        journal.add(task, RESULTS[task])  # type: ignore[arg-type,index]
    assert file.read(path).status == "incomplete"
    assert (journal.complete, journal.document().status) == (True, "holds")
    assert journal.write() == file.read(path)
    assert seen == sorted(seen)


def test_it_writes_at_most_once_a_second(tmp_path: Path) -> None:
    """What arrives within a second waits for the next writing."""
    path, clock = tmp_path / "evidence.json", Clock()
    journal, seen = Journal(PLAN, ORIGIN, path, clock), []
    for task, clock.now in zip(PLAN.tasks, (0.2, 0.9, 1.3), strict=False):
        journal.add(task, RESULTS[task])
        found = file.read(path)
        seen.append([found.matrix, found.digits, found.training].count(None))
    assert seen == [3, 3, 0]


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    """A run of single parts leaves no file."""
    journal = Journal(PLAN, ORIGIN)
    journal.add(PLAN.tasks[0], RESULTS[PLAN.tasks[0]])
    assert not journal.complete
    assert list(tmp_path.iterdir()) == []
