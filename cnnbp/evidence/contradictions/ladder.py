"""A ladder of steps: each half of the one before, its bounds and the chosen step as they follow from sup|f‴| and the rounding."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import cbrt, inf, isclose, log2

from ..records import Ladder, Rung
from ..verdict import Remark
from .unless import unless

REST = 1e-4  # what else is in a bound, roundings of the products, as a share of it


def ladder(found: Ladder) -> Iterator[Remark]:
    """Whether the bounds are those of the steps, and the chosen step is where they are least."""
    steps, positive = [rung.step for rung in found.rungs], 0 < found.third < inf and 0 < found.noise < inf
    measured = [value for rung in found.rungs for value in (rung.error, rung.complex)]
    checks = {
        "rungs": steps != [] and 0 < steps[0] < inf and all(a == 2 * b > 0 for a, b in pairwise(steps)),
        "rung-errors": all(0 <= value < inf for value in measured),
        "rung-bounds": positive and all(rung.step > 0 and _derived(rung, found) for rung in found.rungs),
        "rung-chosen": positive and found.chosen in steps and found.chosen == _balanced(found),
    }
    yield from unless(found, checks)


def _derived(rung: Rung, of: Ladder) -> bool:
    """Twice the truncation h²·M₃/6, and three times the rounding over the step."""
    return isclose(rung.bound, rung.step**2 * of.third / 3 + 3 * of.noise / rung.step, rel_tol=REST)


def _balanced(found: Ladder) -> float:
    """h = (3·ε/M₃)^⅓, to a power of two."""
    return float(2.0 ** round(log2(cbrt(3 * found.noise / found.third))))
