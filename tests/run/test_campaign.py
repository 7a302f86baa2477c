"""Carrying a run out: the same results on any number of processes, each named that fails, and no process left behind."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, cast

import pytest

from cnnbp.run.campaign import Failed, Result, carry_out
from cnnbp.run.tasks import Task, plan

TASKS = plan(4, 11, ["delta-output", "Dense", "Tanh", "digits"])
FINE, WITHOUT_NAME = Task("matrix", "matrix", 1, 1), Task("rumour", "nobody", 1, 1)


class Deadly:
    """Ends the process that unpacks it."""

    def __str__(self) -> str:
        return "statement last-words"

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (3,)


def test_processes_do_not_change_the_results() -> None:
    """Same seed, same results, to the bit, on one process or two; each task once. Signals are heard as before."""
    before = signal.getsignal(signal.SIGINT)
    alone = list(carry_out(TASKS, 1))
    assert [task for task, _ in alone] == TASKS
    with closing(carry_out(TASKS, 2)) as results:
        together = [next(results)]
        assert len(multiprocessing.active_children()) == 2
        assert signal.getsignal(signal.SIGINT) is before
        together += results
    assert sorted(together, key=lambda result: TASKS.index(result[0])) == alone


@pytest.mark.parametrize("carry", [lambda tasks: carry_out(tasks, 1), lambda tasks: carry_out(tasks[:1], 2)], ids=["here", "apart"])
def test_a_task_that_raises_is_named(carry: Callable[[list[Task]], Iterator[Result]]) -> None:
    """The sentence names the task, the error and its place."""
    said = r"^rumour nobody: ValueError: no such kind of task: 'rumour' \(tasks\.py, line \d+, in perform\)$"
    with pytest.raises(Failed, match=said):
        list(carry([WITHOUT_NAME, FINE]))


def test_what_was_done_before_is_handed_over() -> None:
    """The results that came before the failure have been heard."""
    results = carry_out([FINE, WITHOUT_NAME], 1)
    assert next(results)[0] == FINE
    with pytest.raises(Failed):
        next(results)


def test_a_process_that_dies_is_named() -> None:
    """The task that it held is known, and none is left behind."""
    with pytest.raises(Failed, match=re.escape("statement last-words: its process died (exit status 3)")):
        list(carry_out([cast("Task", Deadly())], 2))
    assert multiprocessing.active_children() == []


def test_closed_early_it_stops_its_processes() -> None:
    """Whoever has heard enough leaves no process behind."""
    with closing(carry_out([FINE, FINE, FINE], 2)) as results:
        next(results)
    assert multiprocessing.active_children() == []
