"""The slices of one layer joined to its record: cases counted, what each oracle said summed up, the simplest failure shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..evidence import Remark
from ..evidence.records import Doubt, Failure, Layer, Tally, rerun
from .common import common
from .slices import ORACLES, Said, Slice, Tried, simplest

NONE = "none"  # the value of an option in a case that has no such option


def merge(parts: Sequence[Slice], seed: int) -> Layer:
    """However the cases are shared out, the record is the same."""
    tried = sorted((found for part in parts for found in part.cases), key=lambda found: found.number)
    statuses = Counter(found.status for found in tried)
    return Layer(
        operator=parts[0].operator, cases=len(tried), passed=statuses["pass"], inconclusive=statuses["inconclusive"],
        failed=statuses["fail"], oracles={name: _tally(name, [found.oracles[name] for found in tried]) for name in ORACLES},
        options=_options(tried), doubts=_doubts(tried), failure=_failure(parts[0].operator, tried, seed),
    )  # fmt: skip


def _tally(name: str, said: Sequence[Said]) -> Tally:
    statuses = Counter(found.status for found in said)
    kinds = frozenset[str]().union(*(found.kinds for found in said))
    return Tally(
        passed=statuses["passed"], partly=sum(found.partly for found in said), failed=statuses["failed"],
        abstained=statuses["abstained"], vacuous=statuses["vacuous"],
        judged=sum(found.judged for found in said), left_out=sum(found.left_out for found in said),
        worst_ratio=max((found.worst_ratio for found in said if found.worst_ratio is not None), default=None),
        resolution=max((found.resolution for found in said if found.resolution is not None), default=None),
        kinds=tuple(sorted(kinds)) or (ORACLES[name],),
    )  # fmt: skip


def _options(tried: Sequence[Tried]) -> dict[str, dict[str, int]]:
    names = dict.fromkeys(name for found in tried for name in found.drawn)
    return {name: dict(Counter(found.drawn.get(name, NONE) for found in tried)) for name in names}


def _doubts(tried: Sequence[Tried]) -> tuple[Doubt, ...]:
    """The most frequent first."""
    cases, left_out, remarks = Counter[str](), Counter[str](), dict[str, tuple[str, Remark]]()
    for quantity, why, entries in (doubt for found in tried for doubt in found.doubts):
        key = f"{quantity} {why}"
        remarks[key] = quantity, why
        cases[key] += 1
        left_out[key] += entries
    return tuple(
        Doubt(quantity=remarks[key][0], remark=remarks[key][1], cases=count, left_out=left_out[key])
        for key, count in cases.most_common()
    )


def _failure(operator: str, tried: Sequence[Tried], seed: int) -> Failure | None:
    failing = [found for found in tried if found.status == "fail"]
    shown = simplest([found for found in failing if found.verdict is not None])
    if shown is None or shown.verdict is None:
        return None
    return Failure(
        number=shown.number, traits=shown.traits, options=shown.options, verdict=shown.verdict, failures=len(failing),
        quantities=dict(Counter(name for found in failing for name in found.wrong)),
        common=common(failing, [found for found in tried if found.status == "pass"]),
        rerun=rerun(f"{operator}/{shown.number}", seed),
    )  # fmt: skip
