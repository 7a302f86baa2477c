"""What is said on a terminal: nothing that could command it, whoever wrote it, and no complaint where nobody listens."""

from __future__ import annotations

import os
import sys


def printable(text: str) -> str:
    """The text without what a terminal could take for a command."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def say(text: str) -> None:
    """Prints the answer. Whoever reads it may have left: that changes no verdict."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(text: str) -> None:
    """Prints what is not the answer."""
    print(printable(text), file=sys.stderr, flush=True)
