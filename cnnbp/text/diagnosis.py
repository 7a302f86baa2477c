"""Why a layer is wrong, as lines under a label: where its wrong entries sit, what causes them, and how that was tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import ENGLISH, sentence, sentences

Verdict = Any  # evidence.Verdict, as in `text.verdict`
WRONG, WHERE = ("diagnosis.wrong", "diagnosis.wrong-of-judged"), "diagnosis.where."
BY_HAND = "diagnosis.by-hand"


def rows(verdict: Verdict, quantity: object, language: str = ENGLISH) -> Iterator[tuple[str, str]]:
    """A label and a text for all that is known of one quantity; of the whole layer where that is empty."""
    if verdict.status != "fail":
        return
    known, of = sentences(language), [p for p in verdict.patterns if p.values.get("quantity", "") == quantity]
    count = [sentence(p, language) for p in of if p.code in WRONG]
    places = [sentence(p, language) for p in of if p.code.startswith(WHERE)]
    if count:
        yield known["diagnosis.label.wrong"], ": ".join([*count, *([", ".join(places)] if places else [])])
    for cause in verdict.diagnosis:
        if cause.quantity == quantity:
            yield known["diagnosis.label.cause"], sentence(cause.what, language)
            yield "", sentence(cause.tried, language)
    for p in (p for p in of if p.code == BY_HAND):
        label = known["diagnosis.label.by-hand"]
        answers = [known[f"diagnosis.hand.{side}"].format(array=p.values[side]) for side in ("actual", "expected")]
        for text in (*p.values["given"], *answers):
            yield label, text
            label = ""
    for p in of:
        if p.code not in WRONG and p.code != BY_HAND and not p.code.startswith(WHERE):
            yield known["diagnosis.label.note"], sentence(p, language)


def first_cause(verdict: Verdict, quantity: object, language: str = ENGLISH) -> str:
    """The first cause of a quantity, empty where none was found."""
    found = [cause for cause in verdict.diagnosis if cause.quantity in ("", quantity)]
    return sentence(found[0].what, language) if found else ""


def extent(verdict: Verdict, quantity: object) -> Any:
    """The remark that counts its wrong entries; None where nothing counted them."""
    return next((p for p in verdict.patterns if p.code in WRONG and p.values.get("quantity") == quantity), None)
