"""What follows from the evidence about one layer at one case: a pass is said of what was judged, most of it, and finely."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from ..evidence import Evidence, Remark, VerdictStatus, remark
from ..evidence.kinds import COARSE, UNREACHED
from ..precision import Precision
from ..rounding import Array

COARSEST = 32  # units of roundoff of a low precision, of which a defect must be seen as of COARSE: finer is what integers show


def coarse_in(precision: Precision) -> float:
    """The share of the largest entry that must be seen in this precision."""
    return max(COARSE, COARSEST * precision.u)


def concluded(
    evidence: Sequence[Evidence], wrong: Sequence[Remark], quantities: Sequence[str], coarse: float = COARSE
) -> tuple[VerdictStatus, tuple[Remark, ...]]:
    """The status, and what is wrong or could not be judged. coarse: the share of the largest entry that must be seen."""
    if wrong or any(item.status == "fail" for item in evidence):
        return "fail", tuple(wrong)
    doubts = [doubt for quantity in quantities for doubt in doubts_of(quantity, evidence, coarse)]
    points = [item for item in evidence if item.kind == "contract"]
    unasked = [item.quantity for item in points if item.remark is not None and item.remark.code == UNREACHED]
    if unasked:  # each may be what is wrong with the layer
        doubts.append(remark("verification.points-unreached", count=len(unasked), of=len(points)))
    return ("inconclusive" if doubts or not quantities else "pass"), tuple(doubts)


def doubts_of(quantity: str, evidence: Iterable[Evidence], coarse: float) -> list[Remark]:
    """Why a quantity that nothing is wrong with is not settled; nothing where it is."""
    agreed = [item for item in evidence if item.quantity == quantity and item.status == "pass" and item.oracle != "contract"]
    if not agreed:
        return [remark("verification.not-judged", quantity=quantity)]
    most = [item for item in agreed if item.judged >= item.left_out]
    if not most:
        widest = max(agreed, key=lambda item: item.judged)
        of = widest.judged + widest.left_out
        return [remark("verification.mostly-left-out", quantity=quantity, judged=widest.judged, of=of)]
    if not any(fine(item, coarse) for item in most):
        finest = min(most, key=lambda item: (item.resolution or 0.0) / (item.scale or 1.0))
        return [remark("verification.coarse", quantity=quantity, resolution=finest.resolution, scale=finest.scale)]
    return []


def fine(item: Evidence, coarse: float = COARSE) -> bool:
    """Whether a defect of this share of the largest entry would have been seen."""
    return item.resolution is None or item.scale is None or item.resolution <= coarse * item.scale


def not_finite(
    answers: Mapping[str, Array], expected: Mapping[str, Array] | None, bound: Callable[[str], Array] | None = None
) -> list[Evidence]:
    """A failure for each answer that is not finite at a finite point; with a reference, where that and its bound are finite."""
    found = []
    for quantity, answer in answers.items():
        bad = ~np.isfinite(answer)
        if expected is not None:
            bad &= np.isfinite(expected[quantity]) if quantity in expected else False
            bad &= np.isfinite(bound(quantity)) if bound is not None and bad.any() else True
        if bad.any():
            index = tuple(int(i) for i in np.argwhere(bad)[0])
            said = remark(
                "contract.not-finite", quantity=quantity, index=index, axes="", got=float(answer[index]), entries=int(bad.sum())
            )
            found.append(Evidence("contract", "finite", "fail", "contract", remark=said))
    return found
