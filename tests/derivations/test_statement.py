"""The trial of a statement: what it may call "holds", and what it may not."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp.cases import Choices
from cnnbp.derivations.statement import Instance, Outcome, Reading, Statement, trial, verdict


def _draw(choose: Choices) -> Instance:
    return {"a": np.array([float(choose.integer(1, 9))])}


def _statement(*printed: Reading, corrected: tuple[Reading, ...] = ()) -> Statement:
    return Statement("doubling", "T1", "Twice a number is the number plus itself.", "2a", None, _draw, printed, corrected)


RIGHT = Reading("right", lambda case: Outcome(2 * case["a"], case["a"] + case["a"], 0.0))
WRONG = Reading("wrong", lambda case: Outcome(3 * case["a"], case["a"] + case["a"], 0.0))
SENSELESS = Reading("senseless", lambda case: Outcome(None, case["a"], 0.0, "there is no such unit"))
EMPTY = Reading("vacuous", lambda case: Outcome(0 * case["a"], 0 * case["a"], 0.0))


@pytest.mark.parametrize(
    ("printed", "corrected", "expected"),
    [
        ((RIGHT,), (), "holds"),
        ((WRONG,), (RIGHT,), "refuted as printed, holds as corrected"),
        ((SENSELESS,), (RIGHT,), "refuted as printed, holds as corrected"),
        ((WRONG,), (), "refuted"),
        ((WRONG,), (WRONG,), "refuted"),
        ((RIGHT, WRONG), (), "holds under these readings only"),
        ((EMPTY,), (), "not tested"),
    ],
)
def test_verdict(printed: tuple[Reading, ...], corrected: tuple[Reading, ...], expected: str) -> None:
    """Only what was tested, more than vacuously, and never wrong, holds."""
    renamed = tuple(Reading(f"corrected {r.name}", r.evaluate) for r in corrected)
    assert trial(_statement(*printed, corrected=renamed), 5, 0)["verdict"] == expected


def test_smallest_counterexample_is_reported() -> None:
    """Of all refuting instances the one with the least to follow by hand."""
    drawn = [_draw_number(n) for n in range(20)]
    found = trial(_statement(WRONG), 20, 0)["counterexample"]
    assert found["numbers"]["a"] == [min(drawn)]


def _draw_number(number: int) -> float:
    from cnnbp.cases import Counter

    return float(_draw(Counter(0, f"doubling/{number}"))["a"][0])


def test_nonsense_is_named() -> None:
    """A reading that makes no sense says why, and counts as wrong in every instance."""
    (reading,) = trial(_statement(SENSELESS), 3, 0)["readings"]
    assert (reading["wrong"], reading["nonsense"], reading["holds"]) == (3, "there is no such unit", False)


def test_verdict_needs_every_correction() -> None:
    """One of two corrections failing is no correction."""
    assert verdict([False], [True, False]) == "refuted"
