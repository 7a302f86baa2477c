"""A potential ⟨y, δ⟩ as polynomials that can be evaluated at many points: every gradient of it, and how many terms each sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..rounding import Array
from .integers import Trial
from .numbers.codes import BITS, FLAG, NUMBER
from .question import Question
from .terms import Place, Terms

Quantity = tuple[str, Place, tuple[int, ...]]  # its name, where its entries stand, its shape


class Factors:
    """A potential, each of its terms as the numbers of the entries that it contains: decoded once, evaluated at many points."""

    def __init__(self, potential: Terms, places: list[Place]) -> None:
        self._numbers, self._there = dict[Place, Array](), dict[Place, Array]()
        for place in places:
            field = (potential.codes >> BITS * place.group) & (2 * FLAG - 1)
            there = (field >= FLAG + place.first) & (field < FLAG + place.first + place.size)
            self._there[place] = there
            self._numbers[place] = np.where(there, (field & NUMBER) - place.first, place.size)  # beyond the end stands a 1
        weights = potential.weights if potential.coefficients is not None else ()
        self._above, self._below = (np.array([float(getattr(c, part)) for c in weights]) for part in ("numerator", "denominator"))

    def most(self, place: Place) -> int:
        """The most terms that any derivative by an entry of this argument sums."""
        return int(np.bincount(self._numbers[place][self._there[place]]).max(initial=1))

    def at(
        self, question: Question, trial: Trial, quantities: list[Quantity], act: Callable[[Any], Any] = lambda a: a
    ) -> list[tuple[str, Array]]:
        """Every quantity at a trial, by the potential; with `act` = abs, the sums of the magnitudes of its terms."""
        given = [a for a, argument in zip(trial.args, question.arguments, strict=True) if argument.value is None]
        values = zip(self._there, [*given, trial.delta], strict=True)
        factors = {place: np.append(act(a.ravel().astype(float)), 1.0)[self._numbers[place]] for place, a in values}
        return [(name, self._derivative(place, factors, act).reshape(shape)) for name, place, shape in quantities]

    def _derivative(self, place: Place, factors: Mapping[Place, Array], act: Callable[[Any], Any]) -> Array:
        """The derivative of the potential by the entries at `place`, of each term by its other factors. Exact below 2⁵³."""
        product = np.ones(len(self._there[place]))
        for other, array in factors.items():
            if other != place:
                product *= array
        if len(self._above):  # values are multiples of every denominator
            product = product * act(self._above) / self._below
        found: Array = np.bincount(self._numbers[place], product, minlength=place.size + 1)[:-1]
        return found
