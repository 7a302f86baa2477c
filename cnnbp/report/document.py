"""Reading a document that was written elsewhere: every value has its type, and what is missing is named by its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cnnbp.evidence import FORMAT

STATUSES = ("holds", "refuted", "void", "incomplete")


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
    root = Record(document)
    if root.text("format") != FORMAT:
        raise ValueError(f"format: expected {FORMAT!r}, got {root.text('format')!r}")
    if root.text("status") not in STATUSES:
        raise ValueError(f"status: expected one of {', '.join(STATUSES)}, got {root.text('status')!r}")
    root.flag("complete")
    root.text("summary")
    root.record("provenance")
    return root


def _names(kind: type | tuple[type, ...]) -> str:
    words = {Mapping: "an object", list: "a list", tuple: "a list", str: "a string", bool: "true or false", int: "a count"}
    return words[kind[0] if isinstance(kind, tuple) else kind]
