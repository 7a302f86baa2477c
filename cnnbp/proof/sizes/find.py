"""The search for certificates: a linear program says which products of facts add up to a contradiction.

Nothing here has to be trusted: what it finds is rounded to fractions and must then pass the kernel.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations_with_replacement
from math import lcm
from typing import Any

import numpy as np

from .certificates import Certificate, Certificates
from .checked import facts
from .claims import Claim, Goal, inequality, names, terms
from .counting import instances
from .kernel import Path, Terms, contrary, follows, product
from .source import Source


def find(claims: Iterable[Claim], source: Source) -> Certificates:
    """Certificates for every condition of the claims, and instances of what is given.

    Raises LookupError where a condition has none that is found.
    """
    search, paths, found = Search(), {}, {}
    for claim in claims:
        walked = [*claim.paths(source)]
        paths[claim.id] = [[search.shown(claim.id, path, goal) for goal in goals] for path, goals in walked]
        found[claim.id] = instances(claim, source, walked)
    return Certificates(paths, found)


class Search:
    """Searches for certificates, and remembers what it found: conditions that differ by names only are searched once."""

    def __init__(self) -> None:
        self._found: dict[object, Certificate | None] = {}

    def shown(self, claim: str, path: Path, goal: Goal) -> Certificate:
        """The certificate of a goal of the claim. Raises LookupError where none is found."""
        found = self.certificate(path, goal)
        if found is None:
            raise LookupError(f"{claim}: no certificate was found that {inequality(goal.shows)} ({goal.label})")
        return found

    def certificate(self, path: Path, goal: Goal) -> Certificate | None:
        """A certificate that the goal follows on the path, None where the search ends without one."""
        given, shows = facts(path, goal), terms(goal.shows)
        known = [*given, contrary(shows)]
        near, everything = _near(known, goal), list(range(len(known)))
        for chosen, products in ((near, "none"), (near, "linear"), (everything, "linear"), (near, "all")):
            found = self._remembered([known[i] for i in chosen], products)
            if found is not None:
                return [[weight, *(chosen[i] for i in numbers)] for weight, *numbers in found]
        return None

    def _remembered(self, known: list[Terms], products: str) -> Certificate | None:
        letters: dict[str, int] = {}
        for name in (name for fact in known for factors in fact for name in factors):
            letters.setdefault(name, len(letters))
        renamed = [{tuple(sorted(letters[name] for name in factors)): c for factors, c in fact.items()} for fact in known]
        key = products, *(frozenset(fact.items()) for fact in renamed)
        if key not in self._found:
            self._found[key] = _contradiction(known, products)
        return self._found[key]


def _contradiction(known: list[Terms], products: str) -> Certificate | None:
    """A combination of what is known, and of products of two, that is a constant < 0: the kernel accepts it."""
    linear = [i for i, fact in enumerate(known) if max(map(len, fact), default=0) <= 1]
    factors = {"none": [], "linear": linear, "all": range(len(known))}[products]
    columns = [*((i,) for i in range(len(known))), *combinations_with_replacement(factors, 2)]
    found = _combination(columns, [_multiplied(known, column) for column in columns])
    return found if found is not None and follows(contrary(known[-1]), known[:-1], found) else None


def _near(known: list[Terms], goal: Goal) -> list[int]:
    """All facts but those about quotients that the goal does not speak of: few, and most often enough."""
    spoken_of = {_divisions(name) for name in names(goal.shows, *goal.given)}
    return [i for i, fact in enumerate(known) if {_divisions(name) for factors in fact for name in factors} <= {"", *spoken_of}]


def _divisions(name: str) -> str:
    """The number of the division of which the name is quotient or remainder, "" for another name."""
    return name.partition(" ")[2]


def _multiplied(known: list[Terms], column: tuple[int, ...]) -> Terms:
    return product(known[column[0]], known[column[1]] if len(column) == 2 else {(): 1})


def _combination(columns: list[tuple[int, ...]], polynomials: list[Terms]) -> Certificate | None:
    """Weights ≥ 0 with which the polynomials add up to −1."""
    from scipy.optimize import linprog

    rows = {m: row for row, m in enumerate(sorted({m for a in polynomials for m in a} | {()}))}
    matrix, right = np.zeros((len(rows), len(columns))), np.zeros(len(rows))
    for column, a in enumerate(polynomials):
        for m, c in a.items():
            matrix[rows[m], column] = c
    right[rows[()]] = -1
    answer = linprog(np.ones(len(columns)), A_eq=matrix, b_eq=right, method="highs-ds")
    if answer.status != 0:
        return None
    used = [column for column in range(len(columns)) if answer.x[column] > 1e-9]
    weights = _solved([[int(matrix[row, column]) for column in used] + [int(right[row])] for row in range(len(rows))])
    if weights is None:
        return None
    whole = lcm(*(weight.denominator for weight in weights))
    return [[int(weight * whole), *columns[column]] for column, weight in zip(used, weights, strict=True) if weight]


def _solved(rows: list[list[Any]]) -> list[Fraction] | None:
    """The solution of linear equations, each a row with its right side last, free variables 0; None where there is none."""
    rows = [[Fraction(entry) for entry in row] for row in rows]
    pivots: list[int] = []
    for column in range(len(rows[0]) - 1):
        pivot = next((row for row in range(len(pivots), len(rows)) if rows[row][column]), None)
        if pivot is None:
            continue
        top = len(pivots)
        rows[top], rows[pivot] = rows[pivot], rows[top]
        rows[top] = [entry / rows[top][column] for entry in rows[top]]
        for row in range(len(rows)):
            if row != top and rows[row][column]:
                factor = rows[row][column]
                rows[row] = [entry - factor * above for entry, above in zip(rows[row], rows[top], strict=True)]
        pivots.append(column)
    if any(row[-1] for row in rows[len(pivots) :]):
        return None
    solution = [Fraction(0)] * (len(rows[0]) - 1)
    for row, column in enumerate(pivots):
        solution[column] = rows[row][-1]
    return solution
