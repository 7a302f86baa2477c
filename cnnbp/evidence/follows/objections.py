"""Why a subject is no better than it is: an objection is a status, and the remark that says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..records import Document, RunStatus
from ..verdict import Remark, remark

Objection = tuple[RunStatus, Remark]

WORST: tuple[RunStatus, ...] = ("void", "wrong", "refuted", "incomplete", "holds")
MOST = 8  # names in one objection


def worst(statuses: Iterable[RunStatus]) -> RunStatus:
    """The worst of them; without any, nothing is wrong."""
    return min(statuses, key=WORST.index, default="holds")


def lacking(what: str, wanted: Iterable[str], there: Iterable[str]) -> Iterator[Objection]:
    """What a whole run has and this one lacks, in one objection."""
    present = set(there)
    missing = [name for name in wanted if name not in present]
    if missing:
        named = missing if len(missing) <= MOST else [*missing[:MOST], "..."]
        yield "incomplete", remark(f"status.missing-{what}", names=named, count=len(missing))


def theorems(document: Document) -> list[str]:
    """The names of those that are there."""
    found = document.proofs.theorems
    return [each.name for each in found.theorems] if found else []


def part(document: Document) -> Iterator[Objection]:
    """What is only a part of a run shows nothing of the whole, whatever is in it."""
    run = document.provenance
    if run.absent:
        there = [str(number) for number in range(1, run.shards + 1) if number not in run.absent]
        yield "incomplete", remark("status.missing-shard", names=there, count=len(there), of=run.shards)
