"""What the cases of a layer were examples of: every case once in every table, and the same sums in all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..records import Layer, Met
from ..verdict import Remark
from .unless import unless


def coverage(found: Layer) -> Iterator[Remark]:
    """Each two factors have a table of the shape of their classes; a class comes up as often in each of its tables."""
    factors, tables = found.classes, found.pairs
    shaped = [
        (met.one, met.other) in combinations(factors, 2)
        and len(met.counts) == len(factors[met.one])
        and all(len(row) == len(factors[met.other]) for row in met.counts)
        for met in tables
    ]
    whole = all(shaped) and [(met.one, met.other) for met in tables] == list(combinations(factors, 2))
    apart = [f"{met.one} × {met.other}" for met in tables if sum(map(sum, _counts(met))) != found.cases]
    checks = {"coverage-tables": whole, "coverage-cases": not apart, "coverage-sums": not whole or _agree(found)}
    yield from unless(found, checks, apart=apart)


def _agree(found: Layer) -> bool:
    """Whether every factor has the same sums by class in all of its tables."""
    sums: dict[str, set[tuple[int, ...]]] = {}
    for met in found.pairs:
        rows = _counts(met)
        sums.setdefault(met.one, set()).add(tuple(map(sum, rows)))
        sums.setdefault(met.other, set()).add(tuple(map(sum, zip(*rows, strict=True))))
    return all(len(different) == 1 for different in sums.values())


def _counts(met: Met) -> list[list[int]]:
    return [[count or 0 for count in row] for row in met.counts]
