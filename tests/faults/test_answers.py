"""Controls rest on oracles alone: without a bend they are right, and no layer of cnnbp is asked for a number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp import layers
from cnnbp.cases import Counter
from cnnbp.faults import FAULTS, RIGHT, Fault, Right, answers
from cnnbp.faults.catalogue import distort
from cnnbp.operators import OPERATORS

CONTROLS: tuple[Fault | Right, ...] = (*FAULTS, *RIGHT)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("operator", OPERATORS)
def test_what_is_not_bent_is_right(operator: str) -> None:
    """The answers of the oracles, handed out as a layer, do not fail."""
    record = OPERATORS[operator]
    case = record.draw(Counter(4, f"{operator}/0"))
    layer, like = distort(record.layer)(**case.options), record.layer(**case.options)
    assert cnnbp.verify(layer, *case.args, delta=case.delta, like=like).status != "fail"


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_dtype_of_x_comes_back(operator: str) -> None:
    """float32 in, float32 out, though the oracles compute in float64."""
    record = OPERATORS[operator]
    case = record.draw(Counter(5, operator))
    layer = record.layer(**case.options)
    args = [a.astype(np.float32) if a.dtype.kind == "f" else a for a in case.args]
    found = [answers.forward(layer, *args), *answers.backward(layer, case.delta.astype(np.float32), *args)]
    assert {a.dtype for a in found} == {np.dtype(np.float32)}


def _answers(control: Fault | Right) -> list[Any]:
    """y and the gradients at a drawn case, whose arrays are the control's own to spoil."""
    case = OPERATORS[control.operator].draw(Counter(6, control.id))
    layer = control.make(**case.options)
    args, delta = [a.copy() for a in case.args], case.delta.copy()
    y, gradients = layer.forward(*args), layer.backward(delta, *[a.copy() for a in case.args])
    return [y, *(gradients if isinstance(gradients, (tuple, list)) else [gradients])]


def _refuse(self: Any, *args: Any) -> Any:
    raise AssertionError(f"{type(self).__name__} was asked for a number")


@pytest.fixture
def silent_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No layer of cnnbp answers."""
    for record in OPERATORS.values():
        for method in ("forward", "backward"):
            monkeypatch.setattr(record.layer, method, _refuse)


@pytest.mark.usefixtures("silent_layers")
def test_no_control_asks_a_layer() -> None:
    """All of them answer although no layer does, so that no error of a layer can move a control."""
    for control in CONTROLS:
        assert all(np.asarray(a).dtype.kind == "f" for a in _answers(control)), control.id


@pytest.mark.usefixtures("silent_layers")
def test_a_control_that_asked_would_be_seen() -> None:
    """The layer itself in the place of a right control."""
    with pytest.raises(AssertionError, match="Conv2d was asked"):
        _answers(Right("itself", "Conv2d", "the reference", layers.Conv2d))
