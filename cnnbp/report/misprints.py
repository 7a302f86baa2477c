"""The misprints of a printed formula: where they stand in its TeX, and what each of them should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from .document import Record


@dataclass(frozen=True)
class Misprint:
    """The characters from `start` to `end` of the printed TeX, and a short phrase about them."""

    start: int
    end: int
    piece: str
    what: str


def misprints(record: Record, printed: str) -> tuple[Misprint, ...]:
    """Those of one statement, from left to right. Raises ValueError for ranges that overlap or leave the printed form."""
    found = sorted((item.whole("start"), item.whole("end"), item.text("what", "")) for item in record.records("misprints"))
    last = 0
    for start, end, _ in found:
        if not last <= start < end <= len(printed):
            raise ValueError(f"{record.where('misprints')}: {start} to {end} is no range of the printed form, or overlaps another")
        last = end
    return tuple(Misprint(start, end, printed[start:end], what) for start, end, what in found)


def source(tex: str, found: Sequence[Misprint]) -> Markup:
    """The TeX as printed, character by character, its misprints marked."""
    shown, last = Markup(""), 0
    for misprint in found:
        shown += escape(tex[last : misprint.start]) + Markup("<mark>{}</mark>").format(misprint.piece)
        last = misprint.end
    return shown + escape(tex[last:])


def spans(found: Sequence[Misprint]) -> list[tuple[int, int]]:
    """The ranges alone."""
    return [(misprint.start, misprint.end) for misprint in found]
