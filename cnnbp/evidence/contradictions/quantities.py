"""What each oracle said of a layer, counted by case and by quantity: two counts of the same pieces of evidence, and its doubts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import inf

from ..records import Doubt, Layer, Quantity, Tally
from ..verdict import Remark
from .tallies import tally
from .unless import twice, unless
from .verdicts import SAME_BOUND

EVERY = "every quantity"  # of a doubt where no quantity was asked about
JUDGED = ("run.coarse", "run.mostly-left-out")  # reasons for which a quantity that was judged is not settled


def quantities(found: Layer) -> Iterator[Remark]:
    """Neither count says what the other does not; what nobody came to a verdict on is an inconclusive case, with a reason."""
    for name, row in found.quantities.items():
        yield from _row(name, row, found)
    for name, said in found.oracles.items():
        yield from _margin(name, said, {q: row.oracles[name] for q, row in found.quantities.items() if name in row.oracles})
    yield from twice("doubt", (", ".join((d.quantity, d.remark.code, *map(str, d.remark.values.values()))) for d in found.doubts))
    silent = sum(row.silent + row.coarse for row in found.quantities.values() if not is_point(row))
    silent += sum(doubt.cases for doubt in found.doubts if doubt.quantity == EVERY)
    named = {*found.quantities, EVERY}
    checks = {
        "unexplained": silent >= found.inconclusive,
        "doubt-entries": all(doubt.left_out <= _entries(doubt, found) for doubt in found.doubts),
        "doubted-quantity": all(doubt.quantity in named for doubt in found.doubts),
        "failed-quantity": found.failure is None or set(found.failure.quantities) <= named,
    }
    yield from unless(found, checks, silent=silent)


def is_point(row: Quantity) -> bool:
    """Whether it is a point of the contract, and no array."""
    return set(row.oracles) == {"contract"}


def judged(found: Tally) -> int:
    """The cases in which it came to a verdict."""
    return found.passed + found.failed


def _entries(doubt: Doubt, of: Layer) -> float:
    """How many entries the quantity has at most, in all of its cases; ∞ where nobody counted those of each.

    None of what was not asked about, or was judged.
    """
    row = of.quantities.get(doubt.quantity)
    if row is None or doubt.remark.code in JUDGED:
        return 0
    each = [row.oracles[name] for name in SAME_BOUND if name in row.oracles]
    spoke = [said for said in each if said.passed + said.failed + said.vacuous == row.cases and not said.partly]
    return min((said.judged + said.left_out for said in spoke), default=inf)


def _row(name: str, row: Quantity, of: Layer) -> Iterator[Remark]:
    """One quantity: its cases, those in which nobody judged it, and the reasons for that."""
    for oracle, said in row.oracles.items():
        yield from tally(oracle, said, row.cases, of.failed, every=False)
    heard, told = [judged(said) for said in row.oracles.values()], [d.cases for d in of.doubts if d.quantity == name]
    failed, point = [said.failed for said in row.oracles.values()], is_point(row)
    open_cases = row.silent + row.coarse
    failures = of.failure.quantities.get(name, 0) if of.failure else 0
    checks = {
        "quantity-cases": 0 < row.cases <= of.cases and row.oracles != {},
        "silent": row.cases - sum(heard) <= row.silent <= row.cases - max(heard, default=0),
        "coarse": row.coarse <= (0 if point else max(heard, default=0)),
        "silent-cases": point or open_cases <= of.inconclusive + of.failed,
        "silent-doubts": max(told, default=0) <= open_cases and (point or open_cases - of.failed <= sum(told)),
        "failed-often": max(failed, default=0) <= failures <= sum(failed),
    }
    yield from unless(row, checks, quantity=name, reasons=sum(told), failures=failures, open=open_cases)


def _margin(name: str, said: Tally, cells: Mapping[str, Tally]) -> Iterator[Remark]:
    """One oracle: what it said of all quantities of a case against what it said of each."""
    of = {field: [getattr(cell, field) for cell in cells.values()] for field in Tally.model_fields if field != "kinds"}
    ratio, resolution = _largest(of["worst_ratio"]), _largest(of["resolution"])
    counted = (
        max((judged(cell) for cell in cells.values()), default=0) <= judged(said)
        and said.passed <= sum(of["passed"])
        and max(of["failed"], default=0) <= said.failed <= sum(of["failed"])
        and said.vacuous <= sum(of["vacuous"])
        and max(of["abstained"], default=0) <= said.partly + said.failed + said.abstained
        and said.partly <= sum(of["abstained"]) + sum(of["partly"])
        and max(of["partly"], default=0) <= said.partly + said.failed
    )
    measured = (said.worst_ratio, said.resolution)
    checks = {
        "by-quantity": counted,
        "entries-by-quantity": (said.judged, said.left_out) == (sum(of["judged"]), sum(of["left_out"])),
        "measures-by-quantity": measured == (ratio, resolution) if not said.failed else _within(measured, (ratio, resolution)),
    }
    yield from unless(said, checks, oracle=name, count=sum(of["judged"]), quantities=list(cells))


def _largest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _within(numbers: tuple[float | None, ...], largest: tuple[float | None, ...]) -> bool:
    """Whether none is larger: where an oracle failed one quantity of a case, what it passed of it counts by quantity alone."""
    pairs = zip(numbers, largest, strict=True)
    return all(number is None or (most is not None and number <= most) for number, most in pairs)
