"""What is on trial: the derivation by name, where it stands, and how its formulas and claims are numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .document import Record
from .statements import Statement


@dataclass(frozen=True)
class Derivation:
    """The published text whose statements are judged."""

    title: str
    source: str


def derivation(root: Record) -> Derivation | None:
    """That of the document; None where nothing but layers was judged."""
    if root.any("derivation") is None:
        return None
    record = root.record("derivation")
    return Derivation(record.text("title", ""), record.text("source", ""))


def numbered(found: Sequence[Statement]) -> list[tuple[str, str]]:
    """What the labels mean, each series with its range: ("E1–E30", "formulas") and ("V1–V23", "claims in words")."""
    formulas = [s.label for s in found if s.printed]
    claims = [s.label for s in found if not s.printed]
    series = (("formulas", formulas), ("claims in words", claims))
    return [(_range(labels), meaning) for meaning, labels in series if _range(labels)]


def _range(labels: Sequence[str]) -> str:
    """ "E1–E30", if all the labels are one letter and a number; nothing otherwise."""
    parts = [re.fullmatch(r"([A-Z])(\d{1,4})", label) for label in labels]
    known = sorted((int(part[2]), part[1]) for part in parts if part)
    if not known or len(known) < len(parts) or len({letter for _, letter in known}) > 1:
        return ""
    first, last = (f"{letter}{number}" for number, letter in (known[0], known[-1]))
    return first if first == last else f"{first}–{last}"
