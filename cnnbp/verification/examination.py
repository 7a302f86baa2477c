"""What every method is given: the layer under test, what it was asked, what it answered, and random numbers of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..evidence import Evidence, Remark
from ..evidence.verdict import Place
from ..oracles import finite_difference
from ..oracles.finite_difference import Difference
from ..rounding import Array
from . import findings
from .question import Question
from .subject import Breach, Subject


@dataclass(frozen=True)
class Examination:
    """One layer at one case with a reference, asked once."""

    subject: Subject
    question: Question
    seed: int
    answers: dict[str, Array]
    """Of the layer, by quantity."""
    met: list[tuple[Place, Examination]] = field(default_factory=list)
    """Where else it was asked, and what it answered there."""

    @classmethod
    def of(cls, subject: Subject, question: Question, seed: int) -> Examination:
        """Asks. Raises Breach."""
        y = subject.forward(*question.args)
        if y.shape != question.delta.shape:  # backward would only stumble over it
            raise Breach("shape", "y-shape", got=y.shape, expected=question.delta.shape)
        gradients = subject.backward(question.delta, *question.args)
        question = question.without(frozenset(subject.names[position] for position in subject.missing))
        return cls(subject, question, seed, dict(zip(question.quantities, (y, *gradients), strict=False)))

    def about(self, question: Question, at: Place | None = None) -> Examination:
        """The same layer asked something else; at a place that evidence names, it is remembered. Raises Breach."""
        found = Examination.of(self.subject, question, self.seed)
        if at is not None:
            self.met.append((at, found))
        return found

    @property
    def gradients(self) -> tuple[Array, ...]:
        """(dx, *dparams)"""
        return tuple(self.answers[quantity] for quantity in self.question.operands)

    def rng(self, method: int) -> np.random.Generator:
        """The random numbers of one method: those of others do not depend on how many it takes."""
        return np.random.default_rng((self.seed, method))

    def difference(self, position: int, direction: Array, delta: Array) -> Difference:
        """The central difference of the layer's own forward along a direction of one argument. Raises Breach."""
        args = self.question.args
        return finite_difference.along(lambda theta: self.values(*moved(args, position, theta)), args[position], direction, delta)

    def values(self, *args: Array) -> Array:
        """What the forward answers elsewhere, where y must have the same shape. Raises Breach."""
        y, shape = self.subject.forward(*args), self.question.delta.shape
        if y.shape != shape:
            raise Breach("shape", "y-shape", got=y.shape, expected=shape)
        return y

    def wrong(self, finding: Evidence) -> Remark:
        """The finding, with what every oracle says of that entry."""
        said = {
            oracle: answers[finding.quantity]
            for oracle, answers in self.question.answers.items()
            if isinstance(answers, dict) and finding.quantity in answers
        }
        return findings.wrong(finding, self.question.operator.axes.get(finding.quantity, ""), said)


def moved(args: tuple[Array, ...], position: int, theta: Array) -> tuple[Array, ...]:
    """The arguments with `theta` in the place of one of them."""
    return (*args[:position], theta, *args[position + 1 :])


def signs(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """−1.0 or 1.0 in every entry: along such a direction every entry moves, so that no defect sits where nothing does."""
    found: Array = np.copysign(1.0, rng.random(shape) - 0.5)
    return found
