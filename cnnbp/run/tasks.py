"""A task: one piece of a run, a function of its name, the number of examples and the seed alone. No two know of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..derivations import DERIVATIONS
from ..derivations.evaluate import evaluate
from ..evidence.proof import GridProof, Sight
from ..evidence.records import DigitsRun, Ladder, Matrix, Peers, Proved, Raised, Right, Sizes, Statement, Theorems, Training, Wrong
from . import controls, digits, peers, proofs, slices
from .ladder import ladder
from .matrix import matrix
from .raised import raised

Kind = Literal[
    "statement", "layer", "digits", "training", "matrix", "ladder", "wrong", "right",
    "proof", "network", "grid", "defect", "sizes", "twins", "rounding", "theorems", "peers",
]  # fmt: skip
Proof = Proved | GridProof | Sight | Sizes | Theorems | proofs.Twins | proofs.Rounding
Result = Statement | slices.Slice | DigitsRun | Training | Matrix | Ladder | Wrong | Right | Peers | Proof | Raised


@dataclass(frozen=True)
class Task:
    """`kind` names the section of the evidence; `start` counts the cases of a layer, or geometries, before this slice."""

    kind: Kind
    name: str
    examples: int
    seed: int
    start: int = 0

    def __str__(self) -> str:
        part = {"layer": f", cases {self.start} to {self.start + self.examples - 1}", "grid": f"/{self.start}"}.get(self.kind, "")
        return (self.kind if self.kind == self.name else f"{self.kind} {self.name}") + part


def perform(task: Task) -> Result:
    """Does one task. The same task gives the same result in any process, in any order.

    Where the reference code raises an error in it, that is the result.
    """
    try:
        return _done(task)
    except Exception as error:
        found = raised(error)
        if found is None:
            raise
        return Raised(kind=task.kind, name=task.name, error=found[0], place=found[1])


def _done(task: Task) -> Result:
    match task.kind:
        case "statement":
            statement = next(s for derivation in DERIVATIONS for s in derivation.statements if s.id == task.name)
            return evaluate(statement, task.examples, task.seed)
        case "layer":
            return slices.layer(task.name, task.start, task.examples, task.seed)
        case "digits":
            return digits.digits(task.seed)
        case "training":
            return digits.training(task.seed)
        case "matrix":
            return matrix()
        case "ladder":
            return ladder(task.seed)
        case "wrong":
            return controls.wrong(task.name, task.examples, task.seed)
        case "right":
            return controls.right(task.name, task.examples, task.seed)
        case "proof":
            return proofs.proved(task.name, task.seed)
        case "network":
            return proofs.network(task.name)
        case "rounding":
            return proofs.rounding()
        case "grid":
            return proofs.grid_slice(task.name, task.start, task.seed)
        case "sizes":
            return proofs.sizes()
        case "theorems":
            return proofs.theorems()
        case "peers":
            return peers.peers()
        case "twins":
            return proofs.refuted_twins()
        case "defect":
            return proofs.sight(task.name)
    raise ValueError(f"no such kind of task: {task.kind!r}")
