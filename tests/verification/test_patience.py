"""Whoever waits is told for what, on a terminal alone; a budget is kept, and says what it left out."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.evidence.gathering import listening
from cnnbp.evidence.kinds import ALWAYS, BATCH
from cnnbp.layers.checks import Array
from cnnbp.verification.patience import SILENT, Patience
from tests.helpers.layers import bent, code, gaussian, opaque


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A second passes each time somebody looks."""

    def __init__(self, step: float = 1.0) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def told(stream: io.StringIO, times: int) -> str:
    patience = Patience(None, stream, Clock())
    for done in range(times):
        patience.tell("progress-entries", quantity="x", done=done, of=9)
    patience.end()
    return stream.getvalue()


def test_silent_at_first_and_then_a_line() -> None:
    """Nothing within the first two seconds; then the count and the seconds, and in the end the line is wiped."""
    assert told(Terminal(), int(SILENT) - 1) == ""
    lines = told(Terminal(), 5).split("\r")
    assert lines[1].strip() == "x: 1 of 9 entries judged, 2 s"
    assert lines[-1] == ""
    assert not lines[-2].strip()


def test_a_log_stays_empty() -> None:
    """Where nobody reads along nothing is said."""
    assert told(io.StringIO(), 9) == ""


@pytest.mark.parametrize(
    ("wrong", "error"), [(0, ValueError), (-1.0, ValueError), (float("nan"), ValueError), ("1", TypeError), (True, TypeError)]
)
def test_a_budget_is_a_number_of_seconds(wrong: Any, error: type[Exception]) -> None:
    """Anything else is the caller's mistake, and named."""
    with pytest.raises(error, match=r"budget must be a .*number of seconds"):
        cnnbp.verify(opaque(cnnbp.Tanh()), np.ones(3), budget=wrong)


def test_a_budget_without_end() -> None:
    """None is never over; seconds are over once they are spent."""
    assert not Patience(None, clock=Clock(1e9)).over
    assert not Patience(2.5, clock=Clock()).over
    assert Patience(0.5, clock=Clock()).over


TINY = 1e-9  # of a second: over before the first question


def test_without_a_reference_what_was_not_reached_is_not_judged() -> None:
    """No entry was looked at, and the verdict says so."""
    verdict = cnnbp.verify(opaque(cnnbp.Conv2d()), *gaussian((2, 2, 5, 4), (3, 2, 2, 2)), budget=TINY)
    assert verdict.status == "inconclusive"
    found = {e.quantity: e for e in verdict.evidence if e.oracle == "finite_difference"}
    assert {e.status for e in found.values()} == {"abstain"}
    assert {code(e) for e in found.values()} == {"verification.unreached"}
    assert found["x"].reason == "0 of 80 entries judged when the time was over"


def test_with_a_reference_the_first_method_is_asked_in_any_case() -> None:
    """A wrong layer fails all the same; what was not asked stands in the evidence, method by method."""
    x, w = gaussian((2, 2, 5, 4), (3, 2, 2, 2))
    verdict = cnnbp.verify(cnnbp.Conv2d(), x, w, budget=TINY)
    unreached = [(e.oracle, e.quantity) for e in verdict.evidence if code(e) == "verification.unreached-method"]
    late = [(oracle, quantity) for oracle, quantity in unreached if oracle != "contract"]
    assert late == [(o, q) for o in ("complex_step", "finite_difference", "masked_dense") for q in ("x", "w")]
    wrong = bent("Conv2d", dw=lambda dw, _: dw[..., ::-1])
    with pytest.raises(cnnbp.GradientError):
        cnnbp.assert_gradients(wrong, x, w, like=cnnbp.Conv2d(), budget=TINY)


def test_enough_time_changes_nothing() -> None:
    """The same evidence as without a budget."""

    def ask(budget: float | None) -> Any:
        x: Array = gaussian((3, 4))[0]
        return cnnbp.verify(opaque(cnnbp.Tanh()), x, budget=budget)

    assert ask(None) == ask(1e6)


def test_contract_points_are_listed_where_no_time_is_left() -> None:
    """None is asked, none is missing, none is called kept, and the layer does not pass: any of them may be broken."""
    verdict = cnnbp.verify(cnnbp.Tanh(), np.ones(3), budget=TINY, waive="no-memory")
    points = {e.quantity: (e.status, code(e)) for e in verdict.evidence if e.oracle == "contract"}
    assert points.keys() == {*ALWAYS, *BATCH}
    assert points.pop("no-memory") == ("abstain", "contract.waived-unasked")
    assert {*points.values()} == {("abstain", "verification.unreached-method")}
    assert verdict.status == "inconclusive"
    assert [(said.code, dict(said.values)) for said in verdict.wrong] == [
        ("verification.points-unreached", {"count": len(points), "of": len(points) + 1})
    ]
    assert "a larger budget=" in str(verdict)


@pytest.mark.parametrize("like", [None, cnnbp.Tanh()])
def test_a_call_that_takes_longer_than_the_budget_is_the_last(like: Any) -> None:
    """It cannot be interrupted; afterwards nothing more than the first answers is asked for, and the verdict says so."""
    calls = [0]

    def slow(x: Array) -> Array:
        calls[0] += 1
        time.sleep(0.05)
        return np.tanh(x)

    layer = cnnbp.from_functions(slow, lambda d, x: d * (1 - np.tanh(x) ** 2))
    verdict = cnnbp.verify(layer, np.array([0.5, 2.0]), like=like, budget=0.02)
    assert calls[0] <= 4
    assert "the time was over" in str(verdict)


@pytest.mark.parametrize("like", [None, cnnbp.Tanh()])
def test_ctrl_c_ends_a_forward_that_does_not_come_back(like: Any) -> None:
    """At any call: the traceback is the layer's, nothing is told to who listens, and global random numbers are as they were."""
    state = np.random.get_state()[1].tolist()  # noqa: NPY002  # what the contract sets now and then
    heard_of: list[Any] = []
    for last in (1, 2, 5, 20, 30):
        calls = [0]

        def endless(x: Array, calls: list[int] = calls, last: int = last) -> Array:
            calls[0] += 1
            if calls[0] == last:
                raise KeyboardInterrupt
            return np.tanh(x)

        layer = cnnbp.from_functions(endless, lambda d, x: d * (1 - np.tanh(x) ** 2))
        with pytest.raises(KeyboardInterrupt) as raised, listening(lambda verdict, like: heard_of.append(verdict)):
            cnnbp.verify(layer, np.array([0.5, 2.0]), like=like)
        assert raised.traceback[-1].name == "endless"
    assert not heard_of
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002
