"""Whatever failed, as cards: where, the simplest case, actual and expected, what all failures share, how to run it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from cnnbp.evidence.records import Document, Entry, Layer
from cnnbp.evidence.status import of_training, of_verdict
from cnnbp.evidence.verdict import Evidence, Remark, Verdict

from ..layers.view import layers
from ..setting import Setting

MOST = 12  # cards, and pieces of evidence on one: the rest stands in its section


@dataclass(frozen=True)
class Card:
    """One failure. `title` is the phrase of its heading, with the name in it; `section` is where the rest of it stands."""

    title: str
    name: str
    section: str
    sentences: Sequence[Remark]
    evidence: Sequence[Evidence] = ()
    shapes: Sequence[tuple[str, tuple[int, ...]]] = ()
    call: str = ""
    number: int | None = None
    traits: Sequence[str] = ()
    failed: tuple[int, int] | None = None
    common: Sequence[Remark] = ()
    worst: Entry | None = None
    rerun: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Failures:
    """The first of them, and how many more there are."""

    cards: Sequence[Card]
    more: int


def failures(setting: Setting) -> Failures | None:
    """Every layer that fails, the digits, the training, and right layers that were called wrong; None where all is well."""
    tried = layers(setting)
    of_layers = [_of_layer(row.record, row.anchor) for row in (tried.rows if tried else ()) if row.record and row.record.failure]
    found = [*of_layers, *_others(setting.document)]
    return Failures(found[:MOST], max(0, len(found) - MOST)) if found else None


def _others(document: Document) -> Iterator[Card]:
    if document.digits:
        for verdict in (document.digits.whole, *document.digits.layers):
            if of_verdict(verdict) == "fail":
                yield _of_verdict("digits", verdict.layer, "section-digits", verdict)
    training = document.training
    if training and (training.failure or of_training(training) == "fail"):
        said = (training.failure,) if training.failure else ()
        yield Card("training", training.network, "section-training", said, worst=training.worst)
    for control in document.controls.right:
        if control.accusation is not None:  # a verdict that fails is false
            yield _of_verdict("right", control.id, f"control-{control.id}", control.accusation)


def _of_verdict(title: str, name: str, section: str, verdict: Verdict) -> Card:
    return Card(title, name, section, verdict.wrong, _wrong(verdict), tuple(verdict.shapes.items()))


def _of_layer(layer: Layer, anchor: str) -> Card:
    failure = layer.failure
    assert failure is not None
    call = f"{layer.operator}({', '.join(f'{name}={value}' for name, value in failure.options.items())})"
    verdict = failure.verdict
    return Card(
        "layer", layer.operator, anchor, verdict.wrong, _wrong(verdict), tuple(verdict.shapes.items()), call, failure.number,
        failure.traits, (failure.failures, layer.cases), failure.common, rerun=failure.rerun,
    )  # fmt: skip


def _wrong(verdict: Verdict) -> Sequence[Evidence]:
    return tuple(islice((item for item in verdict.evidence if item.status == "fail"), MOST))
