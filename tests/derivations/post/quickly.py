"""A statement tested without the search for smallest counterexamples, which takes longest."""

from __future__ import annotations

from functools import cache
from unittest.mock import patch

from cnnbp.derivations.evaluate import LEAST, evaluate
from cnnbp.derivations.post import DERIVATION
from cnnbp.evidence import records

BY_ID = {statement.id: statement for statement in DERIVATION.statements}


@cache
def record(name: str, seed: int = 1) -> records.Statement:
    """Its record, in which any failing instance stands for the smallest."""
    return anew(name, seed)


def anew(name: str, seed: int = 1) -> records.Statement:
    """The same, not remembered: of formulas that were changed meanwhile."""
    with patch("cnnbp.derivations.evaluate.smallest", lambda shapes, numbers, fails, known: known):
        return evaluate(BY_ID[name], LEAST, seed)
