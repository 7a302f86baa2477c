"""What a layer itself claims around a number: whether its slopes are those of a derivative, and how well it knows them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..rounding import Array, U
from .claim import Claim
from .examination import signs

WITHIN = (1.0, 0.618, 0.273)  # parts of a step at which it is asked for its slopes
TREMORS, CAUTION = 3, 8.0  # so often the last bits are moved, and so much farther may the gradient be off
NEXT = (1.0, 2.0**-12, 2.0**-30)  # parts of a step, beside the last bit of a number
SAME = 8.0  # so much nearer to a slope than the claim is, a slope is the same
LEAST = 2.0**-900  # the last bit of 0, with room for products


class Around:
    """Asks for the gradient where one entry of the argument, or all of them, are moved by a little."""

    def __init__(self, claim: Claim, rng: np.random.Generator) -> None:
        self._claim, self._rng = claim, rng

    def isolated(self, number: int, step: float, slope: float) -> bool:
        """Whether the claim holds at this very number alone, and on both sides the layer has the slope that differences find.

        No derivative does so: where slopes beside a number have a limit, it is the slope there.
        """
        value, away = float(self._claim.at.ravel()[number]), abs(float(self._claim.gradient.ravel()[number]) - slope)
        for side in (-1.0, 1.0):
            last = LEAST * side if value == 0 else float(np.nextafter(value, side * np.inf)) - value
            for beside in (last, *(side * part * step for part in NEXT)):
                if not abs(self._beside(number, beside) - slope) <= away / SAME:
                    return False
        return True

    def restless(self, number: int, step: float, away: float) -> bool:
        """Whether the layer's own slopes differ by as much within the step: then no difference over it can speak against them."""
        claimed = self._claim.gradient.ravel()[number]
        for part in WITHIN:
            above, below = (self._beside(number, sign * part * step) for sign in (1, -1))
            if abs((above + below) / 2 - claimed) > away / 4:
                return True
        return False

    @cached_property
    def tremor(self) -> Array:
        """How far the gradient itself moves when the last bits of the argument do: where that is far, nobody knows it better."""
        claim, found = self._claim, np.zeros(self._claim.at.shape)
        for _ in range(TREMORS):
            near = claim.at * (1 + 4 * U * signs(claim.at.shape, self._rng))
            found = np.fmax(found, np.abs(claim.gradients(near) - claim.gradient))
        return CAUTION * found

    def _beside(self, number: int, away: float) -> float:
        theta = self._claim.at.copy()
        theta.ravel()[number] += away
        return float(self._claim.gradients(theta).ravel()[number])
