"""Carries the tasks of a run out, on as many processes as asked for, and hands each result over as it arrives.

No executor of `concurrent.futures`: of a process that dies it does not say which task it had, and before Python 3.14 it has no
way to end those that are in the midst of theirs.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from traceback import extract_tb
from typing import Any

from .tasks import Task, perform

Result = tuple[Task, dict[str, Any]]


class Failed(Exception):
    """A task could not be done at all: it raised, or its process died. The message is a sentence that names it."""


def carry_out(tasks: Sequence[Task], jobs: int) -> Iterator[Result]:
    """Each task with its result, in the order in which they get done. Raises Failed; closed early, it stops its processes."""
    return _here(tasks) if jobs == 1 else _on_processes(tasks, min(jobs, len(tasks)))


def _here(tasks: Sequence[Task]) -> Iterator[Result]:
    _one_thread()
    for task in tasks:
        found, trouble = _answer(task)
        if found is None:
            raise Failed(f"{task}: {trouble}")
        yield task, found


def _on_processes(tasks: Sequence[Task], count: int) -> Iterator[Result]:
    """Whoever is free gets the next task. A process holds one at a time, so that it is known which one killed it."""
    waiting, busy, processes = deque(tasks), dict[Connection, Task](), dict[Connection, SpawnProcess]()
    try:
        with _unheard():
            for _ in range(count):
                connection, process = _start()
                processes[connection] = process
        for connection in processes:
            busy[connection] = _hand(waiting.popleft(), connection, processes[connection])
        while busy:
            for connection in [connection for connection in wait(list(busy)) if isinstance(connection, Connection)]:
                task = busy.pop(connection)
                found = _receive(task, connection, processes[connection])
                if waiting:
                    busy[connection] = _hand(waiting.popleft(), connection, processes[connection])
                yield task, found
    finally:
        for process in processes.values():
            process.kill()
        for process in processes.values():
            process.join()


def _start() -> tuple[Connection, SpawnProcess]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()  # so that the end of the process is the end of what it sends
    return ours, process


def _hand(task: Task, connection: Connection, process: SpawnProcess) -> Task:
    try:
        connection.send(task)
    except OSError as error:
        raise _died(task, process) from error
    return task


def _receive(task: Task, connection: Connection, process: SpawnProcess) -> dict[str, Any]:
    try:
        answer: tuple[dict[str, Any] | None, str] = connection.recv()
    except (EOFError, OSError) as error:
        raise _died(task, process) from error
    found, trouble = answer
    if found is None:
        raise Failed(f"{task}: {trouble}")
    return found


def _died(task: Task, process: SpawnProcess) -> Failed:
    process.join(1)
    code = process.exitcode
    how = f"killed by signal {-code}, perhaps for want of memory" if code is not None and code < 0 else f"exit status {code}"
    return Failed(f"{task}: its process died ({how})")


def _work(connection: Connection) -> None:
    """The life of a process: one task after the other until there are no more, or nobody is left who would ask."""
    _one_thread()
    with suppress(EOFError, OSError):
        while True:
            connection.send(_answer(connection.recv()))


def _answer(task: Task) -> tuple[dict[str, Any] | None, str]:
    """The result, or None and what was raised, and where."""
    try:
        return perform(task), ""
    except Exception as error:
        place = extract_tb(error.__traceback__)[-1]
        return None, f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno}, in {place.name})"


@contextmanager
def _unheard() -> Iterator[None]:
    """Processes started in here leave Ctrl-C and SIGTERM to this one, which ends them."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _one_thread() -> None:
    """Processes are the parallelism; threads inside them would only wait for each other."""
    with suppress(ImportError):  # without PyTorch its oracle abstains, and says so
        import torch

        torch.set_num_threads(1)
