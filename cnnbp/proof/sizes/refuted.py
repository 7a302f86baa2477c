"""Every falsified twin of the source is refuted: by the smallest numbers at which a claim about it is wrong.

They are found by counting up, the twin's own code running on integers. A condition that is false at some numbers is also one
for which no certificate exists, whoever searches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .checked import CLAIMS
from .claims import Claim, Goal, nothing, number, terms
from .counting import holding, numbered
from .falsified import TWINS, Twin
from .kernel import value
from .source import Source, text


@dataclass(frozen=True)
class Refuted:
    """A claim that is wrong of a twin, or without what it assumes: where, by which goal, and by how much."""

    id: str
    claim: str
    old: str  # text of the source, or what is assumed
    new: str  # the text in its place, "" where an assumption is left out
    goal: str  # the label of the goal that is false
    numbers: tuple[tuple[str, int], ...]  # the smallest at which it is
    short: int  # so much is missing to what should be ≥ 0
    conditions: int  # of the claim, as it is put
    false: int  # so many of them are false at these numbers, and have no certificate


def twins() -> tuple[Refuted, ...]:
    """All twins, and all claims without what they assume, refuted.

    Raises LookupError for one that no small numbers refute.
    """
    return (*(refuted(twin) for twin in TWINS), *_unconditional())


def twin_ids() -> tuple[str, ...]:
    """Their ids, in this order."""
    return (*(twin.id for twin in TWINS), *(f"{claim.id}.unconditional" for claim in _conditional()))


def refuted(twin: Twin) -> Refuted:
    """The smallest counterexample to the claim about a twin."""
    return Refuted(twin.id, twin.claim, twin.old, twin.new, *_counterexample(CLAIMS[twin.claim], Source(twin.text(text()))))


def _unconditional() -> Iterator[Refuted]:
    for claim in _conditional():
        found = _counterexample(replace(claim, further=nothing), Source(text()))
        yield Refuted(f"{claim.id}.unconditional", claim.id, ", ".join(_assumed(claim)), "", *found)


def _conditional() -> Iterator[Claim]:
    """The claims that assume something; the others assume beside their sizes only that there is an output."""
    return (claim for claim in CLAIMS.values() if _assumed(claim) and not claim.others)


def _assumed(claim: Claim) -> tuple[str, ...]:
    return claim.hypotheses()[len(claim.sizes) :]


def _counterexample(claim: Claim, source: Source, most: int = 9) -> tuple[str, tuple[tuple[str, int], ...], int, int, int]:
    for numbers in numbered(claim, source, most):
        goal = claim.false_at(source, numbers)
        if goal is not None:
            counted = tuple((name, numbers[name]) for name in (*claim.sizes, *claim.elements))
            return goal.label, counted, -number(goal.shows), *_false(claim, source, numbers)
    raise LookupError(f"{claim.id}: no numbers up to {most} above the least ones refute it")


def _false(claim: Claim, source: Source, numbers: dict[str, int]) -> tuple[int, int]:
    """How many conditions the claim has on unknowns, and how many of them are false at these numbers."""
    conditions = false = 0
    for path, goals in claim.paths(source):
        full = holding(path, numbers)
        conditions += len(goals)
        false += 0 if full is None else sum(is_false(goal, full) for goal in goals)
    return conditions, false


def is_false(goal: Goal, numbers: dict[str, int]) -> bool:
    """Whether the goal of a path is false at numbers at which the path holds."""
    return value(terms(goal.shows), numbers) < 0 and all(value(terms(fact), numbers) >= 0 for fact in goal.given)
