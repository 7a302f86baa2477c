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


def fared(found: Reading) -> Literal["holds", "refuted", "not tested"]:
    """What the counts alone say of a reading: one wrong case refutes it, nothing but vacuous ones test nothing."""
    return "not tested" if found.cases == found.vacuous else "refuted" if found.wrong else "holds"


def reading(found: Reading) -> Iterator[Remark]:
    """Its counts, what it says of itself, its largest error, and its counterexample."""
    name, with_value = found.id, found.wrong > found.senseless
    counts = {"wrong": found.wrong, "vacuous": found.vacuous, "senseless": found.senseless, "cases": found.cases}
    fits = found.wrong + found.vacuous <= found.cases and found.senseless <= found.wrong
    yield from unless(fits, "reading-counts", reading=name, **counts)
    holds = {"holds": True, "refuted": False, "not tested": None}[fared(found)]
    yield from unless(found.holds is holds, "reading-holds", reading=name, says=_word(found.holds), follows=_word(holds))
    measured = found.worst_error is not None
    yield from unless(measured == (found.senseless < found.cases), "reading-error", reading=name)
    if found.worst_error is not None:
        yield from unless((found.worst_error > 0) == with_value and found.worst_error >= 0, "reading-error", reading=name)
    told = bool(found.nonsense["en"])
    yield from unless(told == (found.senseless > 0), "reading-nonsense", reading=name, senseless=found.senseless)
    there = found.counterexample is not None
    yield from unless(there == (found.wrong > 0), "reading-counterexample", reading=name, wrong=found.wrong)
    if found.counterexample is not None:
        yield from unless(_refutes(found.counterexample, with_value), "counterexample", reading=name)
        arrays = found.counterexample.says, found.counterexample.truth, *found.counterexample.given.values()
        yield from unless(all(map(_even, arrays)), "counterexample", reading=name)


def statement(found: Statement, follows: Outcome) -> Iterator[Remark]:
    """Its readings, and its verdict against what `follows` from them."""
    for item in found.readings:
        yield from reading(item)
        yield from unless(item.cases == found.cases, "reading-cases", reading=item.id, cases=item.cases, wanted=found.cases)
    yield from twice("reading", (item.id for item in found.readings))
    tested = bool(found.readings)
    borne_out = found.verdict == follows if tested else found.verdict in UNTESTABLE
    yield from unless(borne_out, "statement-verdict", says=found.verdict, follows=follows if tested else "nothing")
    columns = {tuple(item.facets) for item in found.readings}
    yield from unless(len(columns) <= 1, "reading-facets", counts=sorted(map(len, columns)))
    yield from unless(bool(found.quantity["en"]) == tested, "statement-quantity")
    yield from unless(tested or not (found.kind or found.cases or found.rerun), "statement-untested")
    yield from unless(not tested or found.kind in GIVEN["dual_numbers"], "statement-kind", kind=found.kind)
    yield from _print(found)


def _print(found: Statement) -> Iterator[Remark]:
    """What is said of the printed form, against the printed form."""
    yield from unless(bool(found.printed or found.quoted), "statement-empty")
    corrected = any(item.role == "corrected" for item in found.readings)
    yield from unless(not corrected or found.corrected is not None, "statement-correction")
    yield from unless(found.verdict != MENDED or bool(found.fault["en"]), "statement-fault", says=found.verdict)
    places = [(0, 0), *((item.start, item.end) for item in found.misprints)]
    ordered = all(a[1] <= b[0] < b[1] <= len(found.printed) for a, b in pairwise(places))
    yield from unless(ordered, "misprints", length=len(found.printed))


def _refutes(found: Counterexample, with_value: bool) -> bool:
    """It says something else than what is true, of the same shape; or, where no case had a value, nothing of that shape."""
    if found.says is None:
        return not with_value
    says, truth = _shape(found.says), _shape(found.truth)
    equal = says == truth and bool(_numbers(found.says) == _numbers(found.truth))
    return says == truth and not equal if with_value else says != truth


def _shape(value: Any) -> Any:
    return [_shape(item) for item in value] if isinstance(value, Sequence) and not isinstance(value, str) else None


def _even(value: Any) -> bool:
    """Whether every row is as long as the others."""
    if _shape(value) is None:
        return True
    shapes = [_shape(item) for item in value]
    return all(shape == shapes[0] for shape in shapes) and all(map(_even, value))


def _numbers(value: Any) -> Any:
    """The arrays with fractions as numbers: "2/4" is 1/2. What has no value, such as "1/0", is no number and equals nothing."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_numbers(item) for item in value]
    try:
        return Fraction(value)
    except ZeroDivisionError:
        return object()


def _word(holds: bool | None) -> str:
    return {True: "true", False: "false", None: "null"}[holds]
