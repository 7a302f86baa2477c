"""Failures as cards: where, the simplest case, what is wrong, what all failures have in common, how to run it again."""

from __future__ import annotations

from collections.abc import Iterator

from ..evidence import Verdict
from ..evidence.records import Document, Layer, rerun
from ..evidence.status import of_control, of_ladder, of_training, of_verdict
from ..text import sentence
from ..text.verdict import told
from .layout import WIDTH, beside, few, said

MOST, LINES = 2, 5  # cards on one screen, and lines of what is wrong on each


def cards(document: Document, most: int = MOST) -> list[str]:
    """The first of them, one under the other."""
    found = list(_cards(document))
    more = [f"  {said('subject.more', count=len(found) - most)}"] if len(found) > most else []
    return [line for card in found[:most] for line in card] + more


def _cards(document: Document) -> Iterator[list[str]]:
    yield from (_of_layer(layer) for layer in document.layers if layer.failure is not None)
    if document.ladder and of_ladder(document.ladder) == "fail":
        often = said("failure.steps", beyond=document.ladder.beyond, steps=len(document.ladder.rungs))
        yield [_head(f"ladder, {document.ladder.layer}", often), *_again("ladder", document)]
    if document.digits:
        for verdict in (document.digits.whole, *document.digits.layers):
            if of_verdict(verdict) == "fail":
                yield [_head(f"digits, {verdict.layer.partition('(')[0]}"), *_wrong(verdict)]
    training = document.training
    if training and of_training(training) == "fail":
        learnt = said("failure.learnt", accuracy=training.accuracy, expected=training.expected_accuracy)
        yield [_head("training"), *beside("", sentence(training.failure) if training.failure else learnt, 1, 2)]
    for each in document.raised:
        yield [f"✗ {line}" if not n else f"  {line}" for n, line in enumerate(few(sentence(each.said), WIDTH - 2, 2))]
    for control in document.controls.right:
        if not of_control(control) and control.failure is not None:
            yield [f"✗ {said('failure.right', control=control.id)}", *_wrong(control.failure)]


def _again(part: str, document: Document) -> list[str]:
    return beside(said("failure.again"), rerun(part, document.provenance.seed))


def _head(what: str, often: str = "") -> str:
    return f"✗ {said('failure.head', what=what, often=often)}"[:WIDTH]


def _of_layer(layer: Layer) -> list[str]:
    failure = layer.failure
    assert failure is not None
    options = ", ".join(f"{name}={value}" for name, value in failure.options.items())
    case = said("failure.case", number=failure.number, call=f"{layer.operator}({options})", traits=", ".join(failure.traits))
    lines = [_head(layer.operator, said("failure.often", failures=failure.failures, cases=layer.cases))]
    lines += [f"  {line}" for line in few(case, WIDTH - 2, 2)] + _wrong(failure.verdict)
    if failure.common:
        lines += beside(said("failure.common"), "; ".join(map(sentence, failure.common)), lines=2)
    return lines + beside(said("failure.again"), failure.rerun)


def _wrong(verdict: Verdict) -> list[str]:
    lines = [line for remark in verdict.wrong[:1] for line in told(remark, verdict.evidence)]
    return [f"  {line}"[:WIDTH] for line in lines[:LINES]]
