"""Evidence on disk: files that are whole or not there, and what is no evidence refused in one sentence."""

from __future__ import annotations

import json
import math
import os
import re
import reprlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .records import FORMAT


def plain(value: object) -> object:
    """`value` as strict JSON can hold it: NaN and infinities become strings, tuples lists, NumPy numbers Python's."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item") and hasattr(value, "dtype"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    return value


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


def write(path: Path, document: Mapping[str, Any]) -> None:
    """Writes the evidence document as JSON. Raises OSError."""
    write_text(path, text(document))


def text(document: Mapping[str, Any]) -> str:
    """The evidence document as `write` writes it, to the byte: what its SHA-256 is taken of."""
    return json.dumps(plain(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read(path: Path) -> dict[str, Any]:
    """The evidence document at `path`. Raises OSError, and ValueError for a file that is not one, saying what it is."""
    content = path.read_bytes()
    try:
        document = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, nested or numbered beyond reason
        what = "it is empty" if not content.strip() else f"it is cut off: {error}" if _cut_off(error) else str(error)
        raise ValueError(f"{path} is not an evidence file: {what}") from error
    named = document.get("format") if isinstance(document, dict) else None
    if named is None:
        raise ValueError(f"{path} is not an evidence file: it is JSON of something else, without a format such as {FORMAT!r}")
    if named != FORMAT:
        raise ValueError(f"{path} {_of_another(named)}")
    return dict(document)


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _cut_off(error: Exception) -> bool:
    """Whether more text would have mended it: the parser met the end of the file, or what may be the beginning of a word there."""
    if isinstance(error, UnicodeDecodeError):
        return error.reason == "unexpected end of data"
    if not isinstance(error, json.JSONDecodeError):
        return False
    rest = error.doc[error.pos :].strip()
    word = any(whole.startswith(rest) for whole in ("true", "false", "null"))
    number = re.fullmatch(r"-|\.|[eE][+-]?|\\?u[0-9a-fA-F]*", rest)  # or a character by its number
    return word or number is not None or error.msg.startswith("Unterminated string")


def _of_another(named: object) -> str:
    """What to do about a file with another format than ours."""
    stem, _, own = FORMAT.rpartition("-")
    age = re.fullmatch(rf"{stem}-([0-9]{{1,9}})", named) if isinstance(named, str) else None
    if age is None:
        return f"is not an evidence file: expected format {FORMAT!r}, got {reprlib.repr(named)}"
    newer = int(age[1]) > int(own)
    writer, remedy = ("a newer", "update cnnbp") if newer else ("an older", "run `cnnbp verify` again")
    return f"was written by {writer} cnnbp: format {named!r}, this one reads {FORMAT!r}; {remedy}"
