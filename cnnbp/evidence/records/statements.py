"""A derivation, its statements, and how each reading of them fared."""

from __future__ import annotations

from typing import Literal

from ..kinds import Kind
from ..numbers import Number
from .base import Count, Exact, Given, Id, Language, Many, Name, Record, Text, Told, Words

Outcome = Literal[
    "holds", "misprinted, meaning clear", "holds under a named condition", "half of it judged", "incomplete, completed here",
    "refuted as printed, holds as corrected", "refuted", "not tested", "definition", "not mathematical",
]  # fmt: skip
Role = Literal["printed", "corrected", "supplied", "beyond"]
AtShape = Literal["holds", "differs", "no value", "vacuous"]
"""Both sides are the same polynomials; they are not; the reading has no value; both are 0, or nothing it is about occurs."""


class Misprint(Record):
    """The characters from `start` to `end` of the printed TeX, and what is wrong with them."""

    start: Count
    end: Count
    what: Told


class Counterexample(Record):
    """The numbers of one instance on which a reading is wrong; `says` is None where the reading has no value there."""

    given: dict[Name, Given]
    says: Exact | None
    truth: Exact
    working: Words


class Letters(Record):
    """How a reading fared on letters in the place of numbers: for all numbers, and every function f, at each shape."""

    kind: Literal["symbolic"]
    instances: Count
    """How many there were: one for each shape, or one for each order of the cells of each shape."""
    shapes: Many[AtShape]
    """In the order of the statement's `shapes`. None where letters decide nothing."""
    abstains: Words
    """Why they decide nothing."""

    @property
    def away_from_ties(self) -> bool:
        """Whether orders were walked: of cells of which no two are alike, so that nothing follows for ties."""
        return self.instances > len(self.shapes)


class Reading(Record):
    """One way to read a statement, and how it fared."""

    id: Id
    name: Told
    facets: dict[Id, Told]
    """The columns of a truth table; what their ids mean stands in the derivation's `facets`."""
    role: Role
    holds: bool | None
    cases: Count
    wrong: Count
    vacuous: Count
    senseless: Count
    """Of the wrong ones, those in which it has no value at all."""
    worst_error: Number | None
    nonsense: Words
    letters: Letters
    counterexample: Counterexample | None


class Statement(Record):
    """One formula or claim of a derivation. `section` is the id of a section, `kind` empty where nothing was tested."""

    id: Id
    label: Name
    section: Id
    claim: Told
    quoted: Text
    printed: Text
    corrected: Text | None
    misprints: Many[Misprint]
    verdict: Outcome
    fault: Words
    condition: Words
    """That under which it holds, where it holds under one."""
    unjudged: Words
    """What of it is left unjudged."""
    why: Told
    kind: Kind | Literal[""]
    cases: Count
    quantity: Words
    shapes: Many[Name]
    """Of the networks and images on which it is tested, the smallest first."""
    readings: Many[Reading]
    theorems: Many[Name]
    """Those that together say, for all sizes, what the readings that hold say at their shapes."""
    rerun: Text


class Derivation(Record):
    """A published text under test, and its statements in the order in which a reader meets them."""

    id: Id
    title: Told
    source: Told
    language: Language
    """That of the words that are quoted."""
    question: Told
    method: Many[Told]
    """How statements are tested, a sentence or two each."""
    sections: dict[Id, Told]
    facets: dict[Id, Told]
    not_covered: Many[Told]
    statements: Many[Statement]
