"""Entry by entry: every answer of the layer against every oracle that answers the whole of it."""

from __future__ import annotations

from collections.abc import Iterator

from ...evidence import Evidence, Remark, remark
from ...evidence.verdict import Place
from ...judge import Judgement
from .. import conventions
from ..examination import Examination
from ..findings import abstain, record


def evidence(examination: Examination) -> Iterator[Evidence]:
    """Tier 1: each quantity within the bound of conventional algorithms."""
    return compared(examination, tier=1)


def compared(examination: Examination, tier: int, at: Place = "case") -> Iterator[Evidence]:
    """Each oracle on each quantity, in either tier."""
    question = examination.question
    for oracle, said in question.answers.items():
        for quantity in question.quantities:
            if isinstance(said, Remark):
                yield abstain(oracle, quantity, "sampled", said, at)
            elif quantity in said:
                bound = question.bound(tier, quantity, oracle)
                found, convention = conventions.judged(examination, quantity, said[quantity], bound)
                yield record(oracle, quantity, "sampled", found, at=at, note=convention or _of_tier(tier, found))


def _of_tier(tier: int, found: Judgement | None) -> Remark | None:
    if tier == 1 or found is None:
        return None
    return remark("verification.by-norm" if found.status != "fail" else "verification.not-by-norm")
