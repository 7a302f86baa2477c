"""The test of one statement: every reading on drawn numbers and on letters, without tolerance, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..cases.choices import Counter
from ..evidence import Status, records
from ..evidence.status import outcome as verdict
from ..judge import identical
from ..rounding import Array
from .decide import Decision, candidates, decisions
from .proofread import misprints
from .smallest import smallest
from .statement import Derivation, Experiment, Instance, Instances, Outcome, Reading, Statement
from .telling import Text, Told, told

LEAST = 20  # instances of a statement, however few are asked for: fewer may all miss what is wrong
MOST = records.MOST_CASES  # however many are asked for: of a statement letters say what more numbers would
UNTESTED = Experiment(Instances((), lambda shape, choose: None))  # of a definition: no reading, no case
CONDITIONAL = "holds under a named condition"


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
            self.nonsense = _told(outcome) if outcome.says is None else told("derivations.another-shape")
        else:
            self.worst_error = max(self.worst_error or 0.0, error)


def enough(examples: int) -> int:
    """How many instances of a statement are drawn where so many are asked for."""
    return min(max(examples, LEAST), MOST)


def evaluate(statement: Statement, examples: int, seed: int) -> records.Statement:
    """The statement's record: its readings on `enough` drawn instances each, and its verdict."""
    asked, text, own = statement.experiment or UNTESTED, statement.text, f"statements.{statement.id}"
    cases = enough(examples) if asked.readings else 0
    counted = zip(asked.readings, tallies(statement.id, asked, cases, seed), decisions(asked), strict=True)
    readings = tuple(_reading(statement, asked, reading, tally, decision) for reading, tally, decision in counted)
    found, nothing = misprints(statement), text.tell(None)
    follows = verdict(readings, bool(found), statement.halved)
    return records.Statement(
        id=statement.id, label=statement.label, section=statement.section,
        claim=text[f"{own}.claim"], why=text[f"{own}.why"], quantity=text[f"{own}.quantity"] if cases else nothing,
        quoted=statement.quoted, printed=statement.printed, corrected=statement.corrected, misprints=found,
        verdict=statement.untestable or follows, fault=text[f"defects.{statement.fault}"] if statement.fault else nothing,
        condition=text[f"{own}.condition"] if statement.conditional and follows == CONDITIONAL else nothing,
        unjudged=text[f"{own}.unjudged"] if statement.halved else nothing,
        kind="exact at points" if cases else "", cases=cases, shapes=tuple(map(str, asked.instances.shapes)) if cases else (),
        readings=readings, theorems=statement.theorems,
        rerun=f"cnnbp verify --only {statement.id} --seed {seed} --examples {cases}" if cases else "",
    )  # fmt: skip


def record(derivation: Derivation, statements: Sequence[records.Statement]) -> records.Derivation:
    """The derivation's record, with those of its statements that were tested."""
    text = derivation.text
    return records.Derivation(
        id=derivation.id, title=text["title"], source=text["source"], language=derivation.language, question=text["question"],
        method=tuple(text.under("method").values()), sections=text.under("sections"), facets=text.under("facets"),
        not_covered=tuple(text.under("not_covered").values()),
        statements=tuple(statements),
    )  # fmt: skip


def judged(outcome: Outcome) -> tuple[Status, float | None]:
    """Pass, fail or vacuous, and the largest error; a failure without one where the reading has no value of that shape."""
    if outcome.says is None or outcome.says.shape != outcome.truth.shape:
        return "fail", None
    status, error = identical(outcome.says, outcome.truth)
    return "vacuous" if status == "pass" and outcome.vacuous else status, error


def tallies(name: str, asked: Experiment, examples: int, seed: int) -> list[Tally]:
    """How each reading fares on `examples` drawn instances, the same for the same name and seed."""
    found = [Tally() for _ in asked.readings]
    for number in range(examples):
        instance = asked.instances.draw(Counter(seed, f"{name}/{number}"))
        for reading, tally in zip(asked.readings, found, strict=True):
            tally.count(instance, reading.evaluate(reading.on(instance)))
    return found


def _reading(statement: Statement, asked: Experiment, reading: Reading, tally: Tally, decision: Decision) -> records.Reading:
    text, names = statement.text, f"statements.{statement.id}.readings"
    facets = {facet: text[f"values.{value}"] for facet, value in reading.facets.items()}
    holds = False if decision.refuted else tally.holds
    return records.Reading(
        id=reading.id, name=text.fill(f"{names}.each", facets) if facets else text[f"{names}.{reading.id}"],
        facets=facets, role=reading.role, holds=holds, cases=tally.cases, wrong=tally.wrong, vacuous=tally.vacuous,
        senseless=tally.senseless, worst_error=tally.worst_error, nonsense=text.tell(tally.nonsense),
        letters=_letters(text, decision), counterexample=_counterexample(text, asked, reading, tally, decision),
    )  # fmt: skip


def _letters(text: Text, decision: Decision) -> records.Letters:
    return records.Letters(
        kind="symbolic", instances=decision.instances, shapes=tuple(decision.shapes), abstains=text.tell(decision.abstains)
    )


def _counterexample(
    text: Text, asked: Experiment, reading: Reading, tally: Tally, decision: Decision
) -> records.Counterexample | None:
    """The smallest instance on which the reading says something wrong; on which it says nothing, if it never has a value."""
    if tally.failing is None and not decision.refuted:
        return None
    has_value = tally.wrong > tally.senseless or "differs" in decision.shapes

    def fails(instance: Instance) -> bool:
        status, error = judged(reading.evaluate(instance))
        return status == "fail" and (error is not None) == has_value

    shapes = candidates(asked.instances, decision, has_value)
    known = reading.on(tally.failing) if tally.failing is not None else None
    found = smallest(shapes, lambda shape, choose: reading.on(asked.instances.numbers(shape, choose)), fails, known)
    if found is None:  # letters refute it, and no small numbers do
        return None
    outcome = reading.evaluate(found)
    return records.Counterexample(
        given={name: plain(value) for name, value in found.given().items()},
        says=None if outcome.says is None else plain(_set(outcome.says)),
        truth=plain(_set(outcome.truth)),
        working=text.tell(_told(outcome) or told("derivations.compared", says=outcome.says, truth=outcome.truth)),
    )


def _told(outcome: Outcome) -> Told | None:
    return outcome.told() if callable(outcome.told) else outcome.told


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
