"""What the page says first: a headline for each derivation, for the reference code, and for the harness that judges both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cnnbp.evidence.claims import Held, held, proved, strengths
from cnnbp.evidence.records import Derivation, Statement
from cnnbp.evidence.status import Subject, of_control, of_layer, of_training, of_verdict

from ..failures.view import failures
from ..kinds.view import used
from ..provenance.view import quoted_sha256
from ..scope.view import scope
from ..setting import Place, Setting
from ..statements.articles import articles, derivations, tally


@dataclass(frozen=True)
class Headline:
    """One subject: what follows, in a few words and in sentences, and why it is no better than that."""

    subject: Subject
    said: str
    lead: Sequence[str]
    objections: Sequence[str]
    record: Derivation | None = None
    faults: Sequence[tuple[str, list[Place[Statement]]]] = ()
    leads_to: str = ""
    """The anchor of what is wrong with it, where something is."""


@dataclass(frozen=True)
class Answer:
    """How the run ended, in a word and in sentences; all headlines, the kinds of evidence behind them, and what none covers."""

    ended: str
    means: Sequence[str]
    headlines: Sequence[Headline]
    kinds: Sequence[str]
    limits: Sequence[str]
    texts: Sequence[tuple[str, str]]
    """The derivations, each with the SHA-256 of what is quoted of it."""

    @property
    def leads_to(self) -> str:
        """The anchor of the first thing that is wrong."""
        return next((headline.leads_to for headline in self.headlines if headline.leads_to), "")


def answer(setting: Setting) -> Answer:
    """As `evidence.status` has it: none of these words can be better."""
    books = {place.name: place for place in derivations(setting)}
    headlines = []
    for subject in setting.standing.subjects:
        if subject.kind == "derivation":
            headlines.append(_derivation(setting, subject, books[subject.id]))
        else:
            lead = _code(setting) if subject.kind == "code" else [_harness(setting)]
            headlines.append(_headline(setting, subject, subject.status, lead))
    texts = [(setting.speech.told(book.title), quoted_sha256(book)) for book in setting.document.derivations]
    return Answer(ended(setting), _means(setting), headlines, used(setting.document), scope(setting), texts)


def ended(setting: Setting) -> str:
    """The status of the run; where that is "incomplete", why: it contradicts itself, was interrupted, or is of some parts alone."""
    document, status = setting.document, setting.standing.status
    if status != "incomplete":
        return status
    if setting.contradictions:
        return "contradicted"
    if document.trouble is not None:
        return "interrupted"
    return status if document.whole.wrong or document.whole.right else "filtered"


def _means(setting: Setting) -> Sequence[str]:
    """Of a run that holds what is claimed of each derivation, by its title, no stronger than the weakest part of it."""
    say, how = setting.speech.say, ended(setting)
    if how != "holds":
        return [say(f"report.ended.{how}.means")]
    told = [_held(setting, each) for each in held(setting.document)]
    return [*(told or [say("report.ended.holds.means")]), say("report.ended.holds.harness")]


def _held(setting: Setting, found: Held) -> str:
    speech = setting.speech
    parts = [speech.say(found.code(kind), n=count, kind=speech.kind(kind), aside=found.aside) for kind, count in found.by]
    return speech.say(found.says, title=speech.told(found.title), of=found.of, parts=parts)


def _headline(setting: Setting, subject: Subject, follows: str, lead: Sequence[str]) -> Headline:
    """Each objection once, however many records it is said of."""
    wrong = dict.fromkeys(str(why.values["part"]) for why in subject.objections if why.code in ("status.wrong", "status.raised"))
    said = setting.speech.say(f"report.answer.{subject.kind}.{follows}", names=list(map(setting.speech.part, wrong)))
    found = failures(setting)
    cards = [f"failure-{n}" for n, card in enumerate(found.cards if found else (), 1) if card.of == subject.kind]
    objections = list(dict.fromkeys(map(setting.speech.sentence, subject.objections)))
    return Headline(subject, said, lead, objections, leads_to=next(iter(cards), ""))


def _derivation(setting: Setting, subject: Subject, place: Place[Derivation]) -> Headline:
    say, found = setting.speech.say, articles(setting, place)
    parts = [say(f"report.answer.tally.{mark.word}", n=len(those)) for mark, those in tally(found)]
    lead: list[str] = [say("report.answer.derivation.lead", n=len(found), parts=parts)] if found else []
    lead += list(map(setting.speech.sentence, strengths(setting.document, place.name)))
    mended = subject.status == "holds" and any(article.mark.tone in ("mend", "part") for article in found)
    headline = _headline(setting, subject, "corrected" if mended else subject.status, lead)
    bad = (article.anchor for article in found if article.mark.tone == "bad")
    return replace(headline, record=place.record, faults=_faults(setting, found), leads_to=next(bad, ""))


def _faults(setting: Setting, found: Sequence[Place[Statement]]) -> list[tuple[str, list[Place[Statement]]]]:
    """What is wrong with the printed statements, in a few words each, and with which of them."""
    told: dict[str, list[Place[Statement]]] = {}
    for article in found:
        fault = setting.speech.told(article.record.fault) if article.record else ""
        if fault and article.mark.tone not in ("good", "quiet"):
            told.setdefault(fault, []).append(article)
    return list(told.items())


def _code(setting: Setting) -> Sequence[str]:
    """Layers, their ladder, digits and training, counted anew."""
    say, document = setting.speech.say, setting.document
    wanted = {*document.whole.layers, *(layer.operator for layer in document.layers)}
    agreeing = sum(of_layer(layer) == "pass" for layer in document.layers)
    cases, open_ = (sum(getattr(layer, name) for layer in document.layers) for name in ("cases", "inconclusive"))
    lead: list[str] = (
        [say("report.answer.code.layers", agreeing=agreeing, n=len(wanted), cases=cases, open=open_)] if wanted else []
    )
    found = proved(document)
    lead += [say("claims.proved.all", parts=list(map(setting.speech.sentence, found)))] if found else []
    if document.ladder:
        ladder, steps = document.ladder, len(document.ladder.rungs)
        lead.append(say("report.answer.code.ladder", within=steps - ladder.beyond, n=steps, layer=ladder.layer))
    if document.digits:
        verdicts = [document.digits.whole, *document.digits.layers]
        passed = sum(of_verdict(verdict) == "pass" for verdict in verdicts)
        lead.append(say("report.answer.code.digits", passed=passed, n=len(verdicts), samples=document.digits.samples))
    if document.training:
        training = document.training
        ended = of_training(training)
        key = ended if ended in ("pass", "fail") else "open"
        lead.append(say(f"report.answer.code.training.{key}", n=len(training.ratios), accuracy=f"{100 * training.accuracy:.1f}"))
    return lead


def _harness(setting: Setting) -> str:
    """The controls, counted anew; one that is missing was not caught."""
    say, controls, whole = setting.speech.say, setting.document.controls, setting.document.whole
    wrong = {*whole.wrong, *(control.id for control in controls.wrong)}
    right = {*whole.right, *(control.id for control in controls.right)}
    if not wrong and not right:
        return say("report.answer.harness.none")
    caught, failed = sum(map(of_control, controls.wrong)), sum(not of_control(control) for control in controls.right)
    return say("report.answer.harness.controls", caught=caught, wrong=len(wrong), failed=failed, right=len(right))
