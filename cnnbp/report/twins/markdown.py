"""Text in Markdown that stays text: no markup, no link, no cell of its own, whatever is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..unseen import visible

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
SPECIAL = re.compile(r"[\\`*_\[\]|~#$!^=]|:(?=//)|(?<=[Ww]{3})\.")
FIRST = re.compile(r"^([-+])|^(\d+)([.)])")


def plain(text: str) -> str:
    """One line that is shown as it stands."""
    line = " ".join(visible(text).split())
    found = "".join(ENTITIES.get(c, c) for c in SPECIAL.sub(lambda special: f"\\{special[0]}", line))
    return FIRST.sub(lambda start: f"\\{start[1]}" if start[1] else f"{start[2]}\\{start[3]}", found)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The first column at the left, numbers at the right."""
    lines = [[plain(str(cell)) for cell in row] for row in rows]
    bars = [":--", *["--:"] * (len(head) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in ([plain(cell) for cell in head], bars, *lines)]
