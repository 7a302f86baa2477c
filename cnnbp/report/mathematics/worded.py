"""The words inside a formula in every language in which they are told; the formula itself stands once."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from cnnbp.text import ENGLISH, LANGUAGES, known, sentences

from ..speech import Spoken

ROOM = "formulas."  # in `text/`
WORDS = re.compile(r"<mtext>(\s*)([^<\s][^<]*?)(\s*)</mtext>")


def worded(converted: Markup | None) -> Markup | None:
    """Words that nobody has told otherwise stay as they are."""
    return None if converted is None else Markup(WORDS.sub(_told, converted))


def _told(found: re.Match[str]) -> str:
    before, words, after = found.groups()
    code = _codes().get(re.sub(r"\s+", " ", words))
    if code is None:
        return found[0]
    told = {language: words if language == ENGLISH else known(language)[code] for language in LANGUAGES}
    spoken = Spoken({language: f"{before}{text}{after}" for language, text in told.items()})
    return f"<mtext>{spoken}</mtext>"  # with nothing beside them: a browser sets each thing in it on a line of its own


@cache
def _codes() -> dict[str, str]:
    """By what is said in English."""
    return {text: code for code, text in sentences(ENGLISH).items() if code.startswith(ROOM)}
