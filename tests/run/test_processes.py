"""Carrying a run out: the same results on any number of processes, each named that fails, and no process left behind."""

from __future__ import annotations

import multiprocessing
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
from tests.run.acts import Deadly, Killing, act

TASKS = plan(3, 11, ["delta-output", "forward-affine", "Dense"]).tasks
FINE, WITHOUT_NAME = Task("matrix", "matrix", 1, 1), Task(cast("Any", "rumour"), "nobody", 1, 1)


def test_processes_do_not_change_the_results() -> None:
    """Same seed, same results, to the bit, on one process or two; each task once. Signals are heard as before."""
    before = signal.getsignal(signal.SIGINT)
    alone = list(carry_out(TASKS, perform, 1))
    assert [task for task, _ in alone] == list(TASKS)
    with closing(carry_out(TASKS, perform, 2)) as results:
        together = [next(results)]
        assert len(multiprocessing.active_children()) == 2
        assert signal.getsignal(signal.SIGINT) is before
        together += results
    assert multiprocessing.active_children() == []
    assert sorted(together, key=lambda result: TASKS.index(result[0])) == alone


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("raise", r"^raise: KeyError: 'raise' \(acts\.py, line \d+, in act\)$"),
        (Deadly(), r"^statement last-words: its process died \(exit status 3\)$"),
        (Killing(), r": its process died \(killed by signal 9, perhaps for want of memory\)$"),
    ],
    ids=["raises", "dies", "is killed"],
)
def test_a_task_that_fails_is_named(task: Any, said: str) -> None:
    """The task that the process held is known, and what became of it; the others are stopped in the midst of theirs."""
    with pytest.raises(Failed, match=said):
        list(carry_out([task, 600.0], act, 2))
    assert multiprocessing.active_children() == []


def test_closed_early_it_stops_its_processes() -> None:
    """Whoever has heard enough leaves no process behind."""
    with closing(carry_out([600.0, "fine"], act, 2)) as results:
        assert next(results) == ("fine", "FINE")
    assert multiprocessing.active_children() == []


def test_an_unknown_kind_is_named() -> None:
    """No task is silently skipped, the sentence names the place, and what came before it has been heard."""
    results = carry_out([FINE, WITHOUT_NAME], perform, 1)
    assert next(results)[0] == FINE
    said = r"^rumour nobody: ValueError: no such kind of task: 'rumour' \(tasks\.py, line \d+, in perform\)$"
    with pytest.raises(Failed, match=said):
        next(results)


PARENT = """
import os, sys, time
from cnnbp.run.processes import carry_out
def forever(folder):
    with open(f"{folder}/{os.getpid()}", "x"): pass
    time.sleep(600)
if __name__ == "__main__":
    list(carry_out([sys.argv[1]] * 2, forever, 2))
"""


def test_a_process_does_not_outlive_its_parent(tmp_path: Path) -> None:
    """The parent is killed, and can stop nothing: they end by themselves, in the midst of a task."""
    script, pids = tmp_path / "parent.py", tmp_path / "pids"
    script.write_text(PARENT)
    pids.mkdir()
    with subprocess.Popen([sys.executable, str(script), str(pids)]) as parent:
        until(lambda: len(list(pids.iterdir())) == 2)
        parent.kill()
    orphans = [int(path.name) for path in pids.iterdir()]
    until(lambda: not any(map(alive, orphans)))


def until(so: Callable[[], bool]) -> None:
    """Waits for it, two minutes at most."""
    end = time.monotonic() + 120
    while not so():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether there is such a process; one that has ended and for which nobody has asked is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
