"""Every candidate is a fault that some case shows, is told by its code where a layer has it, and is no other candidate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from cnnbp.cases import Counter
from cnnbp.diagnosis.candidate import Candidate, fitting, tried
from cnnbp.diagnosis.diagnose import CANDIDATES
from cnnbp.diagnosis.point import Point
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from tests.helpers.layers import question

CASES, LARGEST = 60, 150  # drawn, of so many numbers at most
OFTEN = 2  # so many of them show it: at one, it may drown in rounding
Answers = dict[str, Array]
Shown = dict[Candidate, list[tuple[Point, Answers]]]

RIGHT_THERE = {  # what is shared by all elementwise operators, and no fault of some
    "Identity": {"slope-missing", "slope-at-output", "slope-squared", "slope-inverted", "zero-passes"},
    "ReLU": {"slope-at-output", "slope-squared", "slope-inverted", "step-for-slope", "nothing-at-zero"},
    "Sigmoid": {"sigmoid-slope"},
    "Tanh": {"tanh-slope", "zero-passes"},
    "Softplus": {"threshold", "half-at-zero"},
}
ALIKE = {  # and what is two faults of others, and one of these: x is y, y > 0 is x > 0, the signs of x and y agree
    "Identity": {
        ("tanh-slope", "tanh-slope-of-input"), ("sigmoid-slope", "sigmoid-slope-of-input"), ("input-for-slope", "value-for-slope"),
    },
    "ReLU": {("mask-from-output", "slope-missing")},
    "LeakyReLU": {("side-from-output", "slope-at-output")},
}  # fmt: skip


def points(operator: str) -> Iterator[Point]:
    """Right answers at drawn cases, as if they were a layer's."""
    for number in range(CASES):
        drawn = OPERATORS[operator].draw(Counter(3, f"{operator}/{number}"))
        asked = question(drawn) if sum(a.size for a in (*drawn.args, drawn.delta)) <= LARGEST else None
        right = None if asked is None else asked.right()
        if asked is not None and right:
            names, bounds = asked.operator.arguments[: len(asked.args)], {q: asked.bound(1, q) for q in right}
            yield Point(asked.operator, asked.options, asked.args, asked.delta, right, right, bounds, names=names, shown={})


def answers(candidate: Candidate, point: Point) -> Answers:
    """What is finite, of the shape that is wanted, and not what is right."""
    found = {}
    for quantity, answer in candidate.answers.items():
        try:
            with np.errstate(all="ignore"):
                said = np.asarray(answer(point, point.expected[quantity]), float)
        except Exception:  # there is no such fault at these shapes
            continue
        if said.shape == point.expected[quantity].shape and np.isfinite(said).all() and not _near(said, point.expected[quantity]):
            found[quantity] = said
    return found


def _near(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-9, atol=0))


@cache
def shown(operator: str) -> Shown:
    """The wrong answers of each candidate, case by case, until each was shown and no two need be told apart any more."""
    found: Shown = {candidate: [] for candidate in CANDIDATES[operator]}
    expected = [candidate for candidate in found if candidate.code not in RIGHT_THERE.get(operator, ())]
    for point in points(operator):
        for candidate, cases in found.items():
            cases.append((point, answers(candidate, point)))
        if all(_often(found[candidate]) for candidate in expected) and alike(found) <= ALIKE.get(operator, set()):
            break
    return found


def _often(cases: list[tuple[Point, Answers]]) -> bool:
    return sum(bool(said) for _, said in cases) >= OFTEN


def alike(found: Shown) -> set[tuple[str, str]]:
    """The pairs that answered the same in all quantities, wherever either was wrong."""
    some = [(candidate.code, [said for _, said in cases]) for candidate, cases in found.items() if any(said for _, said in cases)]

    def same(a: Answers, b: Answers) -> bool:
        return a.keys() == b.keys() and all(_near(a[q], b[q]) for q in a)

    pairs = combinations(sorted(some, key=lambda each: each[0]), 2)
    return {(a, b) for (a, these), (b, those) in pairs if all(map(same, these, those))}


def test_every_operator_has_candidates() -> None:
    """And nothing else has."""
    assert set(CANDIDATES) == set(OPERATORS)


@pytest.mark.parametrize("operator", CANDIDATES)
def test_every_candidate_is_told_where_a_layer_has_it(operator: str) -> None:
    """Some case shows it by more than rounding; there its code is among those that fit, unless it gives way to others."""
    for candidate in CANDIDATES[operator]:
        cases = [(point, q, said[q]) for point, said in shown(operator)[candidate] for q in said]
        asked = ((replace(point, answers={**point.answers, q: said}), q) for point, q, said in cases)
        found = next(((point, q) for point, q in asked if q in point.wrong and tried(point, q, candidate.answers[q])), None)
        assert (found is None) == (candidate.code in RIGHT_THERE.get(operator, ())), candidate.code
        if found is not None:
            assert candidate.remote or candidate.code in fitting(*found, CANDIDATES[operator])


@pytest.mark.parametrize("operator", CANDIDATES)
def test_no_two_candidates_are_one(operator: str) -> None:
    """Some case tells them apart."""
    assert alike(shown(operator)) == ALIKE.get(operator, set())
