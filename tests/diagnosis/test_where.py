"""Where wrong entries sit: said where it is exactly true, and not where one entry speaks against it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.evidence import Verdict
from cnnbp.faults import FAULTS
from cnnbp.layers.checks import Array
from cnnbp.text import sentence
from tests.helpers.layers import bent, gaussian

pytestmark = pytest.mark.usefixtures("methods_alone")

X, W = gaussian((3, 2, 6, 5), (3, 2, 3, 2))


def told(verdict: Verdict) -> list[str]:
    """What is said of the place, without the count."""
    return [sentence(p) for p in verdict.patterns if p.code.startswith("diagnosis.where.")]


def added(*where: Any) -> Callable[[Array, Any], Array]:
    """A bend: other random numbers here."""

    def bend(v: Array, _: Any) -> Array:
        v = v.copy()
        for index in where:
            v[index] += np.random.default_rng(0).normal(size=v[index].shape)
        return v

    return bend


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ([np.s_[..., -1]], ["exactly the last column"]),
        ([np.s_[..., 0, :]], ["exactly row 0"]),
        ([np.s_[:, 1]], ["exactly the last input channel"]),
        ([np.s_[1:]], ["exactly all but sample 0"]),
        ([np.s_[..., 3:, :]], ["exactly row 3 and all after"]),
        ([np.s_[..., :3, :]], ["exactly row 2 and all before"]),
        ([np.s_[..., [1, 3]]], ["exactly at column 1, 3"]),
        ([np.s_[..., 0], np.s_[..., -1], np.s_[..., 0, 1:-1], np.s_[..., -1, 1:-1]], ["exactly the border"]),
        ([np.s_[0, 1, 2, 3:4]], ["all in sample 0", "all in the last input channel", "all in row 2", "all in column 3"]),
        ([np.s_[1:, ..., 2:3, 1:4]], ["none in sample 0", "all in row 2", "all at column 1, 2, 3"]),
        ([np.s_[...]], []),
    ],
)
def test_a_place_is_said_in_words(where: list[Any], said: list[str]) -> None:
    """Whole slices are said to be exactly that; what lies within some, to lie there."""
    verdict = cnnbp.verify(bent("Conv2d", dx=added(*where)), X, W, like=cnnbp.Conv2d())
    assert told(verdict) == said


def test_one_entry_more_or_less_takes_the_word_exactly_away() -> None:
    """All but one entry of the last column is no longer exactly the last column, and a further one not even within it."""
    less = cnnbp.verify(bent("Conv2d", dx=added(np.s_[:, :, 1:, -1])), X, W, like=cnnbp.Conv2d())
    assert told(less) == ["none in row 0", "all in the last column"]
    more = cnnbp.verify(bent("Conv2d", dx=added(np.s_[..., -1], np.s_[:, :, 2:3, 2])), X, W, like=cnnbp.Conv2d())
    assert told(more) == ["all at column 2, 4"]


def test_the_count_stands_first() -> None:
    """How many of how many."""
    verdict = cnnbp.verify(bent("Conv2d", dw=added(np.s_[0])), X, W, like=cnnbp.Conv2d())
    assert sentence(verdict.patterns[0]) == "12 of 36 entries"
    assert "wrong              12 of 36 entries: exactly output channel 0" in str(verdict)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda x: x == 0, "exactly where x is 0"),
        (lambda x: x < 0, "exactly where x is below 0"),
        (lambda x: x > 0, "exactly where x is above 0"),
        (lambda x: abs(x) > 1, "exactly where |x| is 1."),
    ],
)
def test_what_x_has_to_do_with_it(wrong: Callable[[Array], Array], said: str) -> None:
    """By its sign, by being 0, by its size."""
    x = gaussian((6, 7))[0]
    x[::2, 3] = 0

    def bend(dx: Array, a: Any) -> Array:
        return dx + wrong(a.x) * np.random.default_rng(0).normal(size=dx.shape)

    (found,) = told(cnnbp.verify(bent("Tanh", dx=bend), x, like=cnnbp.Tanh()))
    assert found.startswith(said)


def test_only_at_ties() -> None:
    """A layer that gives every winner of a tie the whole is wrong nowhere else."""
    fault = next(f for f in FAULTS if f.id == "max-pool-ties-all")
    x = gaussian((2, 2, 4, 4))[0]
    x[0, 0, :2, :2] = 9.0
    verdict = cnnbp.verify(fault.make(kernel_size=2), x, like=cnnbp.MaxPool2d(2))
    assert told(verdict) == ["only where windows have a tie"]


def test_what_is_not_finite_is_counted() -> None:
    """NaN is told apart from a wrong number."""

    def bend(dx: Array, _: Any) -> Array:
        dx = dx.copy()
        dx[0, 0, 0, :2] = np.nan
        return dx

    assert told(cnnbp.verify(bent("Conv2d", dx=bend), X, W, like=cnnbp.Conv2d()))[0] == "2 of them are not finite"
