"""What a function of many numbers does along a line, step by step, beside the gradient that somebody claims for it. No verdicts.

Of each step t there is the odd part ⟨δ, f(t) − f(−t)⟩/2, from which the claim ⟨g, x₊ − x₋⟩/2 is taken at once: a wrong claim
leaves a rest that is proportional to t, a bend one in t³, rounding one that hangs on no step. And there is the even part
f(t) + f(−t) − 2·f(0), in which a smooth function leaves t², a kink t, rounding again a constant: the finest steps show the
function's own noise, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from ..rounding import Array, U

RATIO, COARSEST, RUNGS = 8.0, 0.25, 11  # steps from a quarter of the scale to 2·10⁻¹⁰ of it
FINE = 5  # from this rung on the even part counts as noise: 10⁻⁵ of the scale
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
        rounding = 4 * U * (np.sqrt(outputs @ outputs) + np.sqrt(products @ products) + abs(odd))
        noise = max(abs(float(even.sum())), float(np.sqrt(even @ even)))
        return Step(size, (odd - predicted) / (2 * size), float(np.abs(even).sum()) / size, noise, float(rounding) / size)


@dataclass(frozen=True)
class Rest:
    """The best that steps say of a claim: the slope that it leaves over, how far that may be off, and whether all steps agree."""

    slope: float
    error: float
    size: float
    gap: float
    agrees: int
    """At so many steps the rest is within `error` and that step's own noise; −1 where a finer step contradicts."""


def rest(steps: list[Step], wanted: float) -> Rest | None:
    """What is left over at the step where truncation and noise together are least. None of fewer than three steps.

    Truncation is a part of what the rest changes from the step before. `wanted`: a slope that three steps have to stay below.
    """
    if len(steps) < 3:
        return None
    noise = CAUTION * max((step.noise for step in steps if step.size <= COARSEST / RATIO**FINE), default=np.inf)
    floors = [noise / step.size + CAUTION * step.floor for step in steps]
    changes = [abs(a.rest - b.rest) for a, b in zip([steps[1], *steps], steps, strict=False)]
    errors = [floor + change / 4 for floor, change in zip(floors, changes, strict=True)]
    best = int(np.argmin(errors))
    error = errors[best]
    contradicted = any(abs(s.rest) > error + floor for s, floor in zip(steps[best:], floors[best:], strict=True))
    agreeing = sum(abs(step.rest) <= wanted for step in steps)
    gap = min(step.gap for step in steps)
    return Rest(steps[best].rest, error, steps[best].size, gap, -1 if contradicted else agreeing)
