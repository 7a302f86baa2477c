"""The readings of one statement: each as it fared, side by side in a truth table where they differ in several ways at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .counterexample import Counterexample, counterexample
from .document import Record
from .words import Mark

HELD, WRONG, UNTRIED = Mark("✓", "holds", "good"), Mark("✗", "refuted", "bad"), Mark("–", "not tested", "quiet")
ROLES = ("printed", "corrected", "beyond")


@dataclass(frozen=True)
class Reading:
    """One way to read a statement, and how it fared."""

    name: str
    facets: tuple[tuple[str, str], ...]
    role: str
    holds: bool | None
    cases: int
    wrong: int
    vacuous: int
    senseless: int
    worst_error: Any
    nonsense: str
    counterexample: Counterexample | None

    @property
    def mark(self) -> Mark:
        """holds, refuted, or not tested: a reading that was wrong once is refuted, whatever else is said of it"""
        if self.wrong or self.holds is False:
            return WRONG
        return UNTRIED if self.holds is None else HELD

    @property
    def note(self) -> str:
        """What the counts alone do not say."""
        senseless = f"no value in {self.senseless} of them" if self.senseless else ""
        senseless += f", e.g. {self.nonsense}" if senseless and self.nonsense else ""
        return "; ".join(part for part in (senseless, f"{self.vacuous} compared nothing" if self.vacuous else "") if part)


@dataclass(frozen=True)
class Cell:
    """One facet of one or several readings under one another."""

    value: str
    rows: int


@dataclass(frozen=True)
class TruthTable:
    """Readings that differ in facets; a cell is None where the one above reaches down to it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Cell | None, ...], Reading], ...]


def readings(record: Record) -> tuple[Reading, ...]:
    """Those of one statement, in the order of the document. Raises ValueError for a role that is not known."""
    return tuple(_reading(item) for item in record.records("readings"))


def truth_table(found: Sequence[Reading]) -> TruthTable | None:
    """The readings that have facets as one table; None where there are none."""
    faceted = [reading for reading in found if reading.facets]
    columns = tuple(dict.fromkeys(name for reading in faceted for name, _ in reading.facets))
    values = [[dict(reading.facets).get(name, "") for name in columns] for reading in faceted]
    rows = tuple((_cells(values, row), reading) for row, reading in enumerate(faceted))
    return TruthTable(columns, rows) if faceted else None


def _cells(values: list[list[str]], row: int) -> tuple[Cell | None, ...]:
    """A value that stands under the same one, everything to its left being the same too, is not repeated; the last one is."""
    cells: list[Cell | None] = []
    for column, value in enumerate(values[row]):
        left, reach = values[row][: column + 1], 1
        if column < len(values[row]) - 1:
            if row and values[row - 1][: column + 1] == left:
                cells.append(None)
                continue
            while row + reach < len(values) and values[row + reach][: column + 1] == left:
                reach += 1
        cells.append(Cell(value, reach))
    return tuple(cells)


def _reading(record: Record) -> Reading:
    role, holds = record.text("role", "printed"), record.any("holds")
    if role not in ROLES:
        raise ValueError(f"{record.where('role')}: expected one of {', '.join(ROLES)}, got {role!r}")
    facets = tuple((name, str(value)) for name, value in record.record("facets", {}).value.items())
    cases, wrong, vacuous, senseless = (record.whole(key, 0) for key in ("cases", "wrong", "vacuous", "senseless"))
    return Reading(
        record.text("name"), facets, role, holds if isinstance(holds, bool) else None, cases, wrong, vacuous, senseless,
        record.any("worst_error"), record.text("nonsense", ""), counterexample(record),
    )  # fmt: skip
