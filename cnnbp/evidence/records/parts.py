"""The parts of a run that are no layer and no statement: matrix, ladder, digits, training, and what came to no end."""

from __future__ import annotations

from math import inf
from typing import Annotated

from pydantic import Field, PositiveInt

from ..numbers import Number
from ..verdict import Remark, Verdict, remark
from .base import MOST, Count, Many, Name, Record, Text


class Matrix(Record):
    """A small convolution as a masked matrix: M[o, i] = w[t] for each entry (o, t, i), in flat indices; 0 elsewhere."""

    x_shape: tuple[PositiveInt, PositiveInt]
    kernel: tuple[PositiveInt, PositiveInt]
    y_shape: tuple[PositiveInt, PositiveInt]
    entries: Annotated[tuple[tuple[Count, Count, Count], ...], Field(max_length=MOST)]


class Rung(Record):
    """One step of a ladder, and the worst of all entries there."""

    step: Number
    error: Number
    """How far the central difference is from what backward answers."""
    bound: Number
    """How far truncation and rounding may take the central difference."""
    complex: Number
    """How far the complex step is from it, at the same step."""
    complex_bound: Number
    """How far truncation may take the complex step, and rounding that no step divides."""

    @property
    def worst(self) -> tuple[float, float]:
        """Of the two errors the one that is larger for its bound, and that bound."""
        return max((self.error, self.bound), (self.complex, self.complex_bound), key=lambda found: _share(*found))

    @property
    def ratio(self) -> float:
        """That error as a share of its bound; ∞ where there is no bound."""
        return _share(*self.worst)


def _share(error: float, bound: float) -> float:
    return error / bound if bound > 0 else inf


class Ladder(Record):
    """One elementwise layer differentiated at steps of any size: at the one that the harness takes, and at every other."""

    layer: Name
    seed: Count
    entries: PositiveInt
    third: Number
    """sup|f‴|, which makes a long step wrong."""
    noise: Number
    """The rounding of a value of f, which makes a short one wrong."""
    rounding: Number
    """How far apart two right slopes may lie by their own rounding, whatever the step."""
    chosen: Number
    rungs: Annotated[tuple[Rung, ...], Field(max_length=MOST)]
    """From the longest step to the shortest, each half of the one before."""

    @property
    def beyond(self) -> int:
        """At how many steps an error is not within its bound."""
        return sum(not rung.ratio <= 1 for rung in self.rungs)


class DigitsRun(Record):
    """A network at one batch of digits: its whole gradient, and each layer with what it meets there."""

    network: Text
    source: Text
    samples: Count
    whole: Verdict
    layers: Many[Verdict]


class Entry(Record):
    """One entry of one parameter after one step."""

    step: PositiveInt
    parameter: Name
    index: tuple[Count, ...]
    actual: Number
    expected: Number
    error: Number
    bound: Number
    ratio: Number


Curve = Annotated[tuple[tuple[Count, Number], ...], Field(max_length=MOST)]


class Training(Record):
    """A training run by the derivation's own update; PyTorch takes the first steps from the same parameters."""

    network: Text
    source: Text
    train: Count
    test: Count
    batch: PositiveInt
    learning_rate: Number
    weight_decay: Number
    seed: Count
    steps: Count
    wanted: Count
    """Steps that were to be compared."""
    left_out: tuple[PositiveInt, ...]
    """Steps at which a winner or a sign was too close to call."""
    vacuous: Many[Name]
    """Parameters in which nothing but zeros was compared."""
    failure: Remark | None
    """The first step beyond its bound, or the reason why no step could be compared."""
    worst: Entry | None
    ratios: Annotated[tuple[Number, ...], Field(max_length=MOST)]
    """Error over bound of the worst entry of each compared step."""
    loss: Curve
    distance: Curve
    """Between the parameters and those of a network that PyTorch trains on its own: recorded, not judged."""
    accuracy: Number
    accuracy_torch: Number | None
    expected_accuracy: Number


class Raised(Record):
    """A task that came to no end, because a line of the reference code raised an error in it."""

    kind: Name
    """Of which part of the evidence the task was."""
    name: Name
    error: Text
    place: Text
    """The line, and its function."""

    @property
    def said(self) -> Remark:
        """What is to be told of it."""
        return remark("status.raised", part=self.name, error=self.error, place=self.place)
