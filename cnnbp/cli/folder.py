"""The folder of a report: there before the work begins, written by one program at a time, free of what an earlier one left."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..evidence.file import TWINS as TWINS

EVIDENCE, PAGE = "evidence.json", "index.html"


class Mistake(Exception):
    """The call is wrong, or cannot be answered here. The message says what came and what was expected."""


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """The folder, made where it was missing, and kept from others until this ends, in whatever way: the lock dies with it.

    Raises Mistake where it cannot be had.
    """
    handle = os.open(_made(folder), os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Mistake(f"--out {folder}: another run is writing there; wait for it, or name another folder") from None
    try:
        yield folder
    finally:
        os.close(handle)


def cleared(folder: Path, evidence: bool = True) -> None:
    """Before anything takes time: however the work ends, nothing of an earlier run may speak for it."""
    for name in (PAGE, *TWINS, *((EVIDENCE,) if evidence else ())):
        (folder / name).unlink(missing_ok=True)


def _made(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise Mistake(f"--out must be a folder, got the file {folder}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"--out {folder}: {error.strerror}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Mistake(f"--out {folder}: cannot write there")
    return folder
