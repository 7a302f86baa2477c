"""Estimated: a layer that is asked in a low precision, against its own float64 answers to the same numbers.

Differences of rounded answers show little but their rounding. So the layer is judged in float64 as any other is, and what it
answers in the low precision must be that, but for as much as rounding its arguments and its sums would move it. How much
that is, is measured: R, the root of Σ(θ·∂v/∂θ)² over all entries θ of the arguments, by moving them all at random. Where an answer
is beyond that, and within as much as the largest entries may be off, nobody knows what cancelled on the way: it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ...evidence import Evidence, remark
from ...judge import agrees, compare
from ...precision import FLOAT64, Precision
from ...rounding import Array, promised
from ..examination import signs
from ..findings import abstain, record
from ..subject import Breach, Subject

ORACLE = "reference"
DRAWS, MOVED = 6, 2.0**-10  # so often all arguments are moved, by so much of themselves
ROUNDINGS = 8  # of one answer, beside those of its sums
STORED = 4.0  # units of roundoff of an answer and of R: what is stored on the way is rounded, as the arguments are
SUMS = 4.0  # times √N: what sums of up to N terms are off by as a rule, in any order, and seldom more


def accepts_float64(wide: Subject, args: tuple[Array, ...], delta: Array) -> bool:
    """Whether the layer answers float64 with float64: else it has no better answers to be held against."""
    try:
        wide.forward(*args)
        wide.backward(delta, *args)
    except Breach:
        return False
    return not any(check == "dtype" for check, _ in wide.broken)


def evidence(
    answers: Mapping[str, Array], wide: Subject, args: tuple[Array, ...], delta: Array, precision: Precision
) -> Iterator[Evidence]:
    """What each answer in the precision is worth. Raises Breach."""
    right = _asked(wide, args, delta)
    moved = _moved(wide, args, delta, right)
    entries = sum(a.size for a in (*args, delta))
    for (quantity, actual), expected, reach in zip(answers.items(), right, moved, strict=True):
        if actual.size == 0:
            yield abstain(ORACLE, quantity, "estimated", remark("verification.empty"))
            continue

        def bound(asked: Precision, v: Array = expected, reach: Array = reach) -> Array:
            with np.errstate(over="ignore", invalid="ignore"):
                off = asked.u * (ROUNDINGS + _summed(entries, asked)) * (np.abs(v) + reach) + entries * asked.underflow
            return promised(off)

        found, note = None, remark("verification.own-float64", precision=precision.name)
        if precision.inner is not None:  # first as sharply as a layer can be whose sums are kept in a higher precision
            once = STORED * precision.u * (np.abs(expected) + reach) + entries * precision.underflow
            found = compare(actual, expected, promised(bound(precision.inner) + once))
        if found is None or found.status == "fail":
            found = compare(actual, expected, bound(precision))
        if found is not None and found.status == "fail":  # what cancels on the way is rounded as the largest entries are
            largest = bound(precision, np.full_like(expected, np.max(np.abs(expected))), np.full_like(reach, np.max(reach)))
            beyond = compare(actual, expected, largest)
            doubtful = found.suspects if beyond is None else found.suspects & ~beyond.suspects
            found = compare(actual, expected, found.bounds, doubtful)
        if found is not None and found.status == "fail" and quantity != "y":
            beside = bound(precision, expected, np.full_like(expected, np.max(np.abs(delta))))
            if agrees(actual, expected, np.maximum(beside, found.bounds), ~found.kept):  # δ − Σδy where y is 1
                yield abstain(ORACLE, quantity, "estimated", remark("verification.cancels", precision=precision.name))
                continue
        yield record(ORACLE, quantity, "estimated", found, note=note)


def _summed(entries: int, precision: Precision) -> float:
    """In units of roundoff, what sums of up to so many terms are off by: where u is large, all of them may be rounded one way."""
    return float(entries if precision.inner is not None else SUMS * np.sqrt(entries))


def _asked(wide: Subject, args: tuple[Array, ...], delta: Array) -> tuple[Array, ...]:
    return wide.forward(*args), *wide.backward(delta, *args)


def _moved(wide: Subject, args: tuple[Array, ...], delta: Array, right: tuple[Array, ...]) -> tuple[Array, ...]:
    """R of each entry of each answer; the largest of several draws, which a direction may cancel in."""
    rng, found = np.random.default_rng(delta.size), [np.zeros(a.shape) for a in right]

    def near(a: Array) -> Array:
        return a if a.dtype.kind in "iu" else np.asarray(a * (1 + MOVED * signs(a.shape, rng)))

    for _ in range(DRAWS):
        for reach, a, b in zip(found, _asked(wide, tuple(map(near, args)), near(delta)), right, strict=True):
            np.fmax(reach, np.abs(a - b) / MOVED, out=reach)
    return tuple(found)


def silent(quantities: Mapping[str, Array], precision: Precision) -> list[Evidence]:
    """Of a layer that has no float64 answers."""
    assert precision is not FLOAT64
    return [abstain(ORACLE, q, "estimated", remark("verification.no-float64", precision=precision.name)) for q in quantities]
