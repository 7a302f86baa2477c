"""Carrying a run out: the same results on any number of processes, each named that fails, and no process left behind."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from cnnbp.run.plan import plan
from cnnbp.run.processes import Failed, carry_out
from tests.run.work import perform, perform_all

ROOT = Path(__file__).parents[2]


def test_the_number_of_processes_does_not_change_the_results() -> None:
    """Each task once, with its result. Signals are heard as before."""
    before = signal.getsignal(signal.SIGINT)
    words = [f"square {n}" for n in range(9)]
    alone = list(carry_out(words, perform, 1))
    assert alone == [(word, perform(word)) for word in words]
    with closing(carry_out(words, perform, 2)) as results:
        together = [next(results)]
        assert len(multiprocessing.active_children()) == 2
        assert signal.getsignal(signal.SIGINT) is before
        together += results
    assert sorted(together) == sorted(alone)


def test_another_process_draws_the_same() -> None:
    """To the bit: the result of a task depends on nothing but its name and the seed."""
    asked = plan(3, 11, ["delta-output", "Dense"]).tasks
    assert list(carry_out([asked], perform_all, 2)) == [(asked, perform_all(asked))]


@pytest.mark.parametrize(("words", "jobs"), [(["raise a fuss", "b"], 1), (["raise a fuss"], 2)])
def test_a_task_that_raises_is_named(words: list[str], jobs: int) -> None:
    """The sentence names the task, the error and its place."""
    with pytest.raises(Failed, match=r"^raise a fuss: ValueError: a fuss \(work\.py, line \d+, in perform\)$"):
        list(carry_out(words, perform, jobs))


def test_what_was_done_before_is_handed_over() -> None:
    """The results that came before the failure have been heard."""
    results = carry_out(["fine", "raise it"], perform, 1)
    assert next(results) == ("fine", "fine!")
    with pytest.raises(Failed):
        next(results)


@pytest.mark.parametrize(
    ("word", "how"), [("exit 3", "exit status 3"), ("kill 9", "killed by signal 9, perhaps for want of memory")]
)
def test_a_process_that_dies_is_named(word: str, how: str) -> None:
    """The task that it held is known, and none is left behind."""
    with pytest.raises(Failed, match=re.escape(f"{word}: its process died ({how})")):
        list(carry_out([word], perform, 2))
    assert multiprocessing.active_children() == []


def test_closed_early_it_stops_its_processes(tmp_path: Path) -> None:
    """Whoever has heard enough leaves no process behind, also none in the midst of its work."""
    with closing(carry_out(["fine", f"sleep {tmp_path / 'pid'}"], perform, 2)) as results:
        next(results)
    assert multiprocessing.active_children() == []


def test_a_worker_does_not_outlive_its_parent(tmp_path: Path) -> None:
    """SIGKILL, which the parent cannot answer: its workers end at once, in the midst of a task."""
    paths = [tmp_path / "one", tmp_path / "two"]
    words = [f"sleep {path}" for path in paths]
    code = (
        "from cnnbp.run.processes import carry_out\nfrom tests.run.work import perform\n"
        f"if __name__ == '__main__':\n    list(carry_out({words!r}, perform, 2))"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL) as parent:
        _until(lambda: all(path.exists() and path.read_text() for path in paths))
        workers = [int(path.read_text()) for path in paths]
        assert all(map(_lives, workers))
        parent.kill()
    _until(lambda: not any(map(_lives, workers)))


def _until(so: object, seconds: float = 30) -> None:
    assert callable(so)
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    """Whether it runs; a process that ended and that nobody has asked about is no longer one."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        if not Path("/proc").exists():
            os.kill(pid, 0)
        return False
