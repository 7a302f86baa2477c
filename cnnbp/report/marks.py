"""Verdicts as the page shows them: a symbol, a word and a tone. The word stands in `text/`; the tone, a colour, is never alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """`name` is its word under `report.mark`, `tone` a class of the style."""

    name: str
    symbol: str
    tone: str


MISSING = Mark("missing", "∅", "bad")
CONTRADICTED = Mark("contradicted", "≠", "bad")
UNKNOWN = Mark("unknown", "?", "bad")

HOLDS = Mark("holds", "✓", "good")
CORRECTED = Mark("corrected", "✗→✓", "mend")
READINGS = Mark("readings", "◐", "part")
REFUTED = Mark("refuted", "✗", "bad")
UNTESTED = Mark("untested", "?", "bad")
DEFINITION = Mark("definition", "≔", "quiet")
UNJUDGED = Mark("unjudged", "–", "quiet")

OUTCOMES = {
    "contradicted": CONTRADICTED, "refuted": REFUTED, "not tested": UNTESTED, "holds": HOLDS,
    "refuted as printed, holds as corrected": CORRECTED, "holds under these readings only": READINGS,
    "definition": DEFINITION, "not mathematical": UNJUDGED,
}  # fmt: skip
"""By what `evidence.status` says of a statement."""

PASS, FAIL = Mark("pass", "✓", "good"), Mark("fail", "✗", "bad")
INCONCLUSIVE = Mark("inconclusive", "◐", "part")
ABSTAINS, VACUOUS, UNTRIED = Mark("abstain", "–", "quiet"), Mark("vacuous", "○", "quiet"), Mark("untried", "–", "quiet")

JUDGED = {
    "pass": PASS, "fail": FAIL, "inconclusive": INCONCLUSIVE, "abstain": ABSTAINS, "vacuous": VACUOUS,
    "contradicted": CONTRADICTED, "holds": HOLDS, "refuted": REFUTED, "not tested": UNTRIED,
}  # fmt: skip
"""By what is said of a layer, a piece of evidence, a training run, a reading."""

CAUGHT, MISSED = Mark("caught", "✓", "good"), Mark("missed", "✗", "bad")
SPARED, ACCUSED = Mark("spared", "✓", "good"), Mark("accused", "✗", "bad")

STATUS = {
    "holds": Mark("holds", "✓", "good"), "refuted": REFUTED, "wrong": Mark("wrong", "✗", "bad"),
    "void": Mark("void", "∅", "bad"), "incomplete": Mark("incomplete", "…", "mend"),
}  # fmt: skip
"""By the status of a subject or of the run."""


def outcome(word: str) -> Mark:
    """That of a statement."""
    return OUTCOMES.get(word, UNKNOWN)


def judged(word: str) -> Mark:
    """That of anything else."""
    return JUDGED.get(word, UNKNOWN)
