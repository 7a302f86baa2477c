"""What differences say of a derivative, and of a claim about it: a number, its error, and what the steps saw. No verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan

import numpy as np

Side = tuple[float, float]  # a slope, and how far it may be off

NEARER, SEVERAL = 8.0, 3  # so many steps that are so much nearer to a claim than the estimate is leave it undecided
SHARERS = 9  # that may tie: a window of 3×3


@dataclass(frozen=True)
class Estimate:
    """f′(0), how far it may be off, and whether a kink or a jump sits there."""

    derivative: float
    error: float
    kink: bool
    slopes: tuple[float, ...] = ()
    """Of every step, from coarse to fine."""
    steady: bool = False
    """The slopes settle as those of a smooth function do: nothing hides between the steps."""
    step: float = 0.0
    """At which `derivative` was found."""
    steepest: float = inf
    """No slope beyond this can be told from a jump: over the finest step it would move the values by more than they ever moved."""
    sides: tuple[Side, Side] = ((nan, inf), (nan, inf))
    """Below and above; they differ at a kink."""
    turns: tuple[float, ...] = ()
    """By output that bends, half the difference of its slopes above and below."""

    def disputed(self, claim: float) -> bool:
        """Several steps speak for the claim rather than for the estimate: the function has another slope at another scale."""
        away = abs(claim - self.derivative)
        return sum(abs(slope - claim) <= away / NEARER for slope in self.slopes) >= SEVERAL

    def allows(self, claim: float) -> bool:
        """At a kink: the claim is a slope of either side, output by output, or what one gets of several that share a tie."""
        if any(abs(claim - slope) <= off < inf for slope, off in self.sides):
            return True
        (below, off_below), (above, off_above) = self.sides
        off, mean = off_below + off_above, (below + above) / 2
        if not off <= abs(above - below) / 100:
            return False
        shares = [fraction for k in range(2, SHARERS + 1) for fraction in (1 / k, 1 - 1 / k)]
        sums = np.array([mean])
        for turn in self.turns if len(self.turns) <= SHARERS else ():
            sums = np.concatenate([sums - turn, sums + turn])
        return any(abs(claim - (below + share * (above - below))) <= off for share in shares) or bool(
            (abs(claim - sums) <= off).any()
        )
