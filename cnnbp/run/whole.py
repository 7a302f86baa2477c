"""What the evidence of a whole run has: every id, what belongs to it, and how often it is tried. Read from the sources alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import get_args

from .. import faults
from ..cases.coverage import classes
from ..derivations import DERIVATIONS
from ..derivations.evaluate import enough
from ..derivations.statement import Statement
from ..evidence.kinds import ALWAYS, BATCH, FORM, TALLIES
from ..evidence.records import MOST_CASES, Contract, Known, Part, Role, Whole
from ..operators import OPERATORS, Operator
from ..operators.record import Silent
from ..proof.catalogue import PROOFS
from ..proof.defects import DEFECTS
from ..proof.grid import GRIDS
from ..proof.networks import NETWORKS
from ..proof.rocq import record
from ..proof.rounding import BOUNDED
from ..proof.sizes.checked import CLAIMS
from ..proof.sizes.refuted import twin_ids
from ..training.train import Settings
from ..verification.network import DIRECTIONS
from . import peers, proofs
from .ladder import STEPS

TRIES = 200  # within so many drawn cases a wrong layer must be caught


def trials(examples: int) -> int:
    """In how many cases a right but unusual layer must not be failed."""
    return max(1, min(examples, MOST_CASES) // 4)


def whole(examples: int) -> Whole:
    """Of a run with so many cases of each layer."""
    return Whole(
        statements={book.id: {s.id: _readings(s) for s in book.statements} for book in DERIVATIONS},
        layers={name: known(operator) for name, operator in OPERATORS.items()},
        wrong={fault.id: fault.operator for fault in faults.WRONG_CONTROLS},
        right={layer.id: layer.operator for layer in faults.RIGHT_CONTROLS},
        proofs={name: proofs.operator(name) for name in PROOFS}, defects=tuple(DEFECTS),
        sizes=tuple(CLAIMS), twins=twin_ids(), networks=tuple(NETWORKS), rounding=BOUNDED,
        grids={name: len(grid.axes) for name, grid in GRIDS.items()},
        theorems=_theorems(), tries=TRIES, points=enough(examples), trials=trials(examples),
        contract=Contract(always=ALWAYS, batch=BATCH, form=FORM),
        directions=DIRECTIONS, steps=Settings().compared, rungs=len(STEPS), parts=get_args(Part),
        peers=tuple(each.name for each in peers.read().checkers),
    )  # fmt: skip


def part(found: Whole, names: Sequence[str], proofs: Sequence[str] | None = None) -> Whole:
    """As if nothing but these were part of a whole run; `proofs`: those whose proofs are, where these are fewer."""
    proofs = names if proofs is None else proofs
    statements = {book: {id: readings for id, readings in ids.items() if id in names} for book, ids in found.statements.items()}
    kept = {name: {i: of for i, of in getattr(found, name).items() if i in names} for name in ("layers", "wrong", "right")}
    of = {name: operator for name, operator in found.proofs.items() if operator in proofs}
    grids = {name: count for name, count in found.grids.items() if name in proofs}
    parts = tuple(name for name in found.parts if name in names)
    named = {name: tuple(of for of in those if of.partition("/")[2] in names) for name, those in found.theorems.items()}
    theorems = named if any(named.values()) else {}
    proved = {"proofs": of, "grids": grids, "defects": (), "sizes": (), "twins": (), "networks": (), "rounding": (), "peers": ()}
    there = {book: ids for book, ids in statements.items() if ids}
    return found.model_copy(update={"statements": there, **kept, **proved, "theorems": theorems, "parts": parts})


def _theorems() -> dict[str, tuple[str, ...]]:
    """Every theorem, with the statements that name it."""
    named = [(f"{book.id}/{statement.id}", statement.theorems) for book in DERIVATIONS for statement in book.statements]
    return {each.name: tuple(of for of, theorems in named if each.name in theorems) for each in record.read().theorems}


def _readings(statement: Statement) -> dict[str, Role]:
    return {} if statement.experiment is None else {reading.id: reading.role for reading in statement.experiment.readings}


def known(operator: Operator) -> Known:
    """What the record of an operator says of it, before any case."""
    defaults = {field.name: field.default for field in fields(operator.layer)}
    judged = {name: _judged(operator, oracle, exact=kind == "exact at points") for name, (oracle, kind) in TALLIES.items()}
    return Known(
        gradients=operator.gradients, oracles=judged, apart=operator.samples_apart(defaults), classes=dict(classes(operator))
    )


JUDGED: Mapping[str, Callable[[Operator], Sequence[str]]] = {
    "masked_dense": lambda o: () if isinstance(o.network, Silent) else ("y", *o.gradients),
    "complex_step": lambda o: () if isinstance(o.complex_forward, Silent) else o.gradients,
    "finite_difference": lambda o: [name for name in o.gradients if not isinstance(o.differences[name], Silent)],
    "contract": lambda _: (),
}
"""Of which quantities an oracle says anything, as far as the record of the operator settles it; others may speak of all."""


def _judged(operator: Operator, oracle: str, exact: bool) -> tuple[str, ...]:
    if exact and isinstance(operator.integers, Silent):
        return ()
    return tuple(JUDGED[oracle](operator)) if oracle in JUDGED else ("y", *operator.gradients)
