"""Pooling equals plain loops over the windows, and PyTorch, exactly: options, borders, ties, padding, NaN."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnbp.layers import AvgPool2d, MaxPool2d, pooling
from tests.layers import loops
from tests.layers.contract import answers, assert_keeps_contract, assert_same
from tests.layers.loops import REAL_SYSTEMS, Array, Index, Pair, Windows, integers
from tests.layers.polynomials import assert_backward_is_derivative

DIVISIBLE = 144  # by every |window| up to 4·4: with such numbers the quotients are integers, and every sum is exact


@dataclass(frozen=True)
class Case:
    """Options, shape and integer numbers of one pooling layer. Few different numbers, so that ties are common."""

    kernel_size: Pair
    stride: Pair
    padding: Pair
    dilation: Pair
    ceil_mode: bool
    x_shape: Index
    top: int
    seed: int

    def max_options(self) -> tuple[Pair, Pair, Pair, Pair, bool]:
        return self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode

    def avg_options(self, count_include_pad: bool) -> tuple[Pair, Pair, Pair, bool, bool]:
        return self.kernel_size, self.stride, self.padding, self.ceil_mode, count_include_pad

    def windows(self) -> Windows:
        return loops.pool_windows(self.x_shape[2:], *self.max_options())

    def numbers(self) -> tuple[Array, Array]:
        """delta, x"""
        last = max(self.windows())
        y_shape = (*self.x_shape[:2], last[0] + 1, last[1] + 1)
        (delta,), (x,) = integers(self.seed, y_shape), integers(self.seed + 1, self.x_shape, low=-4, high=self.top)
        return delta, x


@st.composite
def cases(draw: st.DrawFn, dilation: int = 2) -> Case:
    """Every valid combination of small options on unequal axes; all numbers negative in one case out of two or so."""
    axes = []
    for _ in range(2):
        kernel, stride, spread = (draw(st.integers(1, end)) for end in (4, 4, dilation))
        padding = draw(st.integers(0, kernel // 2))
        least = max(1, spread * (kernel - 1) + 1 - 2 * padding)
        axes.append((draw(st.integers(least, least + 5)), kernel, stride, padding, spread))
    size, *options = zip(*axes, strict=True)
    n, c, top = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.sampled_from([-1, 4]))
    return Case(*options, draw(st.booleans()), (n, c, *size), top, draw(st.integers(0, 2**32 - 1)))


def assert_pytorch_agrees(pool: Any, options: tuple[Any, ...], delta: Array, x: Array, y: Array, dx: Array) -> None:
    """PyTorch's y and dx, bit for bit."""
    leaf = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    theirs = pool(leaf, *options)
    theirs.backward(torch.tensor(delta, dtype=torch.float64))
    assert leaf.grad is not None
    assert_same(theirs.detach().numpy(), y.astype(float), "PyTorch's y")
    assert_same(leaf.grad.numpy(), dx.astype(float), "PyTorch's dx")


@settings(max_examples=25, deadline=None)
@given(case=cases())
def test_max_pool_equals_the_loops_and_pytorch(case: Case) -> None:
    """y is the maximum of each window, dx its residual at the first winner, in the dtype that came in."""
    assume(all(inside for inside, _ in case.windows().values()))
    (delta, x), layer = case.numbers(), MaxPool2d(*case.max_options())
    y, dx = loops.max_pool2d(x, delta, case.windows())
    for dtype, unit in REAL_SYSTEMS:
        delta_, x_, y_, dx_ = (a.astype(dtype) * unit for a in (delta, x, y, dx))
        assert_same(layer.forward(x_), y_, "y")
        assert_same(layer.backward(delta_, x_)[0], dx_, "dx")
    assert_pytorch_agrees(F.max_pool2d, case.max_options(), delta, x, y, dx)


@settings(max_examples=25, deadline=None)
@given(case=cases(dilation=1), count_include_pad=st.booleans())
def test_avg_pool_equals_the_loops_and_pytorch(case: Case, count_include_pad: bool) -> None:
    """y is the mean of each window, dx the shares, with PyTorch's divisor at the border; int64 becomes float64."""
    delta, x = (DIVISIBLE * a for a in case.numbers())
    layer = AvgPool2d(*case.avg_options(count_include_pad))
    y, dx = loops.avg_pool2d(x, delta, case.windows(), count_include_pad)
    for dtype, unit in REAL_SYSTEMS:
        kept = np.float64 if dtype is np.int64 else dtype
        delta_, x_ = (a.astype(dtype) * unit for a in (delta, x))
        assert_same(layer.forward(x_), y.astype(kept) * unit, "y")
        assert_same(layer.backward(delta_, x_)[0], dx.astype(kept) * unit, "dx")
    assert_pytorch_agrees(F.avg_pool2d, case.avg_options(count_include_pad), delta, x, y, dx)


@settings(max_examples=20, deadline=None)
@given(case=cases(dilation=1))
def test_memory_layout_does_not_matter(case: Case) -> None:
    """Read-only, Fortran-ordered, strided and reversed arguments give the same answer and stay as they were."""
    numbers = [a.astype(float) for a in case.numbers()]
    assert_keeps_contract(MaxPool2d(*case.max_options()), *numbers)
    for flag in (False, True):
        assert_keeps_contract(AvgPool2d(*case.avg_options(flag)), *numbers)


def test_stride_is_the_kernel_unless_given() -> None:
    """stride=None means windows side by side; an integer means the same on both axes."""
    delta, x = integers(1, (1, 1, 2, 3), (1, 1, 4, 9))
    for pool in (MaxPool2d, AvgPool2d):
        for default, explicit in zip(answers(pool((2, 3)), delta, x), answers(pool((2, 3), (2, 3)), delta, x), strict=True):
            assert_same(default, explicit, "stride=None")
        assert np.array_equal(pool(2).forward(x), pool((2, 2), (2, 2), (0, 0)).forward(x))


def test_tie_goes_to_the_first_winner_in_row_major_order() -> None:
    """Every cell is 7: each window sends its whole residual to its first cell, signed zeros included."""
    first = [[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]
    assert MaxPool2d(2).backward(np.array([[[[1, 2], [3, 4]]]]), np.full((1, 1, 4, 4), 7))[0].tolist() == [[first]]
    zeros = np.array([[[[-0.0, 0.0], [0.0, -0.0]]]])
    assert MaxPool2d(2).backward(np.ones((1, 1, 1, 1)), zeros)[0].tolist() == [[[[1, 0], [0, 0]]]]


@pytest.mark.parametrize("lowest", [np.iinfo(np.int64).min, -np.inf, Fraction(-(10**30))])
def test_padding_never_wins(lowest: object) -> None:
    """Even the lowest number there is beats the padding, and takes the residual."""
    x = np.array([[[[lowest]]]])
    assert MaxPool2d(3, padding=1).forward(x).tolist() == [[[[lowest]]]]
    assert MaxPool2d(3, padding=1).backward(np.array([[[[5]]]]), x)[0].tolist() == [[[[5]]]]


def test_window_of_padding_only_has_no_maximum() -> None:
    """A dilated kernel that steps over the whole input is refused, not answered by −∞."""
    with pytest.raises(ValueError, match=r"every window must see at least one input cell: on the axis w of 2 cells"):
        MaxPool2d((1, 2), padding=(0, 1), dilation=(1, 3)).forward(np.zeros((1, 1, 2, 2)))


@pytest.mark.parametrize("position", list(np.ndindex(2, 2)))
def test_nan_propagates(position: Index) -> None:
    """A NaN in a window is its maximum and its mean; other windows do not notice."""
    x = np.arange(8.0).reshape(1, 1, 2, 4)
    x[0, 0, *position] = np.nan
    assert_same(MaxPool2d(2).forward(x), np.array([[[[np.nan, 7.0]]]]), "maximum")
    assert_same(AvgPool2d(2).forward(x), np.array([[[[np.nan, 4.5]]]]), "mean")


def test_nan_that_won_takes_the_residual() -> None:
    """The docstring's "a NaN in a window wins" holds for backward too, as in PyTorch."""
    x = np.array([[[[1.0, 2.0], [3.0, np.nan]]]])
    assert MaxPool2d(2).backward(np.ones((1, 1, 1, 1)), x)[0].tolist() == [[[[0, 0], [0, 1]]]]


@pytest.mark.parametrize("pool", [MaxPool2d(2, 1, 1), AvgPool2d(2, 1, 1), AvgPool2d(2, 1, 1, count_include_pad=False)])
@pytest.mark.parametrize("batch", [(0, 3), (2, 0)])
def test_empty_batch(pool: MaxPool2d | AvgPool2d, batch: Pair) -> None:
    """No sample or no channel: no output and no gradient, in the right shape."""
    x, delta = np.zeros((*batch, 3, 4)), np.zeros((*batch, 4, 5))
    assert_same(pool.forward(x), delta, "y")
    assert_same(pool.backward(delta, x)[0], x, "dx")


def test_block_size_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few feature maps are worked on at a time, dx is the same."""
    delta, x = integers(4, (3, 2, 3, 3), (3, 2, 4, 5))
    layer = MaxPool2d((2, 3), 1)
    _, expected = loops.max_pool2d(x, delta, loops.pool_windows((4, 5), (2, 3), (1, 1), (0, 0)))
    for block_bytes in (1, 400, 1 << 20):
        monkeypatch.setattr(pooling, "BLOCK_BYTES", block_bytes)
        assert_same(layer.backward(delta, x)[0], expected, "dx")


def test_complex_numbers_are_kept() -> None:
    """For the complex step: the mean is linear, the maximum looks at the real part first and brings the imaginary one along."""
    re, im = integers(6, (2, 2, 4, 4), (2, 2, 4, 4), low=-99, high=99)
    x = re + 1j * im
    assert_same(AvgPool2d(2).forward(x), AvgPool2d(2).forward(re) + 1j * AvgPool2d(2).forward(im), "mean")
    y = MaxPool2d(2).forward(x)
    assert_same(y.real, MaxPool2d(2).forward(re).astype(float), "maximum")
    assert np.isin(y, x).all()


@pytest.mark.parametrize(
    "layer", [AvgPool2d((2, 3), (1, 2), 1), AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False), AvgPool2d(2)]
)
def test_backward_is_the_derivative_on_polynomials(layer: AvgPool2d) -> None:
    """For all real x and δ of this shape, backward is ∂⟨forward, δ⟩."""
    assert_backward_is_derivative(layer, (2, 1, 4, 4))
