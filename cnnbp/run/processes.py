"""Carries tasks out, on as many processes as asked for, and hands each result over as it arrives. Knows no task.

No executor of `concurrent.futures`: of a process that dies it does not say which task it had, and before Python 3.14 it has no
way to end those that are in the midst of theirs.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Thread
from traceback import FrameSummary, extract_tb
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
Answer = tuple[R | None, str]


class Failed(Exception):
    """A task could not be done at all: it raised, or its process died. The message is a sentence that names it."""


def carry_out(tasks: Sequence[T], perform: Callable[[T], R], jobs: int) -> Generator[tuple[T, R], None, None]:
    """Each task with its result, in the order in which they get done. Raises Failed; closed early, it stops its processes.

    `perform` is a function of a module, which each process imports.
    """
    return _here(tasks, perform) if jobs == 1 else _Crew(perform, min(jobs, len(tasks))).carry_out(tasks)


def _here(tasks: Sequence[T], perform: Callable[[T], R]) -> Generator[tuple[T, R], None, None]:
    for task in tasks:
        yield task, result(task, answer(task, perform))


class _Crew(Generic[T, R]):
    """Whoever is free gets the next task. A process holds one at a time, so that it is known which one killed it."""

    def __init__(self, perform: Callable[[T], R], count: int) -> None:
        self._perform, self._count = perform, count
        self._processes = dict[Connection, SpawnProcess]()

    def carry_out(self, tasks: Sequence[T]) -> Generator[tuple[T, R], None, None]:
        waiting, busy = deque(tasks), dict[Connection, T]()
        try:
            with _signals_ignored():
                for _ in range(self._count):
                    self._start()
            for connection in self._processes:
                busy[connection] = self._hand(waiting.popleft(), connection)
            while busy:
                for connection in [ready for ready in wait(list(busy)) if isinstance(ready, Connection)]:
                    task = busy.pop(connection)
                    found = self._receive(task, connection)
                    if waiting:
                        busy[connection] = self._hand(waiting.popleft(), connection)
                    yield task, found
        finally:
            for process in self._processes.values():
                process.kill()
            for process in self._processes.values():
                process.join()

    def _start(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=_work, args=(theirs, self._perform), daemon=True)
        process.start()
        theirs.close()  # so that the end of the process is the end of what it sends
        self._processes[ours] = process

    def _hand(self, task: T, connection: Connection) -> T:
        try:
            connection.send(task)
        except OSError as error:
            raise self._died(task, connection) from error
        return task

    def _receive(self, task: T, connection: Connection) -> R:
        try:
            sent: Answer[R] = connection.recv()
        except (EOFError, OSError) as error:
            raise self._died(task, connection) from error
        return result(task, sent)

    def _died(self, task: T, connection: Connection) -> Failed:
        process = self._processes[connection]
        process.join(1)
        code = process.exitcode
        how = f"killed by signal {-code}, perhaps for want of memory" if code is not None and code < 0 else f"exit status {code}"
        return Failed(f"{task}: its process died ({how})")


def _work(connection: Connection, perform: Callable[[T], R]) -> None:
    """The life of a process: one task after the other until there are no more, or nobody is left who would ask."""
    Thread(target=_follow, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            connection.send(answer(connection.recv(), perform))


def _follow() -> None:
    """Ends this process as soon as its parent has ended, however that came about, and in the midst of a task."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def answer(task: T, perform: Callable[[T], R]) -> Answer[R]:
    """The result, or None and what was raised, and where: what a process sends."""
    try:
        _one_thread()
        return perform(task), ""
    except Exception as error:
        return None, f"{type(error).__name__}: {error} ({placed(extract_tb(error.__traceback__)[-1])})"


def placed(frame: FrameSummary) -> str:
    """A line of code, as people are told of it."""
    return f"{Path(frame.filename).name}, line {frame.lineno}, in {frame.name}"


def result(task: T, sent: Answer[R]) -> R:
    """What another process found. Raises Failed."""
    found, trouble = sent
    if found is None:
        raise Failed(f"{task}: {trouble}")
    return found


@contextmanager
def _signals_ignored() -> Iterator[None]:
    """Processes started in here leave Ctrl-C and SIGTERM to this one, which ends them."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _one_thread() -> None:
    """Processes are the parallelism; threads inside them would only wait for each other."""
    if "torch" in sys.modules:  # if it is loaded only later, it asks the environment, as NumPy does
        sys.modules["torch"].set_num_threads(1)
