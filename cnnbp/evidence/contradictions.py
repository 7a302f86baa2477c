"""Records that do not fit each other, or themselves: each a remark. No status is made here, `status` makes them of this."""

from __future__ import annotations

from collections.abc import Iterator

from .records import Document, Layer, Outcome, Reading, Statement, Training
from .verdict import Remark, Verdict, remark


def reading(found: Reading) -> Iterator[Remark]:
    """Its counts, what it says of itself, and its counterexample."""
    holds = None if found.cases == found.vacuous else found.wrong == 0
    if found.holds != holds:
        yield remark("status.reading-holds", reading=found.id, says=str(found.holds), follows=str(holds))
    if (found.counterexample is None) != (found.wrong == 0):
        yield remark("status.reading-counterexample", reading=found.id, wrong=found.wrong)


def statement(found: Statement, follows: Outcome) -> Iterator[Remark]:
    """Its readings, and its verdict against what `follows` from them."""
    for item in found.readings:
        yield from reading(item)
    untestable = found.verdict in ("definition", "not mathematical")
    if bool(found.readings) == untestable or (found.readings and found.verdict != follows):
        yield remark("status.statement-verdict", says=found.verdict, follows=follows)


def verdict(found: Verdict) -> Iterator[Remark]:
    """Its status against its evidence."""
    if found.status == "pass" and any(item.status == "fail" for item in found.evidence):
        yield remark("status.verdict-pass", layer=found.layer)


def layer(found: Layer) -> Iterator[Remark]:
    """Its counts, and its failure."""
    if found.passed + found.inconclusive + found.failed != found.cases:
        yield remark("status.layer-cases", cases=found.cases)
    if (found.failure is None) != (found.failed == 0):
        yield remark("status.layer-failure", failed=found.failed)


def training(found: Training) -> Iterator[Remark]:
    """Its ratios against its worst entry."""
    if found.worst is not None and found.worst.ratio != max(found.ratios, default=None):
        yield remark("status.training-worst", ratio=found.worst.ratio)


def document(found: Document) -> Iterator[Remark]:
    """What belongs to no single record."""
    yield from ()
