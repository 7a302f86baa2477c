"""A product x[i]·θ[t]·δ[o] as one integer, at most one factor of each group: its number in 20 bits, and a flag that it is there."""

from __future__ import annotations

from typing import NamedTuple

BITS = 21
FLAG = 1 << BITS - 1
X, THETA, DELTA = range(3)
FLAGS = sum(FLAG << BITS * group for group in (X, THETA, DELTA))
NUMBER = FLAG - 1  # of an entry in its group
MOST = FLAG  # entries of a group that can be told apart


class Entry(NamedTuple):
    """What the walk is asked about, beside constants: an entry of x, by its number. No constant equals it."""

    number: int
