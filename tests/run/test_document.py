"""The verdict of a whole run: what makes it hold, refuted, void or incomplete."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cnnbp.run.document import assemble, provenance, sources_sha256
from cnnbp.run.tasks import Task, perform

PLAN = [
    Task("statement", "delta-output", 3, 1),
    Task("layer", "Dense", 4, 1),
    Task("wrong", "dense-dw-doubled", 20, 1),
    Task("unusual", "dense-einsum", 3, 1),
]
ORIGIN = provenance(1, "quick", 4, "2026-01-01T00:00:00+00:00", 1.0)


@pytest.fixture(scope="module")
def results() -> dict[Task, dict[str, Any]]:
    """What a small run found."""
    return {task: perform(task) for task in PLAN}


def test_a_clean_run_holds(results: dict[Task, dict[str, Any]]) -> None:
    """Everything planned is done, nothing is wrong, the controls stood."""
    document = assemble(results, PLAN, ORIGIN)
    assert (document["status"], document["complete"]) == ("holds", True)
    assert document["layers"][0]["operator"] == "Dense"


@pytest.mark.parametrize(
    ("task", "change", "status"),
    [
        (PLAN[0], {"verdict": "refuted"}, "refuted"),
        (PLAN[1], {"fail": 1}, "refuted"),
        (PLAN[1], {"pass": 0}, "incomplete"),
        (PLAN[0], {"verdict": "not tested"}, "incomplete"),
        (PLAN[2], {"caught": False}, "void"),
        (PLAN[3], {"accused": True}, "void"),
    ],
)
def test_one_bad_result_is_enough(results: dict[Task, dict[str, Any]], task: Task, change: dict[str, Any], status: str) -> None:
    """A refuted statement, a failing or never-passing layer, a missed fault, an accused right layer: each decides the run."""
    changed = copy.deepcopy(results)
    changed[task].update(change)
    assert assemble(changed, PLAN, ORIGIN)["status"] == status


@pytest.mark.parametrize("missing", PLAN, ids=lambda task: task.kind)
def test_an_unfinished_run_never_holds(results: dict[Task, dict[str, Any]], missing: Task) -> None:
    """Whatever is missing, the document is marked incomplete."""
    document = assemble({task: found for task, found in results.items() if task != missing}, PLAN, ORIGIN)
    assert (document["status"], document["complete"]) == ("incomplete", False)


def test_provenance_names_the_sources() -> None:
    """The hash covers the sources, and is the same when taken twice."""
    assert ORIGIN["sources_sha256"] == sources_sha256()
    assert len(ORIGIN["sources_sha256"]) == 64
