"""Proofs against their claims, grids against how many geometries there are: nothing is proved that its own record disproves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from ..proof import GridProof, RoundingBound
from ..records import Document, SizeClaim, Twin, Whole
from ..verdict import Remark
from .proved import NETWORK, proved
from .unless import unless

MOST = 2.0**-64  # the probability that anything wrong passed, in all proofs of a run together


def proofs(found: Document) -> Iterator[Remark]:
    """All of them, and what they add up to."""
    there, whole = found.proofs, found.whole
    for each in (*there.layers, *there.networks):
        yield from proved(each, whole.layers[each.of].gradients if each.of in whole.layers else None)
    for each in there.layers:
        operator = whole.proofs.get(each.id)
        yield from unless(each, {"proof-operator": operator in (None, each.of) and each.of != NETWORK}, record=each.id)
    for operator in dict.fromkeys(each.operator for each in there.grids):
        yield from grid([each for each in there.grids if each.operator == operator], whole.grids.get(operator))
    if there.sizes is not None:
        kernel = hashlib.sha256(there.sizes.kernel_text.encode()).hexdigest()
        yield from unless(there.sizes, {"kernel": kernel == there.sizes.kernel}, record="sizes")
        for claim in there.sizes.claims:
            yield from unless(claim, {"size-claim": _size_claim(claim)}, record=claim.id)
    for twin in there.twins:
        yield from unless(twin, {"twin": _twin(twin, whole)}, record=twin.id)
    for bound in there.rounding:
        yield from unless(bound, {"bound": _bound(bound)}, record=f"{bound.layer} {bound.quantity}")
    errors = [each.proof.error for each in there.layers if each.proof.error] + [each.error for each in there.grids]
    yield from unless(found, {"proofs-error": sum(errors) <= MOST}, sum=sum(errors), most=MOST)


def grid(slices: Sequence[GridProof], geometries: int | None) -> Iterator[Remark]:
    """Slices of one grid: every so many-th geometry each, failures that are none of a proof, and a probability that these have."""
    steps = {each.step for each in slices}
    for each in slices:
        proved_ = each.shapes - len(each.failures)
        shapes = len(range(each.start, geometries, each.step)) if geometries and each.step > 0 else each.shapes
        checks = {
            "grid-shapes": len(steps) == 1 and 0 <= each.start < each.step and each.shapes == shapes,
            "grid-failures": proved_ >= 0 and all(failure.status != "proved" for failure in each.failures),
            "grid-error": 0 <= each.error < 1 and (each.error > 0) == (proved_ > 0),
            "grid-products": (each.products > 0) == (proved_ > 0) and each.products >= 0,
        }
        yield from unless(each, checks, record=each.operator, count=each.shapes, wanted=shapes)


def _size_claim(claim: SizeClaim) -> bool:
    """No more refused than there is; instances of the same letters, or some of which none shows that they can be; none twice."""
    lists = (claim.hypotheses, claim.refused, claim.vacuous, tuple(map(repr, claim.instances)))
    letters = {tuple(sorted(instance)) for instance in claim.instances}
    instanced = len(letters) == 1 or (not letters and claim.vacuous != ())
    return 0 < claim.paths <= claim.conditions >= len(claim.refused) and instanced and all(len(set(a)) == len(a) for a in lists)


def _twin(twin: Twin, whole: Whole) -> bool:
    """It is another text, of a claim that there is, and some of its conditions are false at numbers that are shown."""
    claimed = twin.claim in whole.sizes and twin.old != twin.new
    return claimed and twin.short > 0 and 0 < twin.false <= twin.conditions and twin.numbers != {}


def _bound(found: RoundingBound) -> bool:
    """Over an interval, in pieces, with errors that were seen at points; and where there is no bound a remark says why."""
    errors = (found.seen, found.assumed, *found.measured.values())
    counted = found.pieces > 0 and found.points > 0 and found.interval[0] < found.interval[1]
    return counted and min(errors) >= 0 and found.measured != {} and (found.bound is None) == (found.remark is not None)
