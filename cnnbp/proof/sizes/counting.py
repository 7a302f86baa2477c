"""Numbers in place of the unknowns, the smallest first: instances of what is assumed, and counterexamples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .claims import Claim, Goal, number, terms
from .kernel import Path, value
from .source import Source

Walked = Sequence[tuple[Path, Sequence[Goal]]]


def count_up(least: Mapping[str, int], most: int) -> Iterator[dict[str, int]]:
    """Every choice of numbers that is together at most `most` above the least ones, those nearest to them first."""
    for total in range(most + 1):
        for parts in _parts(total, len(least)):
            yield {name: low + part for (name, low), part in zip(least.items(), parts, strict=True)}


def _parts(total: int, of: int) -> Iterator[tuple[int, ...]]:
    if of == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _parts(total - first, of - 1):
            yield first, *rest


def numbered(claim: Claim, source: Source, most: int) -> Iterator[dict[str, int]]:
    """Numbers for all unknowns of a claim, counted up."""
    for numbers in count_up({**claim.sizes, **dict.fromkeys(claim.elements, 0)}, most):
        full = claim.completed(source, numbers)
        if full is not None:
            yield full


def holding(path: Path, numbers: dict[str, int]) -> dict[str, int] | None:
    """The numbers with all quotients of the path, where every fact of it is the case; else None."""
    full = {**numbers}
    for over, under, quotient, remainder in path.quotients:
        divisor = value(under, full)
        if divisor < 1:
            return None
        for unknown, is_ in zip((quotient, remainder), divmod(value(over, full), divisor), strict=True):
            [(name,)] = unknown.terms
            full[name] = is_
    return full if all(value(fact, full) >= 0 for fact in path.facts) else None


def inhabited(walked: Walked, numbers: dict[str, int]) -> set[str]:
    """The labels of goals of which everything that is given, and so what they show, is the case at these numbers."""
    for path, goals in walked:
        full = holding(path, numbers)
        if full is not None:
            return {goal.label for goal in goals if all(value(terms(fact), full) >= 0 for fact in (*goal.given, goal.shows))}
    return set()


def instances(claim: Claim, source: Source, walked: Walked, most: int = 6) -> list[dict[str, int]]:
    """Few and small numbers at which every goal of the claim has what is given to it."""
    missing = labels(walked)
    found: list[dict[str, int]] = []
    for numbers in numbered(claim, source, most):
        new = missing & inhabited(walked, numbers)
        if new:
            missing, found = missing - new, [*found, numbers]
        if not missing:
            return found
    raise LookupError(f"no numbers up to {most} above the least ones show what is given to {sorted(missing)} of {claim.id}")


def labels(walked: Walked) -> set[str]:
    """The labels of all goals but those that say of a path that nothing takes it."""
    return {goal.label for _, goals in walked for goal in goals if not never(goal)}


def never(goal: Goal) -> bool:
    """Whether the goal is false whatever the numbers are, so that it can only follow where its path is never taken."""
    return set(terms(goal.shows)) == {()} and number(goal.shows) < 0
