"""What is exact in an evidence file, found again: certificates by the kernel, proofs and statements from their names and seeds.

Of several runs that were merged that alone which no seed changes: the rest, each run's own file has to be asked for.
Nothing here needs PyTorch or a linear program. Floats that are judged by bounds are not found again: on another machine they
may round otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .. import faults
from ..derivations import DERIVATIONS
from ..derivations.evaluate import record
from ..evidence.proof import RoundingBound
from ..evidence.records import Document
from . import tasks
from .digits import settled, settled_training
from .document import limits
from .ladder import STEPS
from .ladder import settled as settled_ladder
from .plan import plan, shard
from .proofs import Rounding, Twins
from .provenance import merged
from .tasks import Kind, Task
from .whole import whole

EXACT: tuple[Kind, ...] = (
    "sizes", "twins", "theorems", "rounding", "proof", "network", "grid", "defect", "statement", "matrix", "peers",
)  # fmt: skip
NOT_RECHECKED: Mapping[str, tuple[str, ...]] = {
    "floats": (
        "layers",
        *(f"ladder.{name}" for name in ("seed", "noise", "rounding", "chosen")),
        *(f"ladder.rungs.{name}" for name in ("error", "bound", "complex", "complex_bound")),
        *(f"digits.{of}.{name}" for of in ("whole", "layers") for name in ("status", "evidence", "wrong", "patterns", "diagnosis")),
        *(f"training.{name}" for name in ("seed", "left_out", "vacuous", "failure", "worst", "ratios", "loss", "distance")),
        *(f"training.{name}" for name in ("accuracy", "accuracy_torch")),
        *(f"controls.{name}" for name in ("wrong.caught", "wrong.cases", "wrong.by", "right.cases", "right.failure")),
    ),
    "rounding": ("proofs.rounding.measured", "proofs.rounding.seen"),
    "theorems": (),
    "peers": (),
    "origin": ("provenance", "trouble"),
    "status": ("status", "format"),
}
"""What is left out, by the key of the sentence that says so, and where it stands. Rocq itself is not run: a record is read."""


OF_TRAINING = "network source train test batch learning_rate weight_decay steps wanted expected_accuracy"
SEEDED: tuple[Kind, ...] = ("proof", "grid", "statement")


def exact(document: Document) -> tuple[Kind, ...]:
    """What of a document can be found again: of runs from several seeds nothing that a seed changes."""
    return EXACT if len(document.provenance.seeds) == 1 else tuple(kind for kind in EXACT if kind not in SEEDED)


def missing(document: Document) -> list[str]:
    """What a whole run of the installed sources has and the document has not, or has more than once."""
    run = document.provenance
    whole = plan(run.examples, run.seed)
    parts = {origin.shard: shard(whole, origin.shard, origin.shards) for origin in run.origins} if run.shards > 1 else {1: whole}
    kinds = exact(document)
    wanted = [_as_planned(task, run.examples) for part in parts.values() for task in part.tasks if task.kind in kinds]
    there, found = planned(document), document.proofs
    ids = [each.id for each in (*found.layers, *found.networks)] + [s.id for book in document.derivations for s in book.statements]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    return [f"{task} is missing" for task in wanted if task not in there] + [f"{name} is there twice" for name in twice]


def _as_planned(task: Task, examples: int) -> Task:
    return replace(task, examples=examples)


def planned(document: Document) -> dict[Task, Any]:
    """Everything exact that the document holds and a task finds again, with the record that is there."""
    run, found = document.provenance, document.proofs
    records: dict[tuple[Kind, str, int], Any] = {}
    records |= {(kind, kind, 0): value for kind, value in _parts(document).items() if value}
    records |= {("proof", each.id, 0): each for each in found.layers} | {("network", each.id, 0): each for each in found.networks}
    records |= {("grid", each.operator, each.start): each for each in found.grids}
    records |= {("defect", each.defect, 0): each for each in found.sights}
    records |= {("statement", s.id, 0): s for book in document.derivations for s in book.statements}
    kinds = exact(document)
    return {Task(of, name, run.examples, run.seed, start): value for (of, name, start), value in records.items() if of in kinds}


def _parts(document: Document) -> Mapping[Kind, Any]:
    found = document.proofs
    return {
        "sizes": found.sizes, "twins": found.twins, "theorems": found.theorems, "matrix": document.matrix, "peers": document.peers,
        "rounding": tuple(map(_bound, found.rounding)),
    }  # fmt: skip


def perform(task: Task) -> Any:
    """The record anew, of the sources that are installed; None where they have none of this name."""
    try:
        return _exact(tasks.perform(task))
    except (KeyError, StopIteration):
        return None


def _exact(found: tasks.Result) -> Any:
    """What of a result is the same on every machine."""
    if isinstance(found, Rounding):
        return tuple(map(_bound, found.bounds))
    return found.twins if isinstance(found, Twins) else found


def _bound(found: RoundingBound) -> Any:
    """The bound: what was seen and measured is of the machine, at how many points and of what is not."""
    named = *found.measured, found.points
    return found.layer, found.quantity, found.interval, found.bound, found.pieces, found.assumed, named, found.remark


def said(document: Document) -> dict[str, Any]:
    """What the document says that no task finds, and that is the same whatever is drawn, by what it is said of.

    What a whole run has and leaves out; of derivations all but statements; of controls what they are; of the other parts their
    settings.
    """
    books = {f"derivation {book.id}": book.model_copy(update={"statements": ()}) for book in document.derivations}
    wrong = {f"wrong {each.id}": (each.operator, each.claim, each.source) for each in document.controls.wrong}
    right = {f"right {each.id}": (each.operator, each.claim) for each in document.controls.right}
    return {"whole": document.whole, "not_covered": document.not_covered, **books, **wrong, **right, **dict(_settings(document))}


def _settings(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    ladder, digits, training = document.ladder, document.digits, document.training
    if ladder is not None:
        yield "ladder", {**_fields(ladder, "layer entries third"), "steps": [rung.step for rung in ladder.rungs]}
    if digits is not None:
        asked = [(each.layer, dict(each.shapes), each.dtype, each.device) for each in (digits.whole, *digits.layers)]
        yield "digits", {**_fields(digits, "network source samples"), "asked": asked}
    if training is not None:
        yield "training", {**_fields(training, OF_TRAINING), "points": [step for step, _ in training.loss]}


def _fields(found: object, names: str) -> dict[str, Any]:
    return {name: getattr(found, name) for name in names.split()}


def differing(document: Document) -> Iterator[str]:
    """What of it the installed sources say otherwise."""
    books = {f"derivation {book.id}": record(book, ()) for book in DERIVATIONS}
    wrong = {f"wrong {each.id}": (each.operator, each.claim, each.source) for each in faults.FAULTS}
    right = {f"right {each.id}": (each.operator, each.claim) for each in faults.RIGHT}
    ladder = {**settled_ladder(), "steps": list(STEPS)}
    anew = {
        "whole": merged(whole, document.provenance), "not_covered": limits(), **books, **wrong, **right,
        "ladder": ladder, "digits": settled(), "training": settled_training(),
    }  # fmt: skip
    yield from (name for name, value in said(document).items() if anew.get(name) != value)
