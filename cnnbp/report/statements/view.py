"""The derivations as chapters: statements that stand under one heading of a derivation, one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Derivation

from ..marks import Mark
from ..section import Entry, Place
from ..setting import Setting
from ..words import Anchors
from . import misprints
from .articles import Article, articles, derivations, tally, tried


@dataclass(frozen=True)
class Chapter:
    """Statements that stand under one heading; `title` is empty where the derivation names none."""

    title: str
    anchor: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class Book:
    """One derivation; `record` is None where it is missing."""

    id: str
    title: str
    record: Derivation | None
    known: bool
    chapters: tuple[Chapter, ...]
    tally: Sequence[tuple[Mark, list[Article]]]
    numbered: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Statements:
    """All derivations, and what the template asks of a statement."""

    books: tuple[Book, ...]
    tried = staticmethod(tried)
    misprints = misprints


def statements(setting: Setting) -> Statements | None:
    """Every derivation that there is or should be; None where a run is of layers alone."""
    books = tuple(_book(setting, place) for place in derivations(setting))
    return Statements(books) if books else None


def chapters(view: Statements) -> Sequence[Entry]:
    """The headings of the derivations, for the contents."""
    return [(chapter.anchor, chapter.title) for book in view.books for chapter in book.chapters if chapter.title]


def numbered(found: Sequence[Article]) -> list[tuple[str, str]]:
    """What the labels mean, each series with its range: ("E1–E30", "formulas") and ("V1–V23", "claims")."""
    formulas = [a.record.label for a in found if a.record and a.record.printed]
    claims = [a.record.label for a in found if a.record and not a.record.printed]
    series = (("formulas", formulas), ("claims", claims))
    return [(_range(labels), meaning) for meaning, labels in series if _range(labels)]


def _book(setting: Setting, place: Place[Derivation]) -> Book:
    found, record = articles(setting, place), place.record
    title = setting.speech.told(record.title) if record else place.name
    return Book(place.name, title, record, place.known, tuple(_chapters(setting, place, found)), tally(found), numbered(found))


def _chapters(setting: Setting, place: Place[Derivation], found: Sequence[Article]) -> list[Chapter]:
    """The statements under their headings, in the order of the derivation; a heading may return, and a missing statement
    stands under that of the one before.
    """
    runs: list[tuple[str, list[Article]]] = []
    for article in found:
        section = article.record.section if article.record else runs[-1][0] if runs else ""
        if runs and section in (runs[-1][0], ""):
            runs[-1][1].append(article)
        elif runs and not runs[-1][0]:  # only missing ones so far: they stand before the first that is there
            runs[-1] = (section, [*runs[-1][1], article])
        else:
            runs.append((section, [article]))
    taken, named = Anchors(), place.record.sections if place.record else {}
    titles = [setting.speech.told(named[section]) if section in named else section for section, _ in runs]
    anchors = [taken.new(setting.chapter(place.name, section or "missing")) for section, _ in runs]
    return [Chapter(title, anchor, tuple(run)) for title, anchor, (_, run) in zip(titles, anchors, runs, strict=True)]


def _range(labels: Sequence[str]) -> str:
    """ "E1–E30", if all the labels are one letter and a number; nothing otherwise."""
    parts = [re.fullmatch(r"([A-Z])(\d{1,4})", label) for label in labels]
    known = sorted((int(part[2]), part[1]) for part in parts if part)
    if not known or len(known) < len(parts) or len({letter for _, letter in known}) > 1:
        return ""
    first, last = (f"{letter}{number}" for number, letter in (known[0], known[-1]))
    return first if first == last else f"{first}–{last}"
