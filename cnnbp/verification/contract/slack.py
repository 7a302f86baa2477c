"""How far an answer may move when it is computed in another order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...rounding import Array
from ..neighbours import largest

REORDERED = 1e-6  # in parts of the largest entry, of an unknown computation; of the residual the square of it
LEAST = 1e-300  # where all of that is 0: what underflows is no other answer
Bound = Callable[[int, Array], Array]


@dataclass(frozen=True)
class Slack:
    """How far answer number j may move. `least` is a part of it that is cheap to know, and as a rule enough."""

    whole: Bound
    least: Bound | None = None

    def __call__(self, j: int, answer: Array) -> Array:
        """All of it."""
        return self.whole(j, answer)

    @property
    def twice(self) -> Slack:
        """Of an answer and another that were both rounded."""
        least = self.least
        return Slack(lambda j, a: 2 * self.whole(j, a), None if least is None else lambda j, a: 2 * least(j, a))

    def more(self, whole: Bound) -> Slack:
        """With something added, which is asked for where the least is not enough."""
        return Slack(lambda j, a: np.asarray(self.whole(j, a) + whole(j, a)), self.least)


def reordered(delta: Array, _: int, answer: Array) -> Array:
    """Relative to the largest entry, and, where all of them are what is left of larger terms, to the residual."""
    return np.full(answer.shape, REORDERED * largest(answer) + REORDERED**2 * float(np.abs(delta).sum()) + LEAST)
