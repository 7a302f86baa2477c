"""Where a page comes from: how it is cited, and the commands that check it again."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnbp import evidence

from . import words
from .document import Record

NAMES = {
    "examples": "cases of each", "platform": "machine", "python": "Python", "numpy": "NumPy", "scipy": "SciPy",
    "torch": "PyTorch", "seconds": "took", "sources_sha256": "SHA-256 of the sources",
}  # fmt: skip
DRAWN = ("seed", "profile", "examples")


@dataclass(frozen=True)
class Provenance:
    """What the page prints of the run that made its evidence."""

    started: str
    rows: list[tuple[str, Any]]
    again: list[str]
    citation: str
    sha256: str


def provenance(root: Record, sha256: str, answer: str) -> Provenance:
    """The provenance of the document with that fingerprint, whose page answers `answer`."""
    record = root.record("provenance")
    known = {name: value for name, value in record.value.items() if value not in (None, "")}
    rows = [(NAMES.get(name, name.replace("_", " ")), _shown(name, value)) for name, value in known.items()]
    title = root.record("derivation", {}).text("title", "")
    started = str(known.get("started", ""))
    version = " ".join(["cnnbp", *(f"{word}{known[key]}" for key, word in (("cnnbp", ""), ("commit", "commit ")) if key in known)])
    parts = (
        version,
        f"Verification of “{title}”" if title else "Verification of layers of a neural network",
        answer,
        ", ".join(f"{key} {known[key]}" for key in DRAWN if key in known),
        words.moment(started) if started else "",
        f"evidence.json, SHA-256 {sha256}",
    )
    return Provenance(started, rows, _again(known), ". ".join(part for part in parts if part) + ".", sha256)


def fingerprint(document: Mapping[str, Any]) -> str:
    """The SHA-256 of the file that `evidence.write` makes of `document`, so that `sha256sum evidence.json` answers the same."""
    return hashlib.sha256(evidence.text(document).encode()).hexdigest()


def _again(known: Mapping[str, Any]) -> list[str]:
    drawn = [f"--{key} {shlex.quote(str(known[key]))}" for key in DRAWN if key in known]
    return [
        "sha256sum evidence.json          # is this page's evidence the file you hold?",
        "cnnbp report evidence.json       # the same page from it",
        " ".join(["cnnbp verify", *drawn]) + "   # the same cases, judged anew",
    ]


def _shown(name: str, value: Any) -> Any:
    if name == "started":
        return words.moment(value)
    return words.number(value) + " s" if name == "seconds" else value
