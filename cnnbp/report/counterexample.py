"""A counterexample as a person checks it by hand: what is given, what the print says of it, and what is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .document import Record


@dataclass(frozen=True)
class Counterexample:
    """The numbers of one instance on which a reading is wrong; `says` is None where the reading has no value there."""

    reading: str
    given: tuple[tuple[str, Any], ...]
    says: Any
    truth: Any
    working: str


def counterexample(record: Record) -> Counterexample | None:
    """That of a statement or of a reading; None where it has none."""
    if record.any("counterexample") is None:
        return None
    found = record.record("counterexample")
    given = tuple(found.record("given", {}).value.items())
    return Counterexample(found.text("reading", ""), given, found.any("says"), found.any("truth"), found.text("working", ""))
