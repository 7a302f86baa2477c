"""What the code tells can be said: every code has its sentence, and every number that a sentence names is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnnbp.derivations as room
from cnnbp.derivations import DERIVATIONS
from cnnbp.derivations.telling import OWN, TOLD, Text, show, told
from cnnbp.text import named


def tellings(source: str) -> Iterator[tuple[str, set[str]]]:
    """Every `told("code", name=...)` of a source: the code and the names. Raises ValueError for one that it cannot read."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "told":
            code, *others = node.args
            names = {keyword.arg for keyword in node.keywords if keyword.arg}
            if others or not isinstance(code, ast.Constant) or len(names) != len(node.keywords):
                raise ValueError(f"not a code and its numbers: {ast.unparse(node)}")
            yield code.value, names


def unsaid(source: str, text: Text) -> list[str]:
    """Codes of the source that have no sentence, or another one than its numbers make."""
    found = []
    for code, names in tellings(source):
        templates = text.words.get(code, {})
        if not templates or any(named(template) != names for template in templates.values()):
            found.append(code)
    return found


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda derivation: derivation.id)
def test_every_code_has_its_sentence(derivation: Any) -> None:
    """In each language, naming exactly the numbers that the code gives; and no sentence is told by nobody."""
    engine = Path(room.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in (*engine.glob("*.py"), *(engine / derivation.id).glob("*.py"))]
    assert [code for source in sources for code in unsaid(source, derivation.text)] == []
    codes = {code for source in sources for code, _ in tellings(source)}
    assert {key for key in derivation.text.words if key.startswith(TOLD)} == codes


@pytest.mark.parametrize(
    "call",
    ['told("working.lost")', 'told("working.sum")', 'told("working.sum", a=1, b=2)', 'told("working.sum", b=1)'],
)
def test_a_wrong_telling_is_seen(call: str) -> None:
    """A code without sentence, a number that is not given, one that is not named."""
    text = Text({"working.sum": {"en": "{a}"}})
    assert unsaid('told("working.sum", a=1)', text) == []
    assert len(unsaid(call, text)) == 1


@pytest.mark.parametrize("call", ["told(code)", 'told("working.sum", **numbers)', 'told("working.sum", 1)'])
def test_a_telling_that_cannot_be_checked_is_refused(call: str) -> None:
    """Codes and names stand in the source, where this test can read them."""
    with pytest.raises(ValueError, match="not a code and its numbers"):
        list(tellings(call))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(-1, 2), "−1/2"),
        (np.array([1, Fraction(1, 2)], object), "(1, 1/2)"),
        (np.array([[1, 2], [3, 4]], object), "(1, 2; 3, 4)"),
        (np.array([[5]], object), "5"),
    ],
)
def test_numbers_are_shown_as_a_person_writes_them(value: Any, expected: str) -> None:
    assert show(value) == expected


def test_sentences_are_filled_in_each_language() -> None:
    """Counts are counted, lists listed, words of a language taken in that language; a lost number is an error."""
    text = Text({"title": {"de": "", "en": ""}, "working.x": {"de": "{w}: {n:# Wert|Werte}, {v}", "en": "{v} is {n:# value}, {w}"}})
    values = {"n": 2, "v": [Fraction(1, 3), np.array([1, 2], object)], "w": {"de": "wahr", "en": "true"}}
    assert text.tell(told("working.x", **values)) == {"de": "wahr: 2 Werte, 1/3, (1, 2)", "en": "1/3, (1, 2) is 2 values, true"}
    assert text.tell(None) == {"de": "", "en": ""}
    with pytest.raises(KeyError):
        text.tell(told("working.x", n=1))
    with pytest.raises(ValueError, match=r"the text has no working\.y"):
        text.tell(told("working.y"))


def test_the_engine_has_words_of_its_own() -> None:
    """Those of the proofreader stand in the text of the package, and in the text of every derivation."""
    assert all(derivation.text[f"{OWN}unclosed"]["en"] == "“{bracket}” is never closed" for derivation in DERIVATIONS)
