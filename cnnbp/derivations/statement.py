"""What a derivation consists of: statements, each with its readings, and the trial of one statement over drawn networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..cases import Choices, Counter
from ..judge import Judgement, compare
from ..rounding import Array

Instance = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a reading says and what is true, for one drawn instance. None where the reading makes no sense there."""

    said: Array | None
    true: Array
    bound: Array | float
    nonsense: str = ""


@dataclass(frozen=True)
class Reading:
    """One way to understand a statement: as printed, as corrected, or under a convention."""

    name: str
    evaluate: Callable[[Instance], Outcome]


@dataclass(frozen=True)
class Statement:
    """A formula or claim of a derivation, under a permanent id, in every reading that is tried."""

    id: str
    label: str
    claim: str
    printed: str
    corrected: str | None
    draw: Callable[[Choices], Instance]
    printed_readings: tuple[Reading, ...]
    corrected_readings: tuple[Reading, ...] = ()
    describe: Callable[[Instance, Outcome], str] = lambda instance, outcome: ""


@dataclass
class ReadingRecord:
    """How a reading fared over all instances."""

    name: str
    cases: int = 0
    wrong: int = 0
    vacuous: int = 0
    worst_ratio: float = 0.0
    worst_error: float = 0.0
    nonsense: str = ""

    @property
    def holds(self) -> bool | None:
        """It was never wrong; None where every comparison was vacuous, which is no test."""
        return None if self.cases == self.vacuous else self.wrong == 0


def evaluate(reading: Reading, instance: Instance) -> tuple[Outcome, Judgement | None]:
    """The reading at one instance, judged; None where it makes no sense there: shapes that do not fit, an index out of range."""
    outcome = reading.evaluate(instance)
    return outcome, None if outcome.said is None else compare(outcome.said, outcome.true, outcome.bound)


def trial(statement: Statement, examples: int, seed: int) -> dict[str, Any]:
    """Evaluates every reading on `examples` drawn instances: the statement's record, with its verdict."""
    records = {
        reading.name: ReadingRecord(reading.name) for reading in (*statement.printed_readings, *statement.corrected_readings)
    }
    smallest: tuple[float, Instance, Outcome, str] | None = None
    for number in range(examples):
        instance = statement.draw(Counter(seed, f"{statement.id}/{number}"))
        for reading in (*statement.printed_readings, *statement.corrected_readings):
            outcome, judged = evaluate(reading, instance)
            _count(records[reading.name], outcome, judged)
            refuted = judged is not None and judged.status == "fail"
            if refuted and reading in statement.printed_readings:
                size = _size(instance)
                if smallest is None or size < smallest[0]:
                    smallest = (size, instance, outcome, reading.name)
    printed = [records[reading.name].holds for reading in statement.printed_readings]
    corrected = [records[reading.name].holds for reading in statement.corrected_readings]
    return {
        "id": statement.id, "label": statement.label, "claim": statement.claim, "printed": statement.printed,
        "corrected": statement.corrected, "kind": "sampled", "cases": examples, "verdict": verdict(printed, corrected),
        "readings": [_as_dict(record) for record in records.values()],
        "counterexample": None if smallest is None else _counterexample(statement, *smallest[1:]),
        "rerun": f"cnnbp verify --only {statement.id} --seed {seed} --examples {examples}",
    }  # fmt: skip


def verdict(printed: list[bool | None], corrected: list[bool | None]) -> str:
    """From which readings hold to the verdict in words."""
    if None in printed or None in corrected:
        return "not tested"
    if all(printed):
        return "holds"
    if any(printed):
        return "holds under these readings only"
    return "refuted as printed, holds as corrected" if corrected and all(corrected) else "refuted"


def _count(record: ReadingRecord, outcome: Outcome, judged: Judgement | None) -> None:
    record.cases += 1
    if judged is None:
        record.wrong += 1
        record.nonsense = outcome.nonsense
        return
    record.wrong += judged.status == "fail"
    record.vacuous += judged.status == "vacuous"
    record.worst_ratio, record.worst_error = max(record.worst_ratio, judged.ratio), max(record.worst_error, judged.error)


def _as_dict(record: ReadingRecord) -> dict[str, Any]:
    never_judged = record.wrong > 0 and record.worst_error == 0  # it made no sense wherever it was wrong
    numbers = {"worst_ratio": None, "worst_error": None} if never_judged else {}
    return {**vars(record), "holds": record.holds, **numbers}


def _size(instance: Instance) -> float:
    """How much there is to follow by hand: few numbers first, then the identity as activation, then small numbers."""
    arrays = [value for _, value in _arrays(instance)]
    strange = 0.5 * (instance.get("f", "identity") != "identity")
    return float(strange + sum(a.size + 1e-3 * float(np.abs(a).sum()) for a in arrays))


def _counterexample(statement: Statement, instance: Instance, outcome: Outcome, reading: str) -> dict[str, Any]:
    numbers = {name: value.tolist() for name, value in _arrays(instance)}
    said = None if outcome.said is None else np.asarray(outcome.said).tolist()
    numbers |= {"as printed": said, "true": np.asarray(outcome.true).tolist()}
    told = statement.describe(instance, outcome)
    sentence = told if len(statement.printed_readings) == 1 else f"{told} The reading: {reading}."
    return {"reading": reading, "sentence": sentence, "numbers": numbers}


def _arrays(instance: Instance) -> Iterator[tuple[str, Array]]:
    return ((name, value) for name, value in instance.items() if isinstance(value, np.ndarray))
