"""A page as its English reader has it: of every text in two languages, the first."""

from __future__ import annotations

import re
from typing import Any

from cnnbp.report import render

BOTH = re.compile(r'<span>((?:(?!</?span\b).)*)</span><span lang="zh">(?:(?!</?span\b).)*</span>', re.DOTALL)


def english(page: str) -> str:
    """The page without its Chinese; a text in which others stand is unwrapped after them."""
    while (shorter := BOTH.sub(r"\1", page)) != page:
        page = shorter
    return page


def in_english(*args: Any, **options: Any) -> str:
    """`render`, and of that the English."""
    return english(render(*args, **options))
