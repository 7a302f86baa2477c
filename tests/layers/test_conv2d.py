"""Conv2d equals seven nested loops over the index relation, in every number system, entry by entry and exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.layers import Conv2d, relation
from tests.layers import loops
from tests.layers.contract import assert_keeps_contract, assert_same
from tests.layers.loops import NUMBER_SYSTEMS, Array, Index, Pair, integers
from tests.layers.polynomials import assert_backward_is_derivative


@dataclass(frozen=True)
class Case:
    """Options, shapes and integer numbers of one convolution."""

    stride: Pair
    padding: Pair
    dilation: Pair
    groups: int
    x_shape: Index
    w_shape: Index
    seed: int

    @property
    def layer(self) -> Conv2d:
        return Conv2d(self.stride, self.padding, self.dilation, self.groups)

    @property
    def y_shape(self) -> Index:
        axes = zip(self.x_shape[2:], self.w_shape[2:], self.stride, self.padding, self.dilation, strict=True)
        return self.x_shape[0], self.w_shape[0], *(loops.outputs(*axis) for axis in axes)

    def numbers(self) -> list[Array]:
        """delta, x, w, b"""
        return integers(self.seed, self.y_shape, self.x_shape, self.w_shape, self.w_shape[:1])

    def loops(self, x: Array, w: Array, delta: Array) -> tuple[Array, Array, Array]:
        return loops.conv2d(x, w, delta, self.stride, self.padding, self.dilation, self.groups)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Unequal axes, strides that leave a remainder, padding up to beyond the kernel, groups of one channel and of more."""
    axes = []
    for _ in range(2):
        kernel, stride, padding, dilation = (draw(st.integers(*ends)) for ends in ((1, 3), (1, 3), (0, 4), (1, 2)))
        least = max(1, dilation * (kernel - 1) + 1 - 2 * padding)
        axes.append((draw(st.integers(least, least + 3)), kernel, stride, padding, dilation))
    size, kernel, stride, padding, dilation = zip(*axes, strict=True)
    n, groups, into, out = (draw(st.integers(1, 2)) for _ in range(4))
    seed = draw(st.integers(0, 2**32 - 1))
    return Case(stride, padding, dilation, groups, (n, groups * into, *size), (groups * out, into, *kernel), seed)


FIXED = Case((2, 1), (1, 3), (1, 2), 2, (3, 4, 5, 4), (2, 2, 2, 3), seed=1)


@settings(max_examples=20, deadline=None)
@given(case=cases())
def test_equals_the_loops_in_every_number_system(case: Case) -> None:
    """y, dx, dw and db are the loops' numbers, in the dtype that came in; without b the first three of them."""
    delta, x, w, b = case.numbers()
    y, dx, dw = case.loops(x, w, delta)
    db = delta.sum((0, 2, 3))
    for dtype, unit in NUMBER_SYSTEMS:

        def scaled(a: Array, degree: int, dtype: Any = dtype, unit: Any = unit) -> Array:
            scaled: Array = a.astype(dtype) * unit**degree
            return scaled

        delta_, x_, w_, b_ = scaled(delta, 1), scaled(x, 1), scaled(w, 1), scaled(b, 2)
        expected = {"dx": scaled(dx, 2), "dw": scaled(dw, 2), "db": scaled(db, 1)}
        assert_same(case.layer.forward(x_, w_), scaled(y, 2), "y without b")
        assert_same(case.layer.forward(x_, w_, b_), scaled(y + b[:, None, None], 2), "y")
        assert len(case.layer.backward(delta_, x_, w_)) == 2
        for actual, (name, gradient) in zip(case.layer.backward(delta_, x_, w_, b_), expected.items(), strict=True):
            assert_same(actual, gradient, name)


@settings(max_examples=20, deadline=None)
@given(case=cases())
def test_backward_is_the_adjoint_of_forward(case: Case) -> None:
    """⟨dx, x′⟩ = ⟨δ, forward(x′, w)⟩ and ⟨dw, w′⟩ = ⟨δ, forward(x, w′)⟩, for any x′ and w′."""
    delta, x, w, _ = case.numbers()
    dx, dw = case.layer.backward(delta, x, w)
    other_x, other_w = integers(case.seed + 1, x.shape, w.shape)
    assert np.sum(dx * other_x) == np.sum(delta * case.layer.forward(other_x, w))
    assert np.sum(dw * other_w) == np.sum(delta * case.layer.forward(x, other_w))


@settings(max_examples=20, deadline=None)
@given(case=cases())
def test_memory_layout_does_not_matter(case: Case) -> None:
    """Read-only, Fortran-ordered, strided and reversed arguments give the same answer and stay as they were."""
    assert_keeps_contract(case.layer, *(a.astype(float) for a in case.numbers()))


@pytest.mark.parametrize("block_bytes", [1, 500, 5000, 1 << 20])
def test_block_size_does_not_matter(block_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few samples and groups are gathered at a time, the sums are the loops'."""
    monkeypatch.setattr(relation, "BLOCK_BYTES", block_bytes)
    delta, x, w, _ = FIXED.numbers()
    y, dx, dw = FIXED.loops(x, w, delta)
    assert_same(FIXED.layer.forward(x, w), y, "y")
    for actual, expected in zip(FIXED.layer.backward(delta, x, w), (dx, dw), strict=True):
        assert_same(actual, expected, "gradient")


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.object_])
def test_empty_batch(dtype: type) -> None:
    """No sample: y and dx are empty, dw and db are zeros of the right shape, everything in the dtype that came in."""
    x, delta = np.zeros((0, *FIXED.x_shape[1:]), dtype), np.zeros((0, *FIXED.y_shape[1:]), dtype)
    w, b = np.ones(FIXED.w_shape, dtype), np.ones(FIXED.w_shape[:1], dtype)
    assert_same(FIXED.layer.forward(x, w, b), delta, "y")
    for actual, like in zip(FIXED.layer.backward(delta, x, w, b), (x, w, b), strict=True):
        assert_same(actual, np.zeros(like.shape, dtype), "gradient")


@pytest.mark.parametrize("option", ["stride", "padding", "dilation", "kernel_size"])
def test_an_integer_means_a_pair(option: str) -> None:
    """2 and (2, 2) are the same option, also as NumPy integers."""
    x, w = integers(3, (1, 1, 6, 6), (1, 1, 2, 2))
    expected = Conv2d(**{option: (2, 2)}).forward(x, w)
    for value in (2, np.int64(2), [2, 2], (np.uint8(2), 2)):
        assert_same(Conv2d(**{option: value}).forward(x, w), expected, option)


def test_a_list_of_options_is_taken_as_it_is_now() -> None:
    """What is done to the list later does not reach the layer, and the layer can be a key."""
    stride = [2, 1]
    layer = Conv2d(stride=stride)  # type: ignore[arg-type]
    stride[0] = 1
    assert layer == Conv2d(stride=(2, 1))
    assert hash(layer) == hash(Conv2d(stride=(2, 1)))


@pytest.mark.parametrize(
    ("layer", "x_shape", "w_shape"),
    [
        (Conv2d(), (2, 2, 3, 4), (2, 2, 2, 3)),
        (Conv2d(stride=(2, 1), padding=(1, 2), dilation=(1, 2)), (1, 1, 4, 3), (2, 1, 3, 2)),
        (Conv2d(groups=2, padding=3), (1, 2, 2, 2), (2, 1, 2, 2)),
    ],
)
def test_backward_is_the_derivative_on_polynomials(layer: Conv2d, x_shape: Index, w_shape: Index) -> None:
    """For all real x, w, b and δ of these shapes, backward is ∂⟨forward, δ⟩."""
    assert_backward_is_derivative(layer, x_shape, w_shape, w_shape[:1])
