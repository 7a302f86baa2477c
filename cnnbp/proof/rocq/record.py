"""What Rocq checked: the record of the last run of `make theorem`, and whether it is about the source as it stands."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .gallina import NotUnderstood
from .rocq import APPLICATIONS, FILES, HERE
from .translate import SOURCE, translate

PATH = HERE / "record.json"
THEOREM = re.compile(r"\(\*\*((?:(?!\(\*|\*\)).)*)\*\)\nTheorem (\w+)", re.DOTALL)


@dataclass(frozen=True)
class Theorem:
    """A theorem: its name, its file, one sentence that says what it means, what Rocq prints, and the axioms that it rests on."""

    name: str
    file: str
    meaning: str
    statement: str
    axioms: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """What a run has checked: by which version, for which arithmetic and which files, by their hashes.

    `computed` are the cases on which the model of the layers computed what the layers compute, `model` the hash of these.
    """

    version: str
    arithmetic: str
    files: dict[str, str]
    theorems: tuple[Theorem, ...]
    instances: tuple[str, ...]
    computed: tuple[str, ...]
    model: str

    def write(self, path: Path = PATH) -> None:
        """As JSON; two runs on the same sources by the same version write the same."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path = PATH) -> Record:
    """The record in the package."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    theorems = tuple(Theorem(**{**each, "axioms": tuple(each["axioms"])}) for each in data["theorems"])
    return Record(**{**data, "theorems": theorems, "instances": tuple(data["instances"]), "computed": tuple(data["computed"])})


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def hashes(folder: Path = HERE) -> dict[str, str]:
    """The hash of every Rocq file, by its name."""
    return {name: digest((folder / f"{name}.v").read_text(encoding="utf-8")) for name in FILES + APPLICATIONS}


def meanings(text: str) -> dict[str, str]:
    """The comment before each theorem of a Rocq file, on one line."""
    return {name: " ".join(comment.split()) for comment, name in THEOREM.findall(text)}


def stale(record: Record, source: str | None = None, folder: Path = HERE) -> list[str]:
    """In sentences, why the record is not about this source and these files; nothing if it is."""
    try:
        arithmetic = digest(translate(SOURCE.read_text(encoding="utf-8") if source is None else source))
    except NotUnderstood as error:
        return [f"The source has changed: {error}."]
    reasons = []
    if record.arithmetic != arithmetic:
        reasons.append("The arithmetic of cnnbp/layers/relation.py is not the one that was checked.")
    found = hashes(folder)
    changed = sorted(name for name in record.files.keys() | found.keys() if record.files.get(name) != found.get(name))
    if changed:
        reasons.append(f"Not as they were checked: {', '.join(f'{name}.v' for name in changed)}.")
    return reasons
