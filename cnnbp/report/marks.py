"""Verdicts as the page shows them: a symbol and a tone for each word. The tone, a colour, is never alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """`word` is that of the evidence, and stands in `text/` under `report.mark`; `tone` is a class of the style."""

    word: str
    symbol: str
    tone: str


TONES = {
    "good": {"holds": "✓", "misprinted, meaning clear": "✎", "pass": "✓", "caught": "✓", "spared": "✓"},
    "mend": {
        "refuted as printed, holds as corrected": "✗→✓", "incomplete, completed here": "＋", "incomplete": "…", "filtered": "▤",
    },
    "part": {"holds under a named condition": "◐", "half of it judged": "◑", "inconclusive": "◐"},
    "bad": {
        "interrupted": "■", "missing": "∅", "contradicted": "≠", "not tested": "?", "void": "∅", "refuted": "✗", "wrong": "✗",
        "fail": "✗", "missed": "✗", "wrongly failed": "✗",
    },
    "quiet": {"definition": "≔", "not mathematical": "–", "abstain": "–", "vacuous": "○"},
}  # fmt: skip

MARKS = {word: Mark(word, symbol, tone) for tone, symbols in TONES.items() for word, symbol in symbols.items()}
"""By the status of a run, a subject, a statement, a reading, a layer, a piece of evidence, or how a control came out."""
