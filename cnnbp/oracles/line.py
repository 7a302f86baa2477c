"""What a function of many numbers does along a line, step by step, beside the gradient that somebody claims for it. No verdicts.

Of each step t there is the odd part ⟨δ, f(t) − f(−t)⟩/2, from which the claim ⟨g, x₊ − x₋⟩/2 is taken at once: a wrong claim
leaves a rest that is proportional to t, a bend one in t³, rounding one that hangs on no step. And there is the even part
f(t) + f(−t) − 2·f(0), in which a smooth function leaves t², a kink t, rounding again a constant: the finest steps show the
function's own noise, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..rounding import Array, U, norm

RATIO, COARSEST = 8.0, 0.25  # steps from a quarter of the scale downwards
FINE = 5  # from this rung on the even part counts as noise: 10⁻⁵ of the scale
FINEST = 3  # so many of them, the finest that were asked about
CAUTION = 8.0  # noise is estimated from a handful of values


@dataclass(frozen=True)
class Step:
    """One step: all numbers are differences of ⟨δ, f⟩, but `rest`, `gap` and `floor`, which are slopes."""

    size: float
    rest: float
    """What the claim does not account for."""
    gap: float
    """How far the slopes on either side are apart, summed over the outputs without cancelling."""
    noise: float
    """The even part: the noise, where the step is fine."""
    floor: float
    """What the rounding of the products and of the outputs does to `rest` at least."""
    moved: int
    """So many outputs moved at all."""


class Line:
    """⟨δ, f(x + t·way)⟩ beside the claim that its derivative is ⟨gradient, way⟩. Each step is asked about once."""

    def __init__(self, values: Callable[[Array], Array], here: Array, at: Array, way: Array, gradient: Array, delta: Array) -> None:
        self._values, self._here, self._at, self._way, self._gradient, self._delta = values, here, at, way, gradient, delta
        self._rungs: dict[int, Step | None] = {}

    def steps(self, rungs: Iterable[int]) -> list[Step]:
        """The steps asked about so far and these, from coarse to fine, without those that leave the domain of the function."""
        for rung in rungs:
            if rung not in self._rungs:
                self._rungs[rung] = self._step(COARSEST / RATIO**rung)
        return [step for _, step in sorted(self._rungs.items()) if step is not None]

    def rest(self, size: float) -> float:
        """What the claim does not account for at a step of this size; NaN out of the domain."""
        step = self._step(size)
        return np.nan if step is None else step.rest

    def _step(self, size: float) -> Step | None:
        plus, minus = self._at + size * self._way, self._at - size * self._way
        spread = plus - minus
        if (np.abs(spread) < size * np.abs(self._way)).any():
            return None  # rounding swallows the step: an entry that does not move shows nothing
        above, below = self._values(plus), self._values(minus)
        products = (self._gradient * spread).ravel()
        predicted, weights, here = float(products.sum()), self._delta.ravel(), self._here.ravel()
        above, below = above.ravel(), below.ravel()
        odd = float(weights @ (above - below))
        even = weights * (above + below - 2 * here)
        if not np.isfinite(odd - predicted) or not np.isfinite(even).all():
            return None
        outputs = weights * np.maximum(np.abs(above), np.abs(below))
        rounding = U * (norm(outputs) + norm(products) + abs(odd))
        moved = int(np.count_nonzero((above != here) | (below != here)))
        noise = max(abs(float(even.sum())), norm(even))
        return Step(size, (odd - predicted) / (2 * size), float(np.abs(even).sum()) / size, noise, float(rounding) / size, moved)


@dataclass(frozen=True)
class Rest:
    """The best that steps say of a claim: the slope that it leaves over, how far that may be off, and at which step."""

    slope: float
    error: float
    size: float
    clean: bool
    """No finer step contradicts beyond its own noise, and no kink parts the slopes on either side."""
    bent: bool
    """A kink does, down to the finest steps."""


def rest(steps: list[Step]) -> Rest | None:
    """What is left over at the step where truncation and noise together are least. None of fewer than three steps.

    What the rest changes from a step to one that is r times finer is at least r − 1 times the finer one's truncation.
    """
    most = max((step.moved for step in steps), default=0)
    steps = [step for step in steps if 2 * step.moved >= most]  # finer ones are within a stair of rounding
    fine = [step for step in steps if step.size <= COARSEST / RATIO**FINE][-FINEST:]
    if len(steps) < 3 or not fine:
        return None
    noise, scatter = CAUTION * max(step.noise for step in fine), max(step.gap * step.size for step in fine)
    floors = [noise / step.size + CAUTION * step.floor for step in steps]
    changes = [abs(a.rest - b.rest) / (a.size / b.size - 1) for a, b in pairwise(steps)]
    errors = [floor + change for floor, change in zip(floors, [abs(steps[0].rest - steps[1].rest), *changes], strict=True)]
    best = int(np.argmin(errors))
    contradicted = any(abs(s.rest) > errors[best] + floor for s, floor in zip(steps[best:], floors[best:], strict=True))
    seen = [(a.gap, b.gap) for a, b in pairwise(steps) if max(a.gap, b.gap) * b.size > 4 * CAUTION * scatter]
    bent = bool(seen) and seen[-1][1] > seen[-1][0] / 2
    return Rest(steps[best].rest, errors[best], steps[best].size, not (contradicted or bent), bent)
