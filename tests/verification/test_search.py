"""Random directions first: cheap where all agree, and no single entry hides, however small and however many there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification import search
from cnnbp.verification.alone import State
from cnnbp.verification.claim import Claim
from cnnbp.verification.patience import Patience
from cnnbp.verification.search import Search
from tests.helpers.layers import gaussian
from tests.verification.hard.noise import hashed

X, W = gaussian((10, 20), (20, 10))
DELTA = gaussian((10, 10), seed=9)[0]


def forward(x: Array) -> Array:
    return np.tanh(x @ W / 4)


def gradient(x: Array) -> Array:
    return (DELTA * (1 - np.tanh(x @ W / 4) ** 2)) @ W.T / 4


def searched(claimed: Array, at: Array = X, asked: list[Array] | None = None) -> Search:
    def values(x: Array) -> Array:
        if asked is not None:
            asked.append(x)
        return forward(x)

    search = Search(Claim(values, lambda x: claimed, at, forward(at), claimed, DELTA), "x", Patience())
    search.run()
    return search


def suspects(search: Search, claimed: Array) -> list[int]:
    wrong = (search.state == State.JUDGED) & (np.abs(claimed - search.expected) > search.error)
    return np.flatnonzero(wrong).tolist()


def test_where_all_agree_a_few_directions_do() -> None:
    """200 entries, each judged to better than a thousandth of itself, in about 60 forwards, two for each step."""
    asked: list[Array] = []
    claimed = gradient(X)
    search = searched(claimed, asked=asked)
    assert (search.state == State.JUDGED).all()
    assert suspects(search, claimed) == []
    assert (search.error <= 1e-3 * np.abs(claimed)).all()
    assert len(asked) < 80


@pytest.mark.parametrize("rank", [0, 1, 2, 50, 100, 198, 199])
@pytest.mark.parametrize("factor", [1.01, 0.99, -1])
def test_one_wrong_entry_is_found(rank: int, factor: float) -> None:
    """By size, from the smallest to the largest: off by a hundredth, it is the one that is named."""
    claimed = gradient(X)
    entry = int(np.argsort(np.abs(claimed).ravel())[rank])
    claimed.ravel()[entry] *= factor
    assert suspects(searched(claimed), claimed) == [entry]


def test_errors_that_would_cancel() -> None:
    """Two entries exchanged, every entry a hundredth too large, and two errors that cancel in the sum of all entries."""
    right = gradient(X)
    swapped, larger, cancelling = right.copy(), 1.01 * right, right.copy()
    swapped.ravel()[[3, 4]] = swapped.ravel()[[4, 3]]
    cancelling.ravel()[:2] += [0.01, -0.01]
    for claimed in (swapped, larger, cancelling):
        assert suspects(searched(claimed), claimed)


def test_an_entry_that_should_not_be_0() -> None:
    """Where 0 is claimed an entry moves as much as a usual one."""
    claimed = gradient(X)
    entry = int(np.argsort(np.abs(claimed).ravel())[100])
    claimed.ravel()[entry] = 0
    assert suspects(searched(claimed), claimed) == [entry]


def test_nothing_claimed_anywhere() -> None:
    """All 0: wrong where y moves, right where it does not."""
    assert suspects(searched(np.zeros(X.shape)), np.zeros(X.shape))
    still = Search(Claim(lambda x: 0 * x, lambda x: 0 * x, X, 0 * X, 0 * X, X), "x", Patience())
    still.run()
    assert (still.state == State.JUDGED).all()
    assert not still.expected.any()


def test_a_wrong_gradient_costs_no_more_than_a_plain_loop() -> None:
    """Wrong everywhere: it stops soon after it is settled, and what it did not look at is not called judged."""
    asked: list[Array] = []
    claimed = 2 * gradient(X)
    search = searched(claimed, asked=asked)
    assert suspects(search, claimed)
    assert (search.state == State.UNREACHED).any()
    assert len(asked) < 2 * (2 * X.size + 200)


def test_kinks_are_parted_from_the_rest() -> None:
    """Every fourth entry of a ReLU at 0: those alone are kinks."""
    x = np.where(np.arange(32) % 4 == 1, 0.0, gaussian((32,))[0])
    found = cnnbp.verify(cnnbp.from_functions(lambda x: np.maximum(x, 0), lambda d, x: (d * (x > 0),)), x)
    assert found.passed
    assert (found.evidence[0].judged, found.evidence[0].left_out) == (24, 8)


def test_a_kink_is_named_where_the_mean_is_claimed() -> None:
    """|x| at 0 with a claim of 0, which every central difference confirms."""
    x = np.array([0.5, 0.0, -2.0, 0.0])
    search = Search(Claim(np.abs, np.sign, x, np.abs(x), np.sign(x), np.ones(4)), "x", Patience())
    search.run()
    assert search.state.tolist() == [State.JUDGED, State.KINK, State.JUDGED, State.KINK]


def test_two_errors_that_cancel_along_the_first_direction() -> None:
    """Made to cancel there exactly: the second direction sees them."""
    right = gradient(X)
    group = np.argsort(-np.abs(right * np.maximum(np.abs(X), 1)).ravel())[:2]
    fresh = Search(Claim(forward, gradient, X, forward(X), right, DELTA), "x", Patience())
    first = next(iter(fresh._groups()))
    way = np.zeros(X.size)
    way[first] = fresh._line(first)[1]
    # Along the direction an entry weighs as its claim says: e·way with way ∝ 1/claim, so e₁/(g₁ + e₁)·c₁ = −e₂/(g₂ + e₂)·c₂.
    one, other = (int(i) for i in group)
    weight = [way[i] * right.ravel()[i] for i in (one, other)]
    share = 0.01 / 1.01 * weight[0] / weight[1]
    claimed = right.copy()
    claimed.ravel()[one] *= 1.01
    claimed.ravel()[other] *= 1 - share / (1 + share)
    found = Search(Claim(forward, lambda x: claimed, X, forward(X), claimed, DELTA), "x", Patience())
    assert abs(found._line(next(iter(found._groups())))[0].rest(2.0**-14)) < 1e-6
    assert suspects(searched(claimed), claimed)


def test_small_and_absent_slopes_cost_nothing() -> None:
    """Slopes over four decades, and half of them 0: no entry needs to be looked at alone."""
    slopes = np.where(np.arange(200) % 2, 0.0, 10.0 ** np.linspace(-4, 0, 200))
    x, asked = gaussian((200,))[0], []

    def values(x: Array) -> Array:
        asked.append(x)
        return slopes * np.sin(3 * x)

    claimed = 3 * slopes * np.cos(3 * x)
    search = Search(Claim(values, lambda x: claimed, x, values(x), claimed, np.ones(200)), "x", Patience())
    search.run()
    assert (search.state == State.JUDGED).all()
    assert len(asked) < 100


def asked_of(values: Any, gradient: Any, x: Array) -> tuple[Search, int]:
    """The search, and how many values it took."""
    asked: list[Array] = []

    def counted(theta: Array) -> Array:
        asked.append(theta)
        return np.asarray(values(theta))

    y = values(x)
    search = Search(Claim(counted, gradient, x, y, gradient(x), np.linspace(0.5, 1.5, y.size)), "x", Patience())
    search.run()
    return search, len(asked)


@pytest.mark.parametrize(("share", "most"), [(0.1, 2.5), (0.4, 4.0), (0.999, 6.0)])
def test_kinks_cost_a_few_values_each(share: float, most: float) -> None:
    """A ReLU with zeros: in values for each entry, where a plain loop takes 2; most of them at a kink end it early."""
    x = gaussian((1000,))[0]
    x[: int(share * 1000)] = 0
    slopes = np.linspace(0.5, 1.5, 1000)
    search, asked = asked_of(lambda x: np.maximum(x, 0), lambda x: slopes * (x > 0), np.random.default_rng(0).permutation(x))
    assert asked <= most * 1000
    kinks, judged = (int((search.state == state).sum()) for state in (State.KINK, State.JUDGED))
    assert kinks > 500 or (kinks, judged) == (share * 1000, 1000 - share * 1000)


def test_one_that_is_wrong_ends_it() -> None:
    """Of 20,000 entries, all of them twice too large: some hundred values, far below a plain loop."""
    x = gaussian((20000,))[0]
    search, asked = asked_of(np.sin, lambda x: 2 * np.linspace(0.5, 1.5, x.size) * np.cos(x), x)
    assert ((search.state == State.JUDGED) & (np.abs(search.expected - 2 * np.cos(x) * np.linspace(0.5, 1.5, x.size)) > 0)).any()
    assert asked < 1000


def test_doubt_ends_it_too() -> None:
    """Values with the rounding of float32: nothing can be concluded of small slopes, and nobody walks through 5,000 of them."""
    x = gaussian((5000,))[0]
    slopes = np.linspace(0.5, 1.5, x.size)
    search, asked = asked_of(lambda x: np.sin(x) + 1e-9 * hashed(x), lambda x: slopes * np.cos(x) * 1e-8, 1e-8 * x)
    assert (search.state != State.JUDGED).any()
    assert asked < 5000


def test_entries_that_must_be_looked_at_one_by_one_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ReLU of which half of an array is 0, as if it were a large one: the work is bounded, and what was left is said."""
    monkeypatch.setattr(search, "WORK", 1e6)
    x, calls = np.maximum(gaussian((8, 80))[0], 0), [0]

    def forward(x: Array) -> Array:
        calls[0] += 1
        return np.maximum(x, 0)

    verdict = cnnbp.verify(cnnbp.from_functions(forward, lambda d, x: d * (x > 0)), x)
    assert verdict.status == "inconclusive"
    assert calls[0] * x.size < 2e6
    assert "not looked at: one by one they take too long" in str(verdict)
