"""What is planned: everything, or exactly what `only` names; and a whole run has what its plan does."""

from __future__ import annotations

from typing import get_args

import pytest

from cnnbp import faults
from cnnbp.derivations import DERIVATIONS
from cnnbp.evidence.records import Part
from cnnbp.operators import OPERATORS
from cnnbp.run.plan import SLICES, names, plan, single_case
from cnnbp.run.whole import whole

STATEMENTS = [s.id for derivation in DERIVATIONS for s in derivation.statements]


def test_plan_covers_everything() -> None:
    """Each statement in its order, each layer with all its cases, the digits, training, each wrong and each right layer."""
    found = plan(50, 7)
    by_kind = {kind: [task.name for task in found.tasks if task.kind == kind] for kind in {task.kind for task in found.tasks}}
    assert by_kind["statement"] == STATEMENTS
    assert list(dict.fromkeys(by_kind["layer"])) == list(OPERATORS)
    conv = [t for t in found.tasks if (t.kind, t.name) == ("layer", "Conv2d")]
    assert [t.start for t in conv] == [0, 20, 40]
    assert sum(t.examples for t in conv) == 50
    assert by_kind["proof"] == list(found.whole.proofs)
    assert set(by_kind["grid"]) == set(found.whole.grids)
    assert by_kind["network"] == list(found.whole.networks)
    assert by_kind["defect"] == list(found.whole.defects)
    assert by_kind["wrong"] == [fault.id for fault in faults.WRONG_CONTROLS]
    assert by_kind["right"] == [layer.id for layer in faults.RIGHT_CONTROLS]
    assert len(found.tasks) == len(set(found.tasks))
    assert found.whole == whole(50)
    assert found.whole.parts == get_args(Part)
    assert set(found.whole.parts) <= set(by_kind)


def test_only_leaves_the_rest_out() -> None:
    """`only` names statements, layers and parts, each of which has a task, and nothing else is done or asked for."""
    for name in names()[::3]:
        found = plan(30, 1, [name])
        parts = {found.whole.proofs.get(task.name) if task.kind == "proof" else task.name for task in found.tasks}
        assert parts == ({name, "theorems"} if found.whole.theorems else {name})
        statements = [s for ids in found.whole.statements.values() for s in ids]
        assert [*statements, *found.whole.layers, *found.whole.parts] == [name]
        assert (found.whole.wrong, found.whole.right) == ({}, {})
    both = plan(30, 1, ["Tanh", "delta-output"]).tasks
    assert {(task.kind, task.name) for task in both} == {
        ("layer", "Tanh"),
        ("proof", "Tanh"),
        ("statement", "delta-output"),
        ("theorems", "theorems"),
    }


def test_a_statement_comes_with_the_theorems_that_it_names() -> None:
    """Those that hold other statements are of no part of it."""
    named = {name: of for name, of in plan(30, 1, ["delta-hidden", "loss-batch"]).whole.theorems.items() if of}
    assert named == {"delta_hidden_any_depth": ("post/delta-hidden",)}
    assert plan(30, 1, ["loss-batch"]).whole.theorems == {}


@pytest.mark.parametrize(
    ("only", "cases"),
    [
        (["Conv2d/17"], [("Conv2d", 17, 1)]),
        (["Conv2d/17", "Conv2d/17", "Tanh/0"], [("Conv2d", 17, 1), ("Tanh", 0, 1)]),
        (["Conv2d/17", "Conv2d"], [("Conv2d", 0, 20), ("Conv2d", 20, 10)]),
    ],
)
def test_single_cases(only: list[str], cases: list[tuple[str, int, int]]) -> None:
    """One case of a layer is one task, however often it is named, and part of the layer where that is named too."""
    assert [(task.name, task.start, task.examples) for task in plan(30, 1, only).tasks if task.kind == "layer"] == cases


@pytest.mark.parametrize("name", ["Conv2d/", "Conv2d/x", "Conv2d/-1", "Conv2d/1/2", "delta-hidden/3", "Conv3d/3"])
def test_what_names_no_case(name: str) -> None:
    """Only a layer has cases, and they are numbered."""
    assert single_case(name) is None


def test_one_case_wants_no_proofs() -> None:
    """Of a layer that is named by a case nothing else is part of the run; of one that is named itself its proofs are."""
    assert plan(40, 1, ["Conv2d/17"]).whole.proofs == {}
    assert plan(40, 1, ["Conv2d/17"]).whole.grids == {}
    assert plan(40, 1, ["Conv2d"]).whole.proofs


def test_a_large_run_has_no_more_tasks_than_can_be_handed_out() -> None:
    """Each case of each layer in one of them."""
    found = [task for task in plan(10**6, 1).tasks if task.kind == "layer" and task.name == "Conv2d"]
    assert len(found) <= SLICES
    assert [task.start for task in found] == [sum(task.examples for task in found[:n]) for n in range(len(found))]
    assert sum(task.examples for task in found) == 10**6
