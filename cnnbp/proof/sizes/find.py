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
from .claims import Claim, Goal, inequality, terms
from .counting import instances
from .kernel import Terms, contrary, follows, product
from .source import Source


def find(claims: Iterable[Claim], source: Source) -> Certificates:
    """Certificates for every condition of the claims, and instances of what is given.

    Raises LookupError where a condition has none that is found.
    """
    search, paths, found = Search(), {}, {}
    for claim in claims:
        walked = [*claim.paths(source)]
        paths[claim.id] = [[search.shown(claim.id, goal, facts(path, goal)) for goal in goals] for path, goals in walked]
        found[claim.id] = instances(claim, source, walked)
    return Certificates(paths, found)


class Search:
    """Searches for certificates, and remembers what it found: conditions that differ by names only are searched once."""

    def __init__(self) -> None:
        self._found: dict[object, Certificate | None] = {}

    def shown(self, claim: str, goal: Goal, given: list[Terms]) -> Certificate:
        """The certificate of a goal. Raises LookupError where none is found."""
        found = self.certificate(terms(goal.shows), given)
        if found is None:
            raise LookupError(f"{claim}: no certificate was found that {inequality(goal.shows)} ({goal.label})")
        return found

    def certificate(self, goal: Terms, given: list[Terms]) -> Certificate | None:
        """A certificate that goal ≥ 0 follows from what is given, None where the search ends without one."""
        known = [*given, contrary(goal)]
        near = _near(known)
        for chosen in (near, list(range(len(known))))[len(near) == len(known) :]:
            found = self._remembered([known[i] for i in chosen])
            if found is not None:
                placed = [[weight, *(chosen[i] for i in numbers)] for weight, *numbers in found]
                if follows(goal, given, placed):
                    return placed
        return None

    def _remembered(self, known: list[Terms]) -> Certificate | None:
        letters: dict[str, int] = {}
        for fact in known:
            for names in fact:
                for name in names:
                    letters.setdefault(name, len(letters))
        key = tuple(frozenset((tuple(sorted(letters[name] for name in names)), c) for names, c in fact.items()) for fact in known)
        if key not in self._found:
            self._found[key] = _contradiction(known)
        return self._found[key]


def _contradiction(known: list[Terms]) -> Certificate | None:
    """A combination of what is known, the fewest products first, that is a constant < 0."""
    linear = [i for i, fact in enumerate(known) if max(map(len, fact), default=0) <= 1]
    alone: list[tuple[int, ...]] = [(i,) for i in range(len(known))]
    for columns in (alone, [*alone, *combinations_with_replacement(linear, 2)]):
        found = _combination(columns, [_multiplied(known, column) for column in columns])
        if found is not None and follows(contrary(known[-1]), known[:-1], found):
            return found
    return None


def _near(known: list[Terms]) -> list[int]:
    """The facts that speak of nothing but what the contrary of the goal speaks of, its quotients and their divisors."""
    spoken_of = _names(known[-1])
    while True:
        near = [i for i, fact in enumerate(known) if len(_names(fact) - spoken_of) <= 1]
        grown = spoken_of.union(*(_names(known[i]) for i in near if len(known[i]) > 2))
        if grown <= spoken_of:
            return near
        spoken_of = grown


def _names(fact: Terms) -> set[str]:
    return {name for names in fact for name in names}


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
