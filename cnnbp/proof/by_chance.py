"""Evidence with a probability: the layer's own floats at random integers that nothing rounds, compared bit for bit.

What this does not see: code that is no polynomial, as a branch on values that no trial met.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from ..evidence.verdict import remark
from ..rounding import Array
from .factors import Factors, Quantity
from .found import Found, Tally
from .integers import Trial, seed_of, trials
from .numbers.codes import DELTA
from .on_floats import answers, same
from .question import Question
from .terms import Place

ROUNDED = {"float64": 2.0**-45, "float32": 2.0**-16}  # of the largest Σ|terms|: above any rounding there, below a shorter type's
HEADROOM = 6  # bits for sums on the way


def floats(question: Question, proved: Found, bits: int, seed: int) -> Found:
    """That the layer's floats compute the polynomial that was found on unknown numbers: y and every gradient at each trial."""
    run = _Run(question, proved)
    run.at_integers(run.tally, bits, seed)
    if run.found.remark is None:
        run.at_ordinary_numbers(seed)
    if not (run.found.remark or run.found.rounds) and "float32" in question.dtypes:
        run.in_float32(bits, seed)
    return run.found


class _Run:
    """The polynomial, and what the floats have answered so far."""

    def __init__(self, question: Question, proved: Found) -> None:
        assert proved.potential is not None
        self.question, self.y_shape = question, proved.y_shape
        self.coefficients = proved.potential.coefficients or (Fraction(1),)
        out = Place(DELTA, 0, math.prod(self.y_shape))
        self.factors = Factors(proved.potential, [*proved.places, out])
        positions = [i for i, _ in question.unknown]
        moving = [(a.name, proved.places[positions.index(j)], a.shape) for j, a in question.may_move]
        self.quantities: list[Quantity] = [("y", out, self.y_shape), *moving]
        self.tally = Tally("floats", "probabilistic")
        self.found = Found([self.tally])

    def at_integers(self, tally: Tally, bits: int, seed: int, dtype: str = "float64", headroom: int = 0) -> None:
        """Bit for bit. What misses by no more than rounding, as where sums on the way are larger than the answers, gets some room.

        Of floats that round integers with room nothing follows.
        """
        scale, largest = math.lcm(*{c.denominator for c in self.coefficients}), math.ceil(max(map(abs, self.coefficients)))
        most = max(self.factors.most(place) for _, place, _ in self.quantities)
        error = 1.0
        for trial in trials(self.question, self.y_shape, most * largest, scale, bits, seed, dtype, headroom):
            if not same(self.question, trial, self.found, tally, self.factors.at(self.question, trial, self.quantities)):
                if all(near for _, near in self._near(trial, partial(_by_norm, times=ROUNDED[dtype]))):
                    tally.wrong, tally.compared = False, 0
                    self.found.remark = self.found.witness = None
                    if headroom == 0:
                        return self.at_integers(tally, bits, seed, dtype, HEADROOM)
                    self.found.rounds |= dtype == "float64"
                return None
            error *= trial.error
        if tally.compared:
            self.found.error = max(error, self.found.error or 0.0)
        return None

    def in_float32(self, bits: int, seed: int) -> None:
        """Runs of their own, at integers so small that no float32 is rounded either."""
        tally = Tally("float32", "probabilistic")
        self.at_integers(tally, bits, seed, "float32")
        if tally.compared:
            self.found.tallies.append(tally)

    def at_ordinary_numbers(self, seed: int) -> None:
        """The same at numbers that are no integers, within the rounding of any order of summing: code may tell them apart.

        What misses that, as sums that cancel on the way do, is told; beyond the rounding of the largest sum it is wrong.
        """
        if not self.tally.compared:  # where a constant leaves no integers without rounding, this is all there is
            self.tally.kind = "sampled"
        for number, size in enumerate((1.0, 30.0, 1e3, 1e6)):
            rng = np.random.default_rng(seed_of(f"{seed}/ordinary {number}"))
            drawn = [size * rng.normal(size=a.shape) for _, a in self.question.unknown]
            trial = Trial(self.question.with_arrays(drawn), rng.normal(size=self.y_shape), 1.0, 0)
            found = list(self._near(trial, _by_norm if self.found.rounds else _by_entry))
            if not (self.found.rounds or all(near for _, near in found)):
                self.found.by_norm, found = True, list(self._near(trial, _by_norm))
            for (name, _, shape), near in found:
                self.tally.compared += 0 if self.found.rounds else math.prod(shape)
                if not near:
                    self.tally.wrong, self.found.remark = True, remark("proof.wrong-floats", quantity=name)
                    return

    def _near(self, trial: Trial, slack: Callable[[int, Array], Array]) -> Iterator[tuple[Quantity, bool]]:
        """For each quantity, whether it is no further off than `slack` of (the most terms of a sum, Σ|terms| of each)."""
        wanted, sizes = (self.factors.at(self.question, trial, self.quantities, *act) for act in ((), (np.abs,)))
        given = answers(self.question, trial)
        for number, (quantity, (_, right), (_, most)) in enumerate(zip(self.quantities, wanted, sizes, strict=True)):
            answer = given[number] if number < len(given) else None
            if answer is None or answer.shape != right.shape:
                yield quantity, False
            else:
                yield quantity, bool(np.all(np.abs(answer - right) <= slack(self.factors.most(quantity[1]), most)))


def _by_entry(terms: int, sizes: Array) -> Array:
    """The rounding of any order of summing."""
    bound: Array = 2.0**-51 * (terms + 8) * sizes
    return bound


def _by_norm(terms: int, sizes: Array, times: float = ROUNDED["float64"]) -> Array:
    """The rounding of an algorithm whose sums on the way are larger than its answers: FFT, Winograd, reciprocals."""
    return np.full(sizes.shape, times * np.max(sizes, initial=0))
