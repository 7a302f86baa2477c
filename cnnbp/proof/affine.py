"""A layer that is affine in each argument, in floats at random integers: what moves an argument moves forward as backward says.

⟨dθ, θ′⟩ = ⟨f(θ′), δ⟩ − ⟨f(0), δ⟩ for every argument θ, with all others held: nothing is rounded, so both sides are the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..evidence.verdict import remark
from ..rounding import Array
from . import by_chance
from .found import Found, Tally, misshapen
from .integers import TRIALS, Trial, exact, exact_dot, seed_of, trials
from .numbers.unsupported import Unsupported
from .on_floats import answers, forward, witness
from .question import Argument, Question

ROUNDED = by_chance.ROUNDED["float64"]
SIZES = (0.2, 1.0, 30.0, 1e3, 1e6)  # of numbers that are no integers

Dots = Sequence[tuple[Array, Array]]


class AffineRun:
    """The equation at every trial, and f as `forward` answers, where there is one."""

    def __init__(self, question: Question, forward: Callable[..., Array] | None, y_shape: tuple[int, ...]) -> None:
        self.question, self.forward, self.y_shape = question, forward, y_shape
        self.gradient, self.value = Tally("gradient", "probabilistic"), Tally("forward", "probabilistic")
        self.found = Found([self.gradient, self.value] if forward else [self.gradient])
        self.names = ("y", *(a.name for _, a in question.may_move))
        self.shapes = (y_shape, *(a.shape for _, a in question.may_move))

    def run(self, terms: int, bits: int, seed: int) -> Found:
        """Trials, each with another point at which each argument is moved to; first small ones, where fractions stand out."""
        self._try(*(self._small(seed + shift) for shift in (0, TRIALS)))
        for number, size in enumerate(SIZES):
            self._ordinary(seed, number, size)
        if self.found.remark:
            return self.found
        error = 1.0
        pairs = (trials(self.question, self.y_shape, terms, 1, bits, seed + shift) for shift in (0, TRIALS))
        for trial, other in zip(*pairs, strict=True):
            self._try(trial, other)
            if self.found.remark:
                break
            error *= trial.error + other.error
            self.found.error = error
        return self.found

    def _small(self, seed: int) -> Trial:
        rng = np.random.default_rng(seed_of(f"{seed}/small"))
        drawn = [rng.integers(-2, 3, shape).astype(float) for shape in (*(a.shape for _, a in self.question.unknown), self.y_shape)]
        return Trial(self.question.with_arrays(drawn[:-1]), drawn[-1], 1.0, 0)

    def _ordinary(self, seed: int, number: int, size: float) -> None:
        """Numbers that are no integers, within rounding: code may tell them apart."""
        if self.found.remark:
            return
        shapes = [a.shape for _, a in self.question.unknown]
        rng = np.random.default_rng(seed_of(f"{seed}/ordinary {number}"))
        args, there = (self.question.with_arrays([size * rng.normal(size=s) for s in shapes]) for _ in range(2))
        trial, other = (Trial(a, rng.normal(size=self.y_shape), 1.0, 0) for a in (args, there))
        y, *gradients = answers(self.question, trial)
        if self.forward is not None:
            wanted, most = self.forward(args), self.forward(tuple(map(np.abs, args)))
            apart = ~(np.abs(y - wanted) <= ROUNDED * max(np.abs(wanted).max(), np.abs(most).max()))
            if np.any(apart):
                self.value.wrong, self.found.remark = True, remark("proof.wrong-floats", quantity="y")
                self.found.witness = witness(self.question, trial, "y", y, np.where(apart, wanted, y))
                return
        for j, argument, dx in self._moving(gradients):
            left, right = self._moved(trial, other, j, dx)
            if abs(math.fsum(terms := _terms_of(left, right))) > ROUNDED * np.abs(terms).sum() or not np.all(np.isfinite(terms)):
                self.gradient.wrong, self.found.remark = True, remark("proof.wrong-floats", quantity=argument.name)
                return

    def _try(self, trial: Trial, other: Trial) -> None:
        y, *gradients = found = answers(self.question, trial)
        if wrong := misshapen(self.names, self.shapes, found):
            self.found.remark = wrong
            return self.found.fail()
        if self.forward is not None:
            wanted = self.forward(trial.args)
            self.value.compared += y.size
            if not np.array_equal(y, wanted):
                if not exact(y) and np.max(np.abs(y - wanted)) <= ROUNDED * np.abs(wanted).max():
                    raise Unsupported("integers-rounded")
                self.value.wrong, self.found.remark = True, remark("proof.wrong-forward", quantity="y")
                self.found.witness = witness(self.question, trial, "y", y, wanted)
                return None
        for j, argument, dx in self._moving(gradients):
            self.gradient.compared += dx.size
            if not _equal(*self._moved(trial, other, j, dx)):
                self.gradient.wrong, self.found.remark = True, remark("proof.wrong-gradient", quantity=argument.name)
                return None
        return None

    def _moving(self, gradients: Sequence[Array]) -> Iterator[tuple[int, Argument, Array]]:
        return ((j, argument, dx) for (j, argument), dx in zip(self.question.may_move, gradients, strict=True))

    def _moved(self, trial: Trial, other: Trial, j: int, dx: Array) -> tuple[Dots, Dots]:
        """Both sides of the equation of argument j, which moves to where `other` has it."""
        there, nowhere = (
            forward(self.question, (*trial.args[:j], theta, *trial.args[j + 1 :]))
            for theta in (other.args[j], np.zeros(other.args[j].shape))
        )
        return [(dx, other.args[j])], [(there, trial.delta), (-nowhere, trial.delta)]


def _terms_of(left: Dots, right: Dots) -> Array:
    """Every product of both sides, those of the right one with the other sign."""
    return np.concatenate([(sign * a * b).ravel() for dots, sign in ((left, 1), (right, -1)) for a, b in dots])


def _equal(left: Dots, right: Dots) -> bool:
    """Whether Σ⟨a, b⟩ on both sides are the same. Raises Unsupported where numbers were rounded, and may be."""
    if all(exact(a) for a, _ in (*left, *right)):
        return sum(exact_dot(a, b) for a, b in left) == sum(exact_dot(a, b) for a, b in right)
    terms = _terms_of(left, right)
    if np.all(np.isfinite(terms)) and abs(math.fsum(terms)) <= ROUNDED * np.abs(terms).sum():
        raise Unsupported("integers-rounded")
    return False
