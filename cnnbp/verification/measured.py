"""How far two right answers may lie apart, where nobody can derive it: measured on the reference, by moving last bits.

Every number that the reference is given is moved by a few units in its last place, in pairs of opposite directions, each entry by
itself and all together: an answer moves as its terms do, so what is small among large terms is known to be uncertain. Third
differences over a wider step add the rounding inside it. An algorithm of another order errs more than one that is moved at random,
by at most √N where N numbers are summed; hence the factor.

Where last bits decide (a tie, a kink at 0) the answers at all the moved numbers are kept: there the reference follows a convention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from ..judge import agrees, compare
from ..rounding import UNDERFLOW, Array, U, promised
from .neighbours import largest, level, moved, neighbours, ways

Answers = dict[str, Array]
Ask = Callable[[tuple[Array, ...], Array], Answers]

PAIRS = 4  # of last bits moved; in the last of them all entries of an array move alike
BITS = 4 * U  # by how much, of each number
TIES, BREAKS = 2.0**-42, 2  # a tie of more than the last bits apart is none; so far that few ties outlast the move
WINNERS = 64  # pairs of moves, so that each of a dozen tied numbers wins in one of them
WIDE, ROUNDS = 2.0**-22, 3  # wider than the last bits of float32, so that float32 inside a reference shows
FACTOR = 8.0  # times √N
DECIDED = 2.0**-20  # of the largest entry: what moves by more with the last bits, moves by no rounding
RESIDUE = 2.0**-40  # of the numbers given: what moves by less is left where larger ones cancelled, and decides nothing
GROWTH = 16.0  # what is steep moves 512 times as far over TIES as over BITS, and what jumps as far
NOTHING = 2.0**-900  # noise of a quantity in which the numbers never meet: an algorithm may let them meet and cancel


@dataclass(frozen=True)
class Measured:
    """Of one quantity: what the reference answers, and how far right answers may lie from it."""

    expected: Array
    conventional: Array
    """Of any algorithm that sums the terms of an entry; NaN nowhere."""
    by_norm: float
    """Of one that mixes entries (FFT, Winograd): as far as the worst of them."""
    lowest: Array
    highest: Array
    """Between these lie the answers at numbers that differ in their last bits."""
    undecided: Array
    """Where last bits decide."""

    shortened: bool = False
    """Whether the reference takes a short cut here that is no rounding."""
    own: bool = False
    """Whether `by_norm` is what the layer itself rounds."""
    total: float = float("nan")
    """What all entries add up to, whichever way last bits decide; NaN where that hangs on them too."""

    @property
    def slack(self) -> Array:
        """How far an answer may move when it is computed in another order, of whatever algorithm."""
        return np.maximum(self.conventional, self.by_norm)

    @property
    def _near(self) -> float:
        """How far the sum of all entries may be off."""
        return float(self.slack.sum() + 64 * TIES * np.abs(self.expected).sum())

    def conventions(self, actual: Array) -> Array:
        """Where the answer is not the reference's, and one that the reference gives next to these numbers, or shares of several.

        Nowhere, if it adds up to something else where the reference's answers all add up to the same.
        """
        nowhere = np.zeros(actual.shape, bool)
        if not agrees(actual.sum(), np.asarray(self.total), self._near):
            return nowhere
        here, there = (compare(actual, said, self.slack) for said in (self.expected, np.clip(actual, self.lowest, self.highest)))
        return nowhere if here is None or there is None else self.undecided & here.suspects & there.kept & ~there.suspects


def measure(ask: Ask, args: tuple[Array, ...], delta: Array, rng: np.random.Generator) -> dict[str, Measured]:
    """By quantity. Raises what `ask` raises, and ValueError where it does not repeat itself."""
    first = ask(args, delta)
    again = ask(args, delta)
    if any(not np.array_equal(first[q], again[q], equal_nan=True) for q in first):
        raise ValueError("like answers differently when asked twice: fix its mask or its seed, or ask a module after .eval()")
    near = [ask(*moved) for moved in neighbours(args, delta, rng, PAIRS, BITS)]
    broken = [ask(*moved) for moved in neighbours(args, delta, rng, BREAKS, TIES)]
    wide = [[ask(*moved(args, delta, way, step * WIDE)) for step in (3, 1, -1, -3)] for way in ways(args, delta, rng, ROUNDS)]
    reach = FACTOR * np.sqrt(max(a.size for a in (*args, delta)))
    return {
        q: _of_one(
            first[q],
            [a[q] for a in near],
            [a[q] for a in broken],
            [[a[q] for a in row] for row in wide],
            reach,
            _residue(q, args, delta),
        )
        for q in first
    }


def widened(
    ask: Ask, said: dict[str, Measured], args: tuple[Array, ...], delta: Array, rng: np.random.Generator
) -> dict[str, Measured]:
    """The same, moved so often that of several numbers that tie each wins. Nothing is moved where last bits decide nothing."""
    if not any(m.undecided.any() for m in said.values()):
        return said
    near = [ask(*moved) for moved in neighbours(args, delta, rng, WINNERS, TIES)]
    return {q: _wider(m, [a[q] for a in near], _residue(q, args, delta)) for q, m in said.items()}


def _wider(known: Measured, near: list[Array], residue: float) -> Measured:
    jumps = known.undecided | (_decided(known.expected, near, residue) & ~_balanced(known.expected, near))
    found = np.array([known.lowest, known.highest, *(np.where(np.isfinite(a), a, known.expected) for a in near)])
    sums = np.array([known.expected.sum(), *(a.sum() for a in near)])
    conventional = np.where(jumps & ~known.undecided, known.slack, known.conventional)
    wider = replace(known, conventional=conventional, lowest=found.min(axis=0), highest=found.max(axis=0), undecided=jumps)
    return replace(wider, total=float(sums[0]) if np.ptp(sums) <= wider._near else float("nan"))


def between(said: dict[str, Measured], other: Answers) -> dict[str, Measured]:
    """The same, of a reference that answers roughly on purpose: it is off by as much as in full it answers something else."""
    apart = {q: np.abs(other[q] - m.expected) for q, m in said.items()}
    return {
        q: replace(m, conventional=m.conventional + 2 * away, shortened=bool((away > m.conventional).any()))
        for (q, m), away in zip(said.items(), apart.values(), strict=True)
    }


def levelled(
    ask: Ask, said: dict[str, Measured], args: tuple[Array, ...], delta: Array, rng: np.random.Generator
) -> dict[str, Measured]:
    """The same, with what algorithms need that mix all entries: each errs as if every number were as large as the largest."""
    found = measure(ask, *level(args, delta, rng), rng)
    apart = FACTOR * U * largest(delta) * np.prod([max(1.0, largest(a)) for a in args if a.dtype.kind == "f"])
    widest = {q: max(m.by_norm, found[q].by_norm) for q, m in said.items()}
    return {q: replace(m, by_norm=widest[q] if widest[q] > NOTHING else float(apart)) for q, m in said.items()}


def undecided(
    ask: Ask, said: Answers, args: tuple[Array, ...], delta: Array, rng: np.random.Generator, count: int = BREAKS
) -> Iterator[Answers]:
    """What the reference said, NaN where last bits decide it: as far as a few moves show, then four times as many, up to count."""
    moves, near = neighbours(args, delta, rng, count, TIES), list[Answers]()
    while len(near) < 2 * count:
        near += [ask(*moved) for moved in islice(moves, 3 * len(near) or 2 * BREAKS)]
        far = {q: _decided(a, [other[q] for other in near], _residue(q, args, delta)) for q, a in said.items()}
        yield {q: np.where(far[q], np.nan, a) for q, a in said.items()}


def _of_one(
    expected: Array, near: list[Array], broken: list[Array], wide: list[list[Array]], reach: float, residue: float
) -> Measured:
    rounds = _kept([(a - 3 * b + 3 * c - d) / np.sqrt(20) for a, b, c, d in wide])
    rounds[np.abs(rounds) > DECIDED * largest(expected)] = 0.0  # a kink in between, and no rounding
    spread = np.hypot(usual(_kept([a - expected for a in near])), usual(rounds))
    noise = np.maximum(spread, BITS * np.abs(expected)) + UNDERFLOW
    steep = _balanced(expected, broken) & (_farthest(expected, broken) > GROWTH * _farthest(expected, near))
    jumps = _decided(expected, [*near, *broken], residue) & ~steep
    steady = noise[~jumps & np.isfinite(noise)]
    typical = float(steady.max()) if steady.size else BITS * largest(expected)
    found = np.array([expected, *(np.where(np.isfinite(a), a, expected) for a in (*near, *broken))])
    conventional = promised(reach * np.where(jumps, typical, noise))
    return Measured(expected, conventional, reach * typical, found.min(axis=0), found.max(axis=0), jumps)


def _kept(rows: list[Array]) -> Array:
    """Without what is not finite: a number moved out of the domain shows nothing."""
    found: Array = np.nan_to_num(np.array(rows), nan=0.0, posinf=0.0, neginf=0.0)
    return found


def usual(rows: Array) -> Array:
    """The root mean square down the rows, in parts of the largest: squares of small numbers would be 0."""
    largest_of = np.abs(rows).max(axis=0)
    parts = rows / np.where(largest_of > 0, largest_of, 1)
    return np.asarray(largest_of * np.sqrt((parts**2).mean(axis=0)))


def _residue(quantity: str, args: tuple[Array, ...], delta: Array) -> float:
    return RESIDUE * (largest(*(a for a in args if a.dtype.kind == "f")) if quantity == "y" else largest(delta))


def _decided(expected: Array, near: list[Array], residue: float) -> Array:
    """Whether last bits move an entry by more than any rounding does: they decide it, or it is steep."""
    found: Array = _farthest(expected, near) > max(DECIDED * largest(expected, *near), residue)
    return found


def _farthest(expected: Array, near: list[Array]) -> Array:
    found: Array = np.abs(_kept([a - expected for a in near])).max(axis=0)
    return found


def _balanced(expected: Array, near: list[Array]) -> Array:
    """Whether an entry moves one way as far as the other, over pairs of opposite directions, as a smooth one does."""
    ways = _kept([a - expected for a in near])
    found: Array = 2 * np.abs(ways[::2] + ways[1::2]).sum(axis=0) <= np.abs(ways[::2] - ways[1::2]).sum(axis=0)
    return found
