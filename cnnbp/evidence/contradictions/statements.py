"""A statement against its readings, a reading against its counts and its counterexample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from ..kinds import GIVEN
from ..records import Counterexample, Outcome, Reading, Statement
from ..verdict import Remark
from .once import once
from .unless import twice, unless

MISPRINTED, CONDITION, HALF = "misprinted, meaning clear", "holds under a named condition", "half of it judged"
UNTESTABLE = ("definition", MISPRINTED, "not mathematical")
MENDED = ("refuted as printed, holds as corrected", "incomplete, completed here")  # verdicts beside which a fault must be named
WRONG = ("refuted", "not tested")  # verdicts beside which one may be named


def fared(found: Reading) -> Literal["holds", "refuted", "not tested"]:
    """What the counts alone say of a reading: one wrong case or shape refutes it, nothing but vacuous ones test nothing."""
    if found.wrong or _differs(found):
        return "refuted"
    return "not tested" if found.cases == found.vacuous else "holds"


@once
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
        "reading-letters": _decided(found),
        "reading-counterexample": example is not None if found.wrong else example is None or _differs(found),
        "counterexample": example is None or _refutes(example, True) or (not with_value and _refutes(example, False)),
    }
    yield from unless(found, checks, says=says, follows=fared(found))


@once
def statement(found: Statement, follows: Outcome) -> Iterator[Remark]:
    """Its readings, its verdict against what `follows` from them, and what is said of the printed form."""
    for item in found.readings:
        yield from reading(item)
    yield from twice("reading", (item.id for item in found.readings))
    yield from twice("shape", found.shapes)
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
        "statement-misprinted": found.verdict != MISPRINTED or bool(found.misprints),
        "statement-correction": not corrected or found.corrected is not None,
        "statement-fault": bool(found.fault["en"]) if found.verdict in MENDED else found.verdict in WRONG or not found.fault["en"],
        "statement-left-over": found.verdict != "holds" or not (found.misprints or (found.corrected and not corrected)),
        "statement-condition": found.verdict == CONDITION or not found.condition["en"],
        "statement-half": (found.verdict == HALF) <= bool(found.unjudged["en"]),
        "statement-shapes": all(len(r.letters.shapes) in (0, len(found.shapes)) for r in found.readings),
        "misprints": all(a[1] <= b[0] < b[1] <= len(found.printed) for a, b in pairwise(places)),
    }
    yield from unless(found, checks, follows=follows if tested else "nothing", counts=sorted(map(len, columns)))


def _differs(found: Reading) -> bool:
    """Whether letters refute it, at some shape."""
    return "differs" in found.letters.shapes or "no value" in found.letters.shapes


def _decided(found: Reading) -> bool:
    """Whether what letters say fits itself, and what is said of the reading.

    What holds on letters may be wrong on numbers: where a layer that should stay exact rounds them.
    """
    said = found.letters
    if not said.shapes:
        return bool(said.abstains["en"]) and said.instances == 0
    return ("holds" in said.shapes or found.holds is not True) and not said.abstains["en"] and said.instances >= len(said.shapes)


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
