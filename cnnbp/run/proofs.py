"""The proofs of a run, as tasks: each layer at its shape, each slice of a grid, each planted defect."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Literal

from ..evidence import records
from ..evidence.proof import GridProof, RoundingBound, Sight
from ..proof import catalogue, defects, grid
from ..proof.networks import network_proof
from ..proof.rocq import theorem_status
from ..proof.rounding import rounding_bounds
from ..proof.sizes import check, twins

NETWORK = "Network"  # in the place of an operator
STEP = 8  # slices of a grid: each takes as long as a layer's cases


@dataclass(frozen=True)
class Twins:
    """All of them, in the order in which they are listed."""

    twins: tuple[records.Twin, ...]


@dataclass(frozen=True)
class Rounding:
    """All of them, in the order in which they are listed."""

    bounds: tuple[RoundingBound, ...]


def proved(name: str, seed: int) -> records.Proved:
    """A layer at the shape that stands under this name."""
    return records.Proved(id=name, of=operator(name), proof=catalogue.proof(name, seed))


def operator(name: str) -> str:
    """Of which layer this is a proof."""
    return type(catalogue.PROOFS[name][0]).__name__


def grid_slice(name: str, start: int, seed: int) -> GridProof:
    """Every STEP-th geometry of an operator."""
    return grid.prove_slice(name, start, STEP, seed)


def sizes() -> records.Sizes:
    """What the kernel says of the certificates that are shipped."""
    found = check()
    claims = tuple(
        records.SizeClaim(
            id=claim.id, hypotheses=claim.hypotheses, paths=claim.paths, conditions=claim.conditions, refused=claim.refused,
            vacuous=claim.vacuous, instances=tuple(map(dict, claim.instances)),
        )
        for claim in found.claims
    )  # fmt: skip
    text = resources.files("cnnbp.proof.sizes").joinpath("kernel.py").read_text(encoding="utf-8")
    return records.Sizes(claims=claims, source=found.source, kernel=found.kernel, kernel_text=text)


def network(name: str) -> records.Proved:
    """A whole network."""
    return records.Proved(id=name, of=NETWORK, proof=network_proof(name))


def rounding() -> Rounding:
    """The elementwise layers, forward and backward."""
    return Rounding(rounding_bounds())


def theorems() -> records.Theorems:
    """What Rocq checked, and whether it is about these sources."""
    found = theorem_status()
    told = tuple(
        records.Theorem(name=t.name, file=t.file, meaning=t.meaning, statement=t.statement, axioms=t.axioms) for t in found.theorems
    )
    status: Literal["checked for this source", "not for this source"]
    status = "not for this source" if found.reasons else "checked for this source"
    return records.Theorems(status=status, version=found.version, theorems=told, reasons=found.reasons)


def refuted_twins() -> Twins:
    """The wrong sources, each with its smallest counterexample."""
    fields = ("id", "claim", "old", "new", "goal", "short", "conditions", "false")
    made = ({name: getattr(twin, name) for name in fields} | {"numbers": dict(twin.numbers)} for twin in twins())
    return Twins(tuple(records.Twin(**each) for each in made))


def sight(name: str) -> Sight:
    """What sees a planted defect."""
    return defects.sight(name)
