"""Choices made by Hypothesis, which searches the space that they span and shrinks what it finds in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

from .choices import Choices

Draw = Callable[[st.SearchStrategy[Any]], Any]


class Drawn:
    """What `choices.Choices` asks for; the least number and the first option are the simplest."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        """An integer from low to high."""
        return int(self._draw(_integers(low, high)))

    def pick(self, options: Sequence[Any]) -> Any:
        """One of the options."""
        return self._draw(st.sampled_from(options))


@cache  # a case takes some hundred of these
def _integers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def strategy(describe: Callable[[Choices], Any]) -> st.SearchStrategy[Any]:
    """A strategy for whatever `describe` makes of choices."""
    return st.composite(lambda draw: describe(Drawn(draw)))()
