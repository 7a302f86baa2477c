"""What is exact in an evidence file, found again: certificates by the kernel, proofs and statements from their names and seeds.

Nothing here needs PyTorch or a linear program. Floats that are judged by bounds are not found again: on another machine they
may round otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..derivations import DERIVATIONS
from ..derivations.evaluate import evaluate
from ..evidence.proof import RoundingBound
from ..evidence.records import Document
from . import proofs
from .plan import plan

Kind = Literal["sizes", "twins", "theorems", "rounding", "proof", "network", "grid", "defect", "statement"]
EXACT: tuple[Kind, ...] = ("sizes", "twins", "theorems", "rounding", "proof", "network", "grid", "defect", "statement")
NOT_RECHECKED = ("layers", "digits", "training", "controls")  # floats, and what was judged by them


@dataclass(frozen=True)
class Recheck:
    """One record to be found again."""

    kind: Kind
    name: str
    examples: int
    seed: int
    start: int = 0

    def __str__(self) -> str:
        part = f"/{self.start}" if self.kind == "grid" else ""
        return self.kind if self.kind == self.name else f"{self.kind} {self.name}{part}"


def missing(document: Document) -> list[str]:
    """What a whole run of the installed sources has and the document has not, or has more than once."""
    run = document.provenance
    whole = [
        Recheck(task.kind, task.name, run.examples, run.seed, task.start)
        for task in plan(run.examples, run.seed).tasks
        if task.kind in EXACT
    ]
    there, found = planned(document), document.proofs
    ids = [each.id for each in (*found.layers, *found.networks)] + [s.id for book in document.derivations for s in book.statements]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    return [f"{task} is missing" for task in whole if task not in there] + [f"{name} is there twice" for name in twice]


def planned(document: Document) -> dict[Recheck, Any]:
    """Everything exact that the document holds, with the record that is there."""
    run, found = document.provenance, document.proofs
    records: dict[tuple[Kind, str, int], Any] = {}
    records |= {(kind, kind, 0): value for kind, value in _parts(document).items() if value}
    records |= {("proof", each.id, 0): each for each in found.layers} | {("network", each.id, 0): each for each in found.networks}
    records |= {("grid", each.operator, each.start): each for each in found.grids}
    records |= {("defect", each.defect, 0): each for each in found.sights}
    records |= {("statement", s.id, 0): s for book in document.derivations for s in book.statements}
    return {Recheck(kind, name, run.examples, run.seed, start): value for (kind, name, start), value in records.items()}


def _parts(document: Document) -> Mapping[Kind, Any]:
    found = document.proofs
    return {
        "sizes": found.sizes, "twins": found.twins, "theorems": found.theorems and _theorems(found.theorems),
        "rounding": tuple(map(_bound, found.rounding)),
    }  # fmt: skip


def perform(task: Recheck) -> Any:
    """The record anew, of the sources that are installed; None where they have none of this name."""
    try:
        return _found(task)
    except (KeyError, StopIteration):
        return None


def _found(task: Recheck) -> Any:
    match task.kind:
        case "sizes":
            return proofs.sizes()
        case "twins":
            return proofs.refuted_twins().twins
        case "theorems":
            return _theorems(proofs.theorems())
        case "rounding":
            return tuple(map(_bound, proofs.rounding().bounds))
        case "proof":
            return proofs.proved(task.name, task.seed)
        case "network":
            return proofs.network(task.name)
        case "grid":
            return proofs.grid_slice(task.name, task.start, task.seed)
        case "defect":
            return proofs.sight(task.name)
        case "statement":
            statement = next(s for book in DERIVATIONS for s in book.statements if s.id == task.name)
            return evaluate(statement, task.examples, task.seed)


def _theorems(found: Any) -> Any:
    """What they say, and what they rest on: when they were checked is of the machine."""
    return tuple((each.name, each.file, each.meaning, each.statement, each.axioms) for each in found.theorems)


def _bound(found: RoundingBound) -> Any:
    """The bound: what was seen and measured is of the machine."""
    return found.layer, found.quantity, found.interval, found.bound, found.pieces, found.assumed
