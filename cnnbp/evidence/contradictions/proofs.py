"""Proofs against their claims, grids against how many geometries there are: nothing is proved that its own record disproves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from ..proof import GridProof, Proof
from ..records import Document, Proved
from ..verdict import Remark
from .unless import unless

MOST = 2.0**-64  # the probability that anything wrong passed, in all proofs of a run together


def proofs(found: Document) -> Iterator[Remark]:
    """All of them, and what they add up to."""
    for network in found.proofs.networks:
        yield from proved(network)
    for each in found.proofs.layers:
        yield from proved(each)
        yield from unless(each, {"proof-operator": found.whole.proofs.get(each.id) in (None, each.of)}, record=each.id)
    for operator, count in _counted(found.proofs.grids).items():
        wanted = found.whole.grids.get(operator, count)
        yield from unless(found, {"grid-shapes": count <= wanted}, record=operator, count=count, wanted=wanted)
    for slice_ in found.proofs.grids:
        yield from grid(slice_)
    sizes = found.proofs.sizes
    if sizes is not None:
        text = sizes.kernel_text
        yield from unless(sizes, {"kernel": hashlib.sha256(text.encode()).hexdigest() == sizes.kernel}, record="sizes")
        for claim in sizes.claims:
            checks = {"size-claim": len(claim.refused) <= claim.conditions and (claim.instances != () or claim.vacuous != ())}
            yield from unless(claim, checks, record=claim.id)
    for twin in found.proofs.twins:
        yield from unless(
            twin, {"twin": twin.short > 0 and 0 < twin.false <= twin.conditions and twin.old != twin.new}, record=twin.id
        )
    errors = [p.proof.error for p in found.proofs.layers if p.proof.error] + [g.error for g in found.proofs.grids]
    yield from unless(found, {"proofs-error": sum(errors) <= MOST}, sum=sum(errors), most=MOST)


def proved(found: Proved) -> Iterator[Remark]:
    """One proof is of its layer, and no better than its claims."""
    proof = found.proof
    checks = {"proof-status": proof.status == status(proof), "proof-layer": proof.layer.partition("(")[0] == found.of}
    checks |= {
        "proof-claims": len({claim.name for claim in proof.claims}) == len(proof.claims),
        "proof-kind": (proof.kind is None) == (proof.status == "abstains"),
        "proof-witness": proof.witness is None or proof.status == "refuted",
        "proof-error": proof.error is None or 0 < proof.error < 1,
        "proof-silent": (proof.remark is None) == (proof.status == "proved"),
    }
    yield from unless(found, checks, record=found.id, says=proof.status, follows=status(proof))


def status(proof: Proof) -> str:
    """What follows from the claims: one that is refuted refutes, and those about unknown numbers must all be proved."""
    of: dict[str, str] = {claim.name: claim.status if claim.compared else "abstains" for claim in proof.claims}
    if any(claim.status == "refuted" for claim in proof.claims):
        return "refuted"
    if "update" in of:  # of a whole network
        wanted: tuple[str, ...] = ("loss-gradient", "update")
    else:
        wanted = ("gradient", "forward", "gradients") if proof.kind == "symbolic" and proof.like else ("gradient",)
    return "proved" if all(of.get(name) == "proved" for name in wanted) else "abstains"


def grid(found: GridProof) -> Iterator[Remark]:
    """No more failures than shapes, none of them a proof, and a probability that so many can have."""
    checks = {
        "grid-failures": len(found.failures) <= found.shapes and all(f.status != "proved" for f in found.failures),
        "grid-error": 0 <= found.error < 1 and (found.error > 0 or found.shapes == len(found.failures)),
    }
    yield from unless(found, checks, record=found.operator)


def _counted(grids: tuple[GridProof, ...]) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for found in grids:
        counted[found.operator] = counted.get(found.operator, 0) + found.shapes
    return counted
