"""What every section is given: the document, what follows from it, the place of each record, and the language of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from cnnbp.evidence.records import Document, Part, Whole
from cnnbp.evidence.status import examine
from cnnbp.evidence.verdict import Remark

from .marks import MARKS, Mark
from .speech import Speech, Spoken
from .words import anchors

T = TypeVar("T")
# How anchors begin that are of no statement.
RESERVED = (
    "section-",
    "chapter-",
    "layer-",
    "control-",
    "peer-",
    "figure-",
    "proof-",
    "network-",
    "defect-",
    "theorem-",
    "failure-",
)


@dataclass(frozen=True)
class Place(Generic[T]):
    """Where a whole run has a record: the record, or None where it is missing. `known` is false of one that a whole run lacks."""

    name: str
    anchor: str
    record: T | None
    known: bool
    mark: Mark
    against: Sequence[Remark]


class Setting:
    """One document on one page."""

    def __init__(self, document: Document, speech: Speech, installed: Whole | None = None) -> None:
        self.document, self.speech, self.installed = document, speech, installed
        self.standing = examine(document, installed)

    def places(
        self,
        wanted: Iterable[str],
        found: Iterable[T],
        name: Callable[[T], str],
        anchor: Callable[[str], str],
        judged: Callable[[T], str],
    ) -> list[Place[T]]:
        """Every record in its place: first what a whole run has, in its order, then what stands beside it."""
        there: dict[str, list[T]] = defaultdict(list)
        for record in found:
            there[name(record)].append(record)
        whole = dict.fromkeys(wanted)
        rows: list[tuple[str, T | None]] = []
        for key in (*whole, *(key for key in there if key not in whole)):
            rows += [(key, record) for record in there.get(key, [None])]
        return [
            Place(key, at, record, key in whole, MARKS["missing" if record is None else judged(record)], self._against[key])
            for (key, record), at in zip(rows, anchors(anchor(key) for key, _ in rows), strict=True)
        ]

    def part(self, name: Part, found: T | None, judged: Callable[[T], str]) -> Place[T] | None:
        """That of a part of the run; None where neither this run nor a whole one has it."""
        wanted = [name] if name in self.document.whole.parts else []
        rows = self.places(wanted, [] if found is None else [found], lambda _: name, "section-{}".format, judged)
        return rows[0] if rows else None

    @cached_property
    def first(self) -> str:
        """The derivation whose statements have addresses without its name."""
        return next(iter((*self.document.whole.statements, *(derivation.id for derivation in self.document.derivations))), "")

    def statement(self, derivation: str, id: str) -> str:
        """The permanent anchor of a statement: its id, after the name of its derivation where that is not the first."""
        return id if derivation == self.first and not id.startswith(RESERVED) else f"{derivation}--{id}"

    def chapter(self, derivation: str, id: str) -> str:
        """The anchor of a section of a derivation."""
        return f"chapter-{id}" if derivation == self.first else f"chapter-{derivation}--{id}"

    @cached_property
    def contradictions(self) -> list[str]:
        """All of them, each after the name of its record: "Conv2d: 3 passed, …"."""

        def after(record: object, told: Spoken) -> Spoken:
            return told.map(lambda text: f"{record}: {text}")

        records = (remark.values.get("record", "document") for remark in self.standing.contradictions)
        said = map(self.speech.sentence, self.standing.contradictions)
        return [told if record == "document" else after(record, told) for record, told in zip(records, said, strict=True)]

    @cached_property
    def _against(self) -> dict[str, list[Remark]]:
        """What in the document contradicts a record, or why there is none, by the name of the record."""
        found: dict[str, list[Remark]] = defaultdict(list)
        for raised in self.document.raised:
            found[raised.name].append(raised.said)
        for remark in self.standing.contradictions:
            for name in dict.fromkeys(_names(remark)):
                found[name].append(remark)
        return found


def _names(remark: Remark) -> Iterator[str]:
    """The record in which a contradiction stands; of one between records, all that it names."""
    inside = remark.values.get("record")
    for value in [inside] if isinstance(inside, str) and inside != "document" else remark.values.values():
        yield from (name for name in (value if isinstance(value, list) else [value]) if isinstance(name, str))
