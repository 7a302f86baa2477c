"""What a run consists of, and what a whole one has: the tasks, and beside them the names that its evidence must hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .. import faults
from ..derivations import DERIVATIONS
from ..evidence.records import Part, Whole
from ..operators import OPERATORS
from . import controls
from .tasks import Result, Task, perform

SLICE = 20  # cases of a layer in one task: small enough to share out, large enough to be worth a process
PARTS: tuple[Part, ...] = ("matrix", "digits", "training")
CASE = "/"  # "Conv2d/17" is case 17 of Conv2d


@dataclass(frozen=True)
class Plan:
    """The tasks of a run, those that take longest first, to run beside the rest."""

    tasks: tuple[Task, ...]
    whole: Whole
    perform: Callable[[Task], Result] = perform
    """How one of them is done."""


def plan(examples: int, seed: int, only: Sequence[str] = ()) -> Plan:
    """Everything, or the named parts alone."""
    tasks = [Task(name, name, examples, seed) for name in ("training", "digits", "matrix")]
    tasks += [Task("statement", s.id, examples, seed) for derivation in DERIVATIONS for s in derivation.statements]
    for operator in OPERATORS:
        tasks += [Task("layer", operator, min(SLICE, examples - start), seed, start) for start in range(0, examples, SLICE)]
    if only:
        named = [task for task in tasks if task.name in only]
        return Plan((*named, *_cases(seed, only)), _part(whole(), [name.partition(CASE)[0] for name in only]))
    tasks += [Task("right", layer.id, max(1, examples // 4), seed) for layer in faults.RIGHT]
    tasks += [Task("wrong", fault.id, controls.TRIES, seed) for fault in faults.FAULTS]
    return Plan(tuple(tasks), whole())


def whole() -> Whole:
    """What the evidence of a whole run has."""
    return Whole(
        statements={derivation.id: tuple(s.id for s in derivation.statements) for derivation in DERIVATIONS},
        layers=tuple(OPERATORS),
        wrong=tuple(fault.id for fault in faults.FAULTS),
        right=tuple(layer.id for layer in faults.RIGHT),
        parts=PARTS,
    )


def names() -> list[str]:
    """What `only` may name, beside single cases of layers."""
    return [*(s.id for derivation in DERIVATIONS for s in derivation.statements), *OPERATORS, "digits", "training"]


def single_case(name: str) -> tuple[str, int] | None:
    """The layer and the number of "Conv2d/17"; None for what names no case."""
    layer, _, number = name.partition(CASE)
    return (layer, int(number)) if layer in OPERATORS and number.isdecimal() else None


def without(found: Plan, dropped: Sequence[Task]) -> Plan:
    """A plan of fewer tasks: what they would have shown is still part of the whole, and will be missing."""
    return replace(found, tasks=tuple(task for task in found.tasks if task not in dropped))


def _cases(seed: int, only: Sequence[str]) -> list[Task]:
    found = [single_case(name) for name in only]
    return [Task("layer", case[0], 1, seed, case[1]) for case in found if case and case[0] not in only]


def _part(whole: Whole, only: Sequence[str]) -> Whole:
    """A whole run of these names alone, which has no controls."""
    statements = {name: tuple(s for s in ids if s in only) for name, ids in whole.statements.items()}
    return Whole(
        statements={name: ids for name, ids in statements.items() if ids},
        layers=tuple(name for name in whole.layers if name in only), wrong=(), right=(),
        parts=tuple(name for name in whole.parts if name in only),
    )  # fmt: skip
