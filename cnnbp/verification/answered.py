"""A question, and what the layer under test answered to it."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Evidence, Remark
from ..rounding import Array
from . import findings
from .question import Question
from .subject import Breach, Subject


@dataclass(frozen=True)
class Answered:
    """The layer's answers to a question, by quantity."""

    question: Question
    answers: dict[str, Array]

    @classmethod
    def by(cls, subject: Subject, question: Question) -> Answered:
        """Asks. Raises Breach."""
        y = subject.forward(*question.args)
        if y.shape != question.delta.shape:  # backward would only stumble over it
            raise Breach("shape", "y-shape", got=y.shape, expected=question.delta.shape)
        gradients = subject.backward(question.delta, *question.args)
        return cls(question, dict(zip(question.quantities, (y, *gradients), strict=False)))

    @property
    def gradients(self) -> tuple[Array, ...]:
        """(dx, *dparams)"""
        return tuple(self.answers[quantity] for quantity in self.question.operands)

    def wrong(self, finding: Evidence) -> Remark:
        """The finding, with what every oracle says of that entry."""
        said = {
            oracle: a[finding.quantity]
            for oracle, a in self.question.answers.items()
            if isinstance(a, dict) and finding.quantity in a
        }
        return findings.wrong(finding, self.question.operator.axes.get(finding.quantity, ""), said)
