"""One entry of a gradient, looked at alone: what differences say of it, or why they cannot say anything."""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property
from math import frexp

import numpy as np

from ..oracles import noise, noisy_difference
from ..oracles.estimate import Estimate
from ..rounding import Array, U
from .claim import Claim

RESOLVED = 2.5e-3  # of the entry: an error of a hundredth is to be seen
COARSE = 1e-3  # of the largest entry, where 0 is claimed
SUBTLE = 2e-3  # a smaller error is wrong only where the function is smooth over all steps: an iteration that stops early is not
WITHIN = (1.0, 0.618, 0.273)  # parts of a step at which the layer is asked for its slopes
TREMORS, CAUTION = 3, 8.0  # so often the last bits are moved, and so much farther may the gradient be off


class State(IntEnum):
    """What became of an entry. From NOISE on it is beyond the reach of differences, for the reason named."""

    UNREACHED = 0
    JUDGED = 1
    KINK = 2
    NOISE = 3
    STEEP = 4  # the claim moves y by more than all of it within the finest step
    SCALES = 5  # steps of another size speak for another slope
    ODD = 6  # at a kink, and no slope that either side or a tie would give


Answer = tuple[State, float, float]  # the state, the slope that was found, and how far it may be off


class Alone:
    """Answers for one entry at a time. What hangs on no entry is found once: rounding, smoothness, the gradient's own noise."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._rng = np.random.default_rng(claim.at.size)

    def ask(self, number: int) -> Answer:
        """About the entry with this number in row-major order."""
        with np.errstate(all="ignore"):  # what overflows shows nothing
            return self._ask(number)

    def _ask(self, number: int) -> Answer:
        found, claimed = self._estimate(number), float(self._claim.gradient.ravel()[number])
        slope, error = found.derivative, 4 * found.error + 8 * U * abs(found.derivative)
        if abs(claimed) > found.steepest:
            return State.STEEP, slope, error
        if found.kink:  # one number is asked about, and a tie may be decided by others: what is no convention is not yet wrong
            return State.KINK if found.allows(claimed) else State.ODD, slope, error
        away, largest = abs(claimed - slope), max(abs(claimed), abs(slope))
        if not (error <= RESOLVED * largest or (claimed == 0 and error <= COARSE * self._claim.largest)):
            return State.NOISE, slope, error
        if away > error:
            if away <= error + self._tremor.ravel()[number]:
                return State.NOISE, slope, error
            if (
                found.disputed(claimed)
                or self._restless(number, found.step, away)
                or (away <= SUBTLE * largest and not (found.steady and self._smooth))
            ):
                return State.SCALES, slope, error
        return State.JUDGED, slope, error

    def _restless(self, number: int, step: float, away: float) -> bool:
        """Whether the layer's own slopes differ by as much within the step: then no difference over it can speak against them."""
        claim, spot = self._claim, np.zeros(self._claim.at.shape)
        spot.ravel()[number] = step
        claimed = claim.gradient.ravel()[number]
        for part in WITHIN:
            above, below = (claim.gradients(claim.at + sign * part * spot).ravel()[number] for sign in (1, -1))
            if abs((above + below) / 2 - claimed) > away / 4:
                return True
        return False

    def _estimate(self, number: int) -> Estimate:
        claim = self._claim
        value, sizes = float(claim.at.ravel()[number]), np.abs(claim.at[claim.at != 0])

        def moved(t: float) -> Array:
            theta = claim.at.copy()
            theta.ravel()[number] += t
            return claim.values(theta)

        top = float(2.0 ** (frexp(max(claim.usual, abs(value)))[1] - 3))  # a quarter of the power of two below
        fine = min(float(np.min(sizes, initial=1.0)) if sizes.size else 1.0, top)
        return noisy_difference.derivative(moved, claim.delta, value, top, fine, self._rounding)

    @cached_property
    def _rounding(self) -> Array:
        """The noise of each value of y, along a direction in which every entry moves by its own size."""
        claim, spread = self._claim, self._rng.uniform(0.5, 1, self._claim.at.shape)
        found = noise.noise(lambda t: claim.values(claim.at * (1 + t * spread)), 1.0)
        found = np.where(np.isfinite(found), found, 0.0)
        relative = max(4 * U, noise.typical(found, claim.y))
        rounding: Array = np.maximum(found, relative * np.abs(claim.y))
        return rounding

    @cached_property
    def _tremor(self) -> Array:
        """How far the gradient itself moves when the last bits of the argument do: where that is far, nobody knows it better."""
        claim, found = self._claim, np.zeros(self._claim.at.shape)
        for _ in range(TREMORS):
            near = claim.at * (1 + 4 * U * self._signs())
            found = np.fmax(found, np.abs(claim.gradients(near) - claim.gradient))
        return CAUTION * found

    @cached_property
    def _smooth(self) -> bool:
        """Whether nothing jumps or bends along directions in which the whole argument moves by as much as itself."""
        claim = self._claim
        for _ in range(TREMORS):
            way = claim.scale * self._signs()

            def along(t: float, way: Array = way) -> Array:
                return claim.values(claim.at + t * way)

            found = noisy_difference.derivative(along, claim.delta, 1.0, 1.0, 1.0, self._rounding)
            if not found.steady:
                return False
        return True

    def _signs(self) -> Array:
        found: Array = np.copysign(1.0, self._rng.random(self._claim.at.shape) - 0.5)
        return found
