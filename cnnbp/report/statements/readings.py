"""The readings of one statement: each as it fared, side by side in a truth table where they differ in several ways at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Counterexample, Reading, Words
from cnnbp.evidence.status import of_reading

from .. import marks
from ..marks import Mark

WIDEST = 8  # facets: with more of them a table is no help


@dataclass(frozen=True)
class Row:
    """One way to read a statement, and how it fared."""

    record: Reading
    mark: Mark

    @property
    def counterexample(self) -> Counterexample | None:
        """The numbers on which it is wrong; of a reading that was not found wrong, none."""
        return None if self.mark is marks.HOLDS else self.record.counterexample


@dataclass(frozen=True)
class Cell:
    """One facet of one or several readings under one another."""

    value: Words
    rows: int


@dataclass(frozen=True)
class TruthTable:
    """Readings that differ in facets; a cell is None where the one above reaches down to it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Cell | None, ...], Row], ...]


@dataclass(frozen=True)
class Readings:
    """Some readings of a statement: those in a table, the others, and their counterexamples but the one shown elsewhere."""

    table: TruthTable | None
    plain: tuple[Row, ...]
    more: tuple[Row, ...]


def rows(found: Iterable[Reading], *roles: str) -> tuple[Row, ...]:
    """Those in these roles, in the order of the document."""
    return tuple(Row(reading, marks.judged(of_reading(reading))) for reading in found if reading.role in roles)


def readings(found: Sequence[Row], shown: Row | None = None) -> Readings:
    """The rows as they are laid out, the counterexample of `shown` apart."""
    table = truth_table(found)
    tabled = {row.record.id for _, row in table.rows} if table else set()
    plain = tuple(row for row in found if row.record.id not in tabled)
    more = [row for row in found if row.counterexample and row is not shown]
    if table:  # of a dozen readings that have no value, one is enough
        more = [row for row in more if row.counterexample and row.counterexample.says is not None]
    return Readings(table, plain, tuple(more))


def truth_table(found: Sequence[Row]) -> TruthTable | None:
    """The readings that have facets as one table; None where there are none, or too many facets."""
    faceted = [row for row in found if row.record.facets]
    columns = tuple(dict.fromkeys(name for row in faceted for name in row.record.facets))
    if not faceted or len(columns) > WIDEST:
        return None
    values = [[row.record.facets.get(name, {}) for name in columns] for row in faceted]
    return TruthTable(columns, tuple((_cells(values, number), row) for number, row in enumerate(faceted)))


def _cells(values: list[list[Words]], row: int) -> tuple[Cell | None, ...]:
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
