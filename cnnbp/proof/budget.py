"""How many orders are walked, and for how long: by what was asked for, and where nothing was, so few that nobody waits for long."""

from __future__ import annotations

from time import monotonic

from ..verification.patience import checked

PATHS, SECONDS = 8_000, 30.0  # orders that are walked, and for how long, where no budget says otherwise
MOST_PATHS = 10**9


def allowed(budget: float | None) -> tuple[int, float]:
    """The most orders, and the deadline, of `time.monotonic`, of a walk that begins now.

    Raises TypeError and ValueError where `budget` is no positive number of seconds.
    """
    checked(budget)
    return (PATHS, monotonic() + SECONDS) if budget is None else (MOST_PATHS, monotonic() + budget)
