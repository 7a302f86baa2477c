"""The misprints of a printed formula: where they stand in its TeX, and what each of them should be."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from cnnbp.evidence.records import Misprint, Statement


def misprints(statement: Statement) -> tuple[list[Misprint], list[Misprint]]:
    """Those of one statement from left to right; then those that lie outside its print, or overlap those of another."""
    inside, outside, last = list[Misprint](), list[Misprint](), 0
    for misprint in sorted(statement.misprints, key=lambda misprint: (misprint.start, misprint.end)):
        if last <= misprint.start < misprint.end <= len(statement.printed):
            inside.append(misprint)
            last = misprint.end
        else:
            outside.append(misprint)
    return inside, outside


def source(tex: str, inside: Iterable[Misprint]) -> Markup:
    """The TeX as printed, character by character, its misprints marked."""
    shown, last = Markup(""), 0
    for misprint in inside:
        shown += escape(tex[last : misprint.start]) + Markup("<mark>{}</mark>").format(tex[misprint.start : misprint.end])
        last = misprint.end
    return shown + escape(tex[last:])


def spans(inside: Iterable[Misprint]) -> tuple[tuple[int, int], ...]:
    """The ranges alone."""
    return tuple((misprint.start, misprint.end) for misprint in inside)
