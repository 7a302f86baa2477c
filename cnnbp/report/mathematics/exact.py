"""The numbers of a counterexample as mathematics: fractions with a bar, matrices in brackets, none of them rounded."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from cnnbp.evidence.records import Given

from .formula import formula

MOST, DEEPEST, LONGEST = 400, 6, 400  # entries, arrays within arrays, digits: more than that nobody checks by hand
LAYER = re.compile(r"([^\W\d_]+)[_ ]?\(([\w−+-]+)\)")  # w(1), as in the letters of the derivation
EQUATION = re.compile(r"[\w\s()+\-−*/^=·²³′'.,]{3,60}")
NUMBER = re.compile(r"[-−]?(\d+)(?:/(\d+))?")
POWERS = str.maketrans({"²": "^2", "³": "^3", "−": "-", "·": r"\cdot ", "′": "'"})


def letter(name: str) -> Markup:
    """A name of one or two letters in italics, with its layer above: w⁽¹⁾. A longer one as a word."""
    layered = LAYER.fullmatch(name)
    if layered:
        return Markup("<math><msup><mi>{}</mi><mtext>({})</mtext></msup></math>").format(layered[1], layered[2])
    return Markup("<i>{}</i>").format(name) if len(name) <= 2 else escape(name)


def mathematics(value: Given) -> Markup | None:
    """A number, an array of numbers, or a short equation; any other text as text. None for what nobody checks by hand."""
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        converted = formula(value.translate(POWERS), display="inline") if "=" in value and EQUATION.fullmatch(value) else None
        return escape(value) if converted is None else converted
    return None if entries(value) > MOST else Markup("<math><mrow>{}</mrow></math>").format(_set(value))


def entries(value: Given, depth: int = 0) -> int:
    """How many numbers these are; more than `MOST` for those that are too long or stand too deep."""
    if isinstance(value, tuple):
        return MOST + 1 if depth > DEEPEST else sum(entries(item, depth + 1) for item in value)
    short = abs(value) < 10**LONGEST if isinstance(value, int) else len(value) <= LONGEST
    return 1 if short else MOST + 1


def _set(value: Given) -> Markup:
    """Rows of one length become a matrix; an array of anything else its items in parentheses."""
    if not isinstance(value, tuple):
        return _number(str(value))
    rows = [row for row in value if isinstance(row, tuple) and row and not any(isinstance(item, tuple) for item in row)]
    if rows and len(rows) == len(value) and len({len(row) for row in rows}) == 1:
        lines = [Markup("").join(Markup("<mtd>{}</mtd>").format(_set(item)) for item in row) for row in rows]
        inside = Markup("<mtable>{}</mtable>").format(Markup("").join(map(Markup("<mtr>{}</mtr>").format, lines)))
    else:
        inside = Markup("<mo>,</mo>").join(map(_set, value))
    return Markup("<mo>(</mo>{}<mo>)</mo>").format(inside)  # which grow with what they enclose, as brackets do


def _number(value: str) -> Markup:
    found = NUMBER.fullmatch(value)
    if found is None:
        return Markup("<mtext>{}</mtext>").format(value)
    digits = Markup("").join(Markup("<mn>{}</mn>").format(part) for part in found.groups() if part)
    number = Markup("<mfrac>{}</mfrac>").format(digits) if found[2] else digits
    minus = Markup('<mo form="prefix" lspace="0" rspace="0">−</mo>')
    return Markup("<mrow>{}{}</mrow>").format(minus, number) if value[0] in "-−" else number
