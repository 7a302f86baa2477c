"""A question, and what the layer on trial answered to it, judged entry by entry in either tier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..evidence import Evidence
from ..judge import Judgement, compare
from ..rounding import Array
from .complex_directions import complex_directions
from .differences import differences
from .findings import abstain, accusation, record
from .question import Question
from .subject import Breach, Subject


@dataclass(frozen=True)
class Answered:
    """The layer's answers to a question."""

    question: Question
    answers: dict[str, Array]

    @classmethod
    def by(cls, subject: Subject, question: Question) -> Answered:
        """Asks. Raises Breach."""
        y = subject.forward(*question.args)
        if y.shape != question.delta.shape:  # backward would only stumble over it
            raise Breach("shape", f"forward answers with shape {y.shape}, the reference with {question.delta.shape}")
        gradients = subject.backward(question.delta, *question.args)
        return cls(question, dict(zip(question.quantities, (y, *gradients), strict=False)))

    def judged(self, tier: int, at: str = "the case") -> Iterator[Evidence]:
        """Every oracle that judges entry by entry, on every quantity."""
        for oracle, said in self.question.witnesses.items():
            for quantity in self.question.quantities:
                if isinstance(said, str):
                    yield abstain(oracle, quantity, "sampled", said, at)
                elif quantity in said:
                    bound = self.question.conventional(oracle, quantity) if tier == 1 else self.question.by_norm(quantity)
                    found = compare(self.answers[quantity], said[quantity], bound)
                    yield record(oracle, quantity, "sampled", found, at=at, reason=_tier(tier, found))

    def accuse(self, finding: Evidence) -> str:
        """The finding in a sentence, with what every oracle says of that entry."""
        said = {
            oracle: a[finding.quantity]
            for oracle, a in self.question.witnesses.items()
            if isinstance(a, dict) and finding.quantity in a
        }
        return accusation(self.question.operator, finding, said)

    @property
    def gradients(self) -> tuple[Array, ...]:
        """(dx, *dparams)"""
        return tuple(self.answers[quantity] for quantity in self.question.quantities[1:])

    def along_directions(self, subject: Subject, rng: np.random.Generator, tier: int) -> Iterator[Evidence]:
        """The complex step and central differences along random ±1 directions, on every gradient."""
        yield from complex_directions(self.question, self.gradients, rng, tier)
        yield from differences(subject, self.question, self.gradients, rng, tier)


def _tier(tier: int, found: Judgement | None) -> str:
    if tier == 1 or found is None:
        return ""
    return "another algorithm: accurate to C·u of the norm" if found.status != "fail" else "nor accurate to C·u of the norm"
