"""How long a verification may take, and what it says while it takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from ..evidence import remark
from ..text import sentence

SILENT = 2.0  # seconds: who waits longer wants to know for what
WIDTH = 100


def checked(budget: object) -> None:
    """Raises TypeError and ValueError for what is no positive number of seconds, nor None."""
    if isinstance(budget, bool) or not isinstance(budget, (int, float, type(None))):
        raise TypeError(f"budget must be a number of seconds or None, got {budget!r}")
    if budget is not None and not budget > 0:
        raise ValueError(f"budget must be a positive number of seconds, got {budget!r}")


class Patience:
    """Whether there is time left of `seconds`, without end where None; and a line on a terminal once it takes long.

    Raises TypeError and ValueError where `seconds` is no positive number.
    """

    def __init__(
        self, seconds: float | None = None, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        checked(seconds)
        self._seconds, self._stream, self._clock, self._began = seconds, stream or sys.stderr, clock, clock()
        self._told = self._began + SILENT
        self._live = False

    @property
    def over(self) -> bool:
        """Whether the seconds are spent."""
        return self._seconds is not None and self._clock() - self._began > self._seconds

    def tell(self, code: str, **values: object) -> None:
        """Says what is done so far, at most twice a second, and only to somebody who is there to read it."""
        now = self._clock()
        if now < self._told or not (self._stream and self._stream.isatty()):
            return
        self._told, self._live = now + 0.5, True
        line = sentence(remark(f"verification.{code}", seconds=int(now - self._began), **values))
        print("\r" + line[:WIDTH].ljust(WIDTH), end="", file=self._stream, flush=True)

    def end(self) -> None:
        """Wipes the line: what comes next stands where it would have stood."""
        if self._live:
            print("\r" + " " * WIDTH + "\r", end="", file=self._stream, flush=True)
