"""A layer's counts against each other: cases, what each oracle said of them, what was drawn, doubts, and the failure."""

from __future__ import annotations

from collections.abc import Iterator

from ..kinds import GIVEN
from ..records import Failure, Layer, Tally
from ..verdict import Remark
from .unless import unless
from .verdicts import verdict

EXACT = ", exact"


def layer(found: Layer) -> Iterator[Remark]:
    """Every case ended in one way, in the layer's counts as in each oracle's; every inconclusive one has a reason."""
    for name, tally in found.oracles.items():
        yield from _tally(name, tally, found)
    agreed = sum(tally.passed for name, tally in found.oracles.items() if name != "contract")
    drawn = {sum(values.values()) for values in found.options.values()}
    doubts = [doubt.cases for doubt in found.doubts]
    checks = {
        "layer-counts": found.passed + found.inconclusive + found.failed == found.cases,
        "unseen-failures": sum(tally.failed for tally in found.oracles.values()) >= found.failed,
        "agreed": agreed >= found.passed,
        "options": drawn <= {found.cases},
        "doubts": max(doubts, default=0) <= found.inconclusive <= sum(doubts),
        "layer-failure": (found.failure is not None) == (found.failed > 0),
    }
    yield from unless(found, checks, agreed=agreed, drawn=sorted(drawn), reasons=sum(doubts))
    if found.failure is not None:
        yield from _failure(found.failure, found)


def _tally(name: str, found: Tally, of: Layer) -> Iterator[Remark]:
    judged, oracle, exact = found.passed + found.failed + found.vacuous, name.removesuffix(EXACT), name.endswith(EXACT)
    points, ratio, resolution = oracle == "contract", found.worst_ratio, found.resolution  # points of the contract, not entries
    able = set(found.kinds) <= set(GIVEN.get(oracle, ())) and len(set(found.kinds)) == len(found.kinds) > 0
    measured = ratio is not None and resolution is not None and 0 <= ratio <= (0 if exact else 1) and resolution >= 0
    checks = {
        "tally": judged + found.abstained == of.cases and found.partly <= found.passed,
        "tally-fails": found.failed <= of.failed,
        "tally-kinds": able and (found.kinds == ("exact at points",) if exact else "exact at points" not in found.kinds),
        "tally-judged": found.judged == found.left_out == 0 if points else (found.judged > 0) == (judged > 0),
        "tally-ratio": points or (measured if found.passed else ratio is None or resolution is None),
    }
    yield from unless(found, checks, oracle=name, kinds=found.kinds, count=judged + found.abstained, cases=of.cases)


def _failure(found: Failure, of: Layer) -> Iterator[Remark]:
    """The case that is shown is one of those that failed, and one of those that were drawn."""
    yield from verdict(found.verdict)
    wrong = {item.quantity for item in found.verdict.evidence if item.status == "fail"}
    most = max(found.quantities.values(), default=0)
    checks = {
        "failure-verdict": found.verdict.layer.partition("(")[0] == of.operator and found.verdict.status == "fail",
        "failures": found.failures == of.failed,
        "failure-options": all(value in of.options.get(name, {}) for name, value in found.options.items()),
        "failure-quantities": most <= found.failures and wrong <= set(found.quantities),
    }
    options = [f"{name}={value}" for name, value in found.options.items()]
    yield from unless(found, checks, layer=found.verdict.layer, failed=of.failed, options=options)
