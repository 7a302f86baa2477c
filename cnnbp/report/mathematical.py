"""The numbers of a counterexample as mathematics: fractions with a bar, matrices in brackets, none of them rounded."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup, escape

from .formula import formula

MOST = 400  # entries; more than that nobody checks by hand
LAYER = re.compile(r"([^\W\d_]+)[_ ]?\(([\w−+-]+)\)")  # w(1), as in the letters of the derivation
EQUATION = re.compile(r"[\w\s()+\-−*/^=·²³′'.,]{3,60}")
FRACTION = re.compile(r"([-−]?\d+)/(\d+)")
POWERS = str.maketrans({"²": "^2", "³": "^3", "−": "-", "·": r"\cdot ", "′": "'"})


def named(name: str, value: Any) -> Markup:
    """A letter and what it stands for: w = (1 2), or the sentence alone where the value says itself what it is."""
    if isinstance(value, str) and "=" in value:
        return mathematics(value)
    return Markup("{} <span class='equals'>=</span> {}").format(letter(name), mathematics(value))


def letter(name: str) -> Markup:
    """A name of one or two letters in italics, with its layer above: w⁽¹⁾. A longer one as a word."""
    layered = LAYER.fullmatch(name)
    if layered:
        root = _math("msup")
        ET.SubElement(root[0], "mi").text = layered[1]
        ET.SubElement(root[0], "mtext").text = f"({layered[2]})"
        return _markup(root)
    return Markup("<i>{}</i>").format(name) if len(name) <= 2 else escape(name)


def mathematics(value: Any) -> Markup:
    """A number, a list or a matrix of numbers, or a short equation; any other text as text."""
    if isinstance(value, str) and not FRACTION.fullmatch(value):
        converted = formula(value.translate(POWERS), display="inline") if "=" in value and EQUATION.fullmatch(value) else None
        return escape(value) if converted is None else converted
    if _entries(value) > MOST:
        return Markup("<em>{}</em>").format(f"{_entries(value)} numbers, in evidence.json")
    root = _math("mrow")
    _append(root[0], value)
    return _markup(root)


def _append(parent: ET.Element, value: Any) -> None:
    """A list of rows of one length becomes a matrix; a list of anything else its items in parentheses."""
    if not isinstance(value, (list, tuple)):
        return _number(parent, value)
    ET.SubElement(parent, "mo", stretchy="true").text = "("
    if _is_matrix(value):
        table = ET.SubElement(parent, "mtable")
        for row in value:
            line = ET.SubElement(table, "mtr")
            for item in row:
                _append(ET.SubElement(line, "mtd"), item)
    else:
        for position, item in enumerate(value):
            if position:
                ET.SubElement(parent, "mo").text = ","
            _append(parent, item)
    ET.SubElement(parent, "mo", stretchy="true").text = ")"
    return None


def _number(parent: ET.Element, value: Any) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    fraction = FRACTION.fullmatch(text)
    if text.startswith(("-", "−")) and (fraction or not isinstance(value, str)):
        parent = ET.SubElement(parent, "mrow")
        ET.SubElement(parent, "mo", form="prefix", lspace="0", rspace="0").text = "−"
        text = text[1:]
    if fraction:
        bar = ET.SubElement(parent, "mfrac")
        ET.SubElement(bar, "mn").text = fraction[1].lstrip("-−")
        ET.SubElement(bar, "mn").text = fraction[2]
    else:
        ET.SubElement(parent, "mtext" if isinstance(value, str) else "mn").text = text


def _is_matrix(value: list[Any] | tuple[Any, ...]) -> bool:
    rows = [row for row in value if isinstance(row, (list, tuple))]
    flat = not any(isinstance(item, (list, tuple)) for row in rows for item in row)
    return bool(rows) and len(rows) == len(value) and flat and len({len(row) for row in rows}) == 1 and bool(rows[0])


def _entries(value: Any) -> int:
    return sum(map(_entries, value)) if isinstance(value, (list, tuple)) else 1


def _math(inner: str) -> ET.Element:
    root = ET.Element("math")
    ET.SubElement(root, inner)
    return root


def _markup(root: ET.Element) -> Markup:
    return Markup(ET.tostring(root, encoding="unicode"))
