"""The derivations as chapters: statements that stand under one heading of a derivation, one after the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cnnbp.evidence.claims import away_from_ties, standing, strength
from cnnbp.evidence.kinds import KINDS, Kind
from cnnbp.evidence.records import Derivation, Statement, Theorem

from ..marks import Mark
from ..setting import Place, Setting
from ..words import anchors
from . import misprints
from .articles import articles, derivations, tally
from .readings import tried


@dataclass(frozen=True)
class Chapter:
    """Statements that stand under one heading; `title` is empty where the derivation names none."""

    title: str
    anchor: str
    articles: Sequence[Place[Statement]]


@dataclass(frozen=True)
class Book:
    """One derivation."""

    place: Place[Derivation]
    title: str
    chapters: Sequence[Chapter]
    tally: Sequence[tuple[Mark, list[Place[Statement]]]]
    numbered: Sequence[tuple[str, str]]
    map: Sequence[tuple[Kind | None, Sequence[Place[Statement]]]]
    """The statements by the strongest kind of evidence that they have, the strongest first; last those that have none."""


@dataclass(frozen=True)
class Statements:
    """All derivations, the theorems that stand, and what the template asks of a statement."""

    books: Sequence[Book]
    known: Mapping[str, Theorem]
    tried = staticmethod(tried)
    misprints = misprints
    away_from_ties = staticmethod(away_from_ties)

    def theorems(self, statement: Statement) -> Sequence[Theorem]:
        """Those that hold it; none unless all that it names stand."""
        named = [self.known[name] for name in statement.theorems if name in self.known]
        return named if len(named) == len(statement.theorems) else []

    def strength(self, statement: Statement) -> Kind | None:
        """The strongest kind of evidence that it has."""
        return strength(statement, self.known)

    @property
    def entries(self) -> Sequence[Chapter]:
        """What of them stands in the contents."""
        return [chapter for book in self.books for chapter in book.chapters if chapter.title]


def statements(setting: Setting) -> Statements | None:
    """Every derivation that there is or should be; None where a run is of layers alone."""
    found, stand = setting.document.proofs.theorems, standing(setting.document)
    books = [_book(setting, place, stand) for place in derivations(setting)]
    known = {each.name: each for each in (found.theorems if found else ()) if each.name in stand}
    return Statements(books, known) if books else None


def _book(setting: Setting, place: Place[Derivation], theorems: Collection[str]) -> Book:
    found = articles(setting, place)
    title = setting.speech.told(place.record.title) if place.record else place.name
    return Book(place, title, _chapters(setting, place, found), tally(found), _numbered(found), _map(found, theorems))


def _map(found: Sequence[Place[Statement]], theorems: Collection[str]) -> list[tuple[Kind | None, list[Place[Statement]]]]:
    """As `Book.map`; a kind that nothing has is no row."""
    rows: dict[Kind | None, list[Place[Statement]]] = {kind: [] for kind in (*reversed(KINDS), None)}
    for article in found:
        rows[strength(article.record, theorems) if article.record else None].append(article)
    return [(kind, those) for kind, those in rows.items() if those]


def _chapters(setting: Setting, place: Place[Derivation], found: Sequence[Place[Statement]]) -> list[Chapter]:
    """The statements under their headings, in the order of the derivation; a heading may return, and a missing statement
    stands under that of the one before.
    """
    runs: list[tuple[str, list[Place[Statement]]]] = []
    for article in found:
        section = article.record.section if article.record else runs[-1][0] if runs else ""
        if runs and section in (runs[-1][0], ""):
            runs[-1][1].append(article)
        elif runs and not runs[-1][0]:  # only missing ones so far: they stand before the first that is there
            runs[-1] = (section, [*runs[-1][1], article])
        else:
            runs.append((section, [article]))
    named = place.record.sections if place.record else {}
    titles = [setting.speech.told(named[section]) if section in named else section for section, _ in runs]
    taken = anchors(setting.chapter(place.name, section or "missing") for section, _ in runs)
    return [Chapter(title, anchor, run) for title, anchor, (_, run) in zip(titles, taken, runs, strict=True)]


def _numbered(found: Sequence[Place[Statement]]) -> list[tuple[str, str]]:
    """What the labels mean, each series with its range: ("E1–E30", "formulas") and ("V1–V23", "claims")."""
    records = [article.record for article in found if article.record]
    formulas = _range([record.label for record in records if record.printed])
    claims = _range([record.label for record in records if not record.printed])
    return [(labels, meaning) for labels, meaning in ((formulas, "formulas"), (claims, "claims")) if labels]


def _range(labels: Sequence[str]) -> str:
    """ "E1–E30", if all the labels are one letter and a number; nothing otherwise."""
    if len({label[0] for label in labels}) != 1 or not all(re.fullmatch(r"[A-Z]\d{1,4}", label) for label in labels):
        return ""
    first, last = (end(labels, key=lambda label: int(label[1:])) for end in (min, max))
    return first if first == last else f"{first}–{last}"
