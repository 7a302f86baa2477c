"""The test of a statement: what it may call "holds", and what it may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cnnbp.cases.choices import Choices
from cnnbp.derivations.evaluate import LEAST, enough, evaluate, plain, tallies
from cnnbp.derivations.exact.letters import Letters
from cnnbp.derivations.statement import Experiment, Instances, Outcome, Reading, Statement
from cnnbp.derivations.telling import Text, told
from cnnbp.evidence import records


@dataclass(frozen=True)
class Number:
    """One number, as an array of one."""

    a: np.ndarray[Any, Any]

    def given(self) -> dict[str, Any]:
        return {"a": self.a}


def _draw(_: object, choose: Choices) -> Number:
    return Number(np.array([choose.integer(1, 9)], object))


def _letter(_: object) -> Iterator[Number]:
    yield Number(Letters(1).array(1))


NUMBERS = Instances(("one number",), _draw, _letter)
POINTS = Instances(("one number",), _draw, abstains=told("abstains.inequality"))


def _reading(factor: int, role: records.Role = "printed") -> Reading:
    return Reading(f"{role}-{factor}a", lambda case: Outcome(factor * case.a, case.a + case.a), role)


RIGHT, WRONG = _reading(2), _reading(3)
SENSELESS = Reading("senseless", lambda case: Outcome(None, case.a, told("nonsense.no-unit")))
VACUOUS = Reading("vacuous", lambda case: Outcome(0 * case.a, 0 * case.a))
SOMETIMES = Reading("right-up-to-5", lambda case: Outcome(np.minimum(case.a, 5), case.a), abstains=told("abstains.inequality"))


class _Anything(dict[str, records.Words]):
    """A text that has a word for every key: the key itself."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> records.Words:
        return {"en": key}


def _statement(*readings: Reading, experiment: bool = True, **known: Any) -> Statement:
    asked = Experiment(NUMBERS, *readings) if experiment else None
    return Statement("doubling", "T1", "numbers", Text(_Anything()), asked, **known)


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ((RIGHT,), "holds"),
        ((WRONG, _reading(2, "corrected")), "refuted as printed, holds as corrected"),
        ((SENSELESS, _reading(2, "corrected")), "refuted as printed, holds as corrected"),
        ((WRONG,), "refuted"),
        ((WRONG, _reading(3, "corrected")), "refuted"),
        ((RIGHT, _reading(3, "corrected")), "refuted"),
        ((RIGHT, WRONG, _reading(3, "corrected")), "refuted"),
        ((RIGHT, WRONG), "holds under a named condition"),
        ((RIGHT, _reading(3, "beyond")), "holds"),
        ((SOMETIMES,), "refuted"),
        ((VACUOUS,), "not tested"),
        ((RIGHT, VACUOUS), "not tested"),
        ((_reading(2, "beyond"),), "not tested"),
    ],
)
def test_verdict(readings: tuple[Reading, ...], expected: str) -> None:
    """Only what was tested, more than vacuously, and never wrong, holds; what lies beyond does not count."""
    assert evaluate(_statement(*readings), 20, 0).verdict == expected


@pytest.mark.parametrize(
    ("readings", "known", "expected"),
    [
        ((RIGHT,), {"misprints": (("2", "three"),)}, "misprinted, meaning clear"),
        ((RIGHT,), {"halved": True}, "half of it judged"),
        ((WRONG,), {"halved": True}, "refuted"),
        ((WRONG, _reading(2, "supplied")), {}, "incomplete, completed here"),
        ((WRONG, _reading(3, "supplied")), {}, "refuted"),
        ((RIGHT, WRONG, _reading(2, "supplied")), {}, "holds under a named condition"),
    ],
)
def test_verdict_says_one_thing(readings: tuple[Reading, ...], known: dict[str, Any], expected: str) -> None:
    """Misprints, halves and what is supplied make words of their own, each of which says more than "holds"."""
    record = evaluate(_statement(*readings, printed="2a", **known), 20, 0)
    assert record.verdict == expected
    assert bool(record.unjudged["en"]) == bool(known.get("halved"))


def test_condition_is_named_where_there_is_one() -> None:
    """And not where the run found none."""
    found = [evaluate(_statement(*readings, conditional=True), 20, 0) for readings in ((RIGHT, WRONG), (RIGHT,))]
    assert [record.condition["en"] for record in found] == ["statements.doubling.condition", ""]


def test_letters_refute_what_the_numbers_miss() -> None:
    """Right for 1 to 9, and wrong: letters see it, and no smallest counterexample is invented."""
    product = Reading("right-to-9", lambda case: Outcome(2 * case.a + np.prod([case.a - n for n in range(1, 10)], 0), 2 * case.a))
    record = evaluate(_statement(product), 20, 0)
    (reading,) = record.readings
    assert (reading.wrong, reading.holds, reading.letters.shapes, reading.counterexample) == (0, False, ("differs",), None)
    assert record.verdict == "refuted"


def test_what_letters_say_is_recorded() -> None:
    """By the number of the shape, on how many instances; or why they say nothing."""
    record = evaluate(_statement(RIGHT, WRONG, SOMETIMES, VACUOUS), 20, 0)
    right, wrong, sometimes, vacuous = (reading.letters for reading in record.readings)
    assert record.shapes == ("one number",)
    assert (right.shapes, right.instances, right.kind) == (("holds",), 1, "symbolic")
    assert (wrong.shapes, vacuous.shapes) == (("differs",), ("vacuous",))
    assert (sometimes.shapes, sometimes.instances, sometimes.abstains) == ((), 0, {"en": "abstains.inequality"})


def test_what_does_not_occur_shows_nothing() -> None:
    """An instance without what the statement is about agrees in vain; one that is wrong is wrong."""
    without = Reading("without", lambda case: replace(RIGHT.evaluate(case), vacuous=True))
    assert evaluate(_statement(without), 20, 0).verdict == "not tested"
    assert (
        evaluate(_statement(Reading("wrong", lambda case: replace(WRONG.evaluate(case), vacuous=True))), 20, 0).verdict == "refuted"
    )


def test_definition_is_not_passed_off_as_tested() -> None:
    """It has its own word, no cases and no kind of evidence."""
    record = evaluate(_statement(experiment=False, untestable="definition"), 20, 0)
    assert (record.verdict, record.cases, record.kind, record.readings, record.rerun) == ("definition", 0, "", (), "")


def test_counterexample_is_the_smallest() -> None:
    """Right up to 5: refuted by 6."""
    found = evaluate(_statement(SOMETIMES), 40, 0).readings[0].counterexample
    assert found is not None
    assert (found.given, found.says, found.truth) == ({"a": (6,)}, (5,), (6,))


def test_every_refuted_reading_has_its_counterexample() -> None:
    """And no other reading has one."""
    readings = evaluate(_statement(RIGHT, WRONG, SENSELESS, VACUOUS, SOMETIMES), 20, 0).readings
    assert [reading.holds for reading in readings] == [True, False, False, None, False]
    assert all((reading.counterexample is None) == (reading.holds is not False) for reading in readings)


def test_senseless_counts_as_wrong() -> None:
    """A reading without a value is wrong in every instance, and says why."""
    (reading,) = evaluate(_statement(SENSELESS), 30, 0).readings
    assert (reading.wrong, reading.senseless, reading.nonsense) == (30, 30, {"en": "nonsense.no-unit"})
    assert reading.worst_error is None
    assert reading.counterexample is not None
    assert (reading.counterexample.says, reading.counterexample.working) == (None, {"en": "nonsense.no-unit"})


def test_another_shape_is_wrong() -> None:
    """Two numbers are not one number."""
    reading = Reading("twice", lambda case: Outcome(np.concatenate([case.a, case.a]), case.a))
    found = evaluate(_statement(reading), 3, 0)
    assert (found.verdict, found.readings[0].nonsense) == ("refuted", {"en": "derivations.another-shape"})


def test_error_below_every_float_is_seen() -> None:
    """10⁻⁴⁰ off is wrong: nothing is rounded."""
    off = Fraction(1, 10**40)
    reading = Reading("almost", lambda case: Outcome(case.a + off, case.a))
    assert evaluate(_statement(reading), 3, 0).verdict == "refuted"


def test_few_examples_are_too_few() -> None:
    """However few are asked for, so many are drawn that what is wrong now and then is not called right."""
    for seed in range(10):
        record = evaluate(_statement(SOMETIMES), 1, seed)
        assert (record.verdict, record.cases) == ("refuted", LEAST)
        assert record.rerun == f"cnnbp verify --only doubling --seed {seed} --examples {LEAST}"


def test_more_examples_than_enough_are_not_drawn() -> None:
    """A campaign has a million of each layer: a statement would be one task of hours."""
    assert [enough(examples) for examples in (1, 40, 1000, 10**6)] == [LEAST, 40, 1000, 1000]
    record = evaluate(_statement(SOMETIMES), 10**6, 1)
    assert record.cases == 1000


def test_the_rarely_wrong_is_refuted() -> None:
    """A reading that fails on one instance of many, and on none that a search would find, is refuted all the same."""
    seen = 0

    def once(case: Number) -> Outcome:
        nonlocal seen
        seen += 1
        return Outcome(case.a + (seen == 15), case.a)

    asked = Experiment(POINTS, Reading("wrong-once", once))
    (tally,) = tallies("rare", asked, 30, 0)
    assert (tally.wrong, tally.holds) == (1, False)
    assert tally.failing is not None


def test_same_seed_same_record() -> None:
    """And another seed draws other instances."""
    assert evaluate(_statement(SOMETIMES), 10, 1) == evaluate(_statement(SOMETIMES), 10, 1)
    asked = Experiment(NUMBERS, SOMETIMES)
    assert len({tallies("doubling", asked, 10, seed)[0].wrong for seed in range(20)}) > 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(4, 2), 2),
        (Fraction(-1, 2), "-1/2"),
        ([Fraction(1, 3), 2], ("1/3", 2)),
        (np.array([[1]], object), ((1,),)),
        ("f", "f"),
    ],
)
def test_numbers_in_json_are_exact(value: Any, expected: Any) -> None:
    """Integers stay numbers, other rationals become "p/q"."""
    assert plain(value) == expected
