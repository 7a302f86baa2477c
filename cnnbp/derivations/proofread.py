"""Reads printed TeX as a proofreader does, and finds what no formula may have, before any number is put into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .statement import Statement

BRACKETS = {"(": ")", "（": ")", "[": "]"}  # the post opens one bracket with a full-width character
Defect = tuple[int, int, str]  # from, to, what

LOST_UNDERSCORE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]\{[a-z]+\}(?=\^)")  # w{ij}^{(l)}
LOST_CARET = re.compile(r"[A-Za-z]_[a-z]\{\([^{}]*\)\}")  # b_i{(l)}
SUM = re.compile(r"\\sum_\{(?P<index>[a-zA-Z])(?:=[^{}]*)?\}")
SUBSCRIPT = re.compile(r"(?P<letter>[A-Za-z]|\\[a-z]+)\s*_\s*(?:\{(?P<group>[a-z]+)\}|(?P<one>[a-z]))")


def defects(tex: str) -> list[Defect]:
    """Where the print is no well-formed formula: brackets without partner, lost ^ or _, an index bound and free at once."""
    return sorted({*_brackets(tex), *_lost_scripts(tex), *_captured(tex)})


def misprints(statement: Statement) -> list[dict[str, Any]]:
    """The misprints of the printed form, as character ranges: those that were named, and those that reading alone finds."""
    named = [(statement.printed.index(piece), piece, what) for piece, what in statement.misprints]
    found = [(start, start + len(piece), what) for start, piece, what in named]
    for defect in defects(statement.printed):
        if not any(start < defect[1] and defect[0] < end for start, end, _ in found):
            found.append(defect)
    return [{"start": start, "end": end, "what": what} for start, end, what in sorted(found)]


def _brackets(tex: str) -> Iterator[Defect]:
    waiting: list[tuple[str, int]] = []
    for position, character in enumerate(tex):
        if character in BRACKETS:
            waiting.append((character, position))
        elif character in BRACKETS.values():
            if waiting and BRACKETS[waiting[-1][0]] == character:
                waiting.pop()
            else:
                yield position, position + 1, f"“{character}” closes nothing"
    for character, position in waiting:
        yield position, position + 1, f"“{character}” is never closed"


def _lost_scripts(tex: str) -> Iterator[Defect]:
    """A group in braces that hangs on nothing."""
    for pattern, lost in ((LOST_UNDERSCORE, "underscore"), (LOST_CARET, "caret")):
        yield from ((match.start(), match.end(), f"the {lost} is lost") for match in pattern.finditer(tex))


def _captured(tex: str) -> Iterator[Defect]:
    """An index of the left side that a sum on the right binds for itself."""
    left, equals, right = tex.partition("=")
    if not equals or "\\sum" in left:
        return
    free = {letter for match in SUBSCRIPT.finditer(left) for letter in match["group"] or match["one"]}
    for match in SUM.finditer(right):
        if match["index"] in free:
            start = len(left) + 1 + match.start()
            yield start, start + len(match[0]), f"{match['index']} is bound by the sum and free on the left"
