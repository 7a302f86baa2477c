"""The slices of one layer joined to its record: cases counted, what each oracle said summed up, the simplest failure shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..cases import coverage
from ..evidence import Remark
from ..evidence.kinds import TALLIES
from ..evidence.records import Doubt, Failure, Layer, Met, Quantity, Tally, rerun_case
from ..operators import OPERATORS
from .common import common
from .slices import COARSE, Slice, Tried, largest, simplest

NONE = "none"  # the value of an option in a case that has no such option
COUNTS = ("passed", "partly", "failed", "abstained", "vacuous", "judged", "left_out")  # of a tally


def merge(parts: Sequence[Slice], seed: int) -> Layer:
    """However the cases are shared out, the record is the same."""
    tried = sorted((found for part in parts for found in part.cases), key=lambda found: found.number)
    statuses = Counter(found.status for found in tried)
    return Layer(
        operator=parts[0].operator,
        cases=len(tried), passed=statuses["pass"], inconclusive=statuses["inconclusive"], failed=statuses["fail"],
        oracles={name: _tally(name, [found.oracles[name] for found in tried]) for name in TALLIES},
        quantities=_quantities(tried), options=_options(tried), doubts=_doubts(tried),
        classes=dict(classes := coverage.classes(OPERATORS[parts[0].operator])), pairs=tuple(_met(classes, tried)),
        resolution=largest(found.resolution for found in tried if found.status == "pass"),
        failure=_failure(parts[0].operator, tried, seed),
    )  # fmt: skip


def _tally(name: str, said: Sequence[Tally]) -> Tally:
    agreed = [found for found in said if found.passed]
    return Tally(
        **{count: sum(getattr(found, count) for found in said) for count in COUNTS},
        worst_ratio=largest(found.worst_ratio for found in agreed),
        resolution=largest(found.resolution for found in agreed),
        kinds=tuple(sorted({kind for found in said for kind in found.kinds})) or (TALLIES[name][1],),
    )


def _quantities(tried: Sequence[Tried]) -> dict[str, Quantity]:
    """In the order in which the first case has them."""
    names = dict.fromkeys(name for found in tried for name in found.quantities)
    speakers = [name for name in TALLIES if any(not found.oracles[name].abstained for found in tried)]
    coarse = Counter(quantity for found in tried for quantity, said, _ in found.doubts if said.code in COARSE.values())
    of = {name: [found.quantities[name] for found in tried if name in found.quantities] for name in names}
    return {name: _quantity(said, speakers, coarse[name]) for name, said in of.items()}


def _quantity(said: Sequence[Mapping[str, Tally]], speakers: Sequence[str], coarse: int) -> Quantity:
    silent = sum(not any(tally.passed or tally.failed for tally in tallies.values()) for tallies in said)
    spoke = [name for name in speakers if any(name in tallies for tallies in said)]
    oracles = {name: _tally(name, [tallies[name] for tallies in said if name in tallies]) for name in spoke}
    return Quantity(cases=len(said), silent=silent, coarse=coarse, oracles=oracles)


def _options(tried: Sequence[Tried]) -> dict[str, dict[str, int]]:
    names = dict.fromkeys(name for found in tried for name in found.drawn)
    return {name: dict(Counter(found.drawn.get(name, NONE) for found in tried)) for name in names}


def _met(classes: coverage.Classes, tried: Sequence[Tried]) -> Iterator[Met]:
    for one, other, possible in coverage.pairs(classes):
        counts = Counter((found.classes[one], found.classes[other]) for found in tried)
        cells = zip(classes[one], possible, strict=True)
        rows = [[counts[a, b] if can else None for b, can in zip(classes[other], row, strict=True)] for a, row in cells]
        yield Met(one=one, other=other, counts=tuple(map(tuple, rows)))


def _doubts(tried: Sequence[Tried]) -> tuple[Doubt, ...]:
    """The most frequent first."""
    alike: dict[str, list[tuple[str, Remark, int]]] = {}
    for doubt in (doubt for found in tried for doubt in found.doubts):
        alike.setdefault(repr(doubt[:2]), []).append(doubt)
    found = (
        Doubt(quantity=those[0][0], remark=those[0][1], cases=len(those), left_out=sum(entries for *_, entries in those))
        for those in alike.values()
    )
    return tuple(sorted(found, key=lambda doubt: -doubt.cases))


def _failure(operator: str, tried: Sequence[Tried], seed: int) -> Failure | None:
    failing = [found for found in tried if found.status == "fail"]
    shown = simplest([found for found in failing if found.verdict is not None])
    if shown is None or shown.verdict is None:
        return None
    return Failure(
        number=shown.number, traits=shown.traits, options=shown.options, verdict=shown.verdict, failures=len(failing),
        quantities=dict(Counter(name for found in failing for name in found.wrong)),
        common=common(failing, [found for found in tried if found.status == "pass"]),
        rerun=rerun_case(operator, shown.number, seed),
    )  # fmt: skip
