"""Tables of a benchmark, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def table(title: str, rows: Sequence[tuple[str, ...]]) -> None:
    """Columns of numbers are flush right. The first row is the header."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    words = [not column[-1].replace(",", "").replace(".", "").isdigit() for column in zip(*rows, strict=True)]
    print(f"\n{title}")
    for row in rows:
        print("  ".join(f"{cell:{'<' if word else '>'}{width}}" for cell, word, width in zip(row, words, widths, strict=True)))
