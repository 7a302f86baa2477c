"""The proofs of a run, as tasks: each layer at its shape, each slice of a grid, each planted defect."""

from __future__ import annotations

from ..evidence import records
from ..evidence.proof import GridProof, Sight
from ..proof import catalogue, defects, grid

STEP = 8  # slices of a grid: each takes as long as a layer's cases


def proved(name: str, seed: int) -> records.Proved:
    """A layer at the shape that stands under this name."""
    return records.Proved(id=name, of=operator(name), proof=catalogue.proof(name, seed))


def operator(name: str) -> str:
    """Of which layer this is a proof."""
    return type(catalogue.PROOFS[name][0]).__name__


def grid_slice(name: str, start: int, seed: int) -> GridProof:
    """Every STEP-th geometry of an operator."""
    return grid.prove_slice(name, start, STEP, seed)


def sight(name: str) -> Sight:
    """What sees a planted defect."""
    return defects.sight(name)
