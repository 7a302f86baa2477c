"""From the results of tasks to one evidence document, whether all of them are there or only the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from ..derivations import DERIVATIONS
from ..derivations.evaluate import record
from ..evidence import Remark, records, remark
from ..evidence.proof import GridProof, Sight
from ..evidence.status import concluded
from .layers import merge
from .plan import Plan
from .proofs import NETWORK, Rounding, Twins
from .slices import Slice
from .tasks import Result, Task

T = TypeVar("T")
NOT_COVERED = ("other-texts", "exact-points", "float-points", "kinks", "small-shapes")


def assemble(
    done: Mapping[Task, Result],
    plan: Plan,
    origin: records.Provenance,
    trouble: Remark | None = None,
    folded: Iterable[records.Layer] = (),
) -> records.Document:
    """The document. Whatever a whole run has and is not done is missing, and nothing that is incomplete holds.

    `trouble` says why nothing more will come, where that is so; `folded` has the layers whose slices are joined already.
    """
    found = [done[task] for task in plan.tasks if task in done]
    controls = records.Controls(wrong=_all(records.Wrong, found), right=_all(records.Right, found))
    return concluded(
        records.Document(
            format=records.FORMAT, status="incomplete", trouble=trouble, provenance=origin, whole=plan.whole,
            derivations=_derivations(_all(records.Statement, found)),
            layers=_layers(_all(Slice, found), folded, origin.seed, plan.whole), controls=controls, proofs=_proofs(found),
            matrix=_one(records.Matrix, found), ladder=_one(records.Ladder, found), digits=_one(records.DigitsRun, found),
            training=_one(records.Training, found), peers=_one(records.Peers, found),
            raised=tuple(dict.fromkeys(_all(records.Raised, found))), not_covered=limits(),
        )
    )  # fmt: skip


def limits() -> tuple[Remark, ...]:
    """What no run covers."""
    return tuple(remark(f"run.not-covered.{name}") for name in NOT_COVERED)


def _proofs(found: list[Result]) -> records.Proofs:
    """In the order of the tasks."""
    twins, rounding = _one(Twins, found), _one(Rounding, found)
    proved = _all(records.Proved, found)
    return records.Proofs(
        layers=tuple(each for each in proved if each.of != NETWORK),
        networks=tuple(each for each in proved if each.of == NETWORK),
        grids=_all(GridProof, found), sights=_all(Sight, found), sizes=_one(records.Sizes, found),
        twins=twins.twins if twins else (), rounding=rounding.bounds if rounding else (), theorems=_one(records.Theorems, found),
    )  # fmt: skip


def _all(kind: type[T], found: Iterable[Result]) -> tuple[T, ...]:
    return tuple(result for result in found if isinstance(result, kind))


def _one(kind: type[T], found: Iterable[Result]) -> T | None:
    return next((result for result in found if isinstance(result, kind)), None)


def _derivations(statements: tuple[records.Statement, ...]) -> tuple[records.Derivation, ...]:
    """Those of which any statement is there."""
    there = {statement.id: statement for statement in statements}
    found = ((derivation, [there[s.id] for s in derivation.statements if s.id in there]) for derivation in DERIVATIONS)
    return tuple(record(derivation, those) for derivation, those in found if those)


def _layers(
    slices: tuple[Slice, ...], folded: Iterable[records.Layer], seed: int, whole: records.Whole
) -> tuple[records.Layer, ...]:
    """In the order in which a whole run has them, whichever was done first."""
    operators = dict.fromkeys(part.operator for part in slices)
    merged = [*folded, *(merge([part for part in slices if part.operator == name], seed) for name in operators)]
    there = {layer.operator: layer for layer in merged}
    return tuple(there[name] for name in dict.fromkeys((*whole.layers, *there)) if name in there)
