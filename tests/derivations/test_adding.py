"""A second derivation, made here, goes through the engine and into a record: the engine knows no post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnbp.cases.choices import Choices
from cnnbp.derivations.evaluate import evaluate, record
from cnnbp.derivations.load import load
from cnnbp.derivations.statement import Derivation, Experiment, Instances, Outcome, Reading
from cnnbp.derivations.telling import told
from cnnbp.evidence import records

STATEMENTS = r"""
language = "fr"

[[statement]]
id = "square"
label = "1"
section = "numbers"
quoted = "un carré est positif"
conditional = true

[[statement]]
id = "double"
label = "2"
section = "numbers"
printed = '2a=(a+a+1'
corrected = '2a=a+a'
misprints = [{ piece = '+1', what = "one-too-many" }]
fault = "one-too-many"
"""
ENGLISH = """
title = "On numbers"
source = "a note"
question = "Are these two sentences true?"
[not_covered]
range = "Numbers beyond 9."
[sections]
numbers = "Numbers"
[defects]
one-too-many = "1 too many"
[working]
sum = "{a} and {a} are {twice}, in {steps:# step|steps}."
[abstains]
inequality = "it compares how large numbers are"
[statements.square]
claim = "A square is positive."
quantity = "whether it is (1 yes, 0 no)"
condition = "of numbers other than 0"
why = "Not that of 0."
readings.all = "every number"
readings.others = "every number but 0"
[statements.double]
claim = "Twice a number is its sum with itself and 1."
quantity = "twice the number"
why = "There is 1 too many."
readings.printed = "as printed"
readings.corrected = "as corrected"
"""
GERMAN = """
title = "Über Zahlen"
source = "eine Notiz"
question = "Stimmen diese beiden Sätze?"
[not_covered]
range = "Zahlen über 9."
[sections]
numbers = "Zahlen"
[defects]
one-too-many = "1 zu viel"
[working]
sum = "{twice} ist {a} und {a}, in {steps:# Schritt|Schritten}."
[abstains]
inequality = "sie vergleicht, wie groß Zahlen sind"
[statements.square]
claim = "Ein Quadrat ist positiv."
quantity = "ob das so ist (1 ja, 0 nein)"
condition = "von Zahlen außer 0"
why = "Nicht das von 0."
readings.all = "jede Zahl"
readings.others = "jede Zahl außer 0"
[statements.double]
claim = "Das Doppelte ist die Summe mit sich selbst und 1."
quantity = "das Doppelte"
why = "1 ist zu viel."
readings.printed = "wie gedruckt"
readings.corrected = "wie verbessert"
"""


@dataclass(frozen=True)
class Number:
    a: int

    def given(self) -> Mapping[str, Any]:
        return {"a": self.a}


def _positive(number: Number) -> Outcome:
    return Outcome(np.array([1], object), np.array([int(number.a**2 > 0)], object))


def _double(number: Number, more: int) -> Outcome:
    twice = np.array([number.a + number.a], object)
    return Outcome(twice + more, twice, told("working.sum", a=number.a, twice=twice, steps=1))


def _draw(_: object, choose: Choices) -> Number:
    return Number(choose.integer(0, 9))


NUMBERS = Instances(("one number",), _draw, abstains=told("abstains.inequality"))
EXPERIMENTS = {
    "square": Experiment(NUMBERS, Reading("all", _positive), Reading("others", _positive, on=lambda n: Number(n.a + 1))),
    "double": Experiment(
        NUMBERS,
        Reading("printed", lambda number: _double(number, 1)),
        Reading("corrected", lambda number: _double(number, 0), "corrected"),
    ),
}


@pytest.fixture
def numbers(tmp_path: Path) -> Derivation:
    folder = tmp_path / "numbers"
    (folder / "text").mkdir(parents=True)
    for name, text in (("statements", STATEMENTS), ("text/en", ENGLISH), ("text/de", GERMAN)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return load(folder, EXPERIMENTS)


def test_another_derivation_is_tested_and_recorded(numbers: Derivation) -> None:
    """Two statements, two languages, none of them known to the engine; the record is read back as it was written."""
    found = record(numbers, [evaluate(statement, 30, 1) for statement in numbers.statements])
    assert records.Derivation.model_validate_json(found.model_dump_json()) == found
    assert (found.id, found.language, found.title["de"]) == ("numbers", "fr", "Über Zahlen")
    assert found.question == {"de": "Stimmen diese beiden Sätze?", "en": "Are these two sentences true?"}
    assert found.not_covered == ({"de": "Zahlen über 9.", "en": "Numbers beyond 9."},)
    assert found.statements[0].shapes == ("one number",)
    assert [statement.verdict for statement in found.statements] == [
        "holds under a named condition",
        "refuted as printed, holds as corrected",
    ]


def test_it_is_told_in_all_its_languages(numbers: Derivation) -> None:
    """Names, defects and workings; of the engine's own sentences, English where the package has no other."""
    square, double = (evaluate(statement, 30, 1) for statement in numbers.statements)
    assert square.readings[0].name == {"de": "jede Zahl", "en": "every number"}
    assert square.readings[0].counterexample is not None
    assert square.readings[0].counterexample.given == {"a": 0}
    assert square.readings[0].counterexample.working == dict.fromkeys(("de", "en"), "it gives 1, and the truth is 0")
    assert square.fault == square.unjudged == {"de": "", "en": ""}
    assert square.condition == {"de": "von Zahlen außer 0", "en": "of numbers other than 0"}
    assert square.readings[0].letters.abstains["de"] == "sie vergleicht, wie groß Zahlen sind"
    bracket, named = double.misprints
    assert bracket.what == dict.fromkeys(("de", "en"), "“(” is never closed")
    assert named.what == double.fault == {"de": "1 zu viel", "en": "1 too many"}
    shown = double.readings[0].counterexample
    assert shown is not None
    assert shown.working == {"de": "0 ist 0 und 0, in 1 Schritt.", "en": "0 and 0 are 0, in 1 step."}
