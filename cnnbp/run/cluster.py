"""Carries tasks out on the workers of a Dask cluster. A worker that dies costs its task a new start elsewhere, and no verdict.

Tasks are functions of their name, number of examples and seed alone, so what a worker finds is what this machine would find, if
it has the same sources and the same versions of what they use: one that has not is refused.
"""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from itertools import islice
from threading import Lock
from types import TracebackType
from typing import Any, TypeVar

from . import provenance
from .processes import Answer, Failed, answer, result

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4  # tasks for each worker that are handed out before it asks, so that it waits for none
PATIENCE = 10.0  # seconds for a scheduler to answer
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
VERSIONED = ("numpy", "scipy", "torch")
_ONE_AT_A_TIME = Lock()


class Cluster:
    """The workers behind one scheduler, for as long as this is open. Raises Failed where there is none, or none that fits."""

    def __init__(self, address: str) -> None:
        from distributed import Client

        self._address = address
        try:
            with ThreadPoolExecutor(1) as reaching:  # of a thread of its own, since this one may have a loop that runs
                reaching.submit(asyncio.run, _reached(address)).result()
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:  # a time-out is an OSError
            raise Failed(f"the cluster at {address}: no scheduler answers there ({type(error).__name__})") from error
        with suppress(Exception):
            self.machines = sorted(map(str, self._client.run(provenance.processor).values()))
        if not getattr(self, "machines", None):
            self.close()
            raise Failed(f"the cluster at {address}: it has no worker, or none that can import cnnbp {provenance.version('cnnbp')}")

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Its tasks are given up; the cluster itself goes on."""
        with suppress(Exception):
            self._client.close(timeout=2)

    def carry_out(self, tasks: Sequence[T], perform: Callable[[T], R]) -> Generator[tuple[T, R], None, None]:
        """Each task with its result, in the order in which they get done. Raises Failed."""
        from distributed import as_completed

        waiting, of, wanted = iter(tasks), dict[str, T](), _fingerprint()

        def hand(task: T) -> Any:
            future = self._client.submit(_asked, task, perform, wanted, pure=False)
            of[future.key] = task
            return future

        out = as_completed([hand(task) for task in islice(waiting, AHEAD * len(self.machines))], loop=self._client.loop)
        for future in out:
            task = of.pop(future.key)
            found = result(task, self._received(task, future))
            for following in islice(waiting, 1):
                out.add(hand(following))
            yield task, found

    def _received(self, task: T, future: Any) -> Answer[Any]:
        from distributed.scheduler import KilledWorker

        try:
            sent: Answer[Any] = future.result()
        except KilledWorker as error:
            raise Failed(f"{task}: every worker that had it died, perhaps for want of memory") from error
        except Exception as error:  # of the task itself nothing is raised; a cancelled one is an Exception
            raise Failed(f"the cluster at {self._address} went away while it had {task} ({type(error).__name__})") from error
        return sent


async def _reached(address: str) -> None:
    """Raises OSError, ValueError or TypeError where no scheduler can be spoken to: a client would wait for itself at the end."""
    from distributed import Security
    from distributed.comm import connect

    await (await connect(address, timeout=PATIENCE, **Security().get_connection_args("client"))).close()


def _asked(task: T, perform: Callable[[T], R], wanted: tuple[str, ...]) -> Answer[R]:
    """On a worker: one task, whatever the number of its threads."""
    mine = _fingerprint()
    if mine != wanted:
        differing = [f"{b} instead of {a}" for a, b in zip(wanted, mine, strict=True) if a != b]
        return None, f"a worker has other sources or versions: {', '.join(differing)}"
    if any(os.environ.get(name) != "1" for name in THREADS):
        return None, f"a worker was started without {' and '.join(f'{name}=1' for name in THREADS)}"
    with _ONE_AT_A_TIME:
        return answer(task, perform)


@cache
def _fingerprint() -> tuple[str, ...]:
    """What results depend on: sources, Python, and the libraries that compute."""
    return (provenance.sources_sha256(), f"Python {platform.python_version()}", *map(_versioned, VERSIONED))


def _versioned(name: str) -> str:
    return f"{name} {provenance.version(name)}"
