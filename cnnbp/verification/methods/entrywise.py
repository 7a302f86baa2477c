"""Entry by entry: every answer of the layer against every oracle that answers the whole of it."""

from __future__ import annotations

from collections.abc import Iterator

from ...evidence import Evidence, Remark, remark
from ...evidence.verdict import Place
from ...judge import Judgement, compare
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
                found = compare(examination.answers[quantity], said[quantity], question.bound(tier, quantity, oracle))
                yield record(oracle, quantity, "sampled", found, at=at, note=_of_tier(tier, found))


def _of_tier(tier: int, found: Judgement | None) -> Remark | None:
    if tier == 1 or found is None:
        return None
    return remark("verification.by-norm" if found.status != "fail" else "verification.not-by-norm")
