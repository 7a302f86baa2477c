"""Records of parts of a layer's cases joined to one: cases counted, what each oracle said summed up, the simplest failure.

However the cases are shared out among parts that follow each other, the record is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce

from ..kinds import TALLIES
from ..records import Doubt, Failure, Layer, Met, Quantity, Tally
from ..simplest import effort
from .common import NONE, Drawn, common, others
from .together import together

COUNTS = ("passed", "partly", "failed", "abstained", "vacuous", "judged", "left_out")  # of a tally
CASES = ("cases", "passed", "inconclusive", "failed")


def joined(parts: Sequence[Layer]) -> Layer:
    """All of them, in the order of their cases."""
    return reduce(_both, parts)


def _both(one: Layer, other: Layer) -> Layer:
    found = (one, other)
    options = drawn([(each.options, each.cases) for each in found])
    pairs = together([each.pairs for each in found], lambda each: (each.one, each.other))
    return one.model_copy(
        update={
            **{name: getattr(one, name) + getattr(other, name) for name in CASES},
            "oracles": tallies([each.oracles for each in found]), "quantities": _quantities(found), "options": options,
            "pairs": tuple(map(_met, pairs)), "doubts": doubts((*one.doubts, *other.doubts)),
            "resolution": largest(each.resolution for each in found), "failure": _failure(found, options),
        }
    )  # fmt: skip


def tally(name: str, said: Sequence[Tally]) -> Tally:
    """What one oracle said, summed up."""
    agreed = [found for found in said if found.passed]
    return Tally(
        **{count: sum(getattr(found, count) for found in said) for count in COUNTS},
        worst_ratio=largest(found.worst_ratio for found in agreed),
        resolution=largest(found.resolution for found in agreed),
        kinds=tuple(sorted({kind for found in said for kind in found.kinds})) or (TALLIES[name][1],),
    )


def tallies(said: Sequence[Mapping[str, Tally]]) -> dict[str, Tally]:
    """The same of each oracle that said anything, in the order of their columns."""
    there = [name for name in TALLIES if any(name in each for each in said)]
    return {name: tally(name, [each[name] for each in said if name in each]) for name in there}


def drawn(parts: Sequence[tuple[Mapping[str, Mapping[str, int]], int]]) -> dict[str, dict[str, int]]:
    """How often each value came up, of parts with so many cases each; what a part has not was in none of its cases."""
    names = dict.fromkeys(name for values, cases in parts if cases for name in values)
    return {name: _summed([values.get(name, {NONE: cases}) for values, cases in parts if cases]) for name in names}


def doubts(found: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Alike ones added up, the most frequent first."""
    alike: dict[str, list[Doubt]] = {}
    for doubt in found:
        alike.setdefault(repr((doubt.quantity, doubt.remark)), []).append(doubt)
    sums = {
        key: Doubt(
            quantity=those[0].quantity, remark=those[0].remark,
            cases=sum(each.cases for each in those), left_out=sum(each.left_out for each in those),
        )
        for key, those in alike.items()
    }  # fmt: skip
    return tuple(sums[key] for key in sorted(sums, key=lambda key: (-sums[key].cases, key)))


def largest(values: Iterable[float | None]) -> float | None:
    """The largest of those that are there."""
    return max((value for value in values if value is not None), default=None)


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found = Counter[str]()
    for each in counts:
        found.update(each)
    return dict(found)


def _quantities(found: Sequence[Layer]) -> dict[str, Quantity]:
    names = dict.fromkeys(name for each in found for name in each.quantities)
    return {name: _quantity([each.quantities[name] for each in found if name in each.quantities]) for name in names}


def _quantity(rows: Sequence[Quantity]) -> Quantity:
    counts = {name: sum(getattr(row, name) for row in rows) for name in ("cases", "silent", "coarse")}
    return Quantity(**counts, oracles=tallies([row.oracles for row in rows]))


def _met(those: Sequence[Met]) -> Met:
    one, other = those
    return one.model_copy(update={"counts": tuple(tuple(_cells(*rows)) for rows in zip(one.counts, other.counts, strict=True))})


def _cells(one: Sequence[int | None], other: Sequence[int | None]) -> Iterator[int | None]:
    yield from (None if a is None or b is None else a + b for a, b in zip(one, other, strict=True))


def _failure(found: Sequence[Layer], options: Drawn) -> Failure | None:
    """The simplest, with what it has in common with all."""
    failing = [each.failure for each in found if each.failure is not None]
    if not failing:
        return None
    shown = min(failing, key=lambda each: (effort(each.verdict), each.number, each.rerun))
    failures, quantities = sum(each.failures for each in failing), _summed(each.quantities for each in failing)
    among = drawn([(each.among, each.failures) for each in failing])
    told = common(failures, quantities, among, others(options, among))
    return shown.model_copy(update={"failures": failures, "quantities": quantities, "among": among, "common": told})
