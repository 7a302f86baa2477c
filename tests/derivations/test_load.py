"""A derivation is what it prints, its words and its experiments, and none of them may be without the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnnbp.derivations import DERIVATIONS
from cnnbp.derivations.load import load
from cnnbp.derivations.statement import Derivation, Experiment, Instances, Outcome, Reading

READING = Reading("as-printed", lambda case: Outcome(None, case.truth))
NONE = Instances((), lambda shape, choose: None)
EXPERIMENTS = {"doubling": Experiment(NONE, READING)}
TABLED = {**EXPERIMENTS, "doubling": Experiment(NONE, Reading("a", READING.evaluate, facets={"way": "left"}))}
PRINTED = 'language = "en"\n[[statement]]\nid = "doubling"\nlabel = "T1"\nsection = "numbers"\nprinted = "2a"\n'
WORDS = """title = "Doubling"
source = "nowhere"
question = "?"
sections.numbers = "Numbers"
statements.doubling.claim = "Twice a is a + a."
statements.doubling.why = "By definition."
"""
TESTED = 'statements.doubling.quantity = "twice a"\nstatements.doubling.readings.as-printed = "as printed"\n'
EACH = 'statements.doubling.quantity = "twice a"\nstatements.doubling.readings.each = "to the {way}"\n'
MISPRINT = 'misprints = [{ piece = "3", what = "three" }]\n'
WORKING = 'working.sum = "{a}"\n'


def _load(folder: Path, printed: str, experiments: dict[str, Experiment], **words: str) -> Derivation:
    (folder / "text").mkdir()
    (folder / "statements.toml").write_text(printed, encoding="utf-8")
    for language, text in words.items():
        (folder / "text" / f"{language}.toml").write_text(text, encoding="utf-8")
    return load(folder, experiments)


def test_print_words_and_experiment_come_together(tmp_path: Path) -> None:
    """The statement has what is printed and the experiment of its id; the derivation is named after its folder."""
    found = _load(tmp_path, PRINTED, EXPERIMENTS, en=WORDS + TESTED, de=WORDS + TESTED)
    (statement,) = found.statements
    assert (found.id, found.language) == (tmp_path.name, "en")
    assert (statement.id, statement.printed, statement.experiment) == ("doubling", "2a", EXPERIMENTS["doubling"])
    assert found.text["title"] == {"de": "Doubling", "en": "Doubling"}


def test_a_statement_names_theorems(tmp_path: Path) -> None:
    """None unless it says so."""
    found = _load(tmp_path, PRINTED + 'theorems = ["sum", "twice"]\n', EXPERIMENTS, en=WORDS + TESTED)
    assert found.statements[0].theorems == ("sum", "twice")
    assert {s.theorems for s in DERIVATIONS[0].statements if s.untestable} == {()}


@pytest.mark.parametrize(
    ("printed", "experiments", "words", "message"),
    [
        (PRINTED, {}, WORDS, "doubling must have an experiment, or say why it has none"),
        (PRINTED + 'untestable = "definition"\n', EXPERIMENTS, WORDS + TESTED, "doubling must have an experiment"),
        (PRINTED, {**EXPERIMENTS, "tripling": EXPERIMENTS["doubling"]}, WORDS + TESTED, "referred to by nothing are tripling"),
        (PRINTED + 'untestable = "definition"\ntheorems = ["sum"]\n', {}, WORDS, "doubling is not tested, and cannot be a theorem"),
        (PRINTED + MISPRINT, EXPERIMENTS, WORDS + TESTED, "not in the printed form: 3"),
        (PRINTED + 'fault = "three"\n', EXPERIMENTS, WORDS + TESTED, "missing are defects.three"),
        (PRINTED, EXPERIMENTS, WORDS, "missing are statements.doubling.quantity, statements.doubling.readings.as-printed"),
        (PRINTED, EXPERIMENTS, WORDS + TESTED + 'sections.idea = "I"\n', "referred to by nothing are sections.idea"),
        (PRINTED, TABLED, WORDS + EACH, "missing are facets.way, values.left"),
    ],
)
def test_what_does_not_fit_is_refused(
    printed: str, experiments: dict[str, Experiment], words: str, message: str, tmp_path: Path
) -> None:
    """No statement is silently left out of the test, no experiment runs for nothing, and no text is missing or forgotten."""
    with pytest.raises(ValueError, match=message):
        _load(tmp_path, printed, experiments, en=words)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"de": WORDS + TESTED}, "no English text"),
        ({"en": WORDS + TESTED, "de": WORDS}, "statements.doubling.* is told in one of en and de alone"),
        ({"en": WORDS + TESTED, "de": WORDS + TESTED + WORKING}, "working.sum is told in one of en and de alone"),
        ({"en": WORDS + TESTED + WORKING, "de": WORDS + TESTED + WORKING.replace("{a}", "{b}")}, "working.sum names other numbers"),
    ],
)
def test_languages_say_the_same(words: dict[str, str], message: str, tmp_path: Path) -> None:
    """Every language has every text, with the same numbers in it."""
    with pytest.raises(ValueError, match=message):
        _load(tmp_path, PRINTED, EXPERIMENTS, **words)


def test_ids_are_told_apart() -> None:
    """A statement is asked for by its id alone, whichever derivation it belongs to."""
    ids = [statement.id for derivation in DERIVATIONS for statement in derivation.statements]
    assert len(set(ids)) == len(ids)
    assert len({derivation.id for derivation in DERIVATIONS}) == len(DERIVATIONS)
    for statement in (statement for derivation in DERIVATIONS for statement in derivation.statements if statement.experiment):
        readings = [reading.id for reading in statement.experiment.readings]
        assert len(set(readings)) == len(readings), statement.id
