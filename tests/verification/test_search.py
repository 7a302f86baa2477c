"""Random directions first: cheap where all agree, and no single entry hides, however small and however many there are."""

from __future__ import annotations

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification.alone import State
from cnnbp.verification.claim import Claim
from cnnbp.verification.patience import Patience
from cnnbp.verification.search import Search
from tests.helpers.layers import gaussian

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
