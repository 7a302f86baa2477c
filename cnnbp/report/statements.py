"""The statements of the derivation as the page shows them, and how many of them ended how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .document import Record
from .words import Mark

HOLDS = Mark("✓", "hold as printed", "good")
CORRECTED = Mark("✗→✓", "are refuted as printed and hold as corrected", "mend")
READINGS = Mark("◐", "hold under some readings only", "part")
DEFINITION = Mark("≔", "are definitions, with nothing to refute", "quiet")
UNJUDGED = Mark("–", "were not judged", "quiet")
OPEN = Mark("?", "are undecided", "bad")
REFUTED = Mark("✗", "are refuted", "bad")
ORDER = (REFUTED, OPEN, HOLDS, CORRECTED, READINGS, DEFINITION, UNJUDGED)
ALWAYS = (HOLDS, CORRECTED, READINGS)


@dataclass(frozen=True)
class Reading:
    """One way to read a formula, and how it fared."""

    name: str
    holds: bool | None
    cases: int | None
    wrong: int | None
    worst_ratio: Any
    worst_error: Any
    nonsense: str

    @property
    def mark(self) -> Mark:
        """holds, refuted, or not judged"""
        if self.holds is None:
            return Mark("–", "not judged", "quiet")
        return Mark("✓", "holds", "good") if self.holds else Mark("✗", "refuted", "bad")


@dataclass(frozen=True)
class Statement:
    """One claim of the derivation; `mark` is the group to which its verdict belongs."""

    id: str
    label: str
    claim: str
    printed: str
    corrected: str
    verdict: str
    mark: Mark
    kind: str
    cases: int | None
    readings: tuple[Reading, ...]
    sentence: str
    numbers: tuple[tuple[str, Any], ...]
    rerun: str


def statements(root: Record) -> list[Statement]:
    """The statements in the order of the document. Raises ValueError for an id that cannot be a permanent anchor."""
    found = [_statement(record) for record in root.records("statements")]
    seen: set[str] = set()
    for number, statement in enumerate(found):
        if statement.id in seen or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", statement.id):
            raise ValueError(f"statements[{number}].id: {statement.id!r} is no anchor, or stands there twice")
        seen.add(statement.id)
    return found


def tally(found: Sequence[Statement]) -> list[tuple[Mark, int]]:
    """How many statements ended how; the three expected endings are listed even where there are none."""
    counts = [(mark, sum(statement.mark is mark for statement in found)) for mark in ORDER]
    return [(mark, n) for mark, n in counts if n or mark in ALWAYS]


def group(verdict: str) -> Mark:
    """The group of a verdict in words. What is not understood is undecided: it never counts as holding."""
    said = verdict.strip().lower()
    if "holds as corrected" in said:
        return CORRECTED
    if said.startswith("refuted"):
        return REFUTED
    if said in ("holds", "holds as printed"):
        return HOLDS
    if said.startswith("holds under"):
        return READINGS
    if "definition" in said:
        return DEFINITION
    return UNJUDGED if said.startswith("not ") else OPEN


def _statement(record: Record) -> Statement:
    counterexample = record.record("counterexample", {})
    return Statement(
        id=record.text("id"),
        label=record.text("label", ""),
        claim=record.text("claim"),
        printed=record.text("printed", ""),
        corrected=record.text("corrected", ""),
        verdict=record.text("verdict"),
        mark=group(record.text("verdict")),
        kind=record.text("kind", ""),
        cases=record.any("cases"),
        readings=tuple(_reading(reading) for reading in record.records("readings")),
        sentence=counterexample.text("sentence", ""),
        numbers=tuple(counterexample.record("numbers", {}).value.items()),
        rerun=record.text("rerun", ""),
    )


def _reading(record: Record) -> Reading:
    holds = record.any("holds")
    cases, wrong, ratio, error = (record.any(key) for key in ("cases", "wrong", "worst_ratio", "worst_error"))
    known = holds if isinstance(holds, bool) else None
    return Reading(record.text("name"), known, cases, wrong, ratio, error, record.text("nonsense", ""))
