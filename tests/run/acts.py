"""What processes can be asked to do. They import this file and nothing that takes its time."""

from __future__ import annotations

import os
import signal
import time
from typing import Any


class Deadly:
    """Ends the process that unpacks it."""

    def __str__(self) -> str:
        return "statement last-words"

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (3,)


class Killing:
    """Kills the process that unpacks it, as a system without memory does."""

    def __reduce__(self) -> tuple[Any, ...]:
        return signal.raise_signal, (signal.SIGKILL,)


def act(task: Any) -> Any:
    """Raises, sleeps, or answers."""
    if task == "raise":
        raise KeyError(task)
    if isinstance(task, float):
        time.sleep(task)
    return str(task).upper()
