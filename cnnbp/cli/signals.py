"""Ctrl-C and SIGTERM end a run once, in order: what it has so far is written."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}


class Stop(KeyboardInterrupt):
    """Somebody wants the run to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number
        self.how = SIGNALS[signal.Signals(number)]


@contextmanager
def listening() -> Iterator[Callable[[], None]]:
    """In here Ctrl-C and SIGTERM raise Stop, once; then, or after a call of what this yields, they have no effect."""

    def deaf() -> None:
        for number in before:
            signal.signal(number, signal.SIG_IGN)

    def stop(number: int, frame: object) -> None:
        deaf()
        raise Stop(number)

    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]  # nohup means it
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield deaf
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
