"""What a derivation consists of: statements, and the readings in which each is tested. Data; nothing runs here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ..cases.choices import Choices
from ..evidence.records import Role
from ..rounding import Array
from .telling import Text, Told


class Instance(Protocol):
    """One network, image or batch: whatever the readings of a statement are evaluated on, in exact numbers or in letters."""

    def given(self) -> Mapping[str, Any]:
        """The numbers that a person needs to work it by hand, under the letters of the derivation."""
        ...


@dataclass(frozen=True)
class Instances:
    """Where instances come from: shapes from the smallest on, and what fills each of them, numbers or letters.

    `numbers` chooses small numbers for a shape. `letters` gives the instances that decide a reading at a shape for all numbers;
    where there are none, `abstains` tells why.
    """

    shapes: Sequence[Any]
    numbers: Callable[[Any, Choices], Any]
    letters: Callable[[Any], Iterable[Any]] | None = None
    abstains: Told | None = None

    def draw(self, choose: Choices) -> Any:
        """Numbers at one of the shapes."""
        return self.numbers(choose.pick(self.shapes), choose)


@dataclass(frozen=True)
class Outcome:
    """What a reading says and what is true of one instance. `says` is None where the reading has no value there.

    `told` shows how the numbers come about or, where there is no value, why; without it a counterexample compares the two.
    `vacuous` says that what the statement is about does not occur in this instance: agreement shows nothing then.
    """

    says: Array | None
    truth: Array
    told: Told | Callable[[], Told] | None = None
    vacuous: bool = False


@dataclass(frozen=True)
class Reading:
    """One way to understand a statement. Its name stands in the text, under its id.

    The readings "printed" make the verdict, with those that are "corrected", or "supplied" where the print says nothing. Those
    "beyond" are tested and reported beside it: where the statement stops to hold, or which of two misprints makes it wrong.
    `facets` are the columns of a truth table, where there are several ways of reading at once. `on` makes of a drawn instance
    the one that is meant: with α = 1, say. Where letters cannot decide the reading, `abstains` tells why; where their order is
    all the same to it, they are asked in one order alone, `once`.
    """

    id: str
    evaluate: Callable[[Any], Outcome]
    role: Role = "printed"
    facets: Mapping[str, str] = field(default_factory=dict)
    on: Callable[[Any], Instance] = lambda drawn: drawn
    abstains: Told | None = None
    once: bool = False


class Experiment:
    """What a statement is tested by: instances, and the readings to evaluate on them."""

    def __init__(self, instances: Instances, *readings: Reading) -> None:
        self.instances, self.readings = instances, readings


@dataclass(frozen=True)
class Statement:
    """A formula or claim of a derivation under a permanent id: what is printed of it, its words, and its experiment.

    `printed` and `corrected` are TeX, `quoted` the words of the source where the claim is verbal, `misprints` pairs of a piece
    of the printed TeX and the defect that it has, `fault` the defect that makes the print wrong. A statement that cannot be
    tested has no experiment; `untestable` says of which sort it is. Where a part cannot be tested it is `halved`, and the text says
    what is left unjudged; where it holds under a condition it is `conditional`, and the text names that. `theorems` are names of
    those that together say what all its readings that hold say, but for letters put in the place of letters.
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
    halved: bool = False
    conditional: bool = False
    untestable: Literal["", "definition", "misprinted, meaning clear", "not mathematical"] = ""
    theorems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """A published derivation: its statements in the order in which a reader meets them, and the language that they quote."""

    id: str
    language: str
    text: Text
    statements: tuple[Statement, ...]
