"""What holds of a reading for all numbers at a shape: both sides computed on letters, and compared as polynomials."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..evidence.records import AtShape
from ..rounding import Array
from .statement import Experiment, Instances, Outcome
from .telling import Told


@dataclass(frozen=True)
class Decision:
    """How a reading fared at each shape, on how many instances of letters in all; or why it was not asked."""

    shapes: Sequence[AtShape] = ()
    instances: int = 0
    abstains: Told | None = None

    @property
    def refuted(self) -> bool:
        """There are numbers, and an f, on which it is wrong."""
        return "differs" in self.shapes or "no value" in self.shapes


def decisions(asked: Experiment) -> list[Decision]:
    """One for each reading. The letters of a shape serve them all."""
    instances = asked.instances
    if instances.letters is None:
        return [Decision(abstains=reading.abstains or instances.abstains) for reading in asked.readings]
    able = [reading for reading in asked.readings if not reading.abstains]
    found: dict[str, list[list[AtShape]]] = {reading.id: [] for reading in able}
    for shape in instances.shapes if able else ():
        for reading in able:
            found[reading.id].append([])
        for number, made in enumerate(instances.letters(shape)):
            for reading in able:
                if number == 0 or not reading.once:
                    found[reading.id][-1].append(outcome(reading.evaluate(reading.on(made))))
    return [
        Decision(tuple(map(_together, found[reading.id])), sum(map(len, found[reading.id])))
        if reading.id in found else Decision(abstains=reading.abstains)
        for reading in asked.readings
    ]  # fmt: skip


def outcome(found: Outcome) -> AtShape:
    """Whether both sides are the same polynomials. Both 0, or nothing there that the statement is about, shows nothing."""
    if found.says is None or found.says.shape != found.truth.shape:
        return "no value"
    if not same(found.says, found.truth):
        return "differs"
    return "vacuous" if found.vacuous or not any(bool(number) for number in found.truth.flat) else "holds"


def same(says: Array, truth: Array) -> bool:
    """Entry by entry the same: no tolerance, and for letters no matter which numbers they are."""
    return not any(bool(s - t) for s, t in zip(says.flat, truth.flat, strict=True))


def candidates(instances: Instances, decision: Decision, has_value: bool) -> Iterable[Any]:
    """The shapes at which a counterexample may be found: those where the reading differs, or else where it has no value.

    Where nothing was decided, all of them.
    """
    wanted: AtShape = "differs" if has_value else "no value"
    if not decision.shapes:
        return instances.shapes
    return [shape for shape, found in zip(instances.shapes, decision.shapes, strict=True) if found == wanted]


def _together(found: Sequence[AtShape]) -> AtShape:
    """Several instances decide one shape: in the order in which it matters."""
    ranked: tuple[AtShape, ...] = ("differs", "no value", "holds", "vacuous")
    return next(status for status in ranked if status in found)
