"""Every sentence is told in every language, from the same values; what only a terminal says may stay English."""

from __future__ import annotations

import hashlib
import unicodedata
from itertools import pairwise

import pytest

from cnnbp.proof.rocq import record
from cnnbp.text import ENGLISH, LANGUAGES, named, sentences

OTHERS = tuple(language for language in LANGUAGES if language != ENGLISH)
TERMINAL = ("cli.", "help.", "cite.", "compare.", "twins.")  # rooms that no page speaks from
CARDS = (".trigger", ".source")  # of a control, what the command line alone shows


THEOREM = "theorem."  # what stands in English beside the proofs


def of_the_page(code: str) -> bool:
    """Whether a page can say it."""
    return not code.startswith(TERMINAL) and not (code.startswith("faults.") and code.endswith(CARDS))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_told(language: str) -> None:
    wanted, told = {code for code in sentences(ENGLISH) if of_the_page(code)}, set(sentences(language))
    assert sorted(wanted - told) == []
    assert sorted(code for code in told - set(sentences(ENGLISH)) if not code.startswith(THEOREM)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_theorem_is_told_as_it_is_now(language: str) -> None:
    """Each translation is of the very English that stands beside the proof."""
    told = {code: text for code, text in sentences(language).items() if code.startswith(THEOREM)}
    theorems = record.read().theorems
    assert {f"{THEOREM}{t.name}.{what}" for t in theorems for what in ("of", "told")} == set(told)
    for theorem in theorems:
        assert told[f"{THEOREM}{theorem.name}.of"] == hashlib.sha256(theorem.meaning.encode()).hexdigest()[:12]


@pytest.mark.parametrize("language", OTHERS)
def test_it_is_told_from_the_same_values(language: str) -> None:
    english = sentences(ENGLISH)
    told = {code: text for code, text in sentences(language).items() if not code.startswith(THEOREM)}
    assert [code for code, text in told.items() if named(text) != named(english[code])] == []


def test_chinese_is_counted_without_an_ending() -> None:
    """`{n:# word}` adds the English s to it."""
    assert [code for code, text in sentences("zh").items() if ":#" in text] == []


def test_chinese_is_written_in_its_own_marks() -> None:
    """After a Chinese character no comma, colon, semicolon or full stop of the Latin script."""
    wrong = []
    for code, text in sentences("zh").items():
        pairs = pairwise(text)
        if any(unicodedata.name(one, "").startswith("CJK") and other in ",;:!?" for one, other in pairs):
            wrong.append(code)
    assert wrong == []
