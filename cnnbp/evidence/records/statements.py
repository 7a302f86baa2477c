"""A derivation, its statements, and how each reading of them fared."""

from __future__ import annotations

from typing import Literal

from ..kinds import Kind
from ..verdict import Number
from .base import Count, Exact, Given, Id, Language, Many, Name, Record, Text, Told, Words

Outcome = Literal[
    "holds", "refuted as printed, holds as corrected", "holds under these readings only", "refuted", "not tested",
    "definition", "not mathematical",
]  # fmt: skip
Role = Literal["printed", "corrected", "beyond"]


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
    why: Told
    kind: Kind | Literal[""]
    cases: Count
    quantity: Words
    readings: Many[Reading]
    rerun: Text


class Derivation(Record):
    """A published text under test, and its statements in the order in which a reader meets them."""

    id: Id
    title: Told
    source: Told
    language: Language
    """That of the words that are quoted."""
    question: Told
    sections: dict[Id, Told]
    facets: dict[Id, Told]
    not_covered: Many[Told]
    statements: Many[Statement]
