"""Which of several cases is the simplest to follow: the one that a reader is shown, wherever one stands for many."""

from __future__ import annotations

from math import ceil, isfinite, log10, prod

from .kinds import FORM
from .verdict import Evidence, Verdict

MODERATE = 3
"""Powers of ten on either side of 1 in which numbers are read without an exponent."""


def effort(verdict: Verdict) -> tuple[int, int, int]:
    """The less the simpler: whether it fails at other numbers than its own alone; how many powers of ten its numbers lie
    beyond the moderate ones; how many they are.

    A layer that is right at the numbers of a case and wrong at others, or wrong when it is called in another way, is not seen
    to be wrong in what is shown of that case.
    """
    failing = [item for item in verdict.evidence if item.status == "fail"]
    elsewhere = bool(failing) and not any(map(_at_its_own, failing))
    scales = [item.scale for item in verdict.evidence if item.at == "case" and item.scale]
    beyond = max((ceil(abs(log10(scale))) - MODERATE for scale in scales if isfinite(scale)), default=0)
    return int(elsewhere), max(0, beyond), sum(map(prod, verdict.shapes.values()))


def _at_its_own(item: Evidence) -> bool:
    return item.at == "case" and (item.kind != "contract" or item.quantity in FORM)
