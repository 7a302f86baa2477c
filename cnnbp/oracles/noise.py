"""The noise in the values of a function: read off a difference table over steps so small that nothing else is left.

Source: Moré and Wild, Estimating computational noise, 2011.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import comb

import numpy as np

from ..rounding import Array

Function = Callable[[float], Array]

TABLE = 9  # values in a difference table
ORDERS = (3, 4, 5)  # of a smooth function nothing but rounding is left in these differences, over spacings that are small enough:
SPACINGS = (2.0**-42, 2.0**-31, 2.0**-20, 2.0**-10)  # some bits of float64, of float32, and stairs of rounding
RESOLVED = 16.0  # where first differences exceed the high ones by so much, the function moves smoothly: wider tables see features

# Spacings at which stairs show, and where windows of TABLE values begin: apart enough for a kink to lie in one of them.
WIDE, WINDOWS = (2.0**-20, 2.0**-14, 2.0**-9), (-3 * TABLE, 0, 2 * TABLE)
FLAT = 4.0  # times, at most, the differences of jumps vary from order to order


def noise(function: Function, scale: float) -> Array:
    """The rounding in each value of `function`: root mean square of its high differences over tiny steps, normalised.

    Spacings are widened until the values move smoothly: what is seen over wider ones is the function's own shape.
    """
    found: Array = np.zeros(())
    unsettled: Array = np.array(True)
    for spacing in SPACINGS:
        levels = _levels([function(k * spacing * scale) for k in range(TABLE)])
        high = np.max([levels[order - 1] for order in ORDERS], axis=0)
        found = np.where(unsettled, np.maximum(found, high), found)
        unsettled = unsettled & ~(levels[0] > RESOLVED * high)
        if not unsettled.any():
            break
    return found


def stairs(function: Function, scale: float) -> Array:
    """What the values jump by over wide steps, though they move smoothly over tiny ones: rounding inside, as of 1 + erf(x) at −7.

    Differences of a smooth function fall from order to order, and those of jumps do not. A kink lies in one of the windows alone.
    """
    found: Array = np.zeros(())
    for spacing in WIDE:
        windows = [_levels([function((start + k) * spacing * scale) for k in range(TABLE)]) for start in WINDOWS]
        high = [np.array([levels[order - 1] for order in ORDERS]) for levels in windows]
        jumps = [np.where(rows.min(0) >= rows.max(0) / FLAT, rows.max(0), 0.0) for rows in high]
        found = np.maximum(found, np.median(jumps, axis=0))
    return found


def _levels(row: list[Array]) -> list[Array]:
    """The root mean square of the differences of each order, normalised so that those of noise are all alike."""
    levels = []
    for order in range(1, max(ORDERS) + 1):
        row = [b - a for a, b in pairwise(row)]
        levels.append(np.sqrt(np.mean([v * v for v in row], axis=0) / comb(2 * order, order)))
    return levels


def typical(rounding: Array, values: Array) -> float:
    """The relative rounding that three quarters of the values stay below."""
    ratios = rounding[values != 0] / np.abs(values[values != 0])
    return float(np.quantile(ratios, 0.75)) if ratios.size else 0.0
