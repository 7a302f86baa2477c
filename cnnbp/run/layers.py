"""Drawn cases of a layer as its record: cases counted, what each oracle said summed up, the simplest failure shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..cases import coverage
from ..evidence.joining import layers as joining
from ..evidence.joining.common import NONE, common, others
from ..evidence.kinds import TALLIES
from ..evidence.records import Doubt, Failure, Layer, Met, Quantity, Tally, rerun_case
from ..operators import OPERATORS
from .slices import COARSE, Slice, Tried, simplest


def merge(parts: Sequence[Slice], seed: int) -> Layer:
    """However the cases are shared out, the record is the same."""
    return joining.joined([record(part, seed) for part in sorted(parts, key=lambda part: part.cases[0].number)])


def record(part: Slice, seed: int) -> Layer:
    """The cases of one slice."""
    tried, operator = part.cases, part.operator
    statuses, options = Counter(found.status for found in tried), _drawn(tried)
    return Layer(
        operator=operator,
        cases=len(tried), passed=statuses["pass"], inconclusive=statuses["inconclusive"], failed=statuses["fail"],
        oracles={name: joining.tally(name, [found.oracles[name] for found in tried]) for name in TALLIES},
        quantities=_quantities(tried), options=options,
        doubts=joining.doubts(Doubt(quantity=of, remark=why, cases=1, left_out=n) for each in tried for of, why, n in each.doubts),
        classes=dict(classes := coverage.classes(OPERATORS[operator])), pairs=tuple(_met(classes, tried)),
        resolution=joining.largest(found.resolution for found in tried if found.status == "pass"),
        failure=_failure(operator, tried, options, seed),
    )  # fmt: skip


def _quantities(tried: Sequence[Tried]) -> dict[str, Quantity]:
    """In the order in which the first case has them."""
    names = dict.fromkeys(name for found in tried for name in found.quantities)
    coarse = Counter(quantity for found in tried for quantity, said, _ in found.doubts if said.code in COARSE.values())
    of = {name: [found.quantities[name] for found in tried if name in found.quantities] for name in names}
    return {name: _quantity(said, coarse[name]) for name, said in of.items()}


def _quantity(said: Sequence[Mapping[str, Tally]], coarse: int) -> Quantity:
    silent = sum(not any(tally.passed or tally.failed for tally in tallies.values()) for tallies in said)
    return Quantity(cases=len(said), silent=silent, coarse=coarse, oracles=joining.tallies(said))


def _drawn(tried: Sequence[Tried]) -> dict[str, dict[str, int]]:
    names = dict.fromkeys(name for found in tried for name in found.drawn)
    return {name: dict(Counter(found.drawn.get(name, NONE) for found in tried)) for name in names}


def _met(classes: coverage.Classes, tried: Sequence[Tried]) -> Iterator[Met]:
    for one, other, possible in coverage.pairs(classes):
        counts = Counter((found.classes[one], found.classes[other]) for found in tried)
        cells = zip(classes[one], possible, strict=True)
        rows = [[counts[a, b] if can else None for b, can in zip(classes[other], row, strict=True)] for a, row in cells]
        yield Met(one=one, other=other, counts=tuple(map(tuple, rows)))


def _failure(operator: str, tried: Sequence[Tried], options: Mapping[str, Mapping[str, int]], seed: int) -> Failure | None:
    failing = [found for found in tried if found.status == "fail"]
    shown = simplest(failing)
    if shown is None or shown.verdict is None:
        return None
    quantities, among = dict(Counter(name for found in failing for name in found.wrong)), _drawn(failing)
    return Failure(
        number=shown.number, traits=shown.traits, options=shown.options, verdict=shown.verdict, failures=len(failing),
        quantities=quantities, common=common(len(failing), quantities, among, others(options, among)),
        rerun=rerun_case(operator, shown.number, seed), among=among,
    )  # fmt: skip
