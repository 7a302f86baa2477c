"""A layer's counts against each other: cases, what each oracle said of them, what was drawn, doubts, and the failure."""

from __future__ import annotations

from collections.abc import Iterator

from ..joining.common import common, others
from ..kinds import COARSE
from ..records import Failure, Layer
from ..verdict import Remark
from .coverage import coverage
from .once import once
from .quantities import quantities
from .tallies import tally
from .unless import unless
from .verdicts import verdict

FINEST = 2.0**-53  # of a number: no float is nearer to it than this


@once
def layer(found: Layer) -> Iterator[Remark]:
    """Every case ended in one way, in the layer's counts as in each oracle's; every inconclusive one has a reason."""
    for name, said in found.oracles.items():
        yield from tally(name, said, found.cases, found.failed)
    yield from quantities(found)
    yield from coverage(found)
    agreed = sum(said.passed for name, said in found.oracles.items() if name != "contract")
    drawn = {sum(values.values()) for values in found.options.values()}
    doubts = [doubt.cases for doubt in found.doubts]
    checks = {
        "layer-counts": found.passed + found.inconclusive + found.failed == found.cases,
        "unseen-failures": sum(said.failed for said in found.oracles.values()) >= found.failed,
        "agreed": agreed >= found.passed,
        "options": drawn <= {found.cases},
        "doubts": max(doubts, default=0) <= found.inconclusive <= sum(doubts),
        "layer-resolution": found.resolution is None or (found.passed > 0 and FINEST <= found.resolution <= COARSE),
        "layer-failure": (found.failure is not None) == (found.failed > 0),
    }
    yield from unless(found, checks, agreed=agreed, drawn=sorted(drawn), reasons=sum(doubts))
    if found.failure is not None:
        yield from _failure(found.failure, found)


def _failure(found: Failure, of: Layer) -> Iterator[Remark]:
    """The case that is shown is one of those that failed, and one of those that were drawn."""
    yield from verdict(found.verdict)
    wrong = {item.quantity for item in found.verdict.evidence if item.status == "fail"}
    most = max(found.quantities.values(), default=0)
    told = common(found.failures, found.quantities, found.among, others(of.options, found.among))
    checks = {
        "failure-verdict": found.verdict.layer.partition("(")[0] == of.operator and found.verdict.status == "fail",
        "failures": found.failures == of.failed,
        "failure-options": all(value in of.options.get(name, {}) for name, value in found.options.items()),
        "failure-quantities": most <= found.failures and wrong <= set(found.quantities),
        "failure-drawn": _drawn(found, of),
        "failure-common": found.common == told,
    }
    options = [f"{name}={value}" for name, value in found.options.items()]
    yield from unless(found, checks, layer=found.verdict.layer, failed=of.failed, options=options)


def _drawn(found: Failure, of: Layer) -> bool:
    """Each failing case has one value of everything that cases differ in, and the case that is shown is one of them."""
    whole = found.among.keys() <= of.options.keys() and all(
        sum(values.values()) == found.failures for values in found.among.values()
    )
    fewer = all(
        count <= of.options[name].get(value, 0)
        for name, values in found.among.items()
        for value, count in values.items()
        if name in of.options
    )
    shown = all(value in found.among.get(name, ()) for name, value in found.options.items())
    return whole and fewer and shown
