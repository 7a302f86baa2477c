"""The truth about convolution and pooling, against plain loops over the index relation."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp.cases.choices import Counter
from cnnbp.derivations.exact.images import Convolution, convolution, pooling
from tests.layers import loops

ONES = (1, 1)


def _drawn(number: int) -> Convolution:
    return convolution(Counter(number, "drawn"), maps=3, kernels=3, cells=2, inputs=True)


@pytest.mark.parametrize("number", range(8))
def test_convolution(number: int) -> None:
    """What it computes, both of its derivatives, and M(w), which gives the first two again."""
    case = _drawn(number)
    z, by_input, by_kernel = loops.conv2d(case.a, case.w, case.delta, ONES, (0, 0), ONES, 1)
    assert np.array_equal(case.forward(case.a, case.w), z)
    assert np.array_equal(case.residual, by_input)
    assert np.array_equal(case.by_kernel, by_kernel)
    m = case.matrix(case.w)
    assert np.array_equal(m @ case.a.ravel(), z.ravel())
    assert np.array_equal(m.T @ case.delta.ravel(), by_input.ravel())


def test_flipped_is_a_true_convolution() -> None:
    """Another map, unless the kernel is its own rotation."""
    cases = [_drawn(number) for number in range(8)]
    same = [np.array_equal(case.forward(case.a, case.w), case.flipped.forward(case.a, case.flipped.w)) for case in cases]
    symmetric = [np.array_equal(case.w, case.flipped.w) for case in cases]
    assert same == symmetric
    assert False in same


@pytest.mark.parametrize("overlapping", [False, True])
@pytest.mark.parametrize("number", range(5))
def test_pooling(number: int, overlapping: bool) -> None:
    """The largest activation of each window, without ties, or their mean; the derivatives; and the matrix of either."""
    case = pooling(Counter(number, "drawn"), overlapping)
    windows = loops.pool_windows(case.z.shape[2:], case.window, case.stride, (0, 0))
    assert len(set(case.a.flat)) == case.a.size
    for mean in (False, True):
        if mean:
            p, by_a = loops.avg_pool2d(case.a, case.delta, windows, count_include_pad=True)
        else:
            p, by_a = loops.max_pool2d(case.a, case.delta, windows)
        assert np.array_equal(case.pool(case.a, mean), p)
        assert np.array_equal(case.by_activation(mean), by_a)
        assert np.array_equal(case.by_net_input(mean), by_a * case.slope)
        assert np.array_equal((case.matrix(mean).T @ case.delta.ravel()).reshape(by_a.shape), by_a)
