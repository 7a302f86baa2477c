"""The misprints of a printed formula: where they stand in its TeX, and what each of them should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from cnnbp.evidence.records import Statement, Words


@dataclass(frozen=True)
class Misprint:
    """The characters from `start` to `end` of the printed TeX, and a short phrase about them.

    `piece` is empty where these are no characters of the print, or overlap those of another.
    """

    start: int
    end: int
    piece: str
    what: Words


def misprints(statement: Statement) -> tuple[Misprint, ...]:
    """Those of one statement, from left to right."""
    found, last = [], 0
    for misprint in sorted(statement.misprints, key=lambda misprint: (misprint.start, misprint.end)):
        start, end = misprint.start, misprint.end
        inside = last <= start < end <= len(statement.printed)
        found.append(Misprint(start, end, statement.printed[start:end] if inside else "", misprint.what))
        last = end if inside else last
    return tuple(found)


def source(tex: str, found: Sequence[Misprint]) -> Markup:
    """The TeX as printed, character by character, its misprints marked."""
    shown, last = [], 0
    for misprint in found:
        if misprint.piece:
            shown += [escape(tex[last : misprint.start]), Markup("<mark>{}</mark>").format(misprint.piece)]
            last = misprint.end
    return Markup("").join([*shown, escape(tex[last:])])


def spans(found: Sequence[Misprint]) -> tuple[tuple[int, int], ...]:
    """The ranges alone."""
    return tuple((misprint.start, misprint.end) for misprint in found if misprint.piece)
