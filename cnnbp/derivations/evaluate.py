"""The test of one statement: every reading on drawn instances, judged without tolerance, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..cases.choices import Counter
from ..evidence import Status, records
from ..judge import identical
from ..rounding import Array
from .proofread import misprints
from .smallest import smallest
from .statement import Derivation, Experiment, Instance, Outcome, Reading, Statement
from .telling import Text, Told, told

LEAST = 20  # instances of a statement, however few are asked for: fewer may all miss what is wrong
UNTESTED = Experiment(lambda choose: None)  # of a definition: no reading, no case


@dataclass
class Tally:
    """How a reading fared over all instances; `senseless` counts those of the wrong ones where it had no value at all.

    `failing` is one of the instances on which it was wrong, with a wrong value if there is such a one.
    """

    cases: int = 0
    wrong: int = 0
    vacuous: int = 0
    senseless: int = 0
    worst_error: float | None = None
    nonsense: Told | None = None
    failing: Instance | None = None

    @property
    def holds(self) -> bool | None:
        """It was never wrong; None where every comparison was vacuous, which is no test."""
        return None if self.cases == self.vacuous else self.wrong == 0

    def count(self, instance: Instance, outcome: Outcome) -> None:
        """Adds one instance."""
        status, error = judged(outcome)
        if status == "fail" and (self.wrong == 0 or (error is not None and self.wrong == self.senseless)):
            self.failing = instance
        self.cases += 1
        self.wrong += status == "fail"
        self.vacuous += status == "vacuous"
        if error is None:
            self.senseless += 1
            self.nonsense = outcome.told if outcome.says is None else told("derivations.another-shape")
        else:
            self.worst_error = max(self.worst_error or 0.0, error)


def evaluate(statement: Statement, examples: int, seed: int) -> records.Statement:
    """The statement's record: its readings on `examples` drawn instances each, LEAST if fewer, and its verdict."""
    asked, text, own = statement.experiment or UNTESTED, statement.text, f"statements.{statement.id}"
    cases = max(examples, LEAST) if asked.readings else 0
    counted = zip(asked.readings, tallies(statement.id, asked, cases, seed), strict=True)
    readings = tuple(_reading(statement, asked, reading, tally, seed) for reading, tally in counted)
    return records.Statement(
        id=statement.id, label=statement.label, section=statement.section,
        claim=text[f"{own}.claim"], why=text[f"{own}.why"], quantity=text[f"{own}.quantity"] if cases else text.tell(None),
        quoted=statement.quoted, printed=statement.printed, corrected=statement.corrected, misprints=misprints(statement),
        verdict=statement.untestable or verdict([(reading.role, reading.holds) for reading in readings]),
        fault=text[f"defects.{statement.fault}"] if statement.fault else text.tell(None),
        kind="exact at points" if cases else "", cases=cases, readings=readings,
        rerun=f"cnnbp verify --only {statement.id} --seed {seed} --examples {cases}" if cases else "",
    )  # fmt: skip


def record(derivation: Derivation, statements: Sequence[records.Statement]) -> records.Derivation:
    """The derivation's record, with those of its statements that were tested."""
    text = derivation.text
    return records.Derivation(
        id=derivation.id, title=text["title"], source=text["source"], language=derivation.language, question=text["question"],
        sections=text.under("sections"), facets=text.under("facets"), not_covered=tuple(text.under("not_covered").values()),
        statements=tuple(statements),
    )  # fmt: skip


def judged(outcome: Outcome) -> tuple[Status, float | None]:
    """Pass, fail or vacuous, and the largest error; a failure without one where the reading has no value of that shape."""
    if outcome.says is None or outcome.says.shape != outcome.truth.shape:
        return "fail", None
    return identical(outcome.says, outcome.truth)


def verdict(readings: Sequence[tuple[records.Role, bool | None]]) -> records.Outcome:
    """From which readings hold, of which role, to the verdict in words."""
    printed, corrected = ([holds for role, holds in readings if role == wanted] for wanted in ("printed", "corrected"))
    if not printed or None in printed or None in corrected:
        return "not tested"
    if all(printed) and all(corrected):
        return "holds"
    if any(printed) and all(corrected):
        return "holds under these readings only"
    return "refuted as printed, holds as corrected" if corrected and all(corrected) else "refuted"


def tallies(name: str, asked: Experiment, examples: int, seed: int) -> list[Tally]:
    """How each reading fares on `examples` drawn instances, the same for the same name and seed."""
    found = [Tally() for _ in asked.readings]
    for number in range(examples):
        instance = asked.draw(Counter(seed, f"{name}/{number}"))
        for reading, tally in zip(asked.readings, found, strict=True):
            tally.count(instance, reading.evaluate(reading.on(instance)))
    return found


def _reading(statement: Statement, asked: Experiment, reading: Reading, tally: Tally, seed: int) -> records.Reading:
    text, names = statement.text, f"statements.{statement.id}.readings"
    facets = {facet: text[f"values.{value}"] for facet, value in reading.facets.items()}
    return records.Reading(
        id=reading.id, name=text.fill(f"{names}.each", facets) if facets else text[f"{names}.{reading.id}"],
        facets=facets, role=reading.role, holds=tally.holds, cases=tally.cases, wrong=tally.wrong, vacuous=tally.vacuous,
        senseless=tally.senseless, worst_error=tally.worst_error, nonsense=text.tell(tally.nonsense),
        counterexample=_counterexample(text, asked, reading, tally, seed),
    )  # fmt: skip


def _counterexample(text: Text, asked: Experiment, reading: Reading, tally: Tally, seed: int) -> records.Counterexample | None:
    """The smallest instance on which the reading says something wrong; on which it says nothing, if it never has a value."""
    if tally.failing is None:
        return None
    has_value = tally.wrong > tally.senseless

    def fails(instance: Instance) -> bool:
        status, error = judged(reading.evaluate(instance))
        return status == "fail" and (error is not None) == has_value

    known = reading.on(tally.failing)
    instance = smallest(lambda choose: reading.on(asked.draw(choose)), fails, known, seed, thorough=has_value)
    outcome = reading.evaluate(instance)
    return records.Counterexample(
        given={name: plain(value) for name, value in instance.given().items()},
        says=None if outcome.says is None else plain(_set(outcome.says)),
        truth=plain(_set(outcome.truth)),
        working=text.tell(outcome.told or told("derivations.compared", says=outcome.says, truth=outcome.truth)),
    )


def _set(values: Array) -> Array:
    """Without axes of one entry: a row where one map of one row was compared, or maps of one cell."""
    if values.ndim > 1 and len(values) == 1:
        return _set(values[0])
    return _set(values[..., 0, 0]) if values.ndim > 2 and values.shape[-2:] == (1, 1) else values


def plain(value: Any) -> Any:
    """Numbers as JSON takes them, none rounded: integers as they are, other rationals as "1/2", arrays as tuples."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return tuple(plain(item) for item in value)
    if isinstance(value, float):  # of a reference that should have stayed exact; a float is a fraction too
        value = Fraction(value)
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    return value
