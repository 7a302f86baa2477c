"""A derivation is its words and its trials, and neither may be without the other."""

from __future__ import annotations

from typing import Any

import pytest

from cnnbp.derivations.statement import Outcome, Reading, Trial, derivation

TRIAL = Trial(lambda choose: None, (Reading("as printed", lambda case: Outcome(None, None)),))  # type: ignore[arg-type]


def _text(**words: Any) -> dict[str, Any]:
    known = {"id": "doubling", "label": "T1", "section": "Numbers", "claim": "Twice a is a + a.", "why": "By definition."}
    return {"title": "Doubling", "source": "nowhere", "statement": [known | words]}


def test_words_and_trial_come_together() -> None:
    """The statement has what the text says, and the trial of its id."""
    (found,) = derivation("twice", _text(printed="2a", misprints=[{"piece": "a", "what": "b"}]), {"doubling": TRIAL}).statements
    assert (found.id, found.trial, found.misprints) == ("doubling", TRIAL, (("a", "b"),))


@pytest.mark.parametrize(
    ("words", "trials", "message"),
    [
        ({}, {}, "doubling must have a trial, or say why it has none"),
        ({"untestable": "definition"}, {"doubling": TRIAL}, "doubling must have a trial"),
        ({}, {"doubling": TRIAL, "tripling": TRIAL}, "belong to no statement: tripling"),
        ({"printed": "2a", "misprints": [{"piece": "3", "what": "2"}]}, {"doubling": TRIAL}, "not in the printed form"),
    ],
)
def test_what_does_not_fit_is_refused(words: dict[str, Any], trials: dict[str, Trial], message: str) -> None:
    """No statement is silently left out of the trial, and no trial runs for nothing."""
    with pytest.raises(ValueError, match=message):
        derivation("twice", _text(**words), trials)
