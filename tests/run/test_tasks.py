"""The tasks of a run: what is planned, that slices join to the whole, that every kind can come out either way."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp import faults, layers
from cnnbp.run import tasks
from cnnbp.run.tasks import Task, merge, perform, plan


def test_plan_covers_everything() -> None:
    """Each statement, each layer with all its cases, the digits, each wrong and each unusual layer."""
    planned = plan(50, 7)
    cases = sum(task.examples for task in planned if task.kind == "layer" and task.name == "Conv2d")
    assert cases == 50
    assert {task.name for task in planned if task.kind == "wrong"} == {fault.id for fault in faults.FAULTS}
    assert {task.name for task in planned if task.kind == "unusual"} == {layer.id for layer in faults.UNUSUAL}
    assert len(planned) == len(set(planned))


def test_only_leaves_the_rest_out() -> None:
    """`only` names statements and layers, and nothing else is done."""
    assert {(task.kind, task.name) for task in plan(30, 1, ["Tanh", "delta-output"])} == {
        ("layer", "Tanh"),
        ("statement", "delta-output"),
    }


def test_slices_join_to_the_whole() -> None:
    """However the cases of a layer are shared out, the record is the same."""
    whole = merge([perform(Task("layer", "Dense", 12, 3))])
    parts = merge([perform(Task("layer", "Dense", 5, 3)), perform(Task("layer", "Dense", 7, 3, 5))])
    assert parts == whole
    assert whole["pass"] == 12


def test_digits_pass() -> None:
    """The small CNN on real digits passes as a whole and layer by layer."""
    found = perform(Task("digits", "digits", 1, 5))
    assert found["whole"]["status"] == "pass"
    assert found["whole"]["reasons"] == []
    assert [part["status"] for part in found["layers"]] == ["pass"] * len(tasks.NETWORK)


def test_a_wrong_reference_layer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the reference itself were wrong, the layer's record, the digits and their verdicts would say so."""
    right = layers.Conv2d.backward

    def unrotated(self: layers.Conv2d, delta: np.ndarray, x: np.ndarray, w: np.ndarray, *b: np.ndarray) -> tuple[np.ndarray, ...]:
        return right(self, delta, x, w[..., ::-1, ::-1], *b)[0], *right(self, delta, x, w, *b)[1:]

    monkeypatch.setattr(layers.Conv2d, "backward", unrotated)
    record = perform(Task("layer", "Conv2d", 10, 1))
    assert record["fail"] > 0
    assert "residual dx is wrong" in record["failures"][0]["reasons"][0]
    digits = perform(Task("digits", "digits", 1, 1))
    assert digits["whole"]["status"] == "fail"
    assert digits["layers"][3]["status"] == "fail"


@pytest.fixture
def tame_fault(monkeypatch: pytest.MonkeyPatch) -> faults.Fault:
    """A "fault" that is none: it cannot be caught."""
    tame = faults.Fault("tame", "Dense", "nothing is wrong", "never", "made up", layers.Dense)
    monkeypatch.setattr(faults, "FAULTS", (tame,))
    return tame


def test_an_uncaught_fault_is_reported(tame_fault: faults.Fault) -> None:
    """A control that is not caught is recorded as such, with the number of cases that were tried."""
    found = perform(Task("wrong", tame_fault.id, 4, 1))
    assert (found["caught"], found["cases"]) == (False, 4)


def test_a_caught_fault_says_by_what() -> None:
    """The record names the evidence that caught it."""
    found = perform(Task("wrong", "conv-kernel-not-flipped", 100, 1))
    assert found["caught"]
    assert found["by"].endswith(" x")
