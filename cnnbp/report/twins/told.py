"""What every twin is given: the document, what follows from it, every outcome, and their words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from cnnbp.evidence import file
from cnnbp.evidence.outcomes import Outcome, outcomes
from cnnbp.evidence.records import Document, Statement
from cnnbp.evidence.status import Standing
from cnnbp.evidence.verdict import Remark
from cnnbp.text import sentence

from ..unseen import visible

MOST = 8  # reasons of one outcome


@dataclass(frozen=True)
class Told:
    """One run, as every twin tells it."""

    document: Document
    standing: Standing

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """The run first, then its subjects, then what belongs to each."""
        return outcomes(self.document, self.standing)

    @cached_property
    def sha256(self) -> str:
        """Of evidence.json."""
        return hashlib.sha256(file.text(self.document).encode()).hexdigest()

    @property
    def title(self) -> str:
        """What follows for the run, as the page begins."""
        return say(f"report.title.{self.standing.status}")

    def reasons(self, found: Outcome) -> list[str]:
        """Why it is no better, a sentence each, and the command that does it again where it did not pass."""
        said = [visible(text) for text in dict.fromkeys(map(sentence, found.why))]
        more = [say("twins.more", count=len(said) - MOST)] if len(said) > MOST else []
        return [*said[:MOST], *more, *self._again(found)]

    def _again(self, found: Outcome) -> list[str]:
        record = found.record
        if record is None or found.came == "pass":
            return []
        command = record.rerun if isinstance(record, Statement) else record.failure.rerun if record.failure else ""
        return [say("twins.again", command=visible(command))] if command else []


def say(code: str, **values: object) -> str:
    """A sentence of this room."""
    return sentence(Remark(code, values))  # type: ignore[arg-type]
