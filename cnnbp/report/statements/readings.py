"""The readings of one statement: each as it fared, side by side in a truth table where they differ in several ways at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from cnnbp.evidence.records import Counterexample, Reading, Statement, Words
from cnnbp.evidence.status import of_reading

from ..marks import MARKS, Mark

WIDEST = 8  # facets: with more of them a table is no help


@dataclass(frozen=True)
class Row:
    """One way to read a statement, and how it fared."""

    record: Reading
    mark: Mark

    @property
    def counterexample(self) -> Counterexample | None:
        """The numbers on which it is wrong; of a reading that was not found wrong, none."""
        return None if self.mark.word == "holds" else self.record.counterexample


Cell = tuple[Words, int]
"""One facet of one or several readings under one another, and of how many."""


@dataclass(frozen=True)
class TruthTable:
    """Readings that differ in facets; a cell is None where the one above reaches down to it."""

    columns: Sequence[str]
    rows: Sequence[tuple[Sequence[Cell | None], Row]]


@dataclass(frozen=True)
class Readings:
    """Some readings of a statement: those in a table, the others, and their counterexamples but the one shown elsewhere."""

    table: TruthTable | None
    plain: Sequence[Row]
    more: Sequence[Row]


@dataclass(frozen=True)
class Tried:
    """How a statement was tried: its counterexample, its readings, and those beyond it, on which no verdict hangs."""

    shown: Row | None
    judged: Readings
    beyond: Readings | None
    count: int
    refuted: int
    worst_error: float | None


def tried(statement: Statement) -> Tried:
    """What the fold below a statement shows; its worst error is that of the readings that hold."""
    judged, beyond = rows(statement.readings, "printed", "corrected", "supplied"), rows(statement.readings, "beyond")
    shown = min((row for row in judged if row.counterexample), key=_telling, default=None)
    found = readings(judged, shown)
    refuted = sum(row.mark.word == "refuted" for row in judged)
    errors = [row.record.worst_error for row in found.plain if row.mark.word == "holds" and row.record.worst_error is not None]
    return Tried(shown, found, readings(beyond) if beyond else None, len(judged), refuted, max(errors, default=None))


def _telling(row: Row) -> tuple[bool, bool]:
    """The counterexample that tells most comes first: a refutation, and one in which the reading has a value."""
    return row.mark.word != "refuted", row.counterexample is None or row.counterexample.says is None


def rows(found: Iterable[Reading], *roles: str) -> list[Row]:
    """Those in these roles, in the order of the document."""
    return [Row(reading, MARKS[of_reading(reading)]) for reading in found if reading.role in roles]


def readings(found: Sequence[Row], shown: Row | None = None) -> Readings:
    """The rows as they are laid out, the counterexample of `shown` apart."""
    table = truth_table(found)
    plain = [row for row in found if not (table and row.record.facets)]
    more = [row for row in found if row.counterexample and row is not shown]
    if table:  # of a dozen readings that have no value, one is enough
        more = [row for row in more if row.counterexample and row.counterexample.says is not None]
    return Readings(table, plain, more)


def truth_table(found: Sequence[Row]) -> TruthTable | None:
    """The readings that have facets as one table; None where there are none, or too many facets."""
    faceted = [row for row in found if row.record.facets]
    columns = list(dict.fromkeys(name for row in faceted for name in row.record.facets))
    if not faceted or len(columns) > WIDEST:
        return None
    values = [[row.record.facets.get(name, {}) for name in columns] for row in faceted]
    return TruthTable(columns, [(_cells(values, number), row) for number, row in enumerate(faceted)])


def _cells(values: list[list[Words]], row: int) -> list[Cell | None]:
    """A value that stands under the same one, everything to its left being the same too, is not repeated; the last one is."""
    cells: list[Cell | None] = []
    for column, value in enumerate(values[row][:-1], 1):
        same = [other[:column] == values[row][:column] for other in values]
        cells.append(None if row and same[row - 1] else (value, len(list(takewhile(bool, same[row:])))))
    return [*cells, (values[row][-1], 1)]
