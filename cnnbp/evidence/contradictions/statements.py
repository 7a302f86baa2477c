"""A statement against its readings, a reading against its counts and its counterexample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from ..kinds import GIVEN
from ..records import Counterexample, Outcome, Reading, Statement
from ..verdict import Remark
from .unless import twice, unless

UNTESTABLE = ("definition", "not mathematical")
MENDED = "refuted as printed, holds as corrected"
WRONG = ("refuted", "not tested")  # verdicts beside which a fault may be named; beside MENDED there must be one


def fared(found: Reading) -> Literal["holds", "refuted", "not tested"]:
    """What the counts alone say of a reading: one wrong case refutes it, nothing but vacuous ones test nothing."""
    return "not tested" if found.cases == found.vacuous else "refuted" if found.wrong else "holds"


def reading(found: Reading) -> Iterator[Remark]:
    """Its counts, what it says of itself, its largest error, and its counterexample."""
    with_value, somewhere = found.wrong > found.senseless, found.senseless < found.cases
    says = {True: "holds", False: "refuted", None: "not tested"}[found.holds]
    error, example = found.worst_error, found.counterexample
    measured = error is not None and error >= 0 and (error > 0) == with_value
    checks = {
        "reading-counts": found.wrong + found.vacuous <= found.cases and found.senseless <= found.wrong,
        "reading-holds": says == fared(found),
        "reading-error": measured if somewhere else error is None,
        "reading-nonsense": bool(found.nonsense["en"]) == (found.senseless > 0),
        "reading-counterexample": (example is not None) == (found.wrong > 0),
        "counterexample": example is None or _refutes(example, with_value),
    }
    yield from unless(found, checks, says=says, follows=fared(found))


def statement(found: Statement, follows: Outcome) -> Iterator[Remark]:
    """Its readings, its verdict against what `follows` from them, and what is said of the printed form."""
    for item in found.readings:
        yield from reading(item)
    yield from twice("reading", (item.id for item in found.readings))
    tested = bool(found.readings)
    columns = {tuple(item.facets) for item in found.readings}
    corrected = any(item.role == "corrected" for item in found.readings)
    places = [(0, 0), *((item.start, item.end) for item in found.misprints)]
    checks = {
        "reading-cases": all(item.cases == found.cases for item in found.readings),
        "reading-facets": len(columns) <= 1,
        "statement-verdict": found.verdict == follows if tested else found.verdict in UNTESTABLE,
        "statement-quantity": bool(found.quantity["en"]) == tested,
        "statement-untested": tested or not (found.kind or found.cases or found.rerun),
        "statement-kind": not tested or found.kind in GIVEN["dual_numbers"],
        "statement-empty": bool(found.printed or found.quoted),
        "statement-correction": not corrected or found.corrected is not None,
        "statement-fault": bool(found.fault["en"]) if found.verdict == MENDED else found.verdict in WRONG or not found.fault["en"],
        "statement-left-over": found.verdict != "holds" or not (found.misprints or (found.corrected and not corrected)),
        "misprints": all(a[1] <= b[0] < b[1] <= len(found.printed) for a, b in pairwise(places)),
    }
    yield from unless(found, checks, follows=follows if tested else "nothing", counts=sorted(map(len, columns)))


def _refutes(found: Counterexample, with_value: bool) -> bool:
    """It says something else than what is true, of the same shape; or, where no case had a value, nothing of that shape."""
    if not all(map(_even, (found.says, found.truth, *found.given.values()))):
        return False
    if found.says is None:
        return not with_value
    says, truth = _entries(found.says), _entries(found.truth)
    return says.keys() == truth.keys() and says != truth if with_value else says.keys() != truth.keys()


def _rows(value: Any) -> Sequence[Any] | None:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else None


def _even(value: Any) -> bool:
    """Whether every row is as long as the others."""
    rows = _rows(value) or ()
    return len({frozenset(_entries(row)) for row in rows}) <= 1 and all(map(_even, rows))


def _entries(value: Any, at: tuple[int, ...] = ()) -> dict[tuple[int, ...], object]:
    """The numbers of an array by index: "2/4" is 1/2. What has no value, such as "1/0", equals nothing."""
    rows = _rows(value)
    if rows is not None:
        return {index: entry for i, row in enumerate(rows) for index, entry in _entries(row, (*at, i)).items()}
    try:
        return {at: Fraction(value)}
    except (TypeError, ValueError, ZeroDivisionError):
        return {at: object()}
