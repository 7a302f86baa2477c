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

BREAKING = {  # a fault of the catalogue, a case that shows it, and one of the points that it breaks there
    "dense-drifting": (1, "repeats"),
    "conv-dw-accumulated": (1, "repeats"),
    "sigmoid-overwrites-residual": (1, "reads-only-inputs"),
    "conv-leaves-weights-flipped": (1, "reads-only-inputs"),
    "conv-earlier-input-overwritten": (1, "reads-only-inputs"),  # by the call after
    "dense-one-buffer": (1, "answers-stand"),
    "dense-transposed-kept": (1, "same-arrays"),
    "cross-entropy-over-batch-twice": (0, "other-inputs"),  # where y and dx are 0
    "conv-kept-by-residual-and-w": (0, "other-inputs"),  # one residual everywhere
    "conv-residuals-flushed": (3, "linear-multiples"),  # numbers of a wide range
}


def _told(fault: Fault, number: int) -> list[tuple[str, str]]:
    verdict = controls.asked(fault, controls.drawn(fault, number, 1), number)
    return [(item.quantity, item.status) for item in verdict.evidence if item.oracle == "contract"]


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.id in BREAKING], ids=lambda fault: fault.id)
def test_as_much_is_told_as_when_each_point_is_asked(monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    """Each of these points is broken by a layer, and told."""
    number, point = BREAKING[fault.id]
    found = _told(fault, number)
    assert (point, "fail") in found
    monkeypatch.setattr(together, "known", lambda *_: {})
    assert _told(fault, number) == found


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
