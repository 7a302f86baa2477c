"""What a method of proof hands back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..evidence.kinds import Kind
from ..evidence.proof import Claim, ClaimName, ProofStatus, Witness
from ..evidence.verdict import Remark, remark
from ..rounding import Array
from .lines import Lines
from .numbers.unsupported import Unsupported
from .terms import Place, Terms


@dataclass
class Tally:
    """One claim on the way: how many entries were compared, on all paths, and whether any differed."""

    name: ClaimName
    kind: Kind = "symbolic"
    compared: int = 0
    wrong: bool = False

    @property
    def claim(self) -> Claim:
        """As it stands."""
        status: ProofStatus = "refuted" if self.wrong else "proved" if self.compared else "abstains"
        return Claim(self.name, status, self.kind, self.compared)


@dataclass
class Found:
    """The claims, the paths that were walked, how many of them hold ties, and where the layer was seen to fail."""

    tallies: list[Tally]
    paths: int = 1
    ties: int = 0
    single: bool = True
    """Nothing was compared, on any path."""
    rounds: bool = False
    """The layer's floats do not add integers exactly, so they say nothing."""
    by_norm: bool = False
    """At numbers that are no integers they are within the rounding of the largest sum, not of each."""
    ties_left: Remark | None = None
    """Why ties were left out, where they were."""
    lines: Lines = field(default_factory=lambda: Lines(on=False))
    """The lines of the user's files that ran on unknown numbers."""
    off_path: Remark | None = None
    """Floats at which the layer answers, and that lie in no order that was walked, where there are such."""
    points: list[list[Array]] = field(default_factory=list)
    """Numbers that lie in strict orders, one in each of some: floats are to be asked there too."""
    unasked: int = 0
    """So many of the strict orders hold no floats that were drawn."""
    potential: Terms | None = None
    """⟨y, δ⟩, where one path is all there is; with the places of the unknown numbers in it, and the shape of y."""
    places: list[Place] = field(default_factory=list)
    y_shape: tuple[int, ...] = ()
    error: float | None = None
    floats: Found | None = None
    """What the layer's floats answered, where the method itself asked them."""
    witness: Witness | None = None
    remark: Remark | None = None

    def refute(self, tally: Tally, quantity: str, strict: bool, witness: Witness | None) -> None:
        """One claim is wrong; the first reason is kept. A gradient that differs only among ties is a convention, a value is not.

        Raises Unsupported where floats are right at the very numbers that should show it.
        """
        if witness is not None and witness.actual is not None and witness.actual == witness.expected:
            raise Unsupported("not-seen", quantity=quantity, index=witness.index)
        tally.wrong = True
        self.witness = self.witness or witness
        convention = not strict and tally.name != "forward"
        self.remark = self.remark or remark("proof.only-at-ties" if convention else f"proof.wrong-{tally.name}", quantity=quantity)

    def fail(self) -> None:
        """What cannot even be compared is wrong."""
        for tally in self.tallies:
            tally.wrong = True


def as_array(method: str, answer: Any) -> Array:
    """What a layer answered, as an array. Raises Unsupported where it is none: a list of unknown numbers would be read wrongly."""
    if isinstance(answer, np.ndarray):
        return answer
    found = np.empty((), object)
    if isinstance(answer, (list, tuple, dict)) or answer is None:
        raise Unsupported("no-array", method=method, got=type(answer).__name__)
    found[()] = answer
    return found


def misshapen(names: Sequence[str], shapes: Sequence[tuple[int, ...]], answers: Sequence[Array]) -> Remark | None:
    """The first answer that is missing, or does not have its shape."""
    for number, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        if number >= len(answers):
            return remark("proof.missing", quantity=name)
        answer = answers[number]
        if answer.shape != shape:
            return remark("proof.shape", quantity=name, expected=str(shape), got=str(answer.shape))
    return None
