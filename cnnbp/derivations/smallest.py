"""The smallest counterexample: Hypothesis searches the instances of a statement and shrinks what it finds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import Random

import numpy as np
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample

from ..cases.choices import Choices
from ..cases.from_hypothesis import strategy
from .statement import Instance

SEARCHES = 3  # shrinking ends where no single change helps; from elsewhere it may end lower
SEARCH = settings(
    max_examples=200, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink]
)


def smallest(
    draw: Callable[[Choices], Instance], fails: Callable[[Instance], bool], known: Instance, seed: int, thorough: bool
) -> Instance:
    """An instance that fails, with as few and as simple numbers as the searches find: one search, or if `thorough` several.

    `known` fails: it is the answer where they find nothing smaller.
    """
    found = [known]
    for number in range(SEARCHES if thorough else 1):
        with suppress(NoSuchExample):
            found.append(find(strategy(draw), fails, settings=SEARCH, random=Random(f"{seed}/{number}")))
    return min(found, key=_size)


def _size(instance: Instance) -> tuple[int, float]:
    """How much there is to follow by hand: how many numbers, then how large."""
    numbers = [abs(number) for value in instance.given().values() if not isinstance(value, str) for number in np.ravel(value)]
    return len(numbers), float(sum(numbers))
