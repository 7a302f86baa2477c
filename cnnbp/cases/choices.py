"""Who decides what is asked: a small interface of choices, and a counter that makes them the same way on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Drawn = Any  # what `pick` was given


class Choices(Protocol):
    """Whoever decides: Hypothesis, or a counter."""

    def integer(self, low: int, high: int) -> int:
        """An integer from low to high; the simplest is the one nearest 0."""
        ...

    def pick(self, options: Sequence[Drawn]) -> Drawn:
        """One of the options; the simplest is the first."""
        ...


class Counter:
    """Choices from SHAKE-256(seed, name, number of the choice): the same on every machine and for ever."""

    def __init__(self, seed: int, name: str) -> None:
        self._stream = f"{seed}/{name}/"
        self._drawn = 0

    def integer(self, low: int, high: int) -> int:
        """An integer from low to high, all equally likely but for one part in 2⁹⁶."""
        digest = hashlib.shake_256(f"{self._stream}{self._drawn}".encode()).digest(16)
        self._drawn += 1
        return low + int.from_bytes(digest, "big") % (high - low + 1)

    def pick(self, options: Sequence[Drawn]) -> Drawn:
        """One of the options, all equally likely."""
        return options[self.integer(0, len(options) - 1)]


def given(choose: Choices, fixed: Mapping[str, Any], name: str, among: Sequence[Drawn]) -> Drawn:
    """What was fixed under this name, or one of the others."""
    return fixed[name] if name in fixed else choose.pick(among)
