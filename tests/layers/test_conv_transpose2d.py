"""ConvTranspose2d equals loops over the relation of the convolution that it transposes, in every number system, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.layers import Conv2d, ConvTranspose2d, Network, relation
from tests.layers import loops
from tests.layers.contract import assert_keeps_contract, assert_same
from tests.layers.loops import NUMBER_SYSTEMS, Array, Index, Pair, integers
from tests.layers.polynomials import assert_backward_is_derivative


@dataclass(frozen=True)
class Case:
    """Options, shapes and integer numbers of one transposed convolution."""

    stride: Pair
    padding: Pair
    output_padding: Pair
    groups: int
    dilation: Pair
    x_shape: Index
    w_shape: Index
    seed: int

    @property
    def options(self) -> tuple[Any, ...]:
        return self.stride, self.padding, self.output_padding, self.groups, self.dilation

    @property
    def layer(self) -> ConvTranspose2d:
        return ConvTranspose2d(*self.options)

    @property
    def y_shape(self) -> Index:
        axes = zip(self.x_shape[2:], self.w_shape[2:], self.stride, self.padding, self.output_padding, self.dilation, strict=True)
        size = (s * (h - 1) - 2 * p + d * (r - 1) + extra + 1 for h, r, s, p, extra, d in axes)
        return self.x_shape[0], self.w_shape[1] * self.groups, *size

    def numbers(self) -> list[Array]:
        """delta, x, w, b"""
        return integers(self.seed, self.y_shape, self.x_shape, self.w_shape, self.y_shape[1:2])

    def loops(self, x: Array, w: Array, delta: Array) -> tuple[Array, Array, Array]:
        return loops.conv_transpose2d(x, w, delta, self.stride, self.padding, self.dilation, self.groups)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Unequal axes, padding up to where one cell is left, output_padding beyond the stride where the dilation allows it."""
    axes = []
    for _ in range(2):
        size, kernel, stride, dilation = (draw(st.integers(*ends)) for ends in ((1, 3), (1, 3), (1, 3), (1, 3)))
        surplus = draw(st.integers(0, max(stride, dilation) - 1))
        most = (stride * (size - 1) + dilation * (kernel - 1) + surplus) // 2
        axes.append((size, kernel, stride, draw(st.integers(0, min(3, most))), surplus, dilation))
    size, kernel, stride, padding, surplus, dilation = zip(*axes, strict=True)
    n, groups, into, out = (draw(st.integers(1, 2)) for _ in range(4))
    shapes = (n, groups * into, *size), (groups * into, out, *kernel)
    return Case(stride, padding, surplus, groups, dilation, *shapes, draw(st.integers(0, 2**32 - 1)))


FIXED = Case((2, 1), (1, 0), (1, 2), 2, (1, 3), (3, 4, 3, 2), (4, 3, 3, 2), seed=1)


@settings(max_examples=20, deadline=None)
@given(case=cases())
def test_equals_the_loops_in_every_number_system(case: Case) -> None:
    """y, dx, dw and db are the loops' numbers, in the dtype that came in; without b the first three of them."""
    delta, x, w, b = case.numbers()
    y, dx, dw = case.loops(x, w, delta)
    for dtype, unit in NUMBER_SYSTEMS:
        delta_, x_, w_ = (a.astype(dtype) * unit for a in (delta, x, w))
        y_, b_, dx_, dw_ = (a.astype(dtype) * unit**2 for a in (y, b, dx, dw))
        gradients = dx_, dw_, delta_.sum((0, 2, 3))
        assert_same(case.layer.forward(x_, w_), y_, "y without b")
        assert_same(case.layer.forward(x_, w_, b_), y_ + b_[:, None, None], "y")
        assert len(case.layer.backward(delta_, x_, w_)) == 2
        for actual, expected in zip(case.layer.backward(delta_, x_, w_, b_), gradients, strict=True):
            assert_same(actual, expected, "gradient")


@settings(max_examples=20, deadline=None)
@given(case=cases())
def test_pytorch_means_the_same_options(case: Case) -> None:
    """PyTorch's y, dx, dw and db for the same options in the same order, bit for bit."""
    delta, *args = (a.astype(float) for a in case.numbers())
    leaves = [torch.tensor(a, requires_grad=True) for a in args]
    theirs = F.conv_transpose2d(*leaves, *case.options)
    assert_same(case.layer.forward(*args), theirs.detach().numpy(), "y")
    gradients = torch.autograd.grad(theirs, leaves, torch.tensor(delta))
    for actual, expected in zip(case.layer.backward(delta, *args), gradients, strict=True):
        assert_same(actual, expected.numpy(), "gradient")


@settings(max_examples=20, deadline=None)
@given(case=cases())
def test_is_the_transpose_of_the_convolution(case: Case) -> None:
    """Forward is the dx of the convolution with the same w, dx its forward; dw is its dw. So long as x has all its outputs."""
    delta, x, w, _ = case.numbers()
    convolution = Conv2d(case.stride, case.padding, case.dilation, case.groups)
    answer = convolution.forward(delta, w)
    seen = (..., *map(slice, x.shape[2:]))  # an output_padding beyond the stride makes room for more of them
    room = np.zeros_like(answer)
    room[seen] = x
    y, dw = convolution.backward(room, delta, w)
    assert_same(case.layer.forward(x, w), y, "y")
    for actual, expected in zip(case.layer.backward(delta, x, w), (answer[seen], dw), strict=True):
        assert_same(actual, expected, "gradient")


@settings(max_examples=20, deadline=None)
@given(case=cases())
def test_memory_layout_does_not_matter(case: Case) -> None:
    """Read-only, Fortran-ordered, strided and reversed arguments give the same answer and stay as they were."""
    assert_keeps_contract(case.layer, *(a.astype(float) for a in case.numbers()))


@pytest.mark.parametrize("block_bytes", [1, 500, 5000])
def test_block_size_does_not_matter(block_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few samples and groups are worked on at a time, the sums are the loops'."""
    monkeypatch.setattr(relation, "BLOCK_BYTES", block_bytes)
    delta, x, w, _ = FIXED.numbers()
    y, *gradients = FIXED.loops(x, w, delta)
    assert_same(FIXED.layer.forward(x, w), y, "y")
    for actual, expected in zip(FIXED.layer.backward(delta, x, w), gradients, strict=True):
        assert_same(actual, expected, "gradient")


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.object_])
def test_empty_batch(dtype: type) -> None:
    """No sample: y and dx are empty, dw and db are zeros of the right shape, everything in the dtype that came in."""
    x, delta = np.zeros((0, *FIXED.x_shape[1:]), dtype), np.zeros((0, *FIXED.y_shape[1:]), dtype)
    w, b = np.ones(FIXED.w_shape, dtype), np.ones(FIXED.y_shape[1:2], dtype)
    assert_same(FIXED.layer.forward(x, w, b), delta, "y")
    for actual, like in zip(FIXED.layer.backward(delta, x, w, b), (x, w, b), strict=True):
        assert_same(actual, np.zeros(like.shape, dtype), "gradient")


@pytest.mark.parametrize(
    ("layer", "x_shape", "w_shape"),
    [
        (ConvTranspose2d(), (2, 2, 2, 2), (2, 2, 2, 3)),
        (ConvTranspose2d(stride=(2, 1), padding=(1, 0), output_padding=(1, 0)), (1, 1, 2, 3), (1, 2, 3, 2)),
        (ConvTranspose2d(groups=2, dilation=(2, 1), output_padding=(1, 0)), (1, 2, 2, 2), (2, 1, 2, 2)),
    ],
)
def test_backward_is_the_derivative_on_polynomials(layer: ConvTranspose2d, x_shape: Index, w_shape: Index) -> None:
    """For all real x, w, b and δ of these shapes, backward is ∂⟨forward, δ⟩."""
    assert_backward_is_derivative(layer, x_shape, w_shape, (w_shape[1] * layer.groups,))


def test_a_network_draws_its_weights() -> None:
    """w: (c, k/groups, r, s), b: (k,), and a size that a strided convolution halved is doubled again."""
    up = ConvTranspose2d(stride=2, padding=1, output_padding=1, groups=2, out_channels=6, kernel_size=3)
    ((w, b),) = Network([up]).init((4, 5, 7), np.random.default_rng(1))
    assert (w.shape, b.shape) == ((4, 3, 3, 3), (6,))
    assert up.forward(np.zeros((1, 4, 5, 7)), w, b).shape == (1, 6, 10, 14)
