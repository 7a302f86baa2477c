"""The theorems of a run against themselves, and against the statements that name them."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Document, Theorems
from ..verdict import Remark, remark
from .unless import unless


def theorems(found: Document) -> Iterator[Remark]:
    """What a statement names stands, and is what a whole run has it name."""
    there, whole = found.proofs.theorems, found.whole
    if there is not None:
        yield from _themselves(there)
    have = {f"{book}/{id}" for book, ids in whole.statements.items() for id in ids}
    strays = sorted({name for of in whole.theorems.values() for name in of} - have)
    if strays:
        yield remark("status.strays", what="statement", names=strays)
    statements = {f"{book.id}/{each.id}": each for book in found.derivations for each in book.statements}
    for id, statement in statements.items():
        wanted = {name for name, of in whole.theorems.items() if id in of}
        fallen = [] if there is None else [name for name in statement.theorems if name not in there.standing]
        checks = {
            "theorems-named": set(statement.theorems) == wanted and len(wanted) == len(statement.theorems),
            "theorems-stand": not fallen,
        }
        yield from unless(statement, checks, record=statement.id, names=statement.theorems, fallen=fallen)


def _themselves(found: Theorems) -> Iterator[Remark]:
    """They are for another source exactly where reasons say so."""
    yield from unless(found, {"theorems": (found.status == "not for this source") == (found.reasons != ())}, says=found.status)
