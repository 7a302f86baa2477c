"""A run of few tasks, for tests of the command line: a whole one of these parts alone."""

from __future__ import annotations

from collections.abc import Sequence

from cnnbp.run.plan import Plan, part
from cnnbp.run.plan import plan as everything

KEPT = ("delta-output", "delta-hidden", "Dense", "matrix", "dense-dw-doubled", "dense-einsum", "theorems")
SMALL = ["verify", "--examples", "4", "--seed", "1", "--jobs", "1", "--out"]


def plan(examples: int, seed: int, only: Sequence[str] = ()) -> Plan:
    """What stands in for the plan of a whole run."""
    found = everything(examples, seed, only)
    return Plan(tuple(task for task in found.tasks if task.name in KEPT), part(found.whole, KEPT))
