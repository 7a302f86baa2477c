"""Evidence of a verdict in few rows: quantities of which the same is said are told together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnnbp.evidence.verdict import Evidence


@dataclass(frozen=True)
class Alike:
    """What one oracle said alike of several quantities: the first of them, all their names, and the worst and the sum of all."""

    first: Evidence
    quantities: Sequence[str]
    ratio: float | None
    resolution: float | None
    judged: int


def alike(evidence: Iterable[Evidence]) -> list[Alike]:
    """A row for whatever is said alike; every number of it stands in the evidence."""
    found: dict[object, list[Evidence]] = defaultdict(list)
    for each in evidence:
        found[each.oracle, each.status, each.kind, each.at, each.left_out, repr(each.remark)].append(each)
    return [_row(those) for those in found.values()]


def _row(those: Sequence[Evidence]) -> Alike:
    ratio = max((each.ratio for each in those if each.ratio is not None), default=None)
    resolution = max((each.resolution for each in those if each.resolution is not None), default=None)
    names = list(dict.fromkeys(each.quantity for each in those))
    return Alike(those[0], names, ratio, resolution, sum(each.judged for each in those))
