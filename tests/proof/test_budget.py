"""How long orders are walked where nothing was asked for, and what is no number of seconds."""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest

from cnnbp.proof.budget import MOST_PATHS, PATHS, allowed


def test_without_a_budget_half_a_minute_is_enough() -> None:
    paths, deadline = allowed(None)
    assert paths == PATHS
    assert 29 < deadline - monotonic() <= 30


def test_a_budget_is_of_time_alone() -> None:
    paths, deadline = allowed(5)
    assert paths == MOST_PATHS
    assert 4 < deadline - monotonic() <= 5


@pytest.mark.parametrize(("budget", "error"), [("5", TypeError), (True, TypeError), (0, ValueError), (float("nan"), ValueError)])
def test_what_is_no_number_of_seconds_is_refused(budget: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="budget must be a"):
        allowed(budget)
