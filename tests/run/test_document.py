"""The document of a run: what its tasks found, all of it or the first of it, with the status that follows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cnnbp.evidence import remark
from cnnbp.evidence.status import examine
from cnnbp.run.document import assemble
from cnnbp.run.provenance import sources_sha256
from cnnbp.run.slices import Slice
from tests.run.results import ORIGIN, PLAN, results, tried

RESULTS = results()


def test_a_whole_run_holds() -> None:
    """Everything planned is done, nothing is wrong, nothing contradicts anything."""
    found = assemble(RESULTS, PLAN, ORIGIN)
    assert (found.status, examine(found).contradictions) == ("holds", ())
    assert [layer.operator for layer in found.layers] == ["Dense"]
    assert found.layers[0].cases == 4


@given(missing=st.sets(st.sampled_from(PLAN.tasks), min_size=1))
def test_what_is_missing_shows_as_missing(missing: set[object]) -> None:
    """Whatever is not done, the document does not hold, and says so in no contradiction."""
    found = assemble({task: result for task, result in RESULTS.items() if task not in missing}, PLAN, ORIGIN)
    standing = examine(found)
    assert (found.status, standing.status, standing.contradictions) == ("incomplete", "incomplete", ())


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
