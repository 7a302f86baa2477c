"""What a line of the reference code raises is a finding; what the harness raises, or the machine, breaks a run off."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cnnbp.evidence.records import Raised
from cnnbp.evidence.status import examine
from cnnbp.layers import Conv2d, Tanh
from cnnbp.run.document import assemble
from cnnbp.run.plan import Plan, plan
from cnnbp.run.provenance import provenance
from cnnbp.run.raised import raised
from cnnbp.run.tasks import Task, perform


def caught(call: Any, *args: Any) -> Exception:
    with pytest.raises(Exception) as found:  # noqa: PT011  whatever it is, it is looked at
        call(*args)
    return found.value


def refuses(*_: Any) -> Any:
    raise ArithmeticError("no slope")


def test_an_error_of_a_layer_is_told_with_its_line() -> None:
    """Also where the line called NumPy, which raised it; and where somebody raised another one because of it."""
    error = caught(Conv2d().forward, "x", "w")
    found = raised(error)
    assert found is not None
    assert found[0].startswith(type(error).__name__)
    assert re.fullmatch(r"\w+\.py, line \d+, in \w+", found[1])

    def inherits() -> None:
        raise RuntimeError("elsewhere") from error

    assert raised(caught(inherits)) == found


def test_nobody_elses_error_is() -> None:
    assert raised(caught(perform, Task("statement", "nowhere", 1, 1))) is None
    assert raised(caught(refuses)) is None
    assert raised(MemoryError()) is None


def test_a_machine_without_memory_breaks_the_run_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(Tanh, "_df", full)
    assert "MemoryError" in str(caught(perform, Task("ladder", "ladder", 1, 1)))


def test_a_layer_that_raises_is_wrong_and_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ladder and the network on digits come to no end, the layer fails, and all of it is told; the rest is there."""
    monkeypatch.setattr(Tanh, "_df", refuses)
    found = plan(1, 1, ("Tanh", "Identity", "ladder", "digits"))
    small = Plan(tuple(task for task in found.tasks if task.kind != "proof"), found.whole.model_copy(update={"proofs": {}}))
    done = {task: perform(task) for task in small.tasks}
    document = assemble(done, small, provenance(1, "quick", 1, 1, "2026-01-01T00:00:00+00:00"))
    assert {each.name for each in document.raised} == {"ladder", "digits"}
    assert all(isinstance(done[Task(part, part, 1, 1)], Raised) for part in ("ladder", "digits"))
    assert {each.error for each in document.raised} == {"ArithmeticError: no slope"}
    (code,) = examine(document).of("code")
    assert code.status == "wrong"
    assert [(why.code, why.values["part"]) for why in code.objections[:3]] == [
        ("status.wrong", "Tanh"), ("status.raised", "digits"), ("status.raised", "ladder"),
    ]  # fmt: skip
    assert [(layer.operator, layer.passed, layer.failed) for layer in document.layers] == [("Identity", 1, 0), ("Tanh", 0, 1)]
    assert examine(document).contradictions == ()
