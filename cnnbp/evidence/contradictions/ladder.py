"""A ladder of steps: each half of the one before, its bounds and the chosen step as they follow from sup|f‴| and the rounding."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import cbrt, inf, log2

from ..records import Ladder, Rung
from ..verdict import Remark
from .unless import same, unless


def ladder(found: Ladder) -> Iterator[Remark]:
    """Whether the bounds are those of the steps, and the chosen step is where they are least."""
    steps = [rung.step for rung in found.rungs]
    positive = all(0 < each < inf for each in (found.third, found.noise, found.rounding))
    measured = [value for rung in found.rungs for value in (rung.error, rung.complex)]
    checks = {
        "rungs": steps != [] and 0 < steps[0] < inf and all(a == 2 * b > 0 for a, b in pairwise(steps)),
        "rung-errors": all(0 <= value < inf for value in measured),
        "rung-bounds": positive and all(rung.step > 0 and _derived(rung, found) for rung in found.rungs),
        "rung-chosen": positive and found.chosen in steps and found.chosen == _balanced(found),
    }
    yield from unless(found, checks)


def _derived(rung: Rung, of: Ladder) -> bool:
    """Twice the truncation h²·M₃/6, and three times the rounding over the step, or that of the slope for the complex step.

    Both remainders are those of Taylor: h²·f‴/6 on the real axis, or, of Im f(x + ih)/h, on the segment from x to x + ih, where
    f‴ may exceed its supremum on the real axis; the factor 2 is for that. The rounding of the slopes is in the first bound too, and
    that of their products with the residual, which is less: no more than twice the former.
    Source: Squire and Trapp, Using complex variables to estimate derivatives of real functions, 1998.
    """
    truncation = rung.step**2 * of.third / 3
    least = truncation + 3 * of.noise / rung.step
    between = least <= rung.bound <= least + 2 * of.rounding or same(rung.bound, least)
    return between and same(rung.complex_bound, truncation + of.rounding)


def _balanced(found: Ladder) -> float:
    """h = (3·ε/M₃)^⅓, to a power of two."""
    return float(2.0 ** round(log2(cbrt(3 * found.noise / found.third))))
