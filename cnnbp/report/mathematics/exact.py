"""The numbers of a counterexample as mathematics: fractions with a bar, matrices in brackets, none of them rounded."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

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
        root = _math("msup")
        ET.SubElement(root[0], "mi").text = layered[1]
        ET.SubElement(root[0], "mtext").text = f"({layered[2]})"
        return _markup(root)
    return Markup("<i>{}</i>").format(name) if len(name) <= 2 else escape(name)


def mathematics(value: Given) -> Markup | None:
    """A number, an array of numbers, or a short equation; any other text as text. None for what nobody checks by hand."""
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        converted = formula(value.translate(POWERS), display="inline") if "=" in value and EQUATION.fullmatch(value) else None
        return escape(value) if converted is None else converted
    if entries(value) > MOST:
        return None
    root = _math("mrow")
    _append(root[0], value)
    return _markup(root)


def entries(value: Given, depth: int = 0) -> int:
    """How many numbers these are; more than `MOST` for those that are too long or stand too deep."""
    if isinstance(value, tuple):
        return MOST + 1 if depth > DEEPEST else sum(entries(item, depth + 1) for item in value)
    if isinstance(value, int):
        return 1 if abs(value) < 10**LONGEST else MOST + 1
    return 1 if len(value) <= LONGEST else MOST + 1


def _append(parent: ET.Element, value: Given) -> None:
    """Rows of one length become a matrix; an array of anything else its items in parentheses."""
    if not isinstance(value, tuple):
        return _number(parent, value)
    ET.SubElement(parent, "mo", stretchy="true").text = "("
    rows = _rows(value)
    if rows:
        table = ET.SubElement(parent, "mtable")
        for row in rows:
            line = ET.SubElement(table, "mtr")
            for item in row:
                _append(ET.SubElement(line, "mtd"), item)
    for position, item in enumerate(() if rows else value):
        if position:
            ET.SubElement(parent, "mo").text = ","
        _append(parent, item)
    ET.SubElement(parent, "mo", stretchy="true").text = ")"
    return None


def _number(parent: ET.Element, value: int | str) -> None:
    found = NUMBER.fullmatch(str(value))
    if found is None:
        ET.SubElement(parent, "mtext").text = str(value)
        return
    if found[0][0] in "-−":
        parent = ET.SubElement(parent, "mrow")
        ET.SubElement(parent, "mo", form="prefix", lspace="0", rspace="0").text = "−"
    if found[2]:
        parent = ET.SubElement(parent, "mfrac")
    for digits in filter(None, found.groups()):
        ET.SubElement(parent, "mn").text = digits


def _rows(value: tuple[Given, ...]) -> list[tuple[Given, ...]]:
    """The rows of a matrix; none for an array that is not one."""
    rows = [row for row in value if isinstance(row, tuple) and row and not any(isinstance(item, tuple) for item in row)]
    return rows if len(rows) == len(value) and len({len(row) for row in rows}) == 1 else []


def _math(inner: str) -> ET.Element:
    root = ET.Element("math")
    ET.SubElement(root, inner)
    return root


def _markup(root: ET.Element) -> Markup:
    return Markup(ET.tostring(root, encoding="unicode"))
