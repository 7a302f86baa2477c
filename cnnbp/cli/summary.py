"""An evidence document on one screen: what follows, what failed, then each subject, statements, layers, digits and training."""

from __future__ import annotations

from collections.abc import Iterator

from ..evidence import remark
from ..evidence.claims import proved
from ..evidence.records import Derivation, Document
from ..evidence.status import Subject, examine, of_control, of_ladder, of_layer, of_statement, of_training, of_verdict, settled
from ..text import sentence
from .cards import cards
from .layout import WIDTH, beside, few, said

OBJECTIONS = 2  # of one subject; the evidence has them all
DOUBTS, ROWS = 2, 4  # reasons of inconclusive cases, layers that do not pass every case
TALLY = {
    "holds": "holds", "misprinted, meaning clear": "misprinted", "refuted as printed, holds as corrected": "corrected",
    "incomplete, completed here": "completed", "holds under a named condition": "condition", "half of it judged": "half",
    "definition": "untestable", "not mathematical": "untestable", "refuted": "refuted", "not tested": "not-tested",
    "contradicted": "contradicted",
}  # fmt: skip
NAMED = ("refuted", "not-tested", "contradicted", "corrected")  # the outcomes of which it is told whose they are


def summary(document: Document) -> str:
    """The whole run."""
    standing = examine(document)
    subjects = [line for subject in standing.subjects for line in _subject(document, subject)]
    head = [said(f"status.{standing.status}"), *beside("", sentence(document.trouble) if document.trouble else "", 0)]
    parts = (head, cards(document), subjects, _statements(document), _layers(document))
    return "\n\n".join("\n".join(part) for part in (*parts, list(rest(document))) if part)


def headline(document: Document, subject: Subject) -> str:
    """What was tried of one subject, counted."""
    return {"derivation": _derivation, "code": _code, "harness": _harness}[subject.kind](document, subject.id)


def _subject(document: Document, subject: Subject) -> Iterator[str]:
    """What follows for it, what of, and why no better."""
    yield from beside(f"{subject.id:<10} {subject.status}", headline(document, subject), 22, 3)
    objections = list(dict.fromkeys(map(sentence, subject.objections)))
    for why in objections[:OBJECTIONS]:
        yield from beside("", why, 22, 1)
    more = len(objections) - OBJECTIONS
    if more > 0:
        yield from beside("", said("subject.more", count=more), 22)


def _derivation(document: Document, name: str) -> str:
    found = next((derivation for derivation in document.derivations if derivation.id == name), None)
    outcomes = _outcomes(found) if found else {}
    if not outcomes:
        return said("subject.no-statement")
    if not settled(document):
        return said("subject.unsettled", count=sum(map(len, outcomes.values())))
    tally = ", ".join(said(f"tally.{outcome}", count=len(names)) for outcome, names in outcomes.items())
    return said("subject.derivation", count=sum(map(len, outcomes.values())), tally=tally)


def _outcomes(derivation: Derivation) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {outcome: [] for outcome in dict.fromkeys(TALLY.values())}
    for statement in derivation.statements:
        found[TALLY[of_statement(statement)]].append(statement.id)
    return {outcome: names for outcome, names in found.items() if names}


def _code(document: Document, _: str) -> str:
    layers = document.layers
    if not layers:
        others = [name for name in ("digits", "training", "ladder") if getattr(document, name)]
        return said("subject.code-others", parts=others) if others else said("subject.code-parts")
    counts = {name: sum(getattr(layer, name) for layer in layers) for name in ("cases", "inconclusive")}
    return said("subject.code", passed=sum(of_layer(layer) == "pass" for layer in layers), count=len(layers), **counts)


def _harness(document: Document, _: str) -> str:
    wrong, right = document.controls.wrong, document.controls.right
    if not wrong and not right:
        return said("subject.no-control")
    caught, failed = sum(map(of_control, wrong)), sum(not of_control(control) for control in right)
    return said("subject.harness", caught=caught, wrong=len(wrong), failed=failed, right=len(right))


def _statements(document: Document) -> list[str]:
    """Whose statements are refuted, untested, or hold only as corrected; nothing where nothing follows for any."""
    lines = []
    for derivation in document.derivations if settled(document) else ():
        outcomes = _outcomes(derivation)
        for outcome in (outcome for outcome in NAMED if outcome in outcomes):
            names = outcomes[outcome]
            lines.append(f"  {said(f'tally.{outcome}', count=len(names))}:")
            lines += [f"      {line}" for line in few(", ".join(names), WIDTH - 6, 2)]
    return lines


def _layers(document: Document) -> list[str]:
    """A line for each layer that does not pass every case, and why some were inconclusive; the others in one."""
    clean = [layer.operator for layer in document.layers if of_layer(layer) == "pass" and layer.passed == layer.cases]
    others = sorted((layer for layer in document.layers if layer.operator not in clean), key=lambda layer: -layer.failed)
    rows = [
        f"  {layer.operator:<22} {layer.cases:>6} {layer.passed:>6} {layer.inconclusive:>13} {layer.failed:>5}"
        for layer in others[:ROWS]
    ]
    more = [f"  {said('subject.more', count=len(others) - ROWS)}"] if len(others) > ROWS else []
    head = [f"  {'layer':<22} {'cases':>6} {'pass':>6} {'inconclusive':>13} {'fail':>5}"] if rows else []
    named = beside("", said("part.all-pass", names=", ".join(clean)), 0, 3) if clean else []
    return [*named, *head, *rows, *more, *list(_doubts(document))[:DOUBTS]]


def _doubts(document: Document) -> Iterator[str]:
    for layer in document.layers:
        for doubt in layer.doubts[:1]:
            left_out = said("part.doubt-left-out", count=doubt.left_out) if doubt.left_out else ""
            told = {"quantity": doubt.quantity, "cases": doubt.cases, "left_out": left_out}
            text = said("part.doubt", operator=layer.operator, why=sentence(doubt.remark), **told)
            yield from (f"    {line}" for line in few(text, WIDTH - 4, 1))


def rest(document: Document) -> Iterator[str]:
    """Proofs, the ladder of steps, digits and training."""
    counted, ladder = proved(document), document.ladder
    yield from beside("", sentence(remark("claims.proved.all", parts=list(map(sentence, counted)))), 0, 3) if counted else ()
    if ladder:
        beyond, status = ladder.beyond, of_ladder(ladder)
        code = "part.ladder" if status == "pass" else "part.ladder-beyond"
        yield "  " + said(code, layer=ladder.layer, count=len(ladder.rungs), beyond=beyond, status=status)
    if document.digits:
        whole, parts = of_verdict(document.digits.whole), list(map(of_verdict, document.digits.layers))
        yield "  " + said("part.digits", whole=whole, passed=parts.count("pass"), count=len(parts))
    found = document.training
    if found:
        values = {name: getattr(found, name) for name in ("wanted", "accuracy", "test", "steps")}
        text = said("part.training", compared=len(found.ratios), status=of_training(found), **values)
        notes = [said("part.vacuous", names=found.vacuous)] if found.vacuous else []
        notes += [said("part.left-out", count=len(found.left_out))] if found.left_out else []
        yield from beside("", "; ".join([text, *notes]), 0, 3)
