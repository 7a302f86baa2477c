"""Evidence on disk: files that are whole or not there. What is read is an evidence document to the last field, or refused."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from . import strict
from .records import Document

TWINS = ("summary.md", "junit.xml", "ctrf.json", "badge.svg", "attestation.json")
"""The page for machines: what may lie beside evidence and page, and must not outlive them."""


def text(document: Document) -> str:
    """The evidence document as `write` writes it, to the byte: what its SHA-256 is taken of."""
    return document.model_dump_json(indent=1) + "\n"


def write(path: Path, document: Document) -> None:
    """Writes the evidence document as JSON. Raises OSError."""
    write_text(path, text(document))


def read(path: Path) -> Document:
    """The evidence document at `path`. Raises OSError, and ValueError for a file that is not one, in a sentence that says why."""
    content = strict.content(path)
    found = strict.parse(path, content)
    strict.check_format(path, found)
    try:
        document = Document.model_validate_json(content)
    except ValidationError as error:
        raise ValueError(f"{path}: {strict.first(error, found)}") from None
    lacking = strict.lacking(document.model_dump(mode="json"), found)  # what has a default is written all the same
    if lacking:
        raise ValueError(f"{path}: {lacking}: expected a value, got none")
    return document


def write_text(path: Path, text: str) -> None:
    """Writes all of `text` or nothing: a reader never meets half a file. Raises an OSError that names `path`."""
    write_texts({path: text})


def write_texts(texts: Mapping[Path, str]) -> None:
    """Writes all of these files or, where one finds no room, none. Raises an OSError that names the path."""
    ready: dict[Path, str] = {}
    try:
        for path, text in texts.items():
            with _naming(path):
                handle, ready[path] = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                os.chmod(ready[path], 0o644)
        for path, name in ready.items():
            with _naming(path):
                os.replace(name, path)
    except BaseException:
        for name in ready.values():
            Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """A full disk does not say which file it has no room for."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
