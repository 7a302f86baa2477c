"""What is asked of whom: the same for every way of judging, with the answers that every way needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...adapters.adapted import changes
from ...evidence import Evidence, Remark
from ...precision import FLOAT64, Precision
from ...rounding import Array
from .. import arguments
from ..arguments import Given
from ..contract import points
from ..contract.form import of_form
from ..contract.trial import Trial, left_alone
from ..explained import Asked, Explained
from ..layouts import in_c_order
from ..patience import Patience
from ..subject import Subject


@dataclass(frozen=True)
class Asking:
    """One layer and the numbers that it is asked about."""

    layer: Any
    twin: Any
    """A copy of the layer that was never asked anything."""
    given: Given
    delta: Any
    """The residual as the caller gave it; None to draw one."""
    seed: int
    waived: Collection[str]
    patience: Patience
    precision: Precision = FLOAT64
    conventions: str = "reference"
    known: Explained | None = None
    """Who explains what was wrong, and is told what it was held against."""

    def subject(self) -> Subject:
        """The layer under test."""
        return arguments.subject(self.layer, self.given, self.precision)

    def fresh(self) -> Subject:
        """The layer as it was before it was asked anything."""
        return arguments.subject(self.twin, self.given, self.precision)

    def explain(self, of: Asked) -> None:
        """What it was held against, for a diagnosis."""
        if self.known is not None:
            self.known.of = of


@dataclass(frozen=True)
class Found:
    """What came out."""

    evidence: list[Evidence]
    wrong: list[Remark]
    quantities: tuple[str, ...]
    """Those that want judging."""
    cause: BaseException | None
    """The live exception of a layer that raised."""


def as_laid_out(subject: Subject, delta: Array, given: Given) -> tuple[Array, ...] | None:
    """The very first answers, where the caller's arrays are laid out in another way than most."""
    if all(map(in_c_order, given.laid_out)):
        return None
    y, gradients = subject.uncopied(subject.carrier.handed(delta), tuple(map(subject.carrier.laid, given.laid_out)), restored=True)
    return np.array(y), *map(np.array, gradients)


def contract(asking: Asking, subject: Subject, trial: Trial | None, infinite: Sequence[Evidence]) -> list[Evidence]:
    """The form of the answers, whether they are finite, and the points in their order; without a trial, the first two."""
    told = [left_alone("dtype", code.removeprefix("contract.")) for code in changes(subject.layer)]
    asked = points.check(trial, asking.waived, asking.patience) if trial else ()
    return [*told, *of_form(subject, asking.waived), *infinite, *asked]
