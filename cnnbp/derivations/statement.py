"""What a derivation consists of: statements, and the readings in which each is tested. Data; nothing runs here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ..cases.choices import Choices
from ..evidence.records import Role
from ..rounding import Array
from .telling import Text, Told


class Instance(Protocol):
    """One drawn network, image or batch: whatever the readings of a statement are evaluated on, in exact numbers."""

    def given(self) -> Mapping[str, Any]:
        """The numbers that a person needs to work it by hand, under the letters of the derivation."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What a reading says and what is true of one instance. `says` is None where the reading has no value there.

    `told` shows how the numbers come about or, where there is no value, why; without it a counterexample compares the two.
    """

    says: Array | None
    truth: Array
    told: Told | None = None


@dataclass(frozen=True)
class Reading:
    """One way to understand a statement. Its name stands in the text, under its id.

    The readings "printed" and "corrected" make the verdict. Those "beyond" are tested and reported beside it: where the
    statement stops to hold, or which of two misprints makes it wrong. `facets` are the columns of a truth table, where
    there are several ways of reading at once. `on` makes of a drawn instance the one that is meant: with α = 1, say.
    """

    id: str
    evaluate: Callable[[Any], Outcome]
    role: Role = "printed"
    facets: Mapping[str, str] = field(default_factory=dict)
    on: Callable[[Any], Instance] = lambda drawn: drawn


class Experiment:
    """What a statement is tested by: instances to draw, and the readings to evaluate on them."""

    def __init__(self, draw: Callable[[Choices], Any], *readings: Reading) -> None:
        self.draw, self.readings = draw, readings


@dataclass(frozen=True)
class Statement:
    """A formula or claim of a derivation under a permanent id: what is printed of it, its words, and its experiment.

    `printed` and `corrected` are TeX, `quoted` the words of the source where the claim is verbal, `misprints` pairs of a piece
    of the printed TeX and the defect that it has, `fault` the defect that makes the print wrong. A statement that cannot be
    tested has no experiment; `untestable` says of which sort it is.
    """

    id: str
    label: str
    section: str
    text: Text
    experiment: Experiment | None
    printed: str = ""
    quoted: str = ""
    corrected: str | None = None
    misprints: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    untestable: Literal["", "definition", "not mathematical"] = ""


@dataclass(frozen=True)
class Derivation:
    """A published derivation: its statements in the order in which a reader meets them, and the language that they quote."""

    id: str
    language: str
    text: Text
    statements: tuple[Statement, ...]
