"""What a run consists of: its tasks, and beside them what its evidence must have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .. import faults
from ..derivations import DERIVATIONS
from ..evidence.records import Whole
from ..operators import OPERATORS
from ..proof.catalogue import PROOFS
from ..proof.defects import DEFECTS
from ..proof.grid import GRIDS
from ..proof.networks import NETWORKS
from .proofs import STEP
from .proofs import operator as operator_of
from .tasks import Result, Task, perform
from .whole import TRIES, part, trials, whole

SLICE, SLICES = 20, 500  # cases of a layer in one task: worth a process; and so many tasks of a layer at most
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
    tasks = [Task(name, name, examples, seed) for name in ("training", "digits", "matrix", "ladder")]
    tasks += [Task("statement", s.id, examples, seed) for derivation in DERIVATIONS for s in derivation.statements]
    step = max(SLICE, -(-examples // SLICES))
    for operator in OPERATORS:
        tasks += [Task("layer", operator, min(step, examples - start), seed, start) for start in range(0, examples, step)]
    tasks += [Task("grid", operator, 1, seed, start) for operator in GRIDS for start in range(STEP)]
    tasks += [Task("proof", name, 1, seed) for name in PROOFS]
    if not only:
        tasks += [Task("network", name, 1, seed) for name in NETWORKS]
    if only:
        named = [task for task in tasks if task.name in only or (task.kind == "proof" and operator_of(task.name) in only)]
        cases = [case for case in dict.fromkeys(map(single_case, only)) if case and case[0] not in only]
        named += [Task("layer", layer, 1, seed, number) for layer, number in cases]
        there = part(whole(examples), [name.partition(CASE)[0] for name in only], [name for name in only if CASE not in name])
        named += [Task("theorems", "theorems", 1, seed)] if there.theorems else []
        return Plan(tuple(named), there)
    tasks += [Task("right", layer.id, trials(examples), seed) for layer in faults.RIGHT_CONTROLS]
    tasks += [
        Task("sizes", "sizes", 1, seed),
        Task("twins", "twins", 1, seed),
        Task("theorems", "theorems", 1, seed),
        Task("rounding", "rounding", 1, seed),
        Task("peers", "peers", 1, seed),
    ]
    tasks += [Task("defect", name, 1, seed) for name in DEFECTS]
    tasks += [Task("wrong", fault.id, TRIES, seed) for fault in faults.WRONG_CONTROLS]
    return Plan(tuple(tasks), whole(examples))


def shard(found: Plan, number: int, of: int) -> Plan:
    """One of so many parts of a run, the first of which is 1; together they are all of it, and no task is in two.

    The slices of a layer that are in one part follow each other.
    """
    slices = [task for task in found.tasks if task.kind == "layer"]
    others = [task for task in found.tasks if task.kind != "layer"]
    cut = slice(len(slices) * (number - 1) // of, len(slices) * number // of)
    mine = {*slices[cut], *others[number - 1 :: of]}
    return replace(found, tasks=tuple(task for task in found.tasks if task in mine))


def names() -> list[str]:
    """What `only` may name, beside single cases of layers."""
    return [*(s.id for derivation in DERIVATIONS for s in derivation.statements), *OPERATORS, "ladder", "digits", "training"]


def single_case(name: str) -> tuple[str, int] | None:
    """The layer and the number of "Conv2d/17"; None for what names no case."""
    layer, _, number = name.partition(CASE)
    return (layer, int(number)) if layer in OPERATORS and number.isdecimal() else None
