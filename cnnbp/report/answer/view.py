"""What the page says first: a headline for each derivation, for the reference code, and for the harness that judges both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Derivation, Document
from cnnbp.evidence.status import Subject, of_control, of_layer, of_training, of_verdict
from cnnbp.evidence.verdict import Remark

from .. import marks
from ..kinds.view import used
from ..marks import Mark
from ..section import Place
from ..setting import Setting
from ..statements.articles import Article, articles, derivations, tally


@dataclass(frozen=True)
class Headline:
    """One subject: what was asked, what follows, and every objection that its records raise."""

    kind: str
    said: str
    title: str
    question: str
    source: str
    mark: Mark
    lead: Sequence[str]
    objections: Sequence[str]
    faults: Sequence[tuple[str, list[Article]]]


@dataclass(frozen=True)
class Answer:
    """All headlines, what the run says of itself, and which kinds of evidence stand behind them."""

    status: str
    mark: Mark
    headlines: tuple[Headline, ...]
    trouble: Remark | None
    contradictions: Sequence[str]
    kinds: Sequence[str]


def answer(setting: Setting) -> Answer:
    """As `evidence.status` has it: none of these words can be better."""
    books = {place.name: place for place in derivations(setting)}
    headlines = tuple(_headline(setting, subject, books.get(subject.id)) for subject in setting.standing.subjects)
    status = setting.standing.status
    contradictions = [setting.with_record(remark) for remark in setting.standing.contradictions]
    return Answer(status, marks.STATUS[status], headlines, setting.document.trouble, contradictions, used(setting.document))


def _headline(setting: Setting, subject: Subject, place: Place[Derivation] | None) -> Headline:
    say, told, names = setting.speech.say, setting.speech.told, list[str]()
    lead: Sequence[str]
    title = question = source = ""
    found = articles(setting, place) if place else []
    if subject.kind == "derivation":
        ended = tally(found)
        parts = [say(f"report.answer.tally.{mark.name}", n=len(those)) for mark, those in ended]
        lead = [say("report.answer.derivation.lead", n=len(found), parts=parts)] if found else []
        if place and place.record:
            title, question, source = told(place.record.title), told(place.record.question), told(place.record.source)
    elif subject.kind == "code":
        lead, names = _code(setting), _wrong(setting.document)
    else:
        lead = _harness(setting)
    mended = subject.status == "holds" and any(a.mark.name in ("corrected", "readings") for a in found)
    said = say(f"report.answer.{subject.kind}.{'corrected' if mended else subject.status}", names=names)
    mark, objections = marks.STATUS[subject.status], _said(setting, subject.objections)
    return Headline(subject.kind, said, title, question, source, mark, lead, objections, _faults(setting, found))


def _said(setting: Setting, remarks: Iterable[Remark]) -> list[str]:
    """Each sentence once, however many records it is said of."""
    return list(dict.fromkeys(map(setting.speech.sentence, remarks)))


def _faults(setting: Setting, found: Sequence[Article]) -> list[tuple[str, list[Article]]]:
    """What is wrong with the printed statements, in a few words each, and with which of them."""
    told: dict[str, list[Article]] = {}
    for article in found:
        fault = setting.speech.told(article.record.fault) if article.record else ""
        if fault and article.mark not in (marks.HOLDS, marks.DEFINITION, marks.UNJUDGED):
            told.setdefault(fault, []).append(article)
    return list(told.items())


def _code(setting: Setting) -> Sequence[str]:
    """Layers, digits and training, counted anew."""
    say, document = setting.speech.say, setting.document
    wanted = {*document.whole.layers, *(layer.operator for layer in document.layers)}
    agreeing = sum(of_layer(layer) == "pass" for layer in document.layers)
    cases, open_ = (sum(getattr(layer, name) for layer in document.layers) for name in ("cases", "inconclusive"))
    lead = [say("report.answer.code.layers", agreeing=agreeing, n=len(wanted), cases=cases, open=open_)] if wanted else []
    if document.digits:
        verdicts = [document.digits.whole, *document.digits.layers]
        passed = sum(of_verdict(verdict) == "pass" for verdict in verdicts)
        lead.append(say("report.answer.code.digits", passed=passed, n=len(verdicts), samples=document.digits.samples))
    if document.training:
        training = document.training
        word = of_training(training)
        key = word if word in ("pass", "fail") else "open"
        lead.append(say(f"report.answer.code.training.{key}", n=len(training.ratios), accuracy=f"{100 * training.accuracy:.1f}"))
    return lead


def _wrong(document: Document) -> list[str]:
    """What is wrong in the reference code, by name."""
    names = [layer.operator for layer in document.layers if of_layer(layer) == "fail"]
    verdicts = (document.digits.whole, *document.digits.layers) if document.digits else ()
    names += ["digits"] if any(of_verdict(verdict) == "fail" for verdict in verdicts) else []
    return [*names, "training"] if document.training and of_training(document.training) == "fail" else names


def _harness(setting: Setting) -> Sequence[str]:
    """The controls, counted anew; one that is missing was not caught."""
    say, controls, whole = setting.speech.say, setting.document.controls, setting.document.whole
    wrong = {*whole.wrong, *(control.id for control in controls.wrong)}
    right = {*whole.right, *(control.id for control in controls.right)}
    if not wrong and not right:
        return [say("report.answer.harness.none")]
    caught, failed = sum(map(of_control, controls.wrong)), sum(not of_control(control) for control in controls.right)
    return [say("report.answer.harness.controls", caught=caught, wrong=len(wrong), failed=failed, right=len(right))]
