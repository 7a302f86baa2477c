"""At a kink every slope between both sides is told as a convention, and nothing beyond; at ties, shares that windows can give."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

import cnnbp
from cnnbp.judge import compare
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from cnnbp.verification.conventions import explained
from cnnbp.verification.question import Question

TIED = np.random.default_rng(0).integers(-1, 2, (2, 2, 5, 5)).astype(float)
POOL = cnnbp.MaxPool2d(3, stride=1)


def shares(name: str, wins: Array, rng: np.random.Generator) -> Array:
    """What each winner of a window gets of the residual."""
    found = np.zeros(wins.shape)
    places = [tuple(place) for place in np.argwhere(wins)]
    if name == "last":
        found[places[-1]] = 1
    elif name == "even":
        found = wins / wins.sum()
    elif name == "drawn":
        found = np.where(wins, rng.random(wins.shape), 0)
        found /= found.sum()
    elif name == "all of it each":
        found = wins * 1.0
    else:  # more than all, and less than nothing
        found[places[0]] = 1.0
        if len(places) > 1:
            found[places[0]], found[places[1]] = 1.5, -0.5
    return found


def pooled(name: str, delta: Array, x: Array, kernel: int = 3) -> Array:
    """dx of max pooling with stride 1, whose ties are shared so."""
    dx, rng = np.zeros(x.shape), np.random.default_rng(1)
    for n, c, p, q in np.ndindex(*delta.shape):
        window = n, c, slice(p, p + kernel), slice(q, q + kernel)
        dx[window] += delta[n, c, p, q] * shares(name, x[window] == x[window].max(), rng)
    return dx


class Told(NamedTuple):
    """The convention that explains all that differs from the reference."""

    entries: Array
    code: str
    values: dict[str, Any]


def convention(layer: Any, x: Array, delta: Array, dx: Array, tolerance: float = 1e-12) -> Told | None:
    """As the judge finds it among what the record proposes."""
    question, expected = Question.of(layer, (x,), delta), layer.backward(delta, x)[0]
    with np.errstate(all="ignore"):
        found = compare(dx, expected, tolerance)
        other = explained(question, dx, expected, found) if found is not None else None
    return None if other is None else Told(other[0], *other[1])


@pytest.mark.parametrize(("name", "code"), [("last", "last"), ("even", "even"), ("drawn", "shares")])
def test_shares_that_windows_can_give_are_a_convention(name: str, code: str) -> None:
    """All windows overlap, and the residual has either sign."""
    delta = np.random.default_rng(2).normal(size=(2, 2, 3, 3))
    dx = pooled(name, delta, TIED)
    found = convention(POOL, TIED, delta, dx)
    assert found is not None
    assert found.code == code
    np.testing.assert_array_equal(found.entries, np.abs(dx - POOL.backward(delta, TIED)[0]) > 1e-12)


@pytest.mark.parametrize("name", ["all of it each", "negative"])
def test_other_shares_are_none(name: str) -> None:
    """Shares that add up to more than 1, and, where all residuals are alike in sign, one that is negative."""
    delta = np.abs(np.random.default_rng(2).normal(size=(2, 2, 4, 4)))
    dx = pooled(name, delta, TIED, 2)
    layer = cnnbp.MaxPool2d(2, stride=1)
    assert convention(layer, TIED, delta, dx) is None


def test_a_share_is_exact() -> None:
    """A part of 10⁻⁶ that is lost is no convention."""
    delta = np.random.default_rng(2).normal(size=(2, 2, 3, 3))
    dx = pooled("drawn", delta, TIED)
    tied = convention(POOL, TIED, delta, dx)
    assert tied is not None
    place = tuple(np.argwhere(tied.entries)[0])
    dx[place] += 1e-6
    assert convention(POOL, TIED, delta, dx) is None


@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-300, 1e-10, 1.0, 1e200, 1.7e308])
@pytest.mark.parametrize("answer", [1e-310, 1e-300, 1.0, 1e300, -1.7e308])
def test_answers_and_residuals_of_any_size(size: float, answer: float) -> None:
    """Each cell of one tied window gets `answer`, which are shares of `size` where they add up to it, and else nothing."""
    x, delta, layer = np.zeros((1, 1, 2, 2)), np.full((1, 1, 1, 1), size), cnnbp.MaxPool2d(2)
    with np.errstate(over="ignore"):
        assert convention(layer, x, delta, np.full(x.shape, answer), 0.0) is None
    third = np.array([0.5, 0.25, 0.25, 0.0]).reshape(x.shape) * size
    found = convention(layer, x, delta, third, max(1e-12 * size, 5e-324))
    assert (found is not None and found.code == "shares") == (size > 5e-324)  # which has no half


def test_without_ties_there_is_none() -> None:
    """A wrong winner is wrong."""
    x, delta = np.random.default_rng(3).normal(size=(2, 2, 5, 5)), np.ones((2, 2, 3, 3))
    assert convention(POOL, x, delta, np.roll(POOL.backward(delta, x)[0], 1)) is None


@pytest.mark.parametrize(("slope", "within"), [(1.0, True), (0.5, True), (0.01, True), (2.0, False), (-1.0, False)])
def test_slopes_at_0(slope: float, within: bool) -> None:
    """Of ReLU all from 0 to 1."""
    x, delta = np.array([0.0, 1.0, 0.0, -1.0]), np.array([2.0, 1.0, -3.0, 1.0])
    found = convention(cnnbp.ReLU(), x, delta, np.where(x == 0, slope, x > 0) * delta)
    assert (found is not None) == within
    if found:
        assert found.values == {"operator": "ReLU", "actual": slope, "expected": 0.0, "entries": 2}


def test_a_slope_of_1_has_no_kink() -> None:
    """LeakyReLU(1) is the identity; below 0 and above 1 the slopes lie between as well."""
    x, delta = np.zeros(2), np.ones(2)
    assert convention(cnnbp.LeakyReLU(1.0), x, delta, np.array([0.5, 1.0])) is None
    for slope, said in ((-0.5, 0.2), (3.0, 2.0)):
        found = convention(cnnbp.LeakyReLU(slope), x, delta, np.full(2, said))
        assert found is not None
        assert found.values["expected"] == slope


def test_who_has_kinks() -> None:
    """Whoever compares."""
    assert {name for name, record in OPERATORS.items() if record.kinks} == {"ReLU", "LeakyReLU", "MaxPool2d"}
