"""Differences of the layer's own forward: what only they see, what they name, and that they never accuse a right layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.cases import DRAW
from cnnbp.evidence import Verdict
from cnnbp.faults.catalogue import distort
from cnnbp.layers.checks import Array
from cnnbp.oracles import autograd
from cnnbp.oracles.abstention import Abstention
from cnnbp.verification import integers
from cnnbp.verification.differences import _value_error
from cnnbp.verification.question import Question

from tests.verification.accused import arguments, bent, case, gaussian, reference, witnesses


def _clipped_elsewhere(y: Array, a: Any) -> Array:
    """Right wherever |x| is at most 4, and on integers; differences with steps as large as the data go further."""
    if np.array_equal(a.x, np.rint(a.x)):
        return y
    return a.layer.forward(np.clip(a.x, -4, 4), *a.params)


ONLY = {  # the oracle: a layer that nobody else convicts, and whether PyTorch has to be away for that
    "masked_dense": ("Conv2d", {"y": lambda y, _: y + 1}, True),
    "autograd": ("Sigmoid", {"y": lambda y, _: y + 0.001}, False),
    "complex_step": ("Tanh", {"dx": lambda dx, _: dx * (1 + 1e-12)}, True),
    "finite_difference": ("Dense", {"y": _clipped_elsewhere}, False),
}


def _silence(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise Abstention("PyTorch is not installed")

    monkeypatch.setattr(autograd, "answer", away)
    monkeypatch.setattr(integers, "_drawn", integers._drawn.__wrapped__)  # PyTorch's answers to integers are kept


@pytest.mark.parametrize("oracle", ONLY)
def test_for_every_oracle_there_is_a_layer_that_only_it_convicts(oracle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each oracle earns its keep: without it this layer would pass."""
    operator, bends, alone = ONLY[oracle]
    if alone:
        _silence(monkeypatch)
    x, *rest = arguments(operator)
    verdict = cnnbp.verify(bent(operator, **bends), 3.9 * x / np.abs(x).max(), *rest, like=reference(operator))
    assert verdict.status == "fail"
    assert witnesses(verdict) == {oracle}


@pytest.mark.parametrize("operator", DRAW)
def test_right_layers_pass_without_pytorch(operator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch's abstention is shown with its reason, and the others suffice."""
    _silence(monkeypatch)
    verdicts = [cnnbp.verify(c.layer, *c.args, delta=c.delta) for c in (case(operator, i) for i in range(10))]
    assert all(v.status != "fail" for v in verdicts)
    said = [e for v in verdicts for e in v.evidence if e.oracle == "autograd" and e.at == "the case"]
    assert said
    assert all(e.status == "abstain" and e.reason == "PyTorch is not installed" for e in said)


def _differences(verdict: Verdict, quantity: str) -> Any:
    return next(e for e in verdict.evidence if e.oracle == "finite_difference" and e.quantity == quantity and e.at == "the case")


@pytest.mark.parametrize(("quantity", "index"), [("x", (0, 1, 3, 2)), ("w", (2, 1, 0, 2)), ("b", (1,))])
def test_a_wrong_direction_is_bisected_to_its_entry(quantity: str, index: tuple[int, ...]) -> None:
    """One wrong entry is found among all of them."""

    def shifted(g: Array, _: Any) -> Array:
        g = g.copy()
        g[index] += 0.5
        return g

    verdict = cnnbp.verify(bent("Conv2d", **{f"d{quantity}": shifted}), *arguments("Conv2d"), like=cnnbp.Conv2d())
    finding = _differences(verdict, quantity)
    assert finding.status == "fail"
    assert finding.reason == f"bisected to entry {index}"


ONE_TIE = np.array([[[[1.0, 1, 2, 3], [1, 0, 4, 5]]]])
NAMED = {
    "no window is clear": (cnnbp.MaxPool2d(2), np.ones((1, 1, 4, 4)), "abstain", "4 of 4 windows at or near a tie left out"),
    "one is tied": (cnnbp.MaxPool2d(2), ONE_TIE, "pass", "1 of 2 windows at or near a tie left out"),
    "a near tie": (cnnbp.MaxPool2d(1, 2), np.array([[[[1.0, 1 + 1e-12, 3]]]]), "pass", ""),
    "kinks": (cnnbp.ReLU(), np.array([0.0, 1, -2, 0]), "pass", "2 entries at the kink 0"),
    "leaky kinks": (cnnbp.LeakyReLU(), np.array([0.0, 1, -2]), "pass", "1 entries at the kink 0"),
    "only kinks": (cnnbp.ReLU(), np.zeros(3), "abstain", "3 entries at the kink 0"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_kinks_and_ties_are_named(name: str) -> None:
    """What hangs on a convention is left out of the differences and counted; the rest is judged."""
    layer, x, status, reason = NAMED[name]
    finding = _differences(cnnbp.verify(layer, x), "x")
    assert (finding.status, finding.reason) == (status, reason)


CURVED = ("Sigmoid", "Tanh", "Softplus", "HalfSquaredError", "SoftmaxCrossEntropy")


@pytest.mark.parametrize("operator", [*CURVED, "MaxPool2d", "ReLU", "LeakyReLU"])
def test_differences_convict_a_wrong_slope(operator: str) -> None:
    """A gradient that is off by a thousandth does not pass the differences, whatever the operator's step."""
    caught = []
    for number in range(12):
        c = case(operator, number)
        wrong = distort(type(c.layer), dx=lambda dx, _: 1.001 * dx)(**c.options)
        verdict = cnnbp.verify(wrong, *c.args, delta=c.delta, like=c.layer)
        found = _differences(verdict, "x")
        if verdict.status == "fail" and found.judged:
            caught.append(found.status == "fail")
    assert np.mean(caught) > 0.5


def test_the_step_stays_where_the_forward_is_defined() -> None:
    """Cells far apart in size keep their winners: right pools pass though margins differ by 10¹²."""
    (x,) = gaussian((1, 1, 6, 6))
    x = x * 10.0 ** np.arange(-6, 6).repeat(3).reshape(1, 1, 6, 6)
    assert cnnbp.verify(cnnbp.MaxPool2d(2), x).passed


@pytest.mark.parametrize("operator", ["Conv2d", "Dense", "AvgPool2d"])
def test_the_error_of_a_moved_value_is_that_of_the_value_there(operator: str) -> None:
    """Moved away from 0 by a step in every entry, an argument leaves y the bound that a question asked there gives."""
    for number in range(10):
        drawn = case(operator, number)
        for position, at in enumerate(drawn.args):
            question = Question(drawn.layer, drawn.args, drawn.delta)
            step = float(np.max(np.abs(at), initial=1.0)) / 2
            away = (*drawn.args[:position], at + np.copysign(step, at), *drawn.args[position + 1 :])
            there = Question(drawn.layer, away, drawn.delta).conventional("autograd", "y")
            found = _value_error(question, position, step, 1)
            np.testing.assert_allclose(np.broadcast_to(found, there.shape), there, rtol=1e-12)
