"""Reads printed TeX as a proofreader does, and finds what no formula may have, before any number is put into it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..evidence import records
from .statement import Statement
from .telling import Told, told

BRACKETS = {"(": ")", "（": ")", "[": "]"}  # a full-width bracket may stand for the usual one, and be closed by it
Defect = tuple[int, int, Told]  # from, to, what

LOST_UNDERSCORE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]\{[a-z]+\}(?=\^)")  # w{ij}^{(l)}
LOST_CARET = re.compile(r"[A-Za-z]_[a-z]\{\([^{}]*\)\}")  # b_i{(l)}
SUM = re.compile(r"\\sum_\{(?P<index>[a-zA-Z])(?:=[^{}]*)?\}")
SUBSCRIPT = re.compile(r"(?P<letter>[A-Za-z]|\\[a-z]+)\s*_\s*(?:\{(?P<group>[a-z]+)\}|(?P<one>[a-z]))")


def defects(tex: str) -> list[Defect]:
    """Where the print is no well-formed formula: brackets without partner, lost ^ or _, an index bound and free at once."""
    return sorted([*_brackets(tex), *_lost_scripts(tex), *_captured(tex)], key=lambda defect: defect[:2])


def misprints(statement: Statement) -> tuple[records.Misprint, ...]:
    """The misprints of the printed form, as character ranges: those that were named, and those that reading alone finds."""
    starts = [(statement.printed.index(piece), piece, what) for piece, what in statement.misprints]
    found = [(start, start + len(piece), statement.text[f"defects.{what}"]) for start, piece, what in starts]
    for start, end, what in defects(statement.printed):
        if not any(first < end and start < last for first, last, _ in found):
            found.append((start, end, statement.text.tell(what)))
    found.sort(key=lambda misprint: misprint[:2])
    return tuple(records.Misprint(start=start, end=end, what=what) for start, end, what in found)


def _brackets(tex: str) -> Iterator[Defect]:
    waiting: list[tuple[str, int]] = []
    for position, character in enumerate(tex):
        if character in BRACKETS:
            waiting.append((character, position))
        elif character in BRACKETS.values():
            if waiting and BRACKETS[waiting[-1][0]] == character:
                waiting.pop()
            else:
                yield position, position + 1, told("derivations.unopened", bracket=character)
    for character, position in waiting:
        yield position, position + 1, told("derivations.unclosed", bracket=character)


def _lost_scripts(tex: str) -> Iterator[Defect]:
    """A group in braces that hangs on nothing."""
    for pattern, lost in ((LOST_UNDERSCORE, told("derivations.lost-underscore")), (LOST_CARET, told("derivations.lost-caret"))):
        yield from ((match.start(), match.end(), lost) for match in pattern.finditer(tex))


def _captured(tex: str) -> Iterator[Defect]:
    """An index of the left side that a sum on the right binds for itself."""
    left, equals, right = tex.partition("=")
    if not equals or "\\sum" in left:
        return
    free = {letter for match in SUBSCRIPT.finditer(left) for letter in match["group"] or match["one"]}
    for match in SUM.finditer(right):
        if match["index"] in free:
            start = len(left) + 1 + match.start()
            yield start, start + len(match[0]), told("derivations.captured", index=match["index"])
