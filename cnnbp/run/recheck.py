"""What is exact in an evidence file, found again: certificates by the kernel, proofs and statements from their names and seeds.

Of several runs that were merged, what depends on the seed is found again of each, and joined as it was.
Nothing here needs PyTorch or a linear program. Floats that are judged by bounds are not found again: on another machine they
may round otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import faults
from ..derivations import DERIVATIONS
from ..derivations.evaluate import record
from ..evidence.joining.several import worst_grid, worst_proof
from ..evidence.joining.statements import statement
from ..evidence.proof import RoundingBound
from ..evidence.records import Document, Raised
from . import tasks
from .digits import fixed, fixed_training
from .document import limits
from .ladder import STEPS
from .ladder import fixed as fixed_ladder
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
JOINED: Mapping[Kind, Callable[[Sequence[Any]], Any]] = {"proof": worst_proof, "grid": worst_grid, "statement": statement}
"""What a seed changes, and how the records of several seeds are one."""


@dataclass(frozen=True)
class Again(Task):
    """A task of the first run, and the seeds of the others whose records are joined to its own."""

    others: tuple[int, ...] = ()


def missing(document: Document) -> list[str]:
    """What a whole run of the installed sources has and the document has not, or has more than once."""
    run = document.provenance
    whole = plan(run.origins[0].examples, run.seed)
    parts = {origin.shard: shard(whole, origin.shard, origin.shards) for origin in run.origins} if run.shards > 1 else {1: whole}
    wanted = [task for part in parts.values() for task in part.tasks if task.kind in EXACT]
    there, found = {(task.kind, task.name, task.start) for task in planned(document)}, document.proofs
    ids = [each.id for each in (*found.layers, *found.networks)] + [s.id for book in document.derivations for s in book.statements]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    return [f"{task} is missing" for task in wanted if (task.kind, task.name, task.start) not in there] + [
        f"{name} is there twice" for name in twice
    ]


def planned(document: Document) -> dict[Again, Any]:
    """Everything exact that the document holds and a task finds again, with the record that is there."""
    run, found = document.provenance, document.proofs
    examples, (seed, *others) = run.origins[0].examples, run.seeds
    records: dict[tuple[Kind, str, int], Any] = {}
    records |= {(kind, kind, 0): value for kind, value in _parts(document).items() if value}
    records |= {("proof", each.id, 0): each for each in found.layers} | {("network", each.id, 0): each for each in found.networks}
    records |= {("grid", each.operator, each.start): each for each in found.grids}
    records |= {("defect", each.defect, 0): each for each in found.sights}
    records |= {("statement", s.id, 0): s for book in document.derivations for s in book.statements}
    return {
        Again(of, name, examples, seed, start, tuple(others) if of in JOINED else ()): value
        for (of, name, start), value in records.items()
    }


def _parts(document: Document) -> Mapping[Kind, Any]:
    found = document.proofs
    return {
        "sizes": found.sizes, "twins": found.twins, "theorems": found.theorems, "matrix": document.matrix, "peers": document.peers,
        "rounding": tuple(map(_bound, found.rounding)),
    }  # fmt: skip


def perform(task: Task) -> Any:
    """The record anew, of the sources that are installed; None where they have none of this name."""
    seeds = (task.seed, *(task.others if isinstance(task, Again) else ()))
    try:
        found = [tasks.perform(Task(task.kind, task.name, task.examples, seed, task.start)) for seed in seeds]
    except (KeyError, StopIteration):
        return None
    one = next((each for each in found if isinstance(each, Raised)), found[0])
    return _exact(one if len(found) == 1 or isinstance(one, Raised) else JOINED[task.kind](found))


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
    """What stands in the document that no task finds and no seed changes, by its subject.

    What a whole run has and leaves out; of derivations all but statements; of controls what they are; of the other parts their
    settings.
    """
    books = {f"derivation {book.id}": book.model_copy(update={"statements": ()}) for book in document.derivations}
    cards = _cards(document.controls.wrong, document.controls.right)
    return {"whole": document.whole, "not_covered": document.not_covered, **books, **cards, **dict(_settings(document))}


def _cards(wrong: Iterable[Any], right: Iterable[Any]) -> dict[str, Any]:
    """What each control is."""
    return {f"wrong {each.id}": (each.operator, each.claim, each.source) for each in wrong} | {
        f"right {each.id}": (each.operator, each.claim) for each in right
    }


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
    cards = _cards(faults.FAULTS, faults.RIGHT)
    ladder = {**fixed_ladder(), "steps": list(STEPS)}
    anew = {
        "whole": merged(whole, document.provenance), "not_covered": limits(), **books, **cards,
        "ladder": ladder, "digits": fixed(), "training": fixed_training(),
    }  # fmt: skip
    yield from (name for name, value in said(document).items() if anew.get(name) != value)
