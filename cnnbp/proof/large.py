"""Shapes with too many products for unknown numbers: a probability, under the hypothesis that the layer is linear in each argument.

The hypothesis is checked where it can be: the same layer on unknown numbers at a smaller shape, without which nothing is
said. A layer that does not add integers exactly gets no such evidence, since its rounding could hide whatever is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..evidence.proof import Hypothesis
from ..evidence.verdict import Remark, remark
from ..rounding import Array
from . import by_chance, by_tags
from .found import Found, Tally, misshapen
from .integers import EXACT, TRIALS, Trial, exact, exact_dot, seed_of, trials
from .numbers.unsupported import Unsupported
from .numbers.walk import Walk
from .on_floats import answers, answers_twice, forward, witness
from .question import Argument, Question
from .specification import Connected, Specification, Trusted, specification

ROUNDED = by_chance.ROUNDED["float64"]
SMALLER = (9, 17, 33, 5, 3)  # rows and columns: what fits the kernel is large, what leaves few products small
FILTERS = 2  # of parameters, where they can be cut too
SIZES = (0.2, 1.0, 30.0, 1e3, 1e6)  # of numbers that are no integers
SIGNS = 4  # draws of ±1, of which the squares of what is summed tell how many terms it has

Dots = Sequence[tuple[Array, Array]]


def prove(question: Question, spec: Specification | None, bits: int, seed: int) -> tuple[Found, tuple[Hypothesis, ...]]:
    """The gradient of forward, and forward itself where its network can be written down.

    Raises Unsupported where the layer cannot be run on unknown numbers at any shape, or does not add integers exactly.
    """
    linear, wrong = _linear(question)
    terms, y_shape = _terms(question, seed)
    if not _adds_integers(question, seed):
        raise Unsupported("integers-rounded")
    exactly = spec.exactly if isinstance(spec, Connected) else None
    if exactly is None and question.like is not None and question.like is not question.layer:
        exactly = Trusted(question).forward  # too large to be written down: then against the floats of what it must equal
    found = _Run(question, exactly, y_shape).run(terms, bits, seed)
    if wrong is not None and found.remark is None:
        raise wrong
    if found.remark is None and not answers_twice(question):
        raise Unsupported("no-function")
    twice = Hypothesis(remark("proof.assumes.function"), remark("proof.checked.twice"))
    lines = Hypothesis(remark("proof.assumes.same-lines"), remark("proof.checked.lines-smaller", **linear.values))
    return found, (Hypothesis(remark("proof.assumes.linear"), linear), lines, twice)


class _Run:
    """⟨dθ, θ′⟩ = ⟨f(θ′), δ⟩ − ⟨f(0), δ⟩ for every argument, and f as `forward` answers: of whatever is affine in each argument."""

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


def _terms(question: Question, seed: int) -> tuple[int, tuple[int, ...]]:
    """About how many terms the largest sum of the layer has, and the shape of y.

    At ones it says so itself, unless they cancel; at random signs the square of a sum is as large as its terms are many.
    """
    most, shape = 1, ()
    for number in range(SIGNS + 1):
        rng = np.random.default_rng(seed_of(f"{seed}/signs {number}"))

        def draw(size: tuple[int, ...], number: int = number, rng: np.random.Generator = rng) -> Array:
            return np.ones(size) if number == 0 else rng.choice([-1.0, 1.0], size)

        args = question.with_arrays([draw(a.shape) for _, a in question.unknown])
        shape = forward(question, args).shape
        found = answers(question, Trial(args, draw(shape), 1.0, 0))
        sums = np.array([np.abs(a[np.isfinite(a)]).max(initial=0) for a in found])
        most = max(most, *(math.ceil(s) for s in (sums if number == 0 else np.minimum(sums**2, EXACT))))
    return most, shape


def _adds_integers(question: Question, seed: int) -> bool:
    """The canary: whether forward adds integers exactly. Winograd, FFT and TF32 do not, and get no exact evidence."""
    rng = np.random.default_rng(seed_of(f"canary/{seed}"))
    drawn = [rng.integers(-(2**11), 2**11 + 1, a.shape).astype(float) for _, a in question.unknown]
    return exact(forward(question, question.with_arrays(drawn)))


def _linear(question: Question) -> tuple[Remark, Unsupported | None]:
    """At which smaller shape the layer was run on unknown numbers, and why it is not proved there. Raises Unsupported."""
    for smaller in _smaller(question):
        try:
            found = by_tags.prove(smaller, specification(smaller), Walk(1, ties=False))
        except Unsupported as error:
            if error.code not in by_tags.TOO_LARGE:
                raise
        except Exception:  # too small for this kernel, or its parameters cannot be cut
            continue
        else:
            shape = str(smaller.arguments[0].shape)
            wrong = Unsupported("smaller-refuted", shape=shape) if found.remark else None
            if wrong is None and (alone := found.lines.alone()):
                wrong = Unsupported(alone.code.removeprefix("proof."), line=alone.values["line"])
            return remark("proof.checked.smaller", shape=shape), wrong
    raise Unsupported("no-smaller-shape")


def _smaller(question: Question) -> Iterator[Question]:
    """One sample, and few rows and columns; then few filters or units as well."""
    x, *params = question.arguments
    for filters in (None, FILTERS):
        for size in SMALLER if len(x.shape) > 2 else SMALLER[:1]:
            shape: tuple[Any, ...] = (1, *x.shape[1:2], *(min(size, s) for s in x.shape[2:]))
            yield Question(question.layer, (replace(x, shape=shape), *(_cut(p, filters) for p in params)), question.like)


def _cut(parameter: Argument, first: int | None) -> Argument:
    """Fewer of its rows, where its numbers are unknown."""
    if first is None or parameter.value is not None or not parameter.shape:
        return parameter
    return replace(parameter, shape=(min(first, parameter.shape[0]), *parameter.shape[1:]))
