"""What a derivation consists of: statements, each in every reading that is tried. Data and small functions; nothing runs here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ..cases.choices import Choices
from ..rounding import Array

Role = Literal["printed", "corrected", "beyond"]


class Instance(Protocol):
    """One drawn network, image or batch: whatever the readings of a statement are evaluated on, in exact numbers."""

    def given(self) -> Mapping[str, Any]:
        """The numbers that a person needs to work it by hand, under the letters of the derivation."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What a reading says and what is true of one instance. `says` is None where the reading has no value there."""

    says: Array | None
    truth: Array
    nonsense: str = ""
    working: str = ""


@dataclass(frozen=True)
class Reading:
    """One way to understand a statement.

    The readings "printed" and "corrected" make the verdict; those "beyond" show where the statement stops, or which of two
    defects does the harm. `facets` are the columns of a truth table, where there are several ways of reading at once.
    `on` makes of a drawn instance the one that is meant: with α = 1, say, or windows that do not overlap.
    """

    name: str
    evaluate: Callable[[Any], Outcome]
    role: Role = "printed"
    facets: Mapping[str, str] = field(default_factory=dict)
    on: Callable[[Any], Instance] = lambda drawn: drawn

    def outcome(self, drawn: Instance) -> Outcome:
        """What the reading says of a drawn instance."""
        return self.evaluate(self.on(drawn))


@dataclass(frozen=True)
class Trial:
    """What a statement is put to the test with: instances to draw, and the readings to evaluate on them."""

    draw: Callable[[Choices], Any]
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Statement:
    """A formula or claim of a derivation under a permanent id: its words, and its trial.

    `printed` and `corrected` are TeX, `quoted` the words of the source where the claim is verbal, `misprints` pairs of a piece
    of the printed TeX and what it should say, `fault` in a few words what is wrong with the print, `quantity` what the readings
    are compared in. A statement without a trial is "definition" or "not mathematical": `untestable` says which, and `why` why.
    """

    id: str
    label: str
    section: str
    claim: str
    why: str
    printed: str = ""
    quoted: str = ""
    corrected: str | None = None
    misprints: tuple[tuple[str, str], ...] = ()
    quantity: str = ""
    fault: str = ""
    untestable: Literal["", "definition", "not mathematical"] = ""
    trial: Trial | None = None


@dataclass(frozen=True)
class Derivation:
    """A published derivation: its statements in the order in which a reader meets them."""

    id: str
    title: str
    source: str
    statements: tuple[Statement, ...]


def derivation(name: str, text: Mapping[str, Any], trials: Mapping[str, Trial]) -> Derivation:
    """The derivation whose words are `text`, as TOML gives them, each statement with its trial.

    Raises ValueError where a statement has neither a trial nor a word for why not, or a trial has no statement.
    """
    statements = tuple(_statement(words, trials.get(words["id"])) for words in text["statement"])
    strays = set(trials) - {statement.id for statement in statements}
    if strays:
        raise ValueError(f"these trials belong to no statement: {', '.join(sorted(strays))}")
    return Derivation(name, text["title"], text["source"], statements)


def _statement(words: Mapping[str, Any], trial: Trial | None) -> Statement:
    misprints = tuple((misprint["piece"], misprint["what"]) for misprint in words.get("misprints", ()))
    found = Statement(**{**words, "misprints": misprints, "trial": trial})
    if (trial is None) == (not found.untestable):
        raise ValueError(f"{found.id} must have a trial, or say why it has none")
    if not all(piece in found.printed for piece, _ in misprints):
        raise ValueError(f"{found.id} names a misprint that is not in the printed form")
    return found
