"""The truth about pooling, against plain loops over windows; on letters in every order."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest

from cnnbp.cases.choices import Counter
from cnnbp.derivations.exact.windows import Pooling, Windows
from tests.layers import loops

SHAPES = [
    Windows((1, 2), (1, 2), (1, 2)),
    Windows((2, 2), (2, 2), (1, 1)),
    Windows((1, 2), (1, 1), (1, 3)),
    Windows((2, 1), (1, 1), (2, 1)),
]


def _check(case: Pooling) -> None:
    """Against loops that take numbers alone."""
    windows = loops.pool_windows(case.z.shape[2:], case.window, case.stride, (0, 0))
    for mean in (False, True):
        if mean:
            p, by_a = loops.avg_pool2d(case.a, case.delta, windows, count_include_pad=True)
        else:
            p, by_a = loops.max_pool2d(case.a, case.delta, windows)
        assert np.array_equal(case.pool(case.a, mean), p)
        assert np.array_equal(case.by_activation(mean), by_a)
        assert np.array_equal(case.by_net_input(mean), by_a * case.slope)
        assert np.array_equal((case.matrix(mean).T @ case.delta.ravel()).reshape(by_a.shape), by_a)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_numbers(shape: Windows) -> None:
    """The largest activation of each window, without ties, or their mean; the derivatives; and the matrix of either."""
    for number in range(4):
        case = shape.numbers(Counter(number, "drawn"))
        assert len(set(case.a.flat)) == case.a.size
        _check(case)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_letters_in_every_order(shape: Windows) -> None:
    """Every order once; in each the winners are those of the ranks, and the two derivatives differ by f′ alone."""
    cases = list(shape.letters())
    assert len({tuple(case.ranks.flat) for case in cases}) == len(cases) == factorial(int(np.prod(shape.sides)))  # type: ignore[union-attr]
    for case in cases[::5]:
        assert [case.ranks[0, 0][best] for best in case.winners] == [
            max(case.ranks[0, 0][c] for c in cells) for cells in case.cells
        ]  # type: ignore[index]
        for mean in (False, True):
            by_a = case.by_activation(mean)
            assert np.array_equal(case.by_net_input(mean), by_a * case.slope)
            assert np.array_equal((case.matrix(mean).T @ case.delta.ravel()).reshape(by_a.shape), by_a)
