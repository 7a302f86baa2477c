"""Carrying a run out: the same results on any number of processes, and nothing lost on Ctrl-C."""

from __future__ import annotations

import pytest

from cnnbp.run.campaign import Interrupted, carry_out
from cnnbp.run.tasks import Task, plan

TASKS = plan(4, 11, ["delta-output", "Dense", "Tanh"])


def test_processes_do_not_change_the_results() -> None:
    """Same seed, same results, whatever the number of processes; progress counts every task once."""
    seen: list[int] = []
    alone = carry_out(TASKS, 1, lambda done, total, task: seen.append(done))
    assert carry_out(TASKS, 2, lambda done, total, task: None) == alone
    assert seen == list(range(1, len(TASKS) + 1))


def test_interruption_keeps_what_is_done() -> None:
    """Ctrl-C after the first task: its result is handed over, the rest is not there."""

    def interrupt(done: int, total: int, task: Task) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        carry_out(TASKS, 1, interrupt)
    assert list(caught.value.done) == TASKS[:1]
