"""Lines of a terminal: names on the left, text wrapped beside them."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from ..evidence import Remark
from ..text import sentence

WIDTH = 100


def said(code: str, **values: Any) -> str:
    """A sentence of this room."""
    return sentence(Remark(f"cli.{code}", values))


def came(of: Mapping[str, int]) -> str:
    """How many cases came out how, by the name of the count; nothing of what there is none of."""
    return ", ".join(said(f"came.{name}", count=count) for name, count in of.items() if count)


def few(text: str, width: int = WIDTH, lines: int = 3) -> list[str]:
    """The text in at most so many lines."""
    return wrap(text, width, max_lines=lines, placeholder=" ...", break_on_hyphens=False)


def beside(name: str, text: str, column: int = 10, lines: int | None = None) -> list[str]:
    """The text beside its name, in as many lines as it takes."""
    first = f"  {name:<{column}} " if column else "  "
    return wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False, max_lines=lines,
        placeholder=" ...",
    )  # fmt: skip
