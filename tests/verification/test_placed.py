"""Devices: each is asked, the worst is told, and right on one and wrong on another is a verdict of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification.explained import Explained
from tests.helpers.layers import gaussian

DENSE = cnnbp.Dense()
ARGS = gaussian((3, 4), (2, 4), (2,))


@dataclass(frozen=True)
class Placed:
    """A layer that is wrong on some devices, and refuses one that is not there."""

    wrong_on: tuple[str, ...] = ()
    device: str | None = None

    def asked_in(self, precision: str | None = None, device: Any = None) -> Placed:
        if device == "nowhere":
            raise ValueError("device must be one that PyTorch has here (cpu), got 'nowhere'")
        return replace(self, device=device or self.device)

    def forward(self, *args: Array) -> Array:
        return DENSE.forward(*args)

    def backward(self, delta: Array, *args: Array) -> tuple[Array, ...]:
        dx, dw, db = DENSE.backward(delta, *args)
        return dx, dw * (2 if self.device in self.wrong_on else 1), db


def test_right_everywhere_passes() -> None:
    verdict = cnnbp.verify(Placed(), *ARGS, like=DENSE, device=("one", "other"))
    assert verdict.passed
    assert verdict.device == "one, other"
    assert "on one, other" in str(verdict)


@pytest.mark.parametrize("devices", [("one", "other"), ["other", "one"]])
def test_right_on_one_and_wrong_on_another_is_told(devices: Any) -> None:
    verdict = cnnbp.verify(Placed(wrong_on=("other",)), *ARGS, like=DENSE, device=devices)
    assert verdict.status == "fail"
    assert verdict.wrong[0].code == "verification.differs-by-device"
    assert verdict.reasons[0] == "the layer is right on one, and wrong on other"
    assert verdict.device == "other"
    assert verdict.wrong[1].values["quantity"] == "w"


def test_a_diagnosis_is_sought_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """When somebody looks, and not before; with the code to paste, and the exception of a layer that raised."""
    sought = []
    diagnosed = Explained.diagnosed
    monkeypatch.setattr(Explained, "diagnosed", lambda self: (sought.append(self), diagnosed(self))[1])
    verdict = cnnbp.verify(Placed(wrong_on=("other",)), *ARGS, like=DENSE, device=("one", "other"))
    assert verdict.wrong
    assert not sought
    assert verdict.diagnosis
    assert verdict.patterns is not None
    assert verdict.reproduce()
    assert len(sought) == 1
    again = verdict.changed(device="elsewhere")
    assert (again.device, again.diagnosis, again.known) == ("elsewhere", verdict.diagnosis, verdict.known)
    assert len(sought) == 1


def test_wrong_everywhere_is_no_matter_of_devices() -> None:
    verdict = cnnbp.verify(Placed(wrong_on=("one", "other")), *ARGS, like=DENSE, device=("one", "other"))
    assert verdict.status == "fail"
    assert all(said.code != "verification.differs-by-device" for said in verdict.wrong)


def test_one_device_is_asked_alone() -> None:
    assert cnnbp.verify(Placed(wrong_on=("other",)), *ARGS, like=DENSE, device="one").passed
    assert cnnbp.verify(Placed(wrong_on=("other",)), *ARGS, like=DENSE, device="other").status == "fail"


def test_a_listener_hears_of_one_verdict() -> None:
    """The verdicts of single devices are no answers to the caller."""
    from cnnbp.evidence.gathering import listening

    heard = []
    with listening(lambda verdict, _: heard.append(verdict.device)):
        cnnbp.verify(Placed(), *ARGS, like=DENSE, device=("one", "other"))
    assert heard == ["one, other"]


def test_the_caller_is_told_what_is_wrong_with_devices() -> None:
    """A layer that knows of none, one that is not there (before any other is asked), and the same twice."""
    with pytest.raises(TypeError, match="from_torch"):
        cnnbp.verify(DENSE, *ARGS, device="cpu")
    with pytest.raises(ValueError, match="PyTorch has here"):
        cnnbp.verify(Placed(), *ARGS, like=DENSE, device=("one", "nowhere"))
    for devices in ((), ("one", "one")):
        with pytest.raises(ValueError, match="devices that differ"):
            cnnbp.verify(Placed(), *ARGS, like=DENSE, device=devices)
