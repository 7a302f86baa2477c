"""The tasks of a run: what is planned, that slices join to the whole, that every kind can come out either way."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp import faults, layers
from cnnbp.derivations import DERIVATION
from cnnbp.run.slices import merge
from cnnbp.run.tasks import Task, names, perform, plan
from cnnbp.training.train import NETWORK


def test_plan_covers_everything() -> None:
    """Each statement in its order, each layer with all its cases, the digits, training, each wrong and each unusual layer."""
    planned = plan(50, 7)
    assert [task.name for task in planned if task.kind == "statement"] == [s.id for s in DERIVATION.statements]
    assert {"digits", "training", "matrix"} <= {task.kind for task in planned}
    cases = sum(task.examples for task in planned if task.kind == "layer" and task.name == "Conv2d")
    assert cases == 50
    assert {task.name for task in planned if task.kind == "wrong"} == {fault.id for fault in faults.FAULTS}
    assert {task.name for task in planned if task.kind == "unusual"} == {layer.id for layer in faults.UNUSUAL}
    assert len(planned) == len(set(planned))


def test_only_leaves_the_rest_out() -> None:
    """`only` names statements, layers and parts, each of which has a task, and nothing else is done."""
    assert all({task.name for task in plan(30, 1, [name])} == {name} for name in names())
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
    assert [part["status"] for part in found["layers"]] == ["pass"] * len(NETWORK)


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


def test_the_matrix_is_the_convolution() -> None:
    """The entries, filled with weights, do what the layer does; every output has as many connections as there are taps."""
    found, rng = perform(Task("matrix", "matrix", 1, 1)), np.random.default_rng(0)
    x, w = rng.integers(-9, 9, found["x_shape"]), rng.integers(-9, 9, found["kernel"])
    m = np.zeros((np.prod(found["y_shape"]), x.size), int)
    for o, t, i in found["entries"]:
        m[o, i] += w.flat[t]
    assert len(found["entries"]) == len({(o, i) for o, _, i in found["entries"]}) == m.shape[0] * w.size
    assert np.array_equal((m @ x.ravel()).reshape(found["y_shape"]), layers.Conv2d().forward(x[None], w[None, None])[0])


def test_an_unknown_kind_is_refused() -> None:
    """No task is silently skipped."""
    with pytest.raises(ValueError, match="rumour"):
        perform(Task("rumour", "nobody", 1, 1))


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


def test_an_accused_right_layer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control that is accused is recorded as such, with the accusation: here a "right" layer that is none."""
    fault = next(f for f in faults.FAULTS if f.id == "dense-dw-doubled")
    wolf = faults.Unusual("wolf", "Dense", "in sheep's clothing", fault.make)
    monkeypatch.setattr(faults, "UNUSUAL", (wolf,))
    found = perform(Task("unusual", "wolf", 4, 1))
    assert found["accused"]
    assert [accusation["status"] for accusation in found["accusations"]] == ["fail"]


def test_a_caught_fault_says_by_what() -> None:
    """The record names the evidence that caught it."""
    found = perform(Task("wrong", "conv-kernel-not-flipped", 100, 1))
    assert found["caught"]
    assert found["by"].endswith(" x")
