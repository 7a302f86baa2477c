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


def noise(function: Function, scale: float) -> Array:
    """The rounding in each value of `function`: root mean square of its high differences over tiny steps, normalised.

    Spacings are widened until the values move smoothly: what is seen over wider ones is the function's own shape.
    """
    found: Array = np.zeros(())
    unsettled: Array = np.array(True)
    for spacing in SPACINGS:
        row = [function(k * spacing * scale) for k in range(TABLE)]
        levels = []
        for order in range(1, max(ORDERS) + 1):
            row = [b - a for a, b in pairwise(row)]
            levels.append(np.sqrt(np.mean([v * v for v in row], axis=0) / comb(2 * order, order)))
        high = np.max([levels[order - 1] for order in ORDERS], axis=0)
        found = np.where(unsettled, np.maximum(found, high), found)
        unsettled = unsettled & ~(levels[0] > RESOLVED * high)
        if not unsettled.any():
            break
    return found


def typical(rounding: Array, values: Array) -> float:
    """The relative rounding that three quarters of the values stay below."""
    ratios = rounding[values != 0] / np.abs(values[values != 0])
    return float(np.quantile(ratios, 0.75)) if ratios.size else 0.0
