"""The search for certificates: a linear program says which products of facts add up to a contradiction.

Nothing here has to be trusted: what it finds is rounded to fractions and must then pass the kernel.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement
from math import lcm
from typing import Any

import numpy as np

from .kernel import Terms, contrary, follows, product

Certificate = list[list[int]]  # entries of a weight and the numbers of one fact or two


def certificate(goal: Terms, facts: list[Terms]) -> Certificate | None:
    """A certificate that goal ≥ 0 follows from the facts, None where the search ends without one."""
    known = [*facts, contrary(goal)]
    everything = list(range(len(known)))
    near = _near(known)
    for chosen in (near, everything) if len(near) < len(known) else (everything,):
        linear = [i for i in chosen if max(map(len, known[i]), default=0) <= 1]
        alone: list[tuple[int, ...]] = [(i,) for i in chosen]
        for columns in (alone, [*alone, *combinations_with_replacement(linear, 2)]):
            found = _combination(columns, [_multiplied(known, column) for column in columns])
            if found is not None and follows(goal, facts, found):
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
    rows, pivots = [[Fraction(entry) for entry in row] for row in rows], []
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
