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
    """Every case ended in one way, in the layer's counts as in each oracle's."""
    counts = {"passed": found.passed, "inconclusive": found.inconclusive, "failed": found.failed}
    yield from unless(sum(counts.values()) == found.cases, "layer-counts", **counts, cases=found.cases)
    for name, tally in found.oracles.items():
        yield from _tally(name, tally, found.cases)
        yield from unless(tally.failed <= found.failed, "tally-fails", oracle=name, count=tally.failed, failed=found.failed)
    failed = sum(tally.failed for tally in found.oracles.values())
    yield from unless(failed >= found.failed, "unseen-failures", failed=found.failed, count=failed)
    heard = sum(tally.passed for name, tally in found.oracles.items() if name != "contract")
    yield from unless(heard >= found.passed, "unheard", passed=found.passed, count=heard)
    for option, values in found.options.items():
        drawn = sum(values.values())
        yield from unless(drawn == found.cases, "options", option=option, count=drawn, cases=found.cases)
    yield from _doubts(found)
    yield from unless((found.failure is not None) == (found.failed > 0), "layer-failure", failed=found.failed)
    if found.failure is not None:
        yield from _failure(found.failure, found)


def _tally(name: str, found: Tally, cases: int) -> Iterator[Remark]:
    judged, oracle = found.passed + found.failed + found.vacuous, name.removesuffix(EXACT)
    yield from unless(judged + found.abstained == cases, "tally", oracle=name, count=judged + found.abstained, cases=cases)
    yield from unless(found.partly <= found.passed, "tally", oracle=name, count=found.partly, cases=found.passed)
    able = set(found.kinds) <= set(GIVEN.get(oracle, ())) and len(set(found.kinds)) == len(found.kinds) > 0
    exact = found.kinds == ("exact at points",) if name.endswith(EXACT) else "exact at points" not in found.kinds
    yield from unless(able and exact, "tally-kinds", oracle=name, kinds=found.kinds)
    if oracle == "contract":  # points, not entries
        yield from unless(found.judged == found.left_out == 0, "tally-judged", oracle=name, judged=found.judged, cases=0)
        return
    yield from unless((found.judged > 0) == (judged > 0), "tally-judged", oracle=name, judged=found.judged, cases=judged)
    measured = found.worst_ratio is not None and found.resolution is not None
    fits = found.passed + found.failed > 0 if measured else found.passed == 0  # what fails on one quantity may pass on others
    yield from unless(fits, "tally-ratio", oracle=name)
    if found.worst_ratio is not None and found.resolution is not None:
        best = 0.0 if name.endswith(EXACT) else 1.0
        yield from unless(0 <= found.worst_ratio <= best and found.resolution >= 0, "tally-ratio", oracle=name)


def _doubts(found: Layer) -> Iterator[Remark]:
    """Every inconclusive case has a reason, and nothing else has."""
    for doubt in found.doubts:
        told = {"quantity": doubt.quantity, "cases": doubt.cases, "inconclusive": found.inconclusive}
        yield from unless(doubt.cases <= found.inconclusive, "doubt", **told)
    reasons = sum(doubt.cases for doubt in found.doubts)
    yield from unless(reasons >= found.inconclusive, "doubts", cases=reasons, inconclusive=found.inconclusive)


def _failure(found: Failure, of: Layer) -> Iterator[Remark]:
    """The case that is shown is one of those that failed, and one of those that were drawn."""
    yield from verdict(found.verdict)
    ours = found.verdict.layer.partition("(")[0] == of.operator
    yield from unless(ours and found.verdict.status == "fail", "failure-verdict", layer=found.verdict.layer)
    yield from unless(found.failures == of.failed, "failures", count=found.failures, failed=of.failed)
    drawn = all(value in of.options.get(name, {}) for name, value in found.options.items())
    yield from unless(drawn, "failure-options", options=[f"{name}={value}" for name, value in found.options.items()])
    most = max(found.quantities.values(), default=0)
    yield from unless(most <= found.failures, "failure-quantities", count=most, failures=found.failures)
    wrong = {item.quantity for item in found.verdict.evidence if item.status == "fail"}
    yield from unless(wrong == set() or wrong <= set(found.quantities), "failure-quantities", count=most, failures=found.failures)
