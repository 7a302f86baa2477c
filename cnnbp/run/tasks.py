"""What a run consists of: small independent tasks, each a function of its name, the number of examples and the seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import cases, faults
from ..derivations import DERIVATION
from ..derivations.evaluate import trial
from . import controls, digits, slices
from .matrix import matrix

SLICE = 20  # cases of a layer in one task: small enough to share out, large enough to be worth a process


@dataclass(frozen=True)
class Task:
    """One piece of a run. `kind` names the section of the evidence; `start` counts the cases of a layer before this slice."""

    kind: str
    name: str
    examples: int
    seed: int
    start: int = 0

    def __str__(self) -> str:
        cases = f", cases {self.start} to {self.start + self.examples - 1}" if self.kind == "layer" else ""
        return (self.kind if self.kind == self.name else f"{self.kind} {self.name}") + cases


def plan(examples: int, seed: int, only: Sequence[str] = ()) -> list[Task]:
    """All tasks of a run, or those of the named parts alone; what takes longest comes first, to run beside the rest."""
    tasks = [Task(name, name, examples, seed) for name in ("training", "digits", "matrix")]
    tasks += [Task("statement", statement.id, examples, seed) for statement in DERIVATION.statements]
    for operator in cases.DRAW:
        tasks += [Task("layer", operator, min(SLICE, examples - start), seed, start) for start in range(0, examples, SLICE)]
    if only:
        return [task for task in tasks if task.name in only]
    tasks += [Task("unusual", layer.id, max(1, examples // 4), seed) for layer in faults.UNUSUAL]
    return tasks + [Task("wrong", fault.id, controls.TRIES, seed) for fault in faults.FAULTS]


def names() -> list[str]:
    """What `only` may name."""
    return [*(statement.id for statement in DERIVATION.statements), *cases.DRAW, "digits", "training"]


def perform(task: Task) -> dict[str, Any]:
    """Does one task. The same task gives the same result in any process, in any order."""
    match task.kind:
        case "statement":
            return trial(next(s for s in DERIVATION.statements if s.id == task.name), task.examples, task.seed)
        case "layer":
            return slices.layer(task.name, task.start, task.examples, task.seed)
        case "digits":
            return digits.digits(task.seed)
        case "training":
            return digits.training(task.seed)
        case "matrix":
            return matrix()
        case "wrong":
            return controls.wrong(task.name, task.examples, task.seed)
        case "unusual":
            return controls.unusual(task.name, task.examples, task.seed)
    raise ValueError(f"no such kind of task: {task.kind!r}")
