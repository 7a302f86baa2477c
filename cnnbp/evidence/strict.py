"""What is no evidence file is refused in a sentence: a foreign, an empty, a huge file, JSON of another form, another format."""

from __future__ import annotations

import json
import re
import reprlib
from collections import Counter
from collections.abc import Sequence
from math import isinf
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .records import FORMAT

SHORT = reprlib.Repr()
SHORT.maxlevel, SHORT.maxdict, SHORT.maxlist, SHORT.maxstring = 2, 2, 2, 60

LARGEST, MOST = 8 * 2**20, 200_000  # bytes and values: a whole run takes half a million, and some 20,000


def content(path: Path) -> bytes:
    """The bytes of a file that is not too large to be evidence, however it grows meanwhile. Raises OSError, ValueError."""
    with path.open("rb") as file:
        found = file.read(LARGEST + 1)
    if len(found) > LARGEST:
        raise _foreign(path, f"it has more than {LARGEST // 2**20} MiB")
    return found


def parse(path: Path, found: bytes) -> Any:
    """The JSON in it: no name twice in one object, no NaN, no number that is too large for a float. Raises ValueError."""
    if found.count(b",") > MOST:  # between any two values there is one
        raise _foreign(path, f"it holds more than {MOST} values")
    try:
        return json.loads(
            found.decode("utf-8"), parse_constant=_no_number, parse_float=_float, parse_int=_int, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, nested beyond reason
        raise _foreign(path, _unreadable(found, error)) from None


def _unreadable(found: bytes, error: Exception) -> str:
    if not found.strip():
        return "it is empty"
    if _cut_off(found, error):
        return f"it is cut off: {error}"
    if isinstance(error, UnicodeDecodeError):
        return f"it is no text in UTF-8: {error}"
    return f"it is no JSON: {error}" if isinstance(error, json.JSONDecodeError) else str(error)


def check_format(path: Path, found: Any) -> None:
    """Raises ValueError for a document of another format, saying what to do about it."""
    named = found.get("format") if isinstance(found, dict) else None
    if named is None:
        raise _foreign(path, f"it is JSON of something else, without a format such as {FORMAT!r}")
    if named != FORMAT:
        raise ValueError(f"{path} {_of_another(named)}")


def first(error: ValidationError, found: Any) -> str:
    """The first thing that is wrong: "statements[3].verdict: expected 'holds' or 'refuted', got 'splendid'"."""
    told = error.errors(include_url=False, include_context=False)[0]
    place, value = _place(told["loc"], found)
    if told["type"] == "json_invalid":  # nested too deep for it, or half a character
        return str(told["msg"])
    if told["type"] == "missing":
        return f"{_joined(place, told['loc'][-1])}: expected a value, got none"
    if told["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"{place}: expected no such field, got {_shown(value)}"
    said = re.sub(r"^(Value error, )?(expected |(Input|String|Tuple|List|Dictionary|Keys?) should )?", "", told["msg"])
    said = re.sub(r"^(be|have) ", "", said).replace("match pattern", "a match of pattern")
    return f"{place or 'the document'}: expected {said}, got {_shown(value)}"


def lacking(written: Any, found: Any, place: str = "") -> str:
    """The path of the first field that would be written and is not found; empty where there is none."""
    if not isinstance(written, (dict, list)):
        return ""
    for key, value in written.items() if isinstance(written, dict) else enumerate(written):
        inner = _joined(place, key)
        missing = inner if isinstance(found, dict) and key not in found else lacking(value, found[key], inner)
        if missing:
            return missing
    return ""


def _place(location: Sequence[str | int], found: Any) -> tuple[str, Any]:
    """The path as far as the document has it, and what stands there: tags of unions, which it has not, are left out."""
    place = ""
    for key in location:
        inside = isinstance(found, dict) and key in found
        if inside or (isinstance(found, list) and isinstance(key, int) and key < len(found)):
            place, found = _joined(place, key), found[key]
    return place, found


def _joined(place: str, key: str | int) -> str:
    return f"{place}[{key}]" if isinstance(key, int) else f"{place}.{key}" if place else key


def _shown(value: Any) -> str:
    return {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else SHORT.repr(value)


def _foreign(path: Path, what: str) -> ValueError:
    return ValueError(f"{path} is not an evidence file: {what}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        again, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"{reprlib.repr(again)} stands twice in one object")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _float(digits: str) -> float:
    if isinf(float(digits)):
        raise ValueError(f"the number {reprlib.repr(digits)[1:-1]} is too large")
    return float(digits)


def _int(digits: str) -> int:
    _float(digits)
    return int(digits)


def _cut_off(found: bytes, error: Exception) -> bool:
    """Whether more text would have mended it: an object that does not end, or in which the parser met the end of the file."""
    text, at_end = found.strip(), False
    if isinstance(error, json.JSONDecodeError):
        at_end = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string")
    return text.startswith(b"{") and (at_end or not text.endswith(b"}"))


def _of_another(named: object) -> str:
    """What to do about a file with another format than ours."""
    stem, _, own = FORMAT.rpartition("-")
    age = re.fullmatch(rf"{stem}-([0-9]{{1,9}})", named) if isinstance(named, str) else None
    if age is None:
        return f"is not an evidence file: expected format {FORMAT!r}, got {reprlib.repr(named)}"
    newer = int(age[1]) > int(own)
    writer, remedy = ("a newer", "update cnnbp") if newer else ("an older", "run `cnnbp verify` again")
    return f"was written by {writer} cnnbp: format {named!r}, this one reads {FORMAT!r}; {remedy}"
