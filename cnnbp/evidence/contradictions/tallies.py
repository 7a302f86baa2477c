"""A tally against itself: cases add up, entries and measures fit what it says of them, and its kind is one that it can give."""

from __future__ import annotations

from collections.abc import Iterator

from ..kinds import TALLIES
from ..records import Tally
from ..verdict import Remark
from .unless import unless


def tally(name: str, found: Tally, cases: int, failed: int, every: bool = True) -> Iterator[Remark]:
    """What one oracle said in so many cases, of which so many failed; in `every` one of them, or in some."""
    ended, ratio, resolution = found.passed + found.failed + found.vacuous, found.worst_ratio, found.resolution
    kind = TALLIES[name][1] if name in TALLIES else None
    points, most = kind == "contract", 0 if kind == "exact at points" else 1  # points of the contract, not entries
    measured = ratio is not None and resolution is not None and 0 <= ratio <= most and resolution >= 0
    count = ended + found.abstained
    checks = {
        "tally": (count == cases if every else count <= cases) and found.partly <= found.passed,
        "tally-fails": found.failed <= failed,
        "tally-kinds": found.kinds == (kind,),
        "tally-judged": found.judged == found.left_out == 0 if points else (found.judged > 0) == (ended > 0),
        "tally-ratio": ratio is None is resolution if points or not found.passed else measured,
        "tally-exact": kind != "exact at points" or not resolution,
    }
    yield from unless(found, checks, oracle=name, kinds=found.kinds, count=count, cases=cases)
