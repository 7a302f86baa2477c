"""The proofs of the run, each in its place; what a whole run has and this one lacks shows as missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cnnbp.evidence.proof import RoundingBound, Sight
from cnnbp.evidence.records import Proved, SizeClaim, Sizes, Theorems, Twin
from cnnbp.evidence.status import of_grid, of_proof, of_size_claim

from ..marks import MARKS, Mark
from ..setting import Place, Setting

WORDS = {"proved": "pass", "refuted": "fail", "abstains": "inconclusive", "contradicted": "contradicted"}


@dataclass(frozen=True)
class Grid:
    """All geometries of one operator."""

    operator: str
    shapes: int
    wanted: int
    products: int
    error: float
    mark: Mark


@dataclass(frozen=True)
class Proofs:
    """Everything that is more than a sample."""

    layers: Sequence[Place[Proved]]
    networks: Sequence[Place[Proved]]
    rounding: Sequence[RoundingBound]
    grids: Sequence[Grid]
    sights: Sequence[Place[Sight]]
    sizes: Sizes | None
    claims: Sequence[tuple[SizeClaim, Mark, int]]
    """Of all sizes; with each, of how many that follow each other its hypotheses are, itself included: 0 where they stand above."""
    twins: Sequence[Twin]
    theorems: Theorems | None


def proofs(setting: Setting) -> Proofs | None:
    """None where a whole run has none."""
    found, whole = setting.document.proofs, setting.document.whole
    layers = setting.places(whole.proofs, found.layers, lambda each: each.id, "proof-{}".format, lambda each: WORDS[of_proof(each)])
    seen = setting.places(
        whole.defects,
        found.sights,
        lambda each: each.defect,
        "defect-{}".format,
        lambda each: "caught" if each.caught else "missed",
    )
    if not (layers or found.grids or found.sizes or found.theorems or whole.grids):
        return None
    networks = setting.places(
        whole.networks, found.networks, lambda each: each.id, "network-{}".format, lambda each: WORDS[of_proof(each)]
    )
    return Proofs(
        layers, networks, found.rounding, _grids(setting), seen, found.sizes, [*_claims(found.sizes)], found.twins, found.theorems
    )


def _grids(setting: Setting) -> list[Grid]:
    found, whole = setting.document.proofs.grids, setting.document.whole.grids
    rows = []
    for operator in dict.fromkeys((*whole, *(each.operator for each in found))):
        slices = [each for each in found if each.operator == operator]
        shapes, wanted = sum(each.shapes for each in slices), whole.get(operator, 0)
        status = "missing" if not slices else "incomplete" if shapes < wanted else WORDS[of_grid(slices)]
        products, error = sum(each.products for each in slices), sum(each.error for each in slices)
        rows.append(Grid(operator, shapes, wanted, products, error, MARKS[status]))
    return rows


def _claims(sizes: Sizes | None) -> Iterator[tuple[SizeClaim, Mark, int]]:
    for _, found in groupby(sizes.claims if sizes else (), lambda claim: claim.hypotheses):
        alike = list(found)
        for number, claim in enumerate(alike):
            yield claim, MARKS["pass" if of_size_claim(claim) else "inconclusive"], 0 if number else len(alike)
