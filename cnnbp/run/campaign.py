"""Carries the tasks of a run out, on as many processes as asked for, and hands back results as they arrive."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any

from .tasks import Task, perform

Progress = Callable[[int, int, Task], None]


def carry_out(tasks: Sequence[Task], jobs: int, progress: Progress) -> dict[Task, dict[str, Any]]:
    """The result of every task; of those done so far where the user interrupts (then `Interrupted` carries them)."""
    done: dict[Task, dict[str, Any]] = {}
    try:
        if jobs == 1:
            _one_thread()
            for task in tasks:
                done[task] = perform(task)
                progress(len(done), len(tasks), task)
            return done
        processes = max(1, min(jobs, len(tasks)))
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _one_thread) as pool:
            with _deaf_to_interrupts():
                futures = {pool.submit(perform, task): task for task in tasks}
            try:
                for future in as_completed(futures):
                    done[futures[future]] = future.result()
                    progress(len(done), len(tasks), futures[future])
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return done
    except KeyboardInterrupt as interrupt:
        raise Interrupted(done) from interrupt


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started in here inherit that they ignore Ctrl-C: it is for this process to say what becomes of the run."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Interrupted(Exception):
    """The user stopped the run. `done` holds what was finished."""

    def __init__(self, done: dict[Task, dict[str, Any]]) -> None:
        super().__init__("interrupted")
        self.done = done


def _one_thread() -> None:
    """Processes are the parallelism; threads inside them would only wait for each other."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    try:
        import torch

        torch.set_num_threads(1)
    except ImportError:
        pass  # the oracle abstains, and says so
