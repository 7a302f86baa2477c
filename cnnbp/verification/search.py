"""What differences say of a gradient: along random directions first, entry by entry where a direction does not agree.

Along a direction every entry moves by the reciprocal of what is claimed for it, so that a given relative error weighs the same
in whichever entry it sits, and a wrong one cannot hide behind the large ones. The sizes are drawn, not only the signs: two
errors cancel only if they do to within the bound. A direction that disagrees, or sees too little, is halved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import cached_property, partial

import numpy as np

from ..oracles import noisy_difference
from ..oracles.line import Line, rest
from ..oracles.noisy_difference import Estimate
from ..rounding import Array, U
from .patience import Patience

RESOLVED = 2.0**-11  # of what is claimed for an entry: an error of a hundredth is twenty times as large
COARSE = 1e-3  # of the largest entry: whoever sees no better sees nothing
ALONE = 2.5e-3  # what an entry that is looked at alone must be resolved to
SUBTLE = 2e-3  # a smaller error convicts only where the function is smooth over all steps: an iteration that stops early is not
TREMORS, CAUTION = 3, 8.0  # so often the last bits are moved, and so much farther may the gradient be off
SPAN = 12.0  # binary orders of magnitude that one direction may hold: those claimed large move by so much less
ORDER = ((2, 4, 6, 10), (5, 7), (3, 8), (1, 9), (0, 11, 12))  # of the rungs: most layers need the first four


class State(IntEnum):
    """What became of an entry."""

    UNREACHED = 0
    JUDGED = 1
    KINK = 2
    BEYOND = 3  # reach: noise, or other slopes at other scales


class Search:
    """One gradient on trial. `expected`, `error` and `state` fill up as the search goes on.

    values, backward: y and this gradient where the argument is moved to.
    """

    def __init__(
        self,
        values: Callable[[Array], Array],
        backward: Callable[[Array], Array],
        at: Array,
        y: Array,
        gradient: Array,
        delta: Array,
        patience: Patience,
        name: str,
    ) -> None:
        self._values, self._backward, self._at, self._y, self._gradient, self._delta = values, backward, at, y, gradient, delta
        self._patience, self._name = patience, name
        self._asked, self._settled = 0, False
        self._rng = np.random.default_rng(at.size)
        self.expected, self.error = gradient.astype(float).copy(), np.zeros(at.shape)
        self.state = np.full(at.shape, State.UNREACHED)

    def run(self) -> None:
        """Looks at every entry, unless time is over, or what was found settles the verdict and has cost as much as a plain loop."""
        waiting = list(self._groups())[::-1]
        while waiting:
            self._patience.tell("verification.progress", quantity=self._name, done=int((self.state > 0).sum()), of=self.state.size)
            if self._patience.over or (self._settled and self._asked > max(200, self._at.size)):
                return
            group = waiting.pop()
            if self._along(group):
                continue
            if len(group) > 1:
                waiting += np.array_split(group, 2)[::-1]
            else:
                self._alone(int(group[0]))

    @cached_property
    def _scale(self) -> Array:
        """How far each entry may be moved: its own size, and not much less than what is usual."""
        size = np.abs(self._at)
        largest = float(size.max())
        usual = largest * float(np.sqrt(np.mean((size / largest) ** 2))) if largest else 1.0
        found: Array = np.maximum(size, usual / 64).ravel()
        return found

    @cached_property
    def _claimed(self) -> Array:
        """log₂ of what each entry moves ⟨δ, y⟩ by, as claimed, over its scale; where 0 is claimed, of what is usual."""
        size = np.abs(self._gradient).ravel()
        found = np.log2(size) + np.log2(self._scale)
        some = np.isfinite(found)
        whole = float(np.log2(max(np.abs(self._delta * self._y).sum(), 2.0**-1000)))
        found[size == 0] = np.median(found[some]) if some.any() else whole if np.isfinite(whole) else 0.0
        return found

    def _groups(self) -> Iterator[Array]:
        """The entries from large claims to small ones, in groups over whose span one direction can see them all."""
        finite = np.isfinite(self._gradient).ravel()
        order = np.argsort(-self._claimed, kind="stable")
        order = order[finite[order]]
        while len(order):
            near = self._claimed[order] >= self._claimed[order[0]] - SPAN
            yield order[near]
            order = order[~near]

    def _way(self, group: Array) -> tuple[Array, float]:
        """A direction, and the share of ⟨δ, y⟩ that the least of its entries has."""
        smallest = self._claimed[group].min()
        sizes = np.exp2(smallest - self._claimed[group]) * self._scale[group]
        way = np.zeros(self._at.size)
        way[group] = sizes * self._rng.uniform(0.5, 1, len(group)) * np.copysign(1, self._rng.random(len(group)) - 0.5)
        return way.reshape(self._at.shape), float(np.exp2(smallest)) / 2

    def _line(self, way: Array) -> Line:
        return Line(self._values, self._y, self._at, way, self._gradient, self._delta)

    def _along(self, group: Array) -> bool:
        """Whether two directions of these entries agree with what is claimed, and would show an error in any of them."""
        way, share = self._way(group)
        line = self._line(way)
        for rungs in ORDER:
            self._asked += len(rungs)
            found = rest(line.steps(rungs))
            if found is None or found.contradicted or found.bent or not abs(found.slope) <= found.error <= RESOLVED * share:
                continue
            break
        else:
            return False
        second, _ = self._way(group)
        again = self._line(second).rest(found.size)
        self._asked += 1
        if not abs(again) <= 4 * found.error:
            return False
        moved = way.ravel()[group]
        claimed = self._gradient.ravel()[group]
        self.expected.ravel()[group] = np.where(claimed == 0, 0.0, claimed - found.slope / moved)
        self.error.ravel()[group] = found.error / np.abs(moved)
        self.state.ravel()[group] = State.JUDGED
        return True

    # ---- one entry ---------------------------------------------------------------------------------------------------

    def _alone(self, number: int) -> None:
        found, claim = self._estimate(number), float(self._gradient.ravel()[number])
        slope, error = found.derivative, 4 * found.error + 8 * U * abs(found.derivative)
        away = abs(claim - slope)
        largest = max(abs(claim), abs(slope))
        seen = largest == 0 or error <= ALONE * largest or (claim == 0 and error <= COARSE * self._largest)
        subtle = away <= SUBTLE * largest
        if abs(claim) * found.finest > float(np.abs(self._delta * self._y).sum()):
            state = State.BEYOND  # so steep a slope lies between the finest steps
        elif found.kink:
            excess, off = found.excess(claim), sum(off for _, off in found.sides)
            state = State.KINK if found.allows(claim) else State.JUDGED if excess > 8 * off else State.BEYOND
            if state == State.JUDGED:
                slope, error, away = claim - float(np.copysign(excess, claim - slope)), 8 * off, excess
        elif not (np.isfinite(slope) and seen):
            state = State.BEYOND
        elif away <= error:
            state = State.JUDGED
        else:
            doubted = found.disputed(claim) or away <= error + self._wobble.ravel()[number]
            state = State.BEYOND if doubted or (subtle and not (found.steady and self._smooth)) else State.JUDGED
        self._settled |= state == State.BEYOND or (state == State.JUDGED and away > error)
        self.state.ravel()[number], self.expected.ravel()[number], self.error.ravel()[number] = state, slope, error

    @cached_property
    def _largest(self) -> float:
        finite = np.abs(self._gradient[np.isfinite(self._gradient)])
        return float(finite.max()) if finite.size else 0.0

    def _estimate(self, number: int) -> Estimate:
        value, at = float(self._at.ravel()[number]), self._at

        def moved(t: float) -> Array:
            theta = at.copy()
            theta.ravel()[number] += t
            return self._values(theta)

        top = float(np.exp2(np.floor(np.log2(max(self._usual, abs(value)))))) / 4
        self._asked += noisy_difference.MOST // 3
        return noisy_difference.derivative(moved, self._delta, value, top, min(self._smallest, top), self._rounding)

    @cached_property
    def _wobble(self) -> Array:
        """How far the gradient itself moves when the last bits of the argument do: where that is far, nobody knows it better."""
        found = np.zeros(self._at.shape)
        for _ in range(TREMORS):
            near = self._at * (1 + 4 * U * np.copysign(1, self._rng.random(self._at.shape) - 0.5))
            found = np.fmax(found, np.abs(self._backward(near) - self._gradient))
        return CAUTION * found

    @cached_property
    def _smooth(self) -> bool:
        """Whether nothing jumps or bends along directions in which the whole argument moves by as much as itself."""
        for _ in range(TREMORS):
            way = self._scale.reshape(self._at.shape) * np.copysign(1, self._rng.random(self._at.shape) - 0.5)
            found = noisy_difference.derivative(
                lambda t, way=way: self._values(self._at + t * way), self._delta, 1.0, 1.0, 1.0, self._rounding
            )
            if not found.steady:
                return False
        return True

    @cached_property
    def _usual(self) -> float:
        sizes = np.abs(self._at[self._at != 0])
        return float(sizes.max() * np.sqrt(np.mean((sizes / sizes.max()) ** 2))) if sizes.size else 1.0

    @cached_property
    def _smallest(self) -> float:
        sizes = np.abs(self._at[self._at != 0])
        return float(sizes.min()) if sizes.size else 1.0

    @cached_property
    def _rounding(self) -> Array:
        """The noise of each value of y, measured once, along a direction in which every entry moves by its own size."""
        spread = np.random.default_rng(0).uniform(0.5, 1, self._at.shape)
        found = noisy_difference.noise(partial(self._nearby, spread), 1.0)
        found = np.where(np.isfinite(found), found, 0.0)
        relative = max(4 * U, noisy_difference.typical(found, self._y))
        rounding: Array = np.maximum(found, relative * np.abs(self._y))
        return rounding

    def _nearby(self, spread: Array, t: float) -> Array:
        return self._values(self._at * (1 + t * spread))
