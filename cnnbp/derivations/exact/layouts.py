"""Shapes of perceptrons, from the smallest on, each with small numbers or with letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from ...cases.choices import Choices
from ..statement import Instances
from .letters import AnyFunction, Letters
from .networks import Missing, Perceptron
from .numbers import CURVES, integers


@dataclass(frozen=True)
class Layout:
    """Units by layer, how many samples, which connections are missing, and whether a step has a size α and a decay λ."""

    units: tuple[int, ...]
    samples: int = 1
    missing: Missing = frozenset()
    rate: bool = False
    decay: bool = False

    def __str__(self) -> str:
        units = "–".join(map(str, self.units))
        samples = f", m = {self.samples}" if self.samples > 1 else ""
        lost = ", ".join(f"{k + 1}←{i + 1} in {layer}" for layer, k, i in sorted(self.missing))
        return f"{units}{samples}" + (f", without {lost}" if lost else "")

    @property
    def size(self) -> int:
        """How many numbers a network of this shape has."""
        weights = sum(below * above + above for below, above in pairwise(self.units))
        return weights + self.samples * (self.units[0] + self.units[-1]) + self.rate + self.decay

    def numbers(self, choose: Choices) -> Perceptron:
        """A network of small numbers, so that a counterexample can be worked by hand."""
        f = choose.pick(CURVES)
        rate = choose.pick((Fraction(1, 2), Fraction(1), Fraction(1, 4))) if self.rate else None
        decay = choose.pick((Fraction(0), Fraction(1), Fraction(1, 2))) if self.decay else None
        layers = list(enumerate(pairwise(self.units), 1))
        w = {layer: integers(choose, (above, below)) for layer, (below, above) in layers}
        b = {layer: integers(choose, (above,), zero=True) for layer, (_, above) in layers}
        x, y = integers(choose, (self.samples, self.units[0])), integers(choose, (self.samples, self.units[-1]), zero=True)
        return self._cut(Perceptron(f, w, b, x, y, rate, decay, self.missing))

    def letters(self) -> Iterator[Perceptron]:
        """The network of which every number is a letter, and f any function."""
        units = sum(self.units[1:]) * (self.units[-2] + 1)  # f meets as many net inputs, and each with each bias added
        stock = Letters(self.size + 2 * self.samples * units)
        layers = list(enumerate(pairwise(self.units), 1))
        w = {layer: stock.array(above, below) for layer, (below, above) in layers}
        b = {layer: stock.array(above) for layer, (_, above) in layers}
        x, y = stock.array(self.samples, self.units[0]), stock.array(self.samples, self.units[-1])
        rate, decay = (stock.new() if there else None for there in (self.rate, self.decay))
        yield self._cut(Perceptron(AnyFunction(stock), w, b, x, y, rate, decay, self.missing))

    def _cut(self, net: Perceptron) -> Perceptron:
        """Missing connections have weight 0."""
        w = {layer: matrix.copy() for layer, matrix in net.w.items()}
        for layer, k, i in self.missing:
            w[layer][k, i] = Fraction(0)
        return replace(net, w=w)


def networks(*units: Sequence[int], samples: Iterable[int] = (1,), rate: bool = False, decay: bool = False) -> Instances:
    """Networks with these units by layer, each with each number of samples."""
    return of([Layout(tuple(each), m, rate=rate, decay=decay) for each in units for m in samples])


def of(layouts: Iterable[Layout]) -> Instances:
    """Networks of these layouts, the smallest first."""
    return Instances(sorted(layouts, key=lambda layout: layout.size), Layout.numbers, Layout.letters)
