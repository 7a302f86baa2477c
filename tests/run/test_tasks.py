"""The tasks of a run: what is planned, and that every kind of task can come out either way."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from cnnbp import faults, layers
from cnnbp.derivations import DERIVATIONS
from cnnbp.evidence import contradictions, records
from cnnbp.evidence.status import of_verdict
from cnnbp.operators import OPERATORS
from cnnbp.run import slices
from cnnbp.run.layers import merge
from cnnbp.run.plan import names, plan, single_case, whole
from cnnbp.run.tasks import Task, perform
from cnnbp.training.train import NETWORK


def test_plan_covers_everything() -> None:
    """Each statement in its order, each layer with all its cases, the parts, each wrong and each right layer; so does the whole."""
    planned = plan(50, 7)
    statements = [statement.id for derivation in DERIVATIONS for statement in derivation.statements]
    assert [task.name for task in planned.tasks if task.kind == "statement"] == statements
    assert max(Counter(names()).values()) == 1
    assert sum(task.examples for task in planned.tasks if task.kind == "layer" and task.name == "Conv2d") == 50
    assert {task.name for task in planned.tasks if task.kind == "wrong"} == {*planned.whole.wrong} == {f.id for f in faults.FAULTS}
    assert {task.name for task in planned.tasks if task.kind == "right"} == {*planned.whole.right} == {r.id for r in faults.RIGHT}
    assert {task.kind for task in planned.tasks if task.kind == task.name} == {*planned.whole.parts}
    assert len(planned.tasks) == len(set(planned.tasks))


@pytest.mark.parametrize("name", names())
def test_only_leaves_the_rest_out(name: str) -> None:
    """`only` names statements, layers and parts, each of which has a task, and nothing else is done or missing."""
    found = plan(30, 1, [name])
    assert {task.name for task in found.tasks} == {name}
    told = [*found.whole.layers, *found.whole.parts, *(s for ids in found.whole.statements.values() for s in ids)]
    assert told == [name]
    assert (found.whole.wrong, found.whole.right) == ((), ())


def test_one_case_of_a_layer() -> None:
    """ "Tanh/17" is the case with that number, and no statement is one."""
    assert plan(30, 1, ["Tanh/17"]).tasks == (Task("layer", "Tanh", 1, 1, 17),)
    assert plan(30, 1, ["Tanh/17"]).whole.layers == ("Tanh",)
    assert [single_case(name) for name in ("Tanh/17", "Tanh", "Tanh/x", "delta-hidden/1")] == [("Tanh", 17), None, None, None]
    assert perform(Task("layer", "Tanh", 1, 3, 5)) == slices.Slice("Tanh", perform(Task("layer", "Tanh", 2, 3, 5)).cases[:1])  # type: ignore[union-attr]
    assert whole().layers == tuple(OPERATORS)


def test_digits_pass() -> None:
    """The small CNN on real digits passes as a whole and layer by layer."""
    found = perform(Task("digits", "digits", 1, 5))
    assert isinstance(found, records.DigitsRun)
    assert [of_verdict(verdict) for verdict in (found.whole, *found.layers)] == ["pass"] * (1 + len(NETWORK))


def test_a_wrong_reference_layer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the reference itself were wrong, the layer's record and the digits would say so, and the controls still stand."""
    right = layers.Conv2d.backward

    def unrotated(self: layers.Conv2d, delta: np.ndarray, x: np.ndarray, w: np.ndarray, *b: np.ndarray) -> tuple[np.ndarray, ...]:
        return right(self, delta, x, w[..., ::-1, ::-1], *b)[0], *right(self, delta, x, w, *b)[1:]

    monkeypatch.setattr(layers.Conv2d, "backward", unrotated)
    found = perform(Task("layer", "Conv2d", 10, 1))
    assert isinstance(found, slices.Slice)
    layer = merge([found], 1)
    assert list(contradictions.layer(layer)) == []
    assert layer.failure is not None
    assert set(layer.failure.quantities) == {"x"}
    assert "run.common-quantity" in {told.code for told in layer.failure.common}
    control = perform(Task("right", "conv-fft", 2, 1))
    assert isinstance(control, records.Right)
    assert control.accusation is None


def test_the_matrix_is_the_convolution() -> None:
    """The entries, filled with weights, do what the layer does; every output has as many connections as there are taps."""
    found, rng = perform(Task("matrix", "matrix", 1, 1)), np.random.default_rng(0)
    assert isinstance(found, records.Matrix)
    x, w = rng.integers(-9, 9, found.x_shape), rng.integers(-9, 9, found.kernel)
    m = np.zeros((np.prod(found.y_shape), x.size), int)
    for o, t, i in found.entries:
        m[o, i] += w.flat[t]
    assert len(found.entries) == len({(o, i) for o, _, i in found.entries}) == m.shape[0] * w.size
    y = layers.Conv2d().forward(x[None, None], w[None, None])
    assert np.array_equal((m @ x.ravel()).reshape(found.y_shape), y[0, 0])


def test_an_unknown_kind_is_refused() -> None:
    """No task is silently skipped."""
    with pytest.raises(ValueError, match="rumour"):
        perform(Task("rumour", "nobody", 1, 1))  # type: ignore[arg-type]


def test_an_uncaught_fault_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A "fault" that is none cannot be caught, and is recorded so, with the number of cases that were tried."""
    monkeypatch.setattr(faults, "FAULTS", (faults.Fault("tame", "Dense", "nothing is wrong", "never", "made up", layers.Dense),))
    found = perform(Task("wrong", "tame", 4, 1))
    assert isinstance(found, records.Wrong)
    assert (found.caught, found.cases, found.by) == (False, 4, "")


def test_a_wrongly_failed_layer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its verdict: here a "right" layer that is none."""
    fault = next(f for f in faults.FAULTS if f.id == "dense-dw-doubled")
    monkeypatch.setattr(faults, "RIGHT", (faults.Right("wolf", "Dense", "in sheep's clothing", fault.make),))
    found = perform(Task("right", "wolf", 4, 1))
    assert isinstance(found, records.Right)
    assert found.accusation is not None
    assert of_verdict(found.accusation) == "fail"


def test_a_caught_fault_says_by_what() -> None:
    """The record names the evidence that caught it."""
    found = perform(Task("wrong", "conv-kernel-not-flipped", 100, 1))
    assert isinstance(found, records.Wrong)
    assert found.caught
    assert found.by.endswith(" x")
