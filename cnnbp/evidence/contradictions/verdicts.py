"""A verdict against its pieces of evidence, and a piece against its numbers and its kind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import isfinite, prod, ulp

from ..kinds import GIVEN, UNREACHED
from ..verdict import Evidence, Remark, Verdict
from .once import once
from .unless import quotient, same, twice, unless

ALONG = "direction "  # of a whole network: where a kink is too near, its gradient is judged entry by entry all the same

SAME_BOUND = ("masked_dense", "autograd")  # of one quantity they have the same bound in every entry
SAME_SIZE = (*SAME_BOUND, "complex_step")  # and these all of its entries, unless some are left out
UNDECIDED = ("verification.uncertified", "verification.overflows")
ROUNDED = 1 + 1e-9  # for numbers that were rounded on their way
UNROUNDED = ("integers", "tied-integers")  # places where nothing is rounded


@once
def verdict(found: Verdict) -> Iterator[Remark]:
    """Its status against its evidence and against what it says is wrong."""
    for item in found.evidence:
        yield from piece(item, found)
    probes = ("connection",)  # asked again and again, and often of the same entry
    yield from twice("evidence", (repr(item) for item in found.evidence if item.at not in probes))
    passed, silent, gaps = found.status == "pass", silences(found), _gaps(found)
    unasked = [
        item.quantity for item in found.evidence if item.kind == "contract" and item.remark and item.remark.code == UNREACHED
    ]
    differing = [name for name, said in _sizes(found).items() if len(said) > 1]
    failed = any(item.status == "fail" for item in found.evidence)
    uncertified = any(told.code in UNDECIDED for told in found.wrong)  # there, failures decide nothing
    apart = _apart(found)
    checks = {
        "verdict-apart": not apart,
        "verdict-fails": failed == (found.status == "fail") or (failed and uncertified),
        "verdict-wrong": passed == (not found.wrong),
        "verdict-silent": not (passed and [name for name in silent if not name.startswith(ALONG)]),
        "verdict-gaps": not (passed and gaps),
        "verdict-unasked": not (passed and unasked),
        "verdict-sizes": not differing,
    }
    yield from unless(
        found, checks, count=len(found.wrong), silent=silent, gaps=gaps, unasked=unasked, differing=differing, apart=apart
    )


def silences(found: Verdict) -> list[str]:
    """The quantities that nobody judged; "its values" where there is no quantity at all."""
    asked = dict.fromkeys(item.quantity for item in found.evidence if item.kind != "contract")
    heard = {item.quantity for item in found.evidence if item.status in ("pass", "fail")}
    return [name for name in asked if name not in heard] if asked else ["its values"]


def _sizes(found: Verdict) -> dict[str, set[tuple[int, int]]]:
    """By quantity, how many axes and entries it has, as whoever judged it entry by entry has it."""
    sized: dict[str, set[tuple[int, int]]] = {}
    for item in found.evidence:
        if item.index and item.kind in ("sampled", "exact at points") and item.at in ("case", *UNROUNDED):
            sized.setdefault(item.quantity, set()).add((len(item.index), item.judged + item.left_out))
    return sized


def _apart(found: Verdict) -> list[str]:
    """The quantities that two oracles judge entry by entry within different bounds, or as if they were of different size.

    The bounds are those of the quantity, whoever judges it, and a resolution is the largest bound + error: at most twice it.
    """
    measured: dict[str, list[Evidence]] = {}
    for item in found.evidence:
        if item.oracle in SAME_SIZE and item.status == "pass" and (item.kind, item.at) == ("sampled", "case") and not item.remark:
            measured.setdefault(item.quantity, []).append(item)
    pairs = [(name, *pair) for name, items in measured.items() for pair in combinations(items, 2)]
    return [name for name, a, b in pairs if not _alike(a, b)]


def _alike(a: Evidence, b: Evidence) -> bool:
    """Both answers are within one bound of the same third, so they are as large as each other but for both resolutions."""
    if a.resolution is None or b.resolution is None or a.scale is None or b.scale is None:
        return False
    if not {a.oracle, b.oracle} <= set(SAME_BOUND):  # the bound of one is its own, and it may have left out the largest entry
        return a.left_out != b.left_out or abs(a.scale - b.scale) <= (a.resolution + b.resolution) * ROUNDED
    finer, coarser = sorted((a.resolution, b.resolution))
    return coarser <= 2 * finer * ROUNDED and abs(a.scale - b.scale) <= (a.resolution + b.resolution) * ROUNDED


def _gaps(found: Verdict) -> list[str]:
    """What an oracle that was asked says nothing about: it has to speak of every gradient, if only to abstain."""
    spoken: dict[tuple[str, str, str], set[str]] = {}
    for item in found.evidence:
        exact = item.at in UNROUNDED and item.kind == "exact at points"
        if item.kind != "contract" and (item.at == "case" or exact) and not item.quantity.startswith("direction"):
            spoken.setdefault((item.oracle, item.kind, item.at), set()).add(item.quantity)
    gradients = set[str]().union(*spoken.values()) - {"y", "J"}
    return [f"{oracle}: {name}" for (oracle, _, _), names in spoken.items() for name in sorted(gradients - names)]


def piece(found: Evidence, within: Verdict) -> Iterator[Remark]:
    """One oracle on one quantity: its kind, its numbers, and its place in the array."""
    numbers = found.max_error, found.bound, found.ratio, found.actual, found.expected, found.index, found.resolution, found.scale
    whole, none = None not in numbers and found.judged > 0, {*numbers, found.judged or None, found.left_out or None} == {None}
    shape, exact = within.shapes.get(found.quantity), found.kind == "exact at points"
    checks = {
        "kind": found.kind in GIVEN.get(found.oracle, ()),
        "abstains": found.status != "abstain" or found.remark is not None,
        "place": found.at == "case" or (found.at in UNROUNDED if exact else found.kind == "sampled" and found.remark is not None),
        "unmeasured": none if found.kind == "contract" else whole or (none and found.status == "abstain"),
        "vacuous": found.status != "vacuous" or found.actual == 0 == found.expected,
        "index": (shape is None or placed(found, shape)) and (found.index != () or found.judged + found.left_out == 1),
    }
    yield from unless(found, checks, layer=within.layer, index=found.index or (), shape=shape or ())
    yield from _measured(found, within.layer)


def placed(found: Evidence, shape: tuple[int, ...]) -> bool:
    """Whether its entry, if it names one, is in an array of this shape, of which each entry was judged or left out."""
    index = found.index or ()
    inside = len(shape) == len(index) and all(0 <= i < n for i, n in zip(index, shape, strict=True))
    return not index or (inside and found.judged + found.left_out == prod(shape))


def _measured(found: Evidence, layer: str) -> Iterator[Remark]:
    """Error, bound and ratio against each other, against both values, and against the status."""
    error, bound, ratio, actual, expected = found.max_error, found.bound, found.ratio, found.actual, found.expected
    if error is None or bound is None or ratio is None or actual is None or expected is None:
        return
    passes = error <= bound
    share = quotient(error, bound)
    distance, last = abs(actual - expected), ulp(max(abs(actual), abs(expected)))
    checks = {
        "beyond": (found.status != "fail") == passes or found.status == "abstain",
        "ratio": same(ratio, share),
        "error": not (isfinite(actual) and isfinite(expected)) or same(error, distance, 4 * last),
        "exact": found.kind != "exact at points" or (bound == 0 and found.at in UNROUNDED),
        "scale": found.scale is None or found.scale >= abs(expected) or not isfinite(expected),
        "resolution": not passes or found.resolution is None or found.resolution >= bound,
    }
    yield from unless(found, checks, layer=layer, quotient=share, distance=distance)
