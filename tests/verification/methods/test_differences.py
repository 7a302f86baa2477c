"""Differences of the layer's own forward: what only they see, what they name, and that no right layer fails them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.faults.catalogue import distort
from cnnbp.layers.checks import Array
from cnnbp.verification.methods.differences import _value_error
from cnnbp.verification.question import Question
from tests.helpers.layers import arguments, at_the_case, bent, case, code, gaussian, question


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize(("quantity", "index"), [("x", (0, 1, 3, 2)), ("w", (2, 1, 0, 2)), ("b", (1,))])
def test_a_wrong_direction_is_bisected_to_its_entry(quantity: str, index: tuple[int, ...]) -> None:
    """One wrong entry is found among all of them."""

    def shifted(g: Array, _: Any) -> Array:
        g = g.copy()
        g[index] += 0.5
        return g

    verdict = cnnbp.verify(bent("Conv2d", **{f"d{quantity}": shifted}), *arguments("Conv2d"), like=cnnbp.Conv2d())
    finding = at_the_case(verdict, "finite_difference", quantity)
    assert finding.status == "fail"
    assert finding.remark is not None
    assert (finding.remark.code, finding.remark.values) == ("verification.bisected", {"index": list(index)})


ONE_TIE = np.array([[[[1.0, 1, 2, 3], [1, 0, 4, 5]]]])
TIES, KINKS = "verification.ties-left-out", "verification.kinks-left-out"
NAMED: dict[str, tuple[Any, Any, str, str, dict[str, int]]] = {
    "no window is clear": (cnnbp.MaxPool2d(2), np.ones((1, 1, 4, 4)), "abstain", TIES, {"windows": 4, "of": 4}),
    "one is tied": (cnnbp.MaxPool2d(2), ONE_TIE, "pass", TIES, {"windows": 1, "of": 2}),
    "a near tie": (cnnbp.MaxPool2d(1, 2), np.array([[[[1.0, 1 + 1e-12, 3]]]]), "pass", "", {}),
    "kinks": (cnnbp.ReLU(), np.array([0.0, 1, -2, 0]), "pass", KINKS, {"entries": 2}),
    "leaky kinks": (cnnbp.LeakyReLU(), np.array([0.0, 1, -2]), "pass", KINKS, {"entries": 1}),
    "only kinks": (cnnbp.ReLU(), np.zeros(3), "abstain", KINKS, {"entries": 3}),
}


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("name", NAMED)
def test_kinks_and_ties_are_named(name: str) -> None:
    """What hangs on a convention is left out of the differences and counted; the rest is judged."""
    layer, x, status, said, values = NAMED[name]
    finding = at_the_case(cnnbp.verify(layer, x), "finite_difference", "x")
    assert (finding.status, code(finding)) == (status, said)
    assert finding.remark is None or finding.remark.values == values


CURVED = ("Sigmoid", "Tanh", "Softplus", "HalfSquaredError", "SoftmaxCrossEntropy")


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("operator", [*CURVED, "MaxPool2d", "ReLU", "LeakyReLU"])
def test_differences_see_a_wrong_slope(operator: str) -> None:
    """A gradient that is off by a thousandth does not pass the differences, whatever the operator's step."""
    caught = []
    for number in range(3):
        c = case(operator, number)
        wrong = distort(type(c.layer), dx=lambda dx, _: 1.001 * dx)(**c.options)
        verdict = cnnbp.verify(wrong, *c.args, delta=c.delta, like=c.layer)
        found = at_the_case(verdict, "finite_difference", "x")
        if verdict.status == "fail" and found.judged:
            caught.append(found.status == "fail")
    assert np.mean(caught) > 0.5


def test_the_step_stays_where_the_forward_is_defined() -> None:
    """Cells far apart in size keep their winners: right pools pass though margins differ by 10¹²."""
    (x,) = gaussian((1, 1, 6, 6))
    x = x * 10.0 ** np.arange(-6, 6).repeat(3).reshape(1, 1, 6, 6)
    assert cnnbp.verify(cnnbp.MaxPool2d(2), x).passed


@pytest.mark.parametrize("operator", ["Conv2d", "ConvTranspose2d", "Dense", "AvgPool2d"])
def test_the_error_of_a_moved_value_is_that_of_the_value_there(operator: str) -> None:
    """Moved away from 0 by a step in every entry, an argument leaves y the bound that a question asked there gives."""
    for number in range(5):
        drawn = case(operator, number)
        for position, at in enumerate(drawn.args):
            step = float(np.max(np.abs(at), initial=1.0)) / 2
            away = (*drawn.args[:position], at + np.copysign(step, at), *drawn.args[position + 1 :])
            there = Question.of(drawn.layer, away, drawn.delta).bound(1, "y")
            found = _value_error(question(drawn), position, step, 1)
            np.testing.assert_allclose(np.broadcast_to(found, there.shape), there, rtol=1e-12)
