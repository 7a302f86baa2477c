"""A derivation as the page shows it: its statements in their places, the missing ones too, each with what follows of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Derivation, Statement
from cnnbp.evidence.status import of_statement
from cnnbp.evidence.verdict import Remark

from .. import marks
from ..marks import Mark
from ..section import Place, places
from ..setting import Setting
from ..words import Anchors
from .misprints import Misprint, misprints
from .readings import Readings, Row, readings, rows


@dataclass(frozen=True)
class Article:
    """One statement; `record` is None where a whole run has it and this one does not, `known` false the other way round."""

    id: str
    anchor: str
    record: Statement | None
    known: bool
    mark: Mark
    against: Sequence[Remark]

    @property
    def label(self) -> str:
        """Its number, or its id."""
        return self.record.label if self.record else self.id

    @property
    def misprints(self) -> tuple[Misprint, ...]:
        """Where its print is wrong."""
        return misprints(self.record) if self.record else ()


@dataclass(frozen=True)
class Tried:
    """How a statement was tried: its counterexample, its readings, and those beyond it, on which no verdict hangs."""

    shown: Row | None
    judged: Readings
    beyond: Readings | None
    count: int
    refuted: int

    @property
    def worst_error(self) -> float | None:
        """The largest error of the readings that hold; None where nothing was measured."""
        held = [row.record.worst_error for row in self.judged.plain if row.mark is marks.HOLDS]
        return max((error for error in held if error is not None), default=None)


def tried(statement: Statement) -> Tried:
    """What the fold below a statement shows."""
    judged, beyond = rows(statement.readings, "printed", "corrected"), rows(statement.readings, "beyond")
    wrong = [row for row in judged if row.counterexample]
    shown = next((row for row in wrong if row.mark is marks.REFUTED), wrong[0] if wrong else None)
    refuted = sum(row.mark is marks.REFUTED for row in judged)
    return Tried(shown, readings(judged, shown), readings(beyond) if beyond else None, len(judged), refuted)


def derivations(setting: Setting) -> list[Place[Derivation]]:
    """All that a whole run puts to the test, and all that this one did."""
    return places(setting.document.whole.statements, setting.document.derivations, lambda derivation: derivation.id)


def articles(setting: Setting, place: Place[Derivation]) -> list[Article]:
    """The statements of one derivation, in its order."""
    found = place.record.statements if place.record else ()
    wanted, taken = setting.document.whole.statements.get(place.name, ()), Anchors()
    return [
        Article(
            at.name,
            taken.new(setting.statement(place.name, at.name)),
            at.record,
            at.known,
            marks.outcome(of_statement(at.record)) if at.record else marks.MISSING,
            setting.against(at.name),
        )
        for at in places(wanted, found, lambda statement: statement.id)
    ]


def tally(found: Iterable[Article]) -> list[tuple[Mark, list[Article]]]:
    """Which statements ended how, in the order of `marks.OUTCOMES`; those that are missing first."""
    ended: dict[Mark, list[Article]] = {mark: [] for mark in (marks.MISSING, *marks.OUTCOMES.values(), marks.UNKNOWN)}
    for article in found:
        ended[article.mark].append(article)
    return [(mark, those) for mark, those in ended.items() if those]
