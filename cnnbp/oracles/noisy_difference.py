"""The derivative of a function about which nothing is known but its values, with an estimate of the derivative's error.

Central differences over a ladder of steps, each an eighth of the one before. The finest rungs see nothing but what is near,
and drown in noise; coarser ones are believed as long as they contradict no finer one. At a kink the slopes on either side
differ however small the step; there the central difference is their mean, a number that nobody asked for, so the kink is named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import inf, isfinite, log2, nan

import numpy as np

from ..rounding import Array, U
from .estimate import Estimate, Side
from .noise import Function, typical

Point = tuple[float, Array, Array]  # a step h, and the values at h and at −h

CAUTION = 8.0  # noise is estimated from a handful of values: a right gradient must not fail by bad luck
RATIO, MOST, FINEST = 8.0, 60, 2.0**-30  # of the rungs: how they shrink, how many there may be, where they end
SMALLEST, SWALLOWED = 2.0**-1070, 2.0**-44  # steps below have no digits; below this part of a number, rounding has most of them
SETTLING = 16.0  # a smooth slope changes by RATIO² less from step to step, by half of that where the next term weighs in


@dataclass(frozen=True)
class _Rung:
    """One step: the central slope, how far the slopes on either side are apart, and what noise does to both."""

    slope: float
    gap: float
    floor: float
    step: float
    change: float
    """How far all values together move from one side to the other."""
    leans: Array
    """By output, half the difference of the slopes on either side."""


def derivative(function: Function, weights: Array, at: float, coarse: float, fine: float, rounding: Array) -> Estimate:
    """The derivative of ⟨weights, function(t)⟩ at t = 0, by steps from `coarse` down to a part of `fine`.

    at: the number that t is added to, whose own rounding counts. rounding: the `noise` of each value of `function`.
    """
    if not inf > coarse >= fine >= SMALLEST:
        return Estimate(nan, inf, False)
    function = cache(function)  # of the six steps that come first none is asked about again
    here = function(0.0)
    count = min(MOST, max(6, int((log2(coarse) - log2(fine) - log2(FINEST)) / log2(RATIO)) + 1))
    steps = [coarse / RATIO**number for number in range(count) if coarse / RATIO**number >= SMALLEST]
    steps = [h for h in steps if h >= abs(at) * SWALLOWED]
    if len(steps) < 6:
        return Estimate(nan, inf, False)
    third, last = len(steps) // 3, steps[-1]
    at_once = _rungs(here, [(h, function(h), function(-h)) for h in (steps[third], steps[2 * third], last)], weights, rounding, at)
    if len(at_once) == 3 and _kink(at_once) and max(off for _, off in _sides(at_once)) < inf:
        return _climb(at_once)
    first = [*steps[:3], steps[third], steps[2 * third], last] if len(steps) == count else steps
    rungs = _rungs(here, [(h, function(h), function(-h)) for h in first], weights, rounding, at)
    if _straight(rungs):
        error = rungs[0].floor + abs(rungs[0].slope - rungs[1].slope)
        return Estimate(rungs[0].slope, error, False, tuple(rung.slope for rung in rungs), True, rungs[0].step)
    return _climb(_rungs(here, [(h, function(h), function(-h)) for h in steps], weights, rounding, at))


def _rungs(here: Array, points: list[Point], weights: Array, rounding: Array, at: float) -> list[_Rung]:
    """What each step tells. A value that no step moves adds no noise but this: its own rounding may hide a slope at the largest."""
    inside = [(h, above, below) for h, above, below in points if np.all(np.isfinite(above)) and np.all(np.isfinite(below))]
    if not inside:
        return []
    moved, coarsest = np.any([(above != here) | (below != here) for _, above, below in inside], axis=0), inside[0][0]
    w, y = weights[moved], here[moved]
    own = np.abs(w) @ rounding[moved]
    hidden = np.abs(weights * rounding)[~moved].sum() / coarsest
    if not moved.any():
        hidden += U * np.abs(weights).sum() / coarsest  # nothing moves at all: what is left of numbers of size 1
    relative = max(4 * U, typical(rounding, here))
    steepness = max(np.abs(w * (above - below)[moved]).sum() / (2 * h) for h, above, below in inside)
    # A value of 0 may be what is left of larger numbers: nothing is finer than a bit of the largest that was seen.
    largest = max(float(np.abs(w * v[moved]).sum()) for _, *both in inside for v in both)
    found = []
    for h, *both in inside:
        above, below = (v[moved] for v in both)
        size = max(np.abs(w * y).sum(), np.abs(w * above).sum(), np.abs(w * below).sum())
        floor = CAUTION * float(hidden + (own + U * largest + relative * size + 4 * U * steepness * (abs(at) + h)) / h)
        bend = np.abs(w * (above + below - 2 * y)).sum() / h
        change = float(np.abs(w * (above - below)).sum())
        leans = np.atleast_1d(w * (above + below - 2 * y) / (2 * h))
        found.append(_Rung(float(np.sum(w * (above - below))) / (2 * h), float(bend), floor, h, change, leans))
    return found


def _straight(rungs: list[_Rung]) -> bool:
    """From the coarsest rung to the finest the slope is the same to within noise, and so are the slopes on either side."""
    if len(rungs) < 6:
        return False
    return all(abs(rungs[0].slope - rung.slope) <= rung.floor and rung.gap <= 4 * rung.floor for rung in rungs)


def _climb(rungs: list[_Rung]) -> Estimate:
    """From the finest rung upwards: each that no finer one contradicts may replace the best, if its own error is smaller."""
    best, kink = Estimate(nan, inf, False), _kink(rungs)
    for coarse, fine in reversed(list(pairwise(rungs))):
        bend = fine.gap if fine.gap > coarse.gap / 2 else 0.0  # it does not shrink with the step: a kink may be in between
        error = abs(coarse.slope - fine.slope) / 4 + fine.floor + bend  # a smooth slope is off by 1/63 of the change
        if isfinite(best.error) and abs(fine.slope - best.derivative) > best.error + fine.floor:
            break
        if error < best.error:
            best = Estimate(fine.slope, error, kink, step=fine.step)
    slopes = tuple(rung.slope for rung in rungs)
    return replace(
        best, kink=kink, slopes=slopes, steady=_steady(rungs), steepest=_steepest(rungs), sides=_sides(rungs), turns=_turns(rungs)
    )


def _sides(rungs: list[_Rung]) -> tuple[Side, Side]:
    """The slopes below and above, each where the step changes it least. At a jump one of them has no end."""
    found: list[Side] = []
    for sign in (-1, 1):
        slopes = [rung.slope + sign * float(rung.leans.sum()) for rung in rungs]
        steps = [(b, abs(a - b) + 2 * rung.floor) for a, b, rung in zip(slopes, slopes[1:], rungs[1:], strict=False)]
        found.append(min(steps, key=lambda step: step[1], default=(nan, inf)))
    apart = abs(found[0][0] - found[1][0])
    below, above = ((slope, off if off < apart / 100 else inf) for slope, off in found)
    return below, above


def _steepest(rungs: list[_Rung]) -> float:
    """The largest change over the finest step."""
    return max((rung.change for rung in rungs), default=inf) / rungs[-1].step if rungs else inf


def _turns(rungs: list[_Rung]) -> tuple[float, ...]:
    """The outputs that bend, at the rung where the sum of what they bend by changes least."""
    pairs = [(abs(coarse.gap - fine.gap) + fine.floor, fine.leans) for coarse, fine in pairwise(rungs)]
    leans = min(pairs, key=lambda pair: pair[0], default=(inf, np.zeros(1)))[1]
    return tuple(leans[np.abs(leans) > np.abs(leans).sum() / 1000].tolist())


def _steady(rungs: list[_Rung]) -> bool:
    """Below the two coarsest steps the slopes change by ever less, until noise is all that changes them."""
    changes = [(abs(a.slope - b.slope), a.floor + b.floor) for a, b in pairwise(rungs)]
    return all(now <= max(before / SETTLING, floor) for (before, _), (now, floor) in pairwise(changes))


def _kink(rungs: list[_Rung]) -> bool:
    """The one-sided slopes stay apart: at the finest rung where noise does not hide it, the gap has not shrunk with the step."""
    pairs = [(fine.gap, coarse.gap, fine.floor) for coarse, fine in pairwise(rungs)]
    visible = [(gap, coarser) for gap, coarser, floor in pairs if 4 * floor < max(gap, coarser) / 4]
    return bool(visible) and visible[-1][0] > visible[-1][1] / 2
