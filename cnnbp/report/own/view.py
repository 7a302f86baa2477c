"""The page of layers of somebody's own: what follows, a row for each, and of each the verdict that is shown, failures first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.kinds import KINDS, Kind
from cnnbp.evidence.own import Own, OwnDocument

from ..marks import MARKS, Mark
from ..page import environment, light
from ..speech import Speech
from ..unseen import visible
from ..words import anchors

STATUSES = ("pass", "fail", "inconclusive")
ORDER = ("fail", "inconclusive", "pass")


@dataclass(frozen=True)
class Row:
    """One layer in one place."""

    own: Own
    anchor: str
    mark: Mark

    @property
    def expected(self) -> bool:
        """A test that passes although its layer fails, as one does that wants to see it fail."""
        return self.own.status == "fail" and self.own.outcome == "passed"


@dataclass(frozen=True)
class View:
    """What the template is given."""

    document: OwnDocument
    rows: Sequence[Row]
    mark: Mark

    def count(self, status: str) -> int:
        """How many layers came out so."""
        return sum(row.own.status == status for row in self.rows)

    def answer(self, speech: Speech) -> str:
        """How many layers came out how, the best first."""
        parts = speech.counts({status: self.count(status) for status in STATUSES}, "own.answer.")
        return speech.say("own.answer.of", n=len(self.rows), parts=parts) if parts else speech.say("own.answer.none")

    @property
    def expected(self) -> int:
        """How many failures a test expects."""
        return sum(row.expected for row in self.rows)

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of evidence that stand on the page, weakest first."""
        found = {item.kind for row in self.rows for item in row.own.shown.evidence}
        return [kind for kind in KINDS if kind in found]


def view(document: OwnDocument) -> View:
    """Failures come first, then what is inconclusive; else the order of the run."""
    layers = sorted(document.layers, key=lambda own: ORDER.index(own.status))
    names = anchors(f"{own.where}-{own.layer}" for own in layers)
    return View(
        document,
        [Row(own, anchor, MARKS[own.status]) for own, anchor in zip(layers, names, strict=True)],
        MARKS[document.status],
    )


def render(document: OwnDocument, language: str = "en") -> str:
    """The whole page. Raises FileNotFoundError for a language in which nothing is told."""
    template, speech = environment().get_template("own/page.html.j2"), Speech(language)
    return light(visible(template.render(view=view(document), speech=speech)))
