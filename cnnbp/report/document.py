"""Reading a document that was written elsewhere: every value has its type, and what is missing is named by its path."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cnnbp.evidence import FORMAT

STATUSES = ("holds", "refuted", "void", "incomplete")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Record:
    """One object of the document, and the path under which it stands there."""

    value: Mapping[str, Any]
    path: str = ""

    def text(self, key: str, default: str | None = None) -> str:
        """The string at `key`; a key without a default is required, here and below."""
        value = self._get(key, str, default)
        return str(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """The truth value at `key`."""
        return bool(self._get(key, bool, default))

    def whole(self, key: str, default: int | None = None) -> int:
        """The count at `key`."""
        value = self._get(key, int, default)
        if isinstance(value, bool) or value < 0:
            raise ValueError(f"{self.where(key)}: expected a count, got {value!r}")
        return int(value)

    def record(self, key: str, default: Mapping[str, Any] | None = None) -> Record:
        """The object at `key`."""
        return Record(self._get(key, Mapping, default), self.where(key))

    def records(self, key: str) -> Iterator[Record]:
        """The objects of the list at `key`; none, where it is missing."""
        for number, item in enumerate(self._get(key, (list, tuple), ())):
            path = f"{self.where(key)}[{number}]"
            if not isinstance(item, Mapping):
                raise ValueError(f"{path}: expected an object, got {item!r}")
            yield Record(item, path)

    def texts(self, key: str) -> list[str]:
        """The list at `key` as strings; empty, where it is missing."""
        return [str(item) for item in self._get(key, (list, tuple), ())]

    def items(self, key: str) -> list[Any]:
        """The list at `key`, whatever it holds; empty, where it is missing."""
        return list(self._get(key, (list, tuple), ()))

    def numbers(self, key: str) -> list[float]:
        """The list at `key` as numbers, NaN where something else stands."""
        return [_measured(item) for item in self.items(key)]

    def points(self, key: str) -> list[tuple[float, float]]:
        """The list of pairs at `key`; what is no pair is left out."""
        pairs = [item for item in self.items(key) if isinstance(item, (list, tuple)) and len(item) == 2]
        return [(step, value) for step, value in ((_measured(x), _measured(y)) for x, y in pairs) if math.isfinite(step)]

    def named(self, key: str) -> list[tuple[str, Record]]:
        """The object of objects at `key`, as pairs; empty, where it is missing."""
        inner = self.record(key, {})
        return [(name, inner.record(name)) for name in inner.value]

    def any(self, key: str) -> Any:
        """Whatever stands at `key`, or None."""
        return self.value.get(key)

    def where(self, key: str) -> str:
        """The path of `key`, as an error names it: "statements[3].verdict"."""
        return f"{self.path}.{key}" if self.path else key

    def _get(self, key: str, kind: type | tuple[type, ...], default: Any) -> Any:
        value = self.value.get(key)
        if value is None:
            if default is None:
                raise ValueError(f"the evidence lacks {self.where(key)!r}")
            return default
        if not isinstance(value, kind):
            raise ValueError(f"{self.where(key)}: expected {_names(kind)}, got {value!r}")
        return value


def checked(document: Mapping[str, Any]) -> Record:
    """The document, once what no page can do without is there. Raises ValueError."""
    root = Record(visible(document))
    if root.text("format") != FORMAT:
        raise ValueError(f"format: expected {FORMAT!r}, got {root.text('format')!r}")
    if root.text("status") not in STATUSES:
        raise ValueError(f"status: expected one of {', '.join(STATUSES)}, got {root.text('status')!r}")
    root.flag("complete")
    root.text("summary")
    root.record("provenance")
    return root


def visible(value: Any) -> Any:
    """The same with every character replaced that shows nothing but can change how a page reads: controls, and overrides of
    the direction of writing. One stands for one, so that positions in a text keep their meaning.
    """
    if isinstance(value, str):
        return UNSEEN.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, Mapping):
        return {visible(key): visible(item) for key, item in value.items()}
    return [visible(item) for item in value] if isinstance(value, (list, tuple)) else value


def _measured(item: Any) -> float:
    return float(item) if isinstance(item, (int, float)) and not isinstance(item, bool) else math.nan


def _names(kind: type | tuple[type, ...]) -> str:
    words = {Mapping: "an object", list: "a list", tuple: "a list", str: "a string", bool: "true or false", int: "a count"}
    return words[kind[0] if isinstance(kind, tuple) else kind]
