"""A verdict against its pieces of evidence, and a piece against its numbers and its kind."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isfinite, prod, ulp

from ..kinds import GIVEN
from ..verdict import Evidence, Remark, Verdict
from .unless import same, twice, unless

KINK = "verification.uncertified"  # so near to one, two right programs may differ: agreement counts, disagreement does not
EXACT = ("integers", "tied-integers")  # where nothing is rounded


def verdict(found: Verdict) -> Iterator[Remark]:
    """Its status against its evidence and against what it says is wrong."""
    for item in found.evidence:
        yield from piece(item, found)
    probes = ("connection",)  # asked again and again, and often of the same entry
    yield from twice("evidence", (repr(item) for item in found.evidence if item.at not in probes))
    says = {"layer": found.layer, "says": found.status}
    failed = any(item.status == "fail" for item in found.evidence)
    doubtful = any(told.code == KINK for told in found.wrong)
    yield from unless(failed == (found.status == "fail") or (doubtful and failed), "verdict-fails", **says)
    told = {"pass": not found.wrong or doubtful, "inconclusive": bool(found.wrong), "fail": True}[found.status]
    yield from unless(told, "verdict-wrong", **says, count=len(found.wrong))
    if found.status == "pass":
        silent = silences(found)
        yield from unless(not silent, "verdict-silent", **says, names=silent)
        yield from unless(not _gaps(found), "verdict-gaps", **says, names=_gaps(found))


def silences(found: Verdict) -> list[str]:
    """The quantities that nobody judged; "its values" where there is no quantity at all."""
    asked = dict.fromkeys(item.quantity for item in found.evidence if item.kind != "contract")
    heard = {item.quantity for item in found.evidence if item.status in ("pass", "fail")}
    return [name for name in asked if name not in heard] if asked else ["its values"]


def _gaps(found: Verdict) -> list[str]:
    """What an oracle that was asked says nothing about: it has to speak of every gradient, if only to abstain."""
    spoken: dict[tuple[str, str, str], set[str]] = {}
    for item in found.evidence:
        if item.kind != "contract" and item.at in ("case", *EXACT) and not item.quantity.startswith("direction"):
            spoken.setdefault((item.oracle, item.kind, item.at), set()).add(item.quantity)
    gradients = set[str]().union(*spoken.values()) - {"y", "J"}
    return [f"{oracle}: {name}" for (oracle, _, _), names in spoken.items() for name in sorted(gradients - names)]


def piece(found: Evidence, within: Verdict) -> Iterator[Remark]:
    """One oracle on one quantity."""
    who = {"layer": within.layer, "oracle": found.oracle, "quantity": found.quantity}
    yield from unless(found.kind in GIVEN.get(found.oracle, ()), "kind", **who, kind=found.kind)
    numbers = found.max_error, found.bound, found.ratio, found.actual, found.expected, found.index, found.resolution
    if found.status == "abstain":
        yield from unless(found.remark is not None, "abstains", **who)
    if found.kind != "contract" and found.status != "abstain":
        yield from unless(None not in numbers and found.judged > 0, "unmeasured", **who)
    elif numbers == (None,) * len(numbers):
        yield from unless(found.judged == 0, "unmeasured", **who)
    zeros = found.status == "vacuous" and not found.actual == 0 == found.expected
    yield from unless(not zeros, "vacuous", **who)
    yield from _measured(found, who)
    shape = within.shapes.get(found.quantity)
    if shape is not None and found.index:
        inside = len(shape) == len(found.index) and all(0 <= i < n for i, n in zip(found.index, shape, strict=False))
        counted = found.judged + found.left_out == prod(shape)
        yield from unless(inside and counted, "index", **who, index=list(found.index), shape=list(shape), judged=found.judged)


def _measured(found: Evidence, who: dict[str, str]) -> Iterator[Remark]:
    """Error, bound and ratio against each other, against both values, and against the status."""
    error, bound, ratio, actual, expected = found.max_error, found.bound, found.ratio, found.actual, found.expected
    if error is None or bound is None or ratio is None or actual is None or expected is None:
        return
    passes = error <= bound
    fits = (found.status != "fail") == passes or found.status == "abstain"
    yield from unless(fits, "beyond", **who, says=found.status, error=error, bound=bound)
    quotient = 0.0 if error == 0 else inf if bound == 0 or error == inf else error / bound
    yield from unless(same(ratio, quotient), "ratio", **who, ratio=ratio, follows=quotient)
    if isfinite(actual) and isfinite(expected):
        distance, last = abs(actual - expected), ulp(max(abs(actual), abs(expected)))
        yield from unless(same(error, distance, 4 * last), "error", **who, error=error, follows=distance)
    yield from unless(
        found.kind != "exact at points" or (bound == 0 and found.at in EXACT), "exact", **who, bound=bound, at=found.at
    )
    if found.resolution is not None and passes:
        yield from unless(found.resolution >= bound, "resolution", **who, resolution=found.resolution, bound=bound)
