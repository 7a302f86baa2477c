"""What a run says while it works: one line that changes on a terminal, a line at every tenth in a log."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 78


class Progress:
    """Tells `stream` how far `total` tasks have come."""

    def __init__(self, stream: TextIO, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._total, self._clock, self._began = stream, total, clock, clock()
        self._live = stream.isatty()
        self._tenths = 0

    def tell(self, done: int, name: object) -> None:
        """`done` tasks are done, the last of them `name`."""
        seconds = self._clock() - self._began
        line = f"  {done:>4} of {self._total}  {int(seconds) // 60}:{int(seconds) % 60:02}"
        if self._live:
            print("\r" + f"{line}  {name}"[:WIDTH].ljust(WIDTH), end="", file=self._stream, flush=True)
        elif 10 * done // self._total > self._tenths:
            self._tenths = 10 * done // self._total
            print(line, file=self._stream, flush=True)

    def end(self) -> None:
        """Leaves the line, so that the next thing said stands on one of its own."""
        if self._live:
            print(file=self._stream, flush=True)
