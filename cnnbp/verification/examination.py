"""What every method is given: the layer under test, what it was asked, what it answered, and random numbers of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..rounding import Array
from .answered import Answered
from .question import Question
from .subject import Subject


@dataclass(frozen=True)
class Examination:
    """One layer at one case with a reference, asked once."""

    subject: Subject
    first: Answered
    seed: int

    @property
    def question(self) -> Question:
        """What it was asked."""
        return self.first.question

    @property
    def gradients(self) -> tuple[Array, ...]:
        """What its backward answered."""
        return self.first.gradients

    def rng(self, method: int) -> np.random.Generator:
        """The random numbers of one method: those of others do not depend on how many it takes."""
        return np.random.default_rng((self.seed, method))
