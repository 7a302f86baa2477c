"""One entry of a gradient, looked at alone: what differences say of it, or why they cannot say anything."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from functools import cached_property
from math import frexp

import numpy as np

from ..oracles import noise, noisy_difference
from ..oracles.estimate import Estimate
from ..rounding import Array, U
from .around import Around
from .claim import Claim
from .examination import signs
from .neighbours import drawn
from .neighbours import largest as largest_of

RESOLVED = 2.5e-3  # of the entry: an error of a hundredth is to be seen
COARSE = 1e-3  # of the largest entry, where 0 is claimed
SUBTLE = 2e-3  # a smaller error is wrong only where the function is smooth over all steps: an iteration that stops early is not
DIRECTIONS = 3  # in which all entries are moved
NEAR, ROUGHLY = 2.0**-40, 1e-6  # next to an argument, and as well as a gradient there is known
STAIR, CAREFUL = 64.0, 8.0  # units of roundoff that a stair may be high; and times that it may count
APART = 2.0**-10  # of its size: so far is each entry moved to break a tie


class State(IntEnum):
    """What became of an entry. From NOISE on it is beyond the reach of differences, for the reason named."""

    UNREACHED = 0
    JUDGED = 1
    KINK = 2
    NOISE = 3
    STEEP = 4  # the claim moves y by more than all of it within the finest step
    SCALES = 5  # steps of another size speak for another slope
    ODD = 6  # at a kink, and no slope that either side or a tie would give
    SHAKY = 7  # the claim itself moves as far as it is off, when last bits of the argument do
    SUBTLE = 8  # off by so little as the gradient of what an iteration approaches, where it stops early


Answer = tuple[State, float, float]  # the state, the slope that was found, and how far it may be off


class Alone:
    """Answers for one entry at a time. What hangs on no entry is found once: rounding, smoothness, the gradient's own noise."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._rng = np.random.default_rng(claim.at.size)
        self._around = Around(claim, self._rng)
        self.exceptions = set[int]()
        """The entries at which the claim differs from what it is on both sides, and from what differences find."""

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
            if self._around.isolated(number, found.step, found.derivative) and self._differentiable:
                self.exceptions.add(number)
                return State.JUDGED, slope, error
            if away <= error + self._around.tremor.ravel()[number]:
                return State.SHAKY, slope, error
            if found.disputed(claimed) or self._around.restless(number, found.step, away):
                return State.SCALES, slope, error
            if away <= self._of_stairs / found.step:
                return State.NOISE, slope, error
            if away <= SUBTLE * largest and not (found.steady and self._smooth):
                return State.SUBTLE, slope, error
        return State.JUDGED, slope, error

    def together(self, entries: Array) -> Answer:
        """About these entries moved as one, and the sum of what is claimed for them.

        Where the forward has no kink along this direction, no convention about any of them changes the sum: unless each has a
        kink of its own, and these cancel.
        """
        with np.errstate(all="ignore"):
            claim, way = self._claim, entries.astype(float)
            claimed, sizes = float(claim.gradient[entries].sum()), float(np.abs(claim.gradient[entries]).sum())
            found = self._derivative(way, float(np.max(np.abs(claim.at[entries]))))
            slope, error = found.derivative, 4 * found.error + 8 * U * sizes
            if found.kink or not (found.steady and error <= RESOLVED * max(abs(claimed), abs(slope))):
                return State.KINK, slope, error
            if abs(claimed - slope) <= error:
                return State.JUDGED, slope, error
            state = State.SCALES if found.disputed(claimed) else State.JUDGED if self._tied(entries) else State.KINK
            return state, slope, error

    def _tied(self, entries: Array) -> bool:
        """Whether no entry has a kink once the others are moved, each by another amount. At the ends of a clamp each has."""
        claim = self._claim
        broken = claim.at + APART * claim.scale * drawn(claim.at.shape, self._rng)
        for number in np.flatnonzero(entries):
            at = np.where(entries, broken, claim.at)
            at.ravel()[number] = claim.at.ravel()[number]
            if Alone(replace(claim, at=at, y=claim.values(at)))._estimate(int(number)).kink:
                return False
        return True

    def _estimate(self, number: int) -> Estimate:
        way = np.zeros(self._claim.at.shape)
        way.ravel()[number] = 1.0
        return self._derivative(way, float(self._claim.at.ravel()[number]))

    def _derivative(self, way: Array, value: float) -> Estimate:
        """Along a direction of entries that move by the same; `value`: the largest of them."""
        claim, sizes = self._claim, np.abs(self._claim.at[self._claim.at != 0])

        def moved(t: float) -> Array:
            return claim.values(claim.at + t * way)

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
    def _of_stairs(self) -> float:
        """How far stairs in the forward may move ⟨δ, y⟩: no higher than roundings of 1, or of the largest number."""
        claim, rng = self._claim, np.random.default_rng(self._claim.at.size)  # what is drawn later hangs on no failure
        spread = rng.uniform(0.5, 1, claim.at.shape)
        found = noise.stairs(lambda t: claim.values(claim.at * (1 + t * spread)), 1.0)
        least = STAIR * U * max(1.0, largest_of(claim.at), largest_of(claim.y))
        return CAREFUL * float(np.sqrt(np.sum((claim.delta * np.where(found <= least, found, 0.0)) ** 2)))

    @cached_property
    def _differentiable(self) -> bool:
        """Whether slopes along directions of the whole argument add up from the layer's own gradient next to it.

        At a tie of three numbers their median is flat in each of them, and yet moves as all do.
        """
        claim = self._claim
        near = claim.gradients(claim.at + NEAR * claim.scale * signs(claim.at.shape, self._rng))
        for _ in range(DIRECTIONS):
            way = claim.scale * drawn(claim.at.shape, self._rng)
            found = self._derivative(way, float(np.max(np.abs(claim.at))))
            error = 4 * found.error + ROUGHLY * float(np.abs(near * way).sum())
            if found.kink or not abs(found.derivative - float((near * way).sum())) <= error:
                return False
        return True

    @cached_property
    def _smooth(self) -> bool:
        """Whether nothing jumps or bends along directions in which the whole argument moves by as much as itself."""
        claim = self._claim
        for _ in range(DIRECTIONS):
            way = claim.scale * signs(claim.at.shape, self._rng)

            def along(t: float, way: Array = way) -> Array:
                return claim.values(claim.at + t * way)

            found = noisy_difference.derivative(along, claim.delta, 1.0, 1.0, 1.0, self._rounding)
            if not found.steady:
                return False
        return True
