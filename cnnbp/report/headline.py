"""What the page says first: never better than the document's own status, and never better than the records below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .controls import Controls
from .document import Record
from .layers import Layer, digits
from .statements import OPEN, REFUTED, Statement
from .training import training
from .words import Mark, plural

Objection = tuple[str, str]  # the status that it leaves possible at best, and why

WORST_FIRST = ("void", "incomplete", "refuted", "holds")
DERIVATION = {
    "holds": Mark("✓", "What was tried holds, as corrected", "good"),
    "refuted": Mark("✗", "The derivation is refuted", "bad"),
    "void": Mark("∅", "Void: this run proves nothing", "bad"),
    "incomplete": Mark("…", "Incomplete: nothing follows yet", "bad"),
}
LAYERS = {
    **DERIVATION,
    "holds": Mark("✓", "Every layer agrees with its oracles", "good"),
    "refuted": Mark("✗", "A layer is refuted", "bad"),
}
ASKED_OF_DERIVATION = (
    "Is the published derivation of backpropagation in convolutional neural networks right, equation by equation, "
    "once its misprints are corrected?"
)
ASKED_OF_LAYERS = "Do these layers compute the gradients of their own forward pass, as independent oracles do?"


@dataclass(frozen=True)
class Headline:
    """The question, the answer, and every objection to it that the records themselves raise."""

    question: str
    status: str
    said: str
    mark: Mark
    summary: str
    objections: tuple[str, ...]
    hardened: bool


def headline(root: Record, statements: Sequence[Statement], layers: Sequence[Layer], controls: Controls) -> Headline:
    """The worst of what the document says and what its records say."""
    raised = _objections(root, statements, layers, controls)
    said = root.text("status")
    status = min((said, *(status for status, _ in raised)), key=WORST_FIRST.index)
    question, marks = (ASKED_OF_DERIVATION, DERIVATION) if statements else (ASKED_OF_LAYERS, LAYERS)
    return Headline(question, status, said, marks[status], root.text("summary"), tuple(why for _, why in raised), status != said)


def _objections(root: Record, statements: Sequence[Statement], layers: Sequence[Layer], controls: Controls) -> list[Objection]:
    raised: list[Objection] = []
    if not root.flag("complete"):
        raised.append(("incomplete", "The run did not finish; what follows is what it had written by then."))
    if controls.missed:
        raised.append(("void", f"{plural(controls.missed, 'wrong layer')} went uncaught: this run cannot tell wrong from right."))
    if controls.accused:
        raised.append(("void", f"{plural(controls.accused, 'right layer')} stood accused: this run cannot tell right from wrong."))
    if not statements and not layers:
        raised.append(("incomplete", "Nothing was judged: the evidence holds neither a statement nor a layer."))
    if statements and not controls.complete:
        raised.append(("incomplete", "The controls were not run: nothing shows that this run could have caught a wrong layer."))
    raised += [("incomplete", _doubt(s, "is undecided")) for s in statements if s.mark is OPEN]
    raised += [("refuted", _doubt(s, "is refuted")) for s in statements if s.mark is REFUTED]
    raised += [("refuted", f"{layer.operator} fails.") for layer in layers if layer.mark.word == "fail"]
    raised += [("incomplete", f"{layer.operator} passed no case.") for layer in layers if layer.mark.word == "inconclusive"]
    return raised + _of_digits(root) + _of_training(root)


def _doubt(statement: Statement, outcome: str) -> str:
    name = statement.label or statement.id
    if statement.hardened:
        return f"{name} {outcome}: it calls itself “{statement.verdict}”, and its own readings do not bear that out."
    return f"{name} {outcome}: {statement.claim}"


def _of_training(root: Record) -> list[Objection]:
    run = training(root)
    if run is None:
        return []
    raised: list[Objection] = []
    if run.mark.word == "fail":
        raised.append(("refuted", "In the training run a step differs from PyTorch's by more than its bound."))
    elif run.mark.word != "pass" or not run.compared:
        raised.append(("incomplete", f"Nobody agreed with the steps of the training run: {run.reason or run.status}."))
    if not run.learnt:
        raised.append(("incomplete", f"The trained network does not reach the expected accuracy of {run.expected}."))
    return raised


def _of_digits(root: Record) -> list[Objection]:
    run = digits(root)
    verdicts = [] if run is None else [run.whole, *run.layers]
    status = {"pass": "", "fail": "refuted"}
    raised = [(status.get(v.status, "incomplete"), f"On the digits, {v.layer}: {v.mark.word}.") for v in verdicts]
    return [(status, why) for status, why in raised if status]
