"""Entry by entry: every answer of the layer against every oracle that answers the whole of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...evidence.verdict import Place
from ...judge import Judgement, compare
from ...precision import FLOAT64
from ...rounding import Array
from .. import conventions
from ..examination import Examination
from ..findings import abstain, record

PARTS = (0.0, 2.0**-7, 2.0**-5, 2.0**-3)


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
                found, note = _judged(examination, tier, oracle, quantity, said[quantity])
                yield record(oracle, quantity, "sampled", found, at=at, note=note)


def _judged(
    examination: Examination, tier: int, oracle: str, quantity: str, expected: Array
) -> tuple[Judgement | None, Remark | None]:
    """In half precision, first as sharply as what is rounded only once can be, then by parts of the bound.

    The bound of sums in such a precision is wide. What exceeds it is wrong; errors within a part of it show so much more.
    """
    question, actual = examination.question, examination.answers[quantity]
    wide = question.bound(tier, quantity, oracle)
    once = question.rounded_once(quantity, oracle, expected) if tier == 1 else None
    if once is not None:
        for part in PARTS:
            found = compare(actual, expected, np.fmax(once, part * np.where(wide < np.inf, wide, 0)))
            if found is not None and found.status != "fail":
                code = "rounded-once" if part == 0 else "part-of-bound"
                return found, remark(f"verification.{code}", precision=question.precision.name, part=part)
    found, convention = conventions.judged(examination, quantity, expected, wide)
    if found is None and question.precision is not FLOAT64:
        return None, remark("verification.beyond-precision", precision=question.precision.name)
    return found, convention or _of_tier(tier, found)


def _of_tier(tier: int, found: Judgement | None) -> Remark | None:
    if tier == 1 or found is None:
        return None
    return remark("verification.by-norm" if found.status != "fail" else "verification.not-by-norm")
