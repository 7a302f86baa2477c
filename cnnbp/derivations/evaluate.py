"""The trial of one statement: every reading on drawn instances, judged without tolerance, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..cases.choices import Counter
from ..evidence import Status
from ..judge import identical
from ..rounding import Array
from .proofread import misprints
from .smallest import smallest
from .statement import Instance, Outcome, Reading, Role, Statement, Trial

LEAST = 20  # instances of a statement, however few are asked for: fewer may all miss what is wrong


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
    nonsense: str = ""
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
            self.senseless, self.nonsense = self.senseless + 1, outcome.nonsense or "it has another shape"
        else:
            self.worst_error = max(self.worst_error or 0.0, error)


def trial(statement: Statement, examples: int, seed: int) -> dict[str, Any]:
    """The statement's record: its readings on `examples` drawn instances each, LEAST if fewer, its verdict and counterexamples."""
    examples = max(examples, LEAST)
    readings = [] if statement.trial is None else _readings(statement.id, statement.trial, examples, seed)
    refuted = [r["counterexample"] for r in readings if r["role"] == "printed" and r["counterexample"]]
    refuted.sort(key=lambda found: found["says"] is None)  # a wrong number says more than none
    return {
        "id": statement.id, "label": statement.label, "section": statement.section, "claim": statement.claim,
        "quoted": statement.quoted, "printed": statement.printed, "corrected": statement.corrected, "quantity": statement.quantity,
        "misprints": misprints(statement), "verdict": statement.untestable or verdict([(r["role"], r["holds"]) for r in readings]),
        "fault": statement.fault, "why": statement.why, "kind": "exact at points" if readings else "",
        "cases": examples if readings else 0, "readings": readings, "counterexample": refuted[0] if refuted else None,
        "rerun": f"cnnbp verify --only {statement.id} --seed {seed} --examples {examples}" if readings else "",
    }  # fmt: skip


def judged(outcome: Outcome) -> tuple[Status, float | None]:
    """Pass, fail or vacuous, and the largest error; a failure without one where the reading has no value of that shape."""
    if outcome.says is None or outcome.says.shape != outcome.truth.shape:
        return "fail", None
    return identical(outcome.says, outcome.truth)


def verdict(readings: Sequence[tuple[Role, bool | None]]) -> str:
    """From which readings hold, of which role, to the verdict in words."""
    printed, corrected = ([holds for role, holds in readings if role == wanted] for wanted in ("printed", "corrected"))
    if not printed or None in printed or None in corrected:
        return "not tested"
    if all(printed) and all(corrected):
        return "holds"
    if any(printed) and all(corrected):
        return "holds under these readings only"
    return "refuted as printed, holds as corrected" if corrected and all(corrected) else "refuted"


def tallies(name: str, asked: Trial, examples: int, seed: int) -> list[Tally]:
    """How each reading fares on `examples` drawn instances, the same for the same name and seed."""
    found = [Tally() for _ in asked.readings]
    for number in range(examples):
        instance = asked.draw(Counter(seed, f"{name}/{number}"))
        for reading, tally in zip(asked.readings, found, strict=True):
            tally.count(instance, reading.outcome(instance))
    return found


def _readings(name: str, asked: Trial, examples: int, seed: int) -> list[dict[str, Any]]:
    counted = tallies(name, asked, examples, seed)
    return [_reading(asked, reading, tally, seed) for reading, tally in zip(asked.readings, counted, strict=True)]


def _reading(asked: Trial, reading: Reading, tally: Tally, seed: int) -> dict[str, Any]:
    return {
        "name": reading.name, "facets": dict(reading.facets), "role": reading.role, "holds": tally.holds, "cases": tally.cases,
        "wrong": tally.wrong, "vacuous": tally.vacuous, "senseless": tally.senseless, "worst_error": tally.worst_error,
        "nonsense": tally.nonsense,
        "counterexample": None if tally.failing is None else _counterexample(asked, reading, tally, tally.failing, seed),
    }  # fmt: skip


def _counterexample(asked: Trial, reading: Reading, tally: Tally, failing: Instance, seed: int) -> dict[str, Any]:
    """The smallest instance on which the reading says something wrong; on which it says nothing, if it never has a value."""
    has_value = tally.wrong > tally.senseless

    def fails(instance: Instance) -> bool:
        status, error = judged(reading.evaluate(instance))
        return status == "fail" and (error is not None) == has_value

    instance = smallest(lambda choose: reading.on(asked.draw(choose)), fails, reading.on(failing), seed, thorough=has_value)
    outcome = reading.evaluate(instance)
    given = {name: plain(value) for name, value in instance.given().items()}
    return {
        "reading": reading.name, "given": given, "says": None if outcome.says is None else plain(_set(outcome.says)),
        "truth": plain(_set(outcome.truth)), "working": outcome.working or outcome.nonsense,
    }  # fmt: skip


def _set(values: Array) -> Array:
    """Without axes of one entry: a row where one map of one row was compared, or maps of one cell."""
    if values.ndim > 1 and len(values) == 1:
        return _set(values[0])
    return _set(values[..., 0, 0]) if values.ndim > 2 and values.shape[-2:] == (1, 1) else values


def plain(value: Any) -> Any:
    """Numbers as JSON takes them, none rounded: integers as they are, other rationals as "1/2", arrays as lists."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    return value
