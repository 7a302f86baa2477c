"""What holds in one sequence of calls holds when each point is asked by itself, and a right layer is asked less."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.faults import FAULTS, Fault
from cnnbp.run import controls
from cnnbp.verification.contract import together
from tests.helpers.layers import against, arguments

BREAKING = {  # a fault of the catalogue, and the one of these points that it breaks
    "dense-drifting": "repeats",
    "conv-dw-accumulated": "repeats",
    "sigmoid-overwrites-residual": "reads-only-inputs",
    "conv-leaves-weights-flipped": "reads-only-inputs",
    "conv-earlier-input-overwritten": "reads-only-inputs",  # by the call after
    "dense-one-buffer": "answers-stand",
    "dense-transposed-kept": "same-arrays",
}


def _told(fault: Fault) -> list[tuple[str, str]]:
    verdict = controls.asked(fault, controls.drawn(fault, 1, 0), 1)
    return [(item.quantity, item.status) for item in verdict.evidence if item.quantity in together.POINTS]


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.id in BREAKING], ids=lambda fault: fault.id)
def test_as_much_is_told_as_when_each_point_is_asked(monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    """Each of these points is broken by a layer, and told."""
    found = _told(fault)
    assert (BREAKING[fault.id], "fail") in found
    monkeypatch.setattr(together, "known", lambda *_: {})
    assert _told(fault) == found


class Clearing:
    """Tanh, that gives up the memory of an answer two calls later."""

    def __init__(self) -> None:
        self.given: list[Any] = []

    def forward(self, x: Any) -> Any:
        self.given.append(np.tanh(x))
        for old in self.given[:-2]:
            old[...] = 0
        return self.given[-1]

    def backward(self, delta: Any, x: Any) -> Any:
        return delta * (1 - np.tanh(x) ** 2)


def test_an_answer_that_a_call_after_the_next_overwrites() -> None:
    """Asked by itself, the point looks after one later call alone."""
    assert "answers-stand" in against(cnnbp.verify(Clearing(), *arguments("Tanh"), like=cnnbp.Tanh()))


class InTurns:
    """Tanh, that answers in one of several buffers and then in the next."""

    def __init__(self, buffers: int) -> None:
        self.calls, self.count, self.buffers = 0, buffers, dict[tuple[int, Any], Any]()

    def forward(self, x: Any) -> Any:
        self.calls += 1
        buffer = self.buffers.setdefault((self.calls % self.count, x.shape), np.empty_like(x))
        return np.tanh(x, out=buffer)

    def backward(self, delta: Any, x: Any) -> Any:
        return delta * (1 - np.tanh(x) ** 2)


@pytest.mark.parametrize("like", [cnnbp.Tanh(), None])
@pytest.mark.parametrize("buffers", [2, 3])
def test_buffers_in_turn(monkeypatch: pytest.MonkeyPatch, buffers: int, like: Any) -> None:
    """In one sequence, and where the point is asked by itself."""
    for _ in range(2):
        assert "answers-stand" in against(cnnbp.verify(InTurns(buffers), *arguments("Tanh"), like=like))
        monkeypatch.setattr(together, "known", lambda *_: {})


def test_a_right_layer_is_asked_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every point its share: 26 times instead of 40."""
    calls = []

    def forward(x: Any) -> Any:
        calls.append(1)
        return np.tanh(x)

    def asked() -> int:
        calls.clear()
        verdict = cnnbp.verify(cnnbp.from_functions(forward, cnnbp.Tanh().backward), *arguments("Tanh"), like=cnnbp.Tanh())
        assert verdict.passed
        return len(calls)

    assert asked() == 26
    monkeypatch.setattr(together, "known", lambda *_: {})
    assert asked() == 40
