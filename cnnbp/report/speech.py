"""The page's sentences in one language. Whatever stands in their braces is escaped; they themselves may hold markup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from cnnbp.evidence.verdict import Remark
from cnnbp.text import ENGLISH, sentence, sentences

from .words import Counted, number


class Speech:
    """How the page speaks. Raises FileNotFoundError for a language in which nothing is told."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._known = {**sentences(ENGLISH), **sentences(language)}

    def say(self, code: str, **values: Any) -> Markup:
        """A phrase of the page itself, under its code in `text/`."""
        return Markup(sentence(Remark(code, {name: _set(value) for name, value in values.items()}), self.language))

    def sentence(self, remark: Remark) -> str:
        """What a remark of the document says, as text: never as markup."""
        return sentence(remark, self.language)

    def told(self, words: Mapping[str, str]) -> str:
        """A text of the document in the language of the page, or else in English."""
        return words.get(self.language) or words.get(ENGLISH, "")

    def titled(self, section: str) -> bool:
        """Whether a section has a title, and so stands in the contents."""
        return f"report.{section}.title" in self._known

    def oracle(self, name: str) -> str:
        """An oracle for people; the name in the evidence where there is no other. "autograd, exact" is one that rounds nothing."""
        first, _, how = name.partition(", ")
        known = self._known.get(f"report.oracle.{first}", first.replace("_", " "))
        return f"{known} ({self._known.get(f'report.oracle.{how}', how)})" if how else known


def _set(value: Any) -> Any:
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Counted(value)
    return Markup(", ").join(map(_set, value)) if isinstance(value, (list, tuple)) else number(value)
