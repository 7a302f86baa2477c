"""The derivative of a function about which nothing is known but its values, with an estimate of the derivative's error.

Central differences over a ladder of steps, each an eighth of the one before. The finest rungs see nothing but what is near,
and drown in noise; coarser ones are believed as long as they contradict no finer one. The relative noise of the function
is read off a difference table over steps so small that nothing else moves (Moré and Wild, Estimating computational
noise, 2011). At a kink the slopes on either side differ however small the step; there the central difference is their
mean, a number that nobody asked for, so the kink is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import comb, inf, isfinite, log2, nan

import numpy as np

from ..rounding import Array, U

Function = Callable[[float], Array]
Point = tuple[float, Array, Array]  # a step h, and the values at h and at −h

TABLE = 9  # values in a difference table; spacings, and the orders at which nothing but rounding is left of a smooth function:
FINE = {2.0**-42: (3, 4, 5), 2.0**-20: (3, 4, 5)}  # some bits of float64, and of float32
WIDE = {**FINE, 2.0**-10: (7,)}  # and stairs of rounding, in functions without a kink that near
CAUTION = 8.0  # noise is estimated from a handful of values: a right gradient must not fail by bad luck
RATIO, MOST, FINEST = 8.0, 40, 2.0**-30  # of the rungs: how they shrink, how many there may be, where they end


@dataclass(frozen=True)
class Estimate:
    """f′(0), how far it may be off, and whether a kink sits there."""

    derivative: float
    error: float
    kink: bool


@dataclass(frozen=True)
class _Rung:
    """One step: the central slope, how far the slopes on either side are apart, and what noise does to both."""

    slope: float
    gap: float
    floor: float


def noise(function: Function, scale: float, spacings: Mapping[float, tuple[int, ...]] = FINE) -> Array:
    """The rounding in each value of `function`: root mean square of its high differences over tiny steps, normalised."""
    levels = []
    for spacing, orders in spacings.items():
        row = [function(k * spacing * scale) for k in range(TABLE)]
        for order in range(1, max(orders) + 1):
            row = [b - a for a, b in pairwise(row)]
            if order in orders:
                levels.append(np.sqrt(np.mean([v * v for v in row], axis=0) / comb(2 * order, order)))
    found: Array = np.max(levels, axis=0)
    return found


def typical(rounding: Array, values: Array) -> float:
    """The relative rounding that three quarters of the values stay below."""
    ratios = rounding[values != 0] / np.abs(values[values != 0])
    return float(np.quantile(ratios, 0.75)) if ratios.size else 0.0


def derivative(function: Function, weights: Array, at: float, coarse: float, fine: float, rounding: Array) -> Estimate:
    """The derivative of ⟨weights, function(t)⟩ at t = 0, by steps from `coarse` down to a part of `fine`.

    at: the number that t is added to, whose own rounding counts. rounding: the `noise` of each value of `function`.
    """
    function = cache(function)  # of the six steps that come first none is asked about again
    here = function(0.0)
    count = min(MOST, max(6, int((log2(coarse) - log2(fine) - log2(FINEST)) / log2(RATIO)) + 1))
    steps = [coarse / RATIO**number for number in range(count)]
    first = [*steps[:3], steps[count // 3], steps[2 * count // 3], steps[-1]]
    rungs = _rungs(here, [(h, function(h), function(-h)) for h in first], weights, rounding, at)
    if _straight(rungs):
        return Estimate(rungs[0].slope, rungs[0].floor, False)
    return _climb(_rungs(here, [(h, function(h), function(-h)) for h in steps], weights, rounding, at))


def _rungs(here: Array, points: list[Point], weights: Array, rounding: Array, at: float) -> list[_Rung]:
    """What each step tells. A value that no step moves adds no noise but this: its own rounding may hide a slope at the largest."""
    inside = [(h, above, below) for h, above, below in points if np.all(np.isfinite(above)) and np.all(np.isfinite(below))]
    if not inside:
        return []
    moved, coarsest = np.any([(above != here) | (below != here) for _, above, below in inside], axis=0), inside[0][0]
    w, y = weights[moved], here[moved]
    own = np.abs(w) @ np.maximum(rounding[moved], _quantum(here, inside)[moved])
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
        floor = CAUTION * float(hidden + (own + U * largest + relative * (size + steepness * (abs(at) + h))) / h)
        bend = np.abs(w * (above + below - 2 * y)).sum() / h
        found.append(_Rung(float(np.sum(w * (above - below))) / (2 * h), float(bend), floor))
    return found


def _quantum(here: Array, points: list[Point]) -> Array:
    """The steps of a staircase: values that the finest step leaves alone move by no less than their smallest change at all."""
    seen = np.sort([here, *(v for _, *both in points for v in both)], axis=0)
    jumps = np.diff(seen, axis=0)
    smallest = np.min(np.where(jumps > 0, jumps, np.inf), axis=0)
    still = (points[-1][1] == here) & (points[-1][2] == here)
    stairs = still & (smallest <= 2.0**-16 * np.abs(seen).max(0))  # larger ones are features of the function
    return np.where(stairs, smallest, 0.0)


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
        error = abs(coarse.slope - fine.slope) + fine.floor + bend
        if isfinite(best.error) and abs(fine.slope - best.derivative) > best.error + fine.floor:
            break
        if error < best.error:
            best = Estimate(fine.slope, error, kink)
    return Estimate(best.derivative, best.error, kink)


def _kink(rungs: list[_Rung]) -> bool:
    """The one-sided slopes stay apart: at the finest rung where noise does not hide it, the gap has not shrunk with the step."""
    pairs = [(fine.gap, coarse.gap, fine.floor) for coarse, fine in pairwise(rungs)]
    visible = [(gap, coarser) for gap, coarser, floor in pairs if 4 * floor < max(gap, coarser) / 4]
    return bool(visible) and visible[-1][0] > visible[-1][1] / 2
