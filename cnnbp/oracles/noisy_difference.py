"""The derivative of a function about which nothing is known but its values, with an estimate of the derivative's error.

Central differences over a ladder of steps, each an eighth of the one before. Truncation shrinks with the step, noise grows,
and where two rungs agree both are small. The noise of the function itself is read off a difference table over steps so
small that nothing else moves (Moré and Wild, Estimating computational noise, 2011). At a kink the one-sided slopes differ
however small the step; there the central difference is their mean, a number that nobody asked for, so the kink is named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import comb, inf, isfinite, nan, sqrt

Function = Callable[[float], float]

RUNGS = tuple(2.0**-k for k in range(2, 28, 3))
TABLE, ORDERS, SPACING = 9, (3, 4, 5), 2.0**-42
CAUTION = 8.0  # noise is estimated from a handful of values: a right gradient must not fail by bad luck


@dataclass(frozen=True)
class Estimate:
    """f′(0), how far it may be off, and whether a kink sits there."""

    derivative: float
    error: float
    kink: bool


def noise(function: Function, scale: float) -> float:
    """The size of the rounding in `function`: root mean square of the high differences over tiny steps, normalised."""
    row = [function(k * SPACING * scale) for k in range(TABLE)]
    levels = []
    for order in range(1, max(ORDERS) + 1):
        row = [b - a for a, b in pairwise(row)]
        if order in ORDERS:
            levels.append(sqrt(sum(v * v for v in row) / len(row) / comb(2 * order, order)))
    return max(levels)


def derivative(function: Function, scale: float, epsilon: float) -> Estimate:
    """f′(0) of a function with values good to `epsilon`, which varies over distances of about `scale`."""
    here, rungs = function(0.0), []
    for rung in RUNGS:
        h = rung * scale
        above, below = function(h), function(-h)
        slope, gap, floor = (above - below) / (2 * h), (above + below - 2 * here) / h, CAUTION * epsilon / h
        if isfinite(slope) and isfinite(gap):
            rungs.append((slope, abs(gap), floor))
            # A straight line: two rungs agree to within noise, and so do the slopes on either side.
            if len(rungs) == 2 and abs(rungs[0][0] - slope) <= floor and rungs[0][1] <= 4 * rungs[0][2]:
                return Estimate(rungs[0][0], rungs[0][2], False)
    if len(rungs) < 3:
        return Estimate(nan, inf, False)
    best = Estimate(nan, inf, _kink(rungs))
    for (coarse, _, _), (fine, _, floor) in pairwise(rungs):
        error = abs(coarse - fine) + floor
        if error < best.error:
            best = Estimate(fine, error, best.kink)
    return best


def _kink(rungs: list[tuple[float, float, float]]) -> bool:
    """The one-sided slopes stay apart: at the finest rung where noise does not hide it, the gap has not shrunk with the step."""
    visible = [(gap, coarser) for (_, coarser, _), (_, gap, floor) in pairwise(rungs) if 4 * floor < max(gap, coarser) / 4]
    return bool(visible) and visible[-1][0] > visible[-1][1] / 2
