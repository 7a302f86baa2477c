"""The controls of the harness: what is caught and by what, what is missed, and what is wrongly failed."""

from __future__ import annotations

import pytest

from cnnbp import faults, layers
from cnnbp.evidence.status import of_control
from cnnbp.run import controls


def test_a_caught_fault_says_by_what() -> None:
    """The record names the evidence that caught it."""
    found = controls.wrong("conv-kernel-not-flipped", 100, 1)
    assert of_control(found)
    assert found.cases < 100
    assert found.by.endswith(" x")


def test_an_uncaught_fault_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control that is not caught is recorded as such, with the number of cases that were tried: here it is no fault."""
    tame = faults.Fault("tame", "Dense", "nothing is wrong", "never", "made up", layers.Dense)
    monkeypatch.setattr(faults, "FAULTS", (tame,))
    found = controls.wrong("tame", 4, 1)
    assert (found.caught, found.cases, found.by) == (False, 4, "")
    assert not of_control(found)


def test_a_wrongly_failed_layer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the verdict that fails it: here a "right" layer that is none."""
    fault = next(f for f in faults.FAULTS if f.id == "dense-dw-doubled")
    monkeypatch.setattr(faults, "RIGHT", (faults.Right("wrong-inside", "Dense", "wrong all the same", fault.make),))
    found = controls.right("wrong-inside", 4, 1)
    assert found.failure is not None
    assert found.failure.status == "fail"
    assert not of_control(found)
    assert of_control(controls.right("wrong-inside", 0, 1))
