"""A verdict in one line, and as a small table for notebooks."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import Any

from . import ENGLISH, fill, sentence, sentences
from .diagnosis import extent, first_cause, rows

Verdict = Any  # evidence.Verdict, as in `text.verdict`


def line(verdict: Verdict, language: str = ENGLISH) -> str:
    """What is wrong first, in how many entries and why; how much else is."""
    told = [_short(verdict, verdict.wrong[0], language)] if verdict.wrong else []
    more = f" (and {len(verdict.wrong) - 1} more)" if len(verdict.wrong) > 1 else ""
    return " ".join(f"<Verdict {': '.join([f'{verdict.status.upper()} {verdict.layer}', *told])}{more}>".split())


def table(verdict: Verdict, language: str = ENGLISH) -> str:
    """What is wrong, and what is known of it. Whatever a layer is called, it is text."""
    shapes = ", ".join(f"{name} {shape}" for name, shape in verdict.shapes.items())
    body = []
    for said in verdict.wrong:
        known = "<br>".join(escape(text) for _, text in rows(verdict, said.values.get("quantity"), language))
        body.append(f"<tr><td>{escape(sentence(said, language))}</td><td>{known}</td></tr>")
    counts = Counter(item.status for item in verdict.evidence)
    found = ", ".join(f"{status} {count}" for status, count in counts.items())
    head = f"<b>{escape(verdict.status.upper())}</b> {escape(verdict.layer)} at {escape(shapes)}"
    return f"<table><caption>{head}</caption>{''.join(body)}<tr><td colspan=2>{escape(found)}</td></tr></table>"


def _short(verdict: Verdict, said: Any, language: str) -> str:
    quantity = said.values.get("quantity")
    counted = extent(verdict, quantity)
    if counted is None:
        return sentence(said, language)
    what = str(quantity) if quantity == "y" else f"d{quantity}"
    told = fill(sentences(language)["diagnosis.line"], {**counted.values, "what": what})
    cause = first_cause(verdict, quantity, language)
    return f"{told}; {cause}" if cause else told
