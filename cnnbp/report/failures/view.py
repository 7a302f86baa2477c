"""Whatever failed, as cards: where, the simplest case, actual and expected, what all failures share, how to run it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from cnnbp.evidence.records import Document, Ladder, Layer, Part, Raised, Rung, Training, Wrong, rerun
from cnnbp.evidence.status import of_ladder, of_training, of_verdict
from cnnbp.evidence.verdict import Evidence, Remark, Verdict

from ..controls.view import controls
from ..layers.view import layers
from ..setting import Setting

CARDS, SENTENCES, PIECES = 4, 4, 12  # on the page, and on each of them: the rest stands in its section
CASES = ("statement", "layer")  # kinds of tasks that are of as many cases as are asked for
SECTION = {"statement": "statements", "layer": "layers", "wrong": "controls", "right": "controls"} | {
    part: part for part in get_args(Part)
}
PROOFS = "proofs"  # where the other tasks have their place


@dataclass(frozen=True)
class Card:
    """One failure. `title` is the phrase of its heading, with the name in it; `anchor` is where the rest of it stands."""

    title: str
    name: str
    anchor: str
    verdict: Verdict | None = None
    layer: Layer | None = None
    training: Training | None = None
    missed: Wrong | None = None
    ladder: Ladder | None = None
    raised: Raised | None = None
    rerun: str = ""

    @property
    def of(self) -> str:
        """Of which subject: the harness, or the reference code."""
        return "harness" if self.title in ("missed", "right") else "code"

    @property
    def said(self) -> Sequence[Remark]:
        """What is wrong."""
        if self.raised:
            return (self.raised.said,)
        if self.training and self.training.failure:
            return (self.training.failure,)
        return () if self.verdict is None else self.verdict.wrong[:SENTENCES]

    @property
    def rung(self) -> Rung | None:
        """The step at which a ladder is farthest beyond its bound."""
        return max(self.ladder.rungs, key=lambda rung: rung.ratio) if self.ladder else None

    @property
    def evidence(self) -> Sequence[Evidence]:
        """The first that each oracle says against each quantity."""
        first: dict[tuple[str, str], Evidence] = {}
        for item in () if self.verdict is None else self.verdict.evidence:
            if item.status == "fail":
                first.setdefault((item.oracle, item.quantity), item)
        return list(first.values())[:PIECES]


@dataclass(frozen=True)
class Failures:
    """The first of them, and how many more there are."""

    cards: Sequence[Card]
    more: int


def failures(setting: Setting) -> Failures | None:
    """All of them; None where there are none."""
    found = [*_of_harness(setting), *_of_layers(setting), *_of_parts(setting.document), *_raised(setting)]
    return Failures(found[:CARDS], max(0, len(found) - CARDS)) if found else None


def _of_harness(setting: Setting) -> Iterator[Card]:
    """They come first: while one of them stands, nothing else counts."""
    for control in (control for half in controls(setting) for control in half.controls if control.record):
        if isinstance(control.record, Wrong):
            if not control.record.caught:
                yield Card("missed", control.name, control.anchor, missed=control.record)
        elif control.record and control.record.failure is not None:  # a verdict that fails is false
            yield Card("right", control.name, control.anchor, control.record.failure)


def _of_layers(setting: Setting) -> Iterator[Card]:
    tried = layers(setting)
    for row in tried.rows if tried else ():
        if row.record and row.record.failure:
            yield Card("layer", row.name, row.anchor, row.record.failure.verdict, layer=row.record)


def _of_parts(document: Document) -> Iterator[Card]:
    """What the layers do together, and the ladder of one."""
    ladder, digits, training = document.ladder, document.digits, document.training
    if ladder and of_ladder(ladder) == "fail":
        yield Card("ladder", ladder.layer, "section-ladder", ladder=ladder, rerun=rerun("ladder", ladder.seed))
    for verdict in (*digits.layers, digits.whole) if digits else ():  # a layer names the fault, the whole only shows it
        if of_verdict(verdict) == "fail":
            yield Card("whole" if digits and verdict is digits.whole else "digits", verdict.layer, "section-digits", verdict)
    if training and (training.failure or of_training(training) == "fail"):
        yield Card("training", training.network, "section-training", training=training, rerun=rerun("training", training.seed))


def _raised(setting: Setting) -> Iterator[Card]:
    """What came to no end, with the command that tries it again, where one does."""
    run = setting.document.provenance
    for each in setting.document.raised:
        command = rerun(each.name, run.seed, run.examples if each.kind in CASES else None)
        alone, part = each.kind in CASES or each.kind == each.name, each.kind in get_args(Part)
        name = setting.speech.say(f"report.{each.kind}.title") if part else each.name
        yield Card("raised", name, f"section-{SECTION.get(each.kind, PROOFS)}", raised=each, rerun=command if alone else "")
