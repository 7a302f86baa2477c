"""The evidence of a run that a command reads: what is no evidence, or that of layers of one's own, is a wrong call."""

from __future__ import annotations

from pathlib import Path

from ..evidence import file, own
from ..evidence.records import Document
from .folder import Mistake


def read(path: Path, of_own: str) -> Document:
    """The document. Raises OSError, and Mistake: `of_own` is said of a file with verdicts of somebody's own layers."""
    try:
        if own.read(path):
            raise Mistake(of_own)
        return file.read(path)
    except ValueError as error:
        raise Mistake(str(error)) from error
