"""Where a page comes from: how it is cited, and the commands that check it again."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnbp import evidence

from . import words
from .document import Record

NAMES = {
    "cnnbp": "cnnbp", "commit": "commit", "seed": "seed", "profile": "profile", "examples": "cases a layer", "python": "Python", "numpy": "NumPy",
    "scipy": "SciPy", "torch": "PyTorch", "platform": "platform", "started": "started", "seconds": "took", "sources_sha256": "SHA-256 of the sources",
}  # fmt: skip


@dataclass(frozen=True)
class Provenance:
    """What the page prints of the run that made its evidence."""

    started: str
    rows: list[tuple[str, Any]]
    again: list[str]
    citation: str
    sha256: str


def provenance(root: Record, answer: str) -> Provenance:
    """The provenance of the document, whose page answers `answer`."""
    record = root.record("provenance")
    sha256, started = fingerprint(root.value), str(record.any("started") or "")
    rows = [(NAMES.get(name, name.replace("_", " ")), _shown(name, value)) for name, value in record.value.items() if value not in (None, "")]
    version = " ".join(f"{before}{record.any(key)}" for key, before in (("cnnbp", ""), ("commit", "commit ")) if record.any(key))
    drawn = ", ".join(f"{key} {record.any(key)}" for key in ("seed", "profile", "examples") if record.any(key) not in (None, ""))
    parts = (f"cnnbp {version}".strip(), "verification of back-propagation in convolutional neural networks", answer, drawn)
    parts = (*parts, words.moment(started) if started else "", f"evidence.json, SHA-256 {sha256}")
    return Provenance(started, rows, _again(record), ". ".join(part for part in parts if part) + ".", sha256)


def fingerprint(document: Mapping[str, Any]) -> str:
    """The SHA-256 of the file that `evidence.write` makes of `document`, so that `sha256sum evidence.json` answers the same."""
    text = json.dumps(evidence.plain(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return hashlib.sha256(text.encode()).hexdigest()


def _again(record: Record) -> list[str]:
    drawn = [f"--{key} {shlex.quote(str(record.any(key)))}" for key in ("seed", "profile", "examples") if record.any(key) not in (None, "")]
    return [
        "sha256sum evidence.json          # is this page's evidence the file you hold?",
        "cnnbp report evidence.json       # the same page from it",
        " ".join(["cnnbp verify", *drawn]) + "   # the same cases, judged anew",
    ]


def _shown(name: str, value: Any) -> Any:
    if name == "started":
        return words.moment(value)
    return words.number(value) + " s" if name == "seconds" else value
