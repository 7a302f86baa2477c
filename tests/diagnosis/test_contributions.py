"""A sum that is overwritten is told as such, whatever is summed up; a sum that lacks something else is not."""

from __future__ import annotations

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.diagnosis.test_diagnose import causes
from tests.helpers.layers import gaussian

pytestmark = pytest.mark.usefixtures("methods_alone")

(TABLE,) = gaussian((5, 3))
WORDS = np.array([[0, 2, 2], [4, 2, 1]])


def right(delta: Array, words: Array, table: Array) -> Array:
    found = np.zeros_like(table)
    np.add.at(found, words, delta)
    return found


def overwritten(delta: Array, words: Array, table: Array) -> Array:
    found = np.zeros_like(table)
    found[words] += delta
    return found


def averaged(delta: Array, words: Array, table: Array) -> Array:
    return np.asarray(right(delta, words, table) / np.maximum(np.bincount(words.ravel(), minlength=len(table)), 1)[:, None])


@pytest.mark.parametrize(("wrong", "found"), [(overwritten, {"table": ["contributions-overwritten"]}), (averaged, {})])
def test_an_embedding_whose_words_come_twice(wrong: object, found: dict[str, list[str]]) -> None:
    like = cnnbp.from_functions(lambda words, table: table[words], right)
    verdict = cnnbp.verify(cnnbp.from_functions(like.forward, wrong), WORDS, TABLE, like=like)  # type: ignore[arg-type]
    assert verdict.status == "fail"
    assert causes(verdict) == found


@pytest.mark.parametrize("order", [1, -1])
def test_windows_that_overlap(order: int) -> None:
    """In either direction of the loop, of means along one axis."""

    def forward(x: Array) -> Array:
        return np.asarray(np.lib.stride_tricks.sliding_window_view(x, 3, 1).mean(-1))

    def backward(delta: Array, x: Array, add: bool) -> Array:
        found = np.zeros_like(x)
        for j in range(delta.shape[1])[::order]:
            found[:, j : j + 3] = found[:, j : j + 3] * add + delta[:, j : j + 1] / 3
        return found

    like = cnnbp.from_functions(forward, lambda d, x: backward(d, x, True))
    verdict = cnnbp.verify(cnnbp.from_functions(forward, lambda d, x: backward(d, x, False)), *gaussian((2, 7)), like=like)
    assert causes(verdict) == {"x": ["contributions-overwritten"]}
