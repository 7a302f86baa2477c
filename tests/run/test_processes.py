"""Carrying a run out: the same results on any number of processes, each named that fails, and no process left behind."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from cnnbp.run.plan import plan
from cnnbp.run.processes import Failed, carry_out
from cnnbp.run.tasks import Task, perform

TASKS = plan(4, 11, ["delta-output", "Dense", "Conv2d"]).tasks
FINE, WITHOUT_NAME = Task("matrix", "matrix", 1, 1), Task(cast("Any", "rumour"), "nobody", 1, 1)


class Deadly:
    """Ends the process that unpacks it."""

    def __str__(self) -> str:
        return "statement last-words"

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (3,)


class Killed:
    """Kills the process that unpacks it, as a kernel without memory does."""

    def __reduce__(self) -> tuple[Any, ...]:
        return signal.raise_signal, (signal.SIGKILL,)


def test_processes_do_not_change_the_results() -> None:
    """Same seed, same results, to the bit, on one process or two; each task once, and a process that dies is named.

    Signals are heard as before, by this process alone; whoever has heard enough leaves no process behind.
    """
    before = signal.getsignal(signal.SIGINT)
    alone = list(carry_out(TASKS, perform, 1))
    assert [task for task, _ in alone] == list(TASKS)
    together = []
    with (
        pytest.raises(Failed, match=re.escape("statement last-words: its process died (exit status 3)")),
        closing(carry_out([*TASKS, cast("Task", Deadly())], perform, 2)) as results,
    ):
        for result in results:
            together.append(result)
            assert len(multiprocessing.active_children()) == 2
            assert signal.getsignal(signal.SIGINT) is before
    assert multiprocessing.active_children() == []
    assert sorted(together, key=lambda result: TASKS.index(result[0])) == alone[: len(together)] == alone


def act(task: str) -> str:
    """Raises, or answers."""
    if task == "raise":
        raise KeyError(task)
    return task.upper()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_task_that_raises_is_named(jobs: int) -> None:
    """The sentence names the task, the error and its place, after what was done before; no process is left behind."""
    results, heard = carry_out(["fine", "raise"], act, jobs), []
    with pytest.raises(Failed, match=r"^raise: KeyError: 'raise' \(test_processes\.py, line \d+, in act\)$"):
        heard.extend(results)
    assert heard == [("fine", "FINE")] * (jobs == 1) or jobs == 2
    assert multiprocessing.active_children() == []


def test_an_unknown_kind_is_named() -> None:
    """No task is silently skipped, and what came before the failure has been heard."""
    results = carry_out([FINE, WITHOUT_NAME], perform, 1)
    assert next(results)[0] == FINE
    said = r"^rumour nobody: ValueError: no such kind of task: 'rumour' \(tasks\.py, line \d+, in perform\)$"
    with pytest.raises(Failed, match=said):
        next(results)


def test_a_process_that_is_killed_is_named() -> None:
    """By the signal; and closed early, the others are stopped in the midst of theirs."""
    with pytest.raises(Failed, match=r"its process died \(killed by signal 9, perhaps for want of memory\)"):
        list(carry_out([Killed(), "fine"], act, 2))
    assert multiprocessing.active_children() == []
    with closing(carry_out(["fine", 600.0], time_out, 2)) as results:
        assert next(results) == ("fine", "fine")
    assert multiprocessing.active_children() == []


def time_out(task: Any) -> Any:
    """Takes as long as it says."""
    if isinstance(task, float):
        time.sleep(task)
    return task


ORPHANS = """
import os, sys, time
from cnnbp.run.processes import carry_out
def forever(folder):
    with open(f"{folder}/{os.getpid()}", "x"): pass
    time.sleep(600)
if __name__ == "__main__":
    list(carry_out([sys.argv[1]] * 2, forever, 2))
"""


def test_a_process_does_not_outlive_its_parent(tmp_path: Path) -> None:
    """Whoever started them is killed, and can stop nothing: they end by themselves, in the midst of a task."""
    script, pids = tmp_path / "orphans.py", tmp_path / "pids"
    script.write_text(ORPHANS)
    pids.mkdir()
    with subprocess.Popen([sys.executable, str(script), str(pids)]) as parent:
        until(lambda: len(list(pids.iterdir())) == 2)
        parent.kill()
    orphans = [int(path.name) for path in pids.iterdir()]
    until(lambda: not any(map(alive, orphans)))


def until(so: Callable[[], bool]) -> None:
    """Waits for it, a minute at most."""
    end = time.monotonic() + 60
    while not so():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether there is such a process; one that has ended and that nobody has asked for is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


