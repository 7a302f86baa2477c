"""The document of verdicts about layers of somebody's own: as `cnnbp check` and the pytest plugin write it, and read again."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path
from typing import Annotated, Literal, ParamSpec

from pydantic import Field, ValidationError

from . import strict
from .records.base import Count, Many, Name, Record, Text
from .verdict import Remark, Verdict, VerdictStatus

FORMAT: Literal["cnnbp-own-1"] = "cnnbp-own-1"
Outcome = Literal["passed", "failed", "skipped", ""]
P = ParamSpec("P")


class Own(Record):
    """How one layer fared in one place: a test, or a call of the command line."""

    layer: Name
    where: Text
    like: Text
    """What it had to equal; empty where its backward was held against its own forward alone."""
    passed: Count
    inconclusive: Count
    failed: Count
    shown: Verdict
    """The simplest case that fails; else the simplest that is inconclusive, else the last."""
    shown_like: Text
    """What that case had to equal, with its options."""
    outcome: Outcome
    """Of the test; empty where there is none."""
    rerun: Text
    notes: Many[Remark] = ()
    """What was not asked as it might be, and why."""

    @property
    def status(self) -> VerdictStatus:
        """One failure is enough; a pass takes one case that passed, and none that failed."""
        return "fail" if self.failed else "pass" if self.passed else "inconclusive"


class OwnDocument(Record):
    """All of them, and what made them."""

    format: Literal["cnnbp-own-1"]
    trouble: Many[Remark]
    """What was lost on the way."""
    cnnbp: Name
    python: Name
    numpy: Name
    torch: Name
    platform: Text
    started: Name
    seconds: Annotated[float, Field(ge=0)]
    layers: Many[Own]

    @property
    def status(self) -> VerdictStatus:
        """A failure shows whatever else is missing; nothing passes that lost something, or holds nothing."""
        statuses = {layer.status for layer in self.layers}
        if "fail" in statuses:
            return "fail"
        return "inconclusive" if self.trouble or statuses != {"pass"} else "pass"


def document(cnnbp: str, layers: list[Own], trouble: list[Remark], started: str, seconds: float) -> OwnDocument:
    """These layers, by this version of cnnbp, with the others that are installed."""
    return OwnDocument(
        format=FORMAT, trouble=tuple(trouble), cnnbp=cnnbp, python=platform.python_version(), numpy=_version("numpy"),
        torch=_version("torch"), platform=platform.platform(), started=started, seconds=seconds, layers=tuple(layers),
    )  # fmt: skip


def text(found: OwnDocument) -> str:
    """The document as JSON."""
    return found.model_dump_json(indent=1) + "\n"


def lines(found: list[Own]) -> str:
    """Records on their way from one process to another."""
    return "\n".join(each.model_dump_json() for each in found)


def of_lines(sent: str) -> list[Own]:
    """What `lines` sent."""
    return [Own.model_validate_json(line) for line in sent.splitlines()]


def read(path: Path) -> OwnDocument | None:
    """The document at `path`, None where it names another format. Raises OSError, and ValueError for nonsense, saying why."""
    content = strict.content(path)
    found = strict.parse(path, content)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return None
    try:
        return OwnDocument.model_validate_json(content)
    except ValidationError as error:
        raise ValueError(f"{path}: {strict.first(error, found)}") from None


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
