"""What differs between two evidence documents, and whether for the worse: outcomes, claims, counts, where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from .claims import Claim, claims
from .kinds import KINDS, Kind
from .outcomes import MISSING, UNFOUNDED, Came, Outcome, outcomes
from .records import Document, Layer
from .verdict import Remark, remark

Turn = Literal["worse", "better", "other"]

ORDER: Mapping[Came, int] = {"pass": 0, "none": 0, "open": 1, "fail": 2}
AS_BAD = {MISSING: 2, UNFOUNDED: 2, "incomplete": 2, "contradicted": 3}
"""What leaves open as much as a failure says, and what cannot be believed: who hides a failure makes nothing better."""
WORDS = (
    "holds", "misprinted, meaning clear", "holds under a named condition", "half of it judged", "incomplete, completed here",
    "refuted as printed, holds as corrected",
)  # fmt: skip
"""Of a statement, the better before the worse."""
ORIGIN = ("cnnbp", "commit", "sources_sha256", "profile", "python", "numpy", "scipy", "torch", "platform", "processor")
SHOWN = 16  # characters of a hash


@dataclass(frozen=True)
class Change:
    """One difference."""

    turn: Turn
    what: Remark


def changes(old: Document, new: Document) -> list[Change]:
    """Whatever got worse first, then what got better, then the rest."""
    found = [*_outcomes(outcomes(old), outcomes(new)), *_claims(claims(old), claims(new)), *_counts(old, new), *_origin(old, new)]
    turns: tuple[Turn, ...] = ("worse", "better", "other")
    return sorted(found, key=lambda change: turns.index(change.turn))


def _outcomes(old: list[Outcome], new: list[Outcome]) -> Iterator[Change]:
    before, after = ({(each.what, each.of, each.id): each for each in found} for found in (old, new))
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        named = {"name": _name(*key)}
        if one is None and other is not None:
            turn: Turn = "other" if ORDER[other.came] == 0 else "worse"
            yield Change(turn, remark("compare.added", **named, word=other.word))
        elif other is None and one is not None:
            yield Change("worse" if one.came != "none" else "other", remark("compare.gone", **named, word=one.word))
        elif one and other and one.word != other.word:
            yield Change(_turn(_rank(one), _rank(other)), remark("compare.outcome", **named, old=one.word, new=other.word))
        elif one and other and isinstance(one.record, Layer) and isinstance(other.record, Layer):
            yield from _failures(one.record, other.record)


def _failures(old: Layer, new: Layer) -> Iterator[Change]:
    """How many cases of a layer that fails before and after; the larger share is the worse."""
    if (old.failed, old.cases) != (new.failed, new.cases) and old.failed and new.failed:
        turn = _turn((old.failed * new.cases,), (new.failed * old.cases,))
        said = {"old": old.failed, "before": old.cases, "new": new.failed, "after": new.cases}
        yield Change(turn, remark("compare.failures", name=new.operator, **said))


def _name(what: str, of: str, id: str) -> str:
    return id if what in ("run", "subject") else f"{what} {of}/{id}" if what == "statement" else f"{what} {id}"


def _rank(found: Outcome) -> tuple[int, int]:
    return AS_BAD.get(found.word, ORDER[found.came]), WORDS.index(found.word) if found.word in WORDS else 0


def _turn(old: tuple[int, ...], new: tuple[int, ...]) -> Turn:
    return "other" if old == new else "worse" if new > old else "better"


def _claims(old: list[Claim], new: list[Claim]) -> Iterator[Change]:
    """How strongly each thing is claimed; what has no row is not claimed."""
    before, after = ({(each.of, each.id): each.kind for each in found} for found in (old, new))
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if one != other:
            turn = _turn((-_strength(one),), (-_strength(other),))
            yield Change(turn, remark("compare.claim", name=key[1], old=one or "nothing", new=other or "nothing"))


def _strength(kind: Kind | None) -> int:
    return -1 if kind is None else KINDS.index(kind)


def _counts(old: Document, new: Document) -> Iterator[Change]:
    """How much was tried: more or less of it says nothing of what came of it."""
    for name, before, after in zip(COUNTED, _counted(old), _counted(new), strict=True):
        if before != after:
            yield Change("other", remark(f"compare.count.{name}", old=before, new=after))


COUNTED = ("cases", "inconclusive", "instances", "controls")


def _counted(document: Document) -> tuple[int, ...]:
    layers, controls = document.layers, document.controls
    instances = sum(statement.cases for book in document.derivations for statement in book.statements)
    cases, open_ = sum(layer.cases for layer in layers), sum(layer.inconclusive for layer in layers)
    return cases, open_, instances, len(controls.wrong) + len(controls.right)


def _origin(old: Document, new: Document) -> Iterator[Change]:
    before, after = old.provenance, new.provenance
    for name in ORIGIN:
        one, other = str(getattr(before, name)), str(getattr(after, name))
        if one != other:
            short = (one[:SHOWN], other[:SHOWN]) if name == "sources_sha256" else (one, other)
            yield Change("other", remark("compare.origin", name=name.replace("_", " "), old=short[0], new=short[1]))
    if before.seeds != after.seeds:
        yield Change("other", remark("compare.origin", name="seed", old=_listed(before.seeds), new=_listed(after.seeds)))


def _listed(seeds: tuple[int, ...]) -> str:
    return ", ".join(map(str, seeds))
