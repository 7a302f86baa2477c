"""A run of few tasks, for tests of the command line: a whole one of these parts alone."""

from __future__ import annotations

from collections.abc import Sequence

from cnnbp.evidence.records import Whole
from cnnbp.run.plan import Plan
from cnnbp.run.plan import plan as everything

KEPT = ("delta-output", "delta-hidden", "Dense", "matrix", "dense-dw-doubled", "dense-einsum")
SMALL = ["verify", "--examples", "4", "--seed", "1", "--jobs", "1", "--out"]


def plan(examples: int, seed: int, only: Sequence[str] = ()) -> Plan:
    """What stands in for the plan of a whole run."""
    found = everything(examples, seed, only)
    return Plan(tuple(task for task in found.tasks if task.name in KEPT), kept(found.whole))


def kept(whole: Whole) -> Whole:
    """As if nothing else had ever been part of a run."""
    statements = {name: tuple(s for s in ids if s in KEPT) for name, ids in whole.statements.items()}
    lists = {name: tuple(i for i in getattr(whole, name) if i in KEPT) for name in ("layers", "wrong", "right", "parts")}
    return Whole(statements=statements, **lists)
