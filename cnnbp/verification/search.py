"""What differences say of a gradient: along random directions first, entry by entry where a direction does not agree.

Along a direction every entry moves by the reciprocal of what is claimed for it, so that a given relative error weighs the same
in whichever entry it sits, and a wrong one cannot hide behind the large ones. The sizes are drawn, not only the signs: two
errors cancel only if they do to within the bound. A direction that disagrees, or sees too little, is halved.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from ..oracles.line import Line, rest
from ..rounding import Array
from .alone import Alone, State
from .claim import Claim
from .neighbours import drawn
from .patience import Patience

RESOLVED = 2.0**-11  # of what is claimed for an entry: an error of a hundredth is twenty times as large
SPAN = 12.0  # binary orders of magnitude that one direction may hold: those claimed large move by so much less
RUNGS = ((2, 4, 6, 10), (5, 7), (3, 8), (1, 9), (0, 11, 12))  # in the order of asking: most layers need the first four
PLAIN, LOOPS = 600, 4  # pairs of values that are nothing, and so many times a pair for each entry, which a plain loop takes
WORK = 1e9  # numbers in all pairs of values: seconds of an elementwise layer, a minute or two of a convolution
SURE = 200  # pairs after which one wrong entry is enough
DOUBT = 2000  # pairs that are looked for something wrong where nothing else can be concluded any more
FEW = 8  # entries that are looked at one by one where most of those before were at a kink; so many of these are remembered
PLAINLY = 8.0  # a rest that is so much larger than its error is wrong at any step
PAIRS, OF_KINK = 20, 4  # of values, about, that an entry alone takes


class Search:
    """One gradient under test. `expected`, `error` (how far that may be off) and `state` fill up as the search goes on."""

    def __init__(self, claim: Claim, name: str, patience: Patience) -> None:
        self._claim, self._name, self._patience = claim, name, patience
        self._pairs, self._wrong, self._settled = 0, False, False
        self._kinks: deque[bool] = deque(maxlen=FEW)
        self._rng, self.alone = np.random.default_rng(claim.at.size), Alone(claim)
        self.expected, self.error = claim.gradient.copy(), np.zeros(claim.at.shape)
        self.state = np.full(claim.at.shape, State.UNREACHED)

    def run(self) -> None:
        """Looks at every entry, unless time is over, or what was found settles the verdict and has cost enough."""
        with np.errstate(all="ignore"):  # what overflows shows nothing
            self._run(list(self._groups())[::-1])

    def _run(self, waiting: list[Array]) -> None:
        while waiting and not self._patience.over and not self._enough:
            self._patience.tell("progress-entries", quantity=self._name, done=int((self.state > 0).sum()), of=self.state.size)
            group = waiting.pop()
            if self._kinked(group):
                waiting += np.array_split(group, len(group))[::-1]
            elif len(group) > 1 and not self._along(group):
                waiting += self._parted(group)[::-1]
            elif len(group) == 1 and (sum(self._kinks) > FEW // 2 or not self._along(group)):
                self._one(int(group[0]))

    @property
    def _enough(self) -> bool:
        """One entry is wrong; or nothing can be concluded, as where most are at a kink; or looking costs many plain loops."""
        size = self.state.size
        if self._wrong:
            return self._pairs > SURE
        if self._settled or 2 * int((self.state == State.KINK).sum()) > size:
            return self._pairs > min(max(PLAIN, size), DOUBT)
        return self.costly

    @property
    def costly(self) -> bool:
        """Whether looking on would cost many times what a plain loop over the entries does, or so much that nobody waits for it."""
        work = self._pairs * (self._claim.at.size + self._claim.y.size)
        return self._pairs > LOOPS * (self.state.size + PLAIN) or work > WORK

    def _kinked(self, group: Array) -> bool:
        """Whether it is cheaper to look at these one by one, since most of those before were at a kink."""
        return len(group) > 1 and sum(self._kinks) > FEW // 2 and (len(group) <= FEW or bool(self._at_zero[group].all()))

    @cached_property
    def _at_zero(self) -> Array:
        """Where kinks are as a rule."""
        found: Array = self._claim.at.ravel() == 0
        return found

    def _parted(self, group: Array) -> list[Array]:
        """In halves, or what is at 0 from what is not."""
        zero = self._at_zero[group]
        return np.array_split(group, 2) if zero.all() or not zero.any() else [group[~zero], group[zero]]

    @cached_property
    def _shares(self) -> Array:
        """log₂ of what each entry moves ⟨δ, y⟩ by, as claimed, over its scale; where 0 is claimed, of what is usual."""
        size = np.abs(self._claim.gradient).ravel()
        found = np.log2(size) + np.log2(self._claim.scale.ravel())
        some = np.isfinite(found)
        whole = np.log2(self._claim.whole) if 0 < self._claim.whole < np.inf else 0.0
        found[size == 0] = np.median(found[some]) if some.any() else whole
        return found

    def _groups(self) -> Iterator[Array]:
        """The entries from large shares to small ones, in groups over whose span one direction can see them all."""
        finite = np.isfinite(self._claim.gradient).ravel()
        order = np.argsort(-self._shares, kind="stable")
        order = order[finite[order]]
        while len(order):
            near = self._shares[order] >= self._shares[order[0]] - SPAN
            yield order[near]
            order = order[~near]

    def _line(self, group: Array) -> tuple[Line, Array]:
        """A direction of these entries, and how far it moves each of them at a step of 1."""
        claim, shares = self._claim, self._shares[group]
        moved = np.exp2(shares.min() - shares) * claim.scale.ravel()[group]
        moved *= drawn(group.shape, self._rng)
        way = np.zeros(claim.at.size)
        way[group] = moved
        return Line(claim.values, claim.y, claim.at, way.reshape(claim.at.shape), claim.gradient, claim.delta), moved

    def _along(self, group: Array) -> bool:
        """Whether two directions of these entries agree with what is claimed, and would show an error in any of them."""
        line, moved = self._line(group)
        wanted = RESOLVED * float(np.exp2(self._shares[group].min())) / 2  # the least that an entry moves ⟨δ, y⟩ by
        for rungs in RUNGS:
            self._pairs += len(rungs)
            found = rest(line.steps(rungs))
            if found is not None and found.clean and abs(found.slope) <= found.error <= wanted:
                break
            if found is not None and (found.bent or (found.clean and PLAINLY * found.error < abs(found.slope))):
                return False
        else:
            return False
        self._pairs += 1
        if not abs(self._line(group)[0].rest(found.size)) <= 4 * found.error:
            return False
        claimed = self._claim.gradient.ravel()[group]
        self.expected.ravel()[group] = np.where(claimed == 0, 0.0, claimed - found.slope / moved)
        self.error.ravel()[group] = found.error / np.abs(moved)
        self.state.ravel()[group] = State.JUDGED
        return True

    def _one(self, number: int) -> None:
        state, slope, error = self.alone.ask(number)
        self._pairs += OF_KINK if state == State.KINK else PAIRS
        wrong = state == State.JUDGED and abs(self._claim.gradient.ravel()[number] - slope) > error
        self._kinks.append(state == State.KINK)
        self._wrong |= wrong
        self._settled |= wrong or state >= State.NOISE
        self.state.ravel()[number], self.expected.ravel()[number], self.error.ravel()[number] = state, slope, error
