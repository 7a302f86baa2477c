"""What every section is given: the document, what follows from it, and the language of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from cnnbp.evidence.records import Document
from cnnbp.evidence.status import examine
from cnnbp.evidence.verdict import Remark

from .speech import Speech

RESERVED = ("section-", "chapter-", "layer-", "control-", "failure-", "figure-")


class Setting:
    """One document on one page."""

    def __init__(self, document: Document, speech: Speech) -> None:
        self.document, self.speech = document, speech
        self.standing = examine(document)

    @cached_property
    def first(self) -> str:
        """The derivation whose statements have addresses without its name."""
        whole = next(iter(self.document.whole.statements), None)
        return whole or (self.document.derivations[0].id if self.document.derivations else "")

    def statement(self, derivation: str, id: str) -> str:
        """The permanent anchor of a statement: its id, after the name of its derivation where that is not the first."""
        return id if derivation == self.first and not id.startswith(RESERVED) else f"{derivation}--{id}"

    def chapter(self, derivation: str, id: str) -> str:
        """The anchor of a section of a derivation."""
        return f"chapter-{id}" if derivation == self.first else f"chapter-{derivation}--{id}"

    def against(self, name: str) -> list[Remark]:
        """What in the document contradicts, or is contradicted by, the record of that name."""
        return self._contradictions.get(name, [])

    def with_record(self, contradiction: Remark) -> str:
        """A contradiction where its record does not stand beside it: "Conv2d: 3 passed, …"."""
        record, said = contradiction.values.get("record", "document"), self.speech.sentence(contradiction)
        return said if record == "document" else f"{record}: {said}"

    @cached_property
    def _contradictions(self) -> dict[str, list[Remark]]:
        found: dict[str, list[Remark]] = defaultdict(list)
        for remark in self.standing.contradictions:
            for name in dict.fromkeys(_names(remark)):
                found[name].append(remark)
        return found


def _names(remark: Remark) -> Iterator[str]:
    """The record in which a contradiction stands; of one between records, all that it names."""
    inside = remark.values.get("record")
    for value in [inside] if isinstance(inside, str) and inside != "document" else remark.values.values():
        yield from (name for name in (value if isinstance(value, list) else [value]) if isinstance(name, str))
