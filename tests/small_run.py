"""A run of few tasks, for tests of the command line."""

from __future__ import annotations

from cnnbp.run import tasks

KEPT = ("delta-output", "delta-hidden", "Dense", "matrix", "dense-dw-doubled", "dense-einsum")
SMALL = ["verify", "--examples", "4", "--seed", "1", "--jobs", "1", "--out"]
WHOLE = tasks.plan


def plan(examples: int, seed: int, only: tuple[str, ...] = ()) -> list[tasks.Task]:
    """What stands in for the plan of a whole run."""
    return [task for task in WHOLE(examples, seed, only) if task.name in KEPT]
