"""A page as one reader has it: of every text in two languages, the first or the second."""

from __future__ import annotations

import hashlib
import re

from cnnbp.evidence.records import Document, Whole
from cnnbp.report import render

BOTH = re.compile(r"""<(u|tspan)>((?:(?!</?(?:u|tspan)>).)*)</\1><\1 lang="?zh"?>((?:(?!</?(?:u|tspan)\b).)*)</\1>""", re.DOTALL)
INSIDE, AFTER = r"(?:(?!</?t[dhr]\b|</t(?:body|head)>).)*(?<!\s)", r"(?=\s*<(?:t[dhr]\b|/t(?:r|body|head)>))"
RENDERED: dict[str, str] = {}
CELL = re.compile(rf"<(t[dh])\b[^>]*>{INSIDE}{AFTER}", re.DOTALL)


def english(page: str) -> str:
    """The page without its Chinese, every cell closed; a text in which others stand is unwrapped after them."""
    while (shorter := BOTH.sub(r"\2", page)) != page:
        page = shorter
    return CELL.sub(r"\g<0></\1>", page)


def chinese(page: str) -> str:
    """The page as its Chinese reader has it."""
    while (shorter := BOTH.sub(r"\3", page)) != page:
        page = shorter
    return page


def in_english(document: Document, installed: Whole | None = None) -> str:
    """`render`, and of that the English; of what was rendered before the same page."""
    asked = hashlib.sha256(repr((document.model_dump_json(), installed)).encode()).hexdigest()
    if asked not in RENDERED:
        RENDERED[asked] = english(render(document, installed=installed))
    return RENDERED[asked]
