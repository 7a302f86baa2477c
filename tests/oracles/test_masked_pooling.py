"""Pooling as a masked matrix: PyTorch's answer to every unit vector, and PyTorch's own winners, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnbp.oracles import masked_dense
from cnnbp.oracles.masked_dense import Array

MANY = settings(max_examples=20)


@dataclass(frozen=True)
class Pool:
    """One pooling, of integers."""

    shape: tuple[int, ...]
    options: dict[str, Any]
    dilation: tuple[int, int]
    seed: int
    highest: int = field(default=3)

    def numbers(self) -> Array:
        """x: a small range, so that ties abound; below zero where `highest` is, so that padding with 0 would win."""
        return np.random.default_rng(self.seed).integers(self.highest - 4, self.highest + 1, self.shape).astype(float)


@st.composite
def pools(draw: st.DrawFn, kernel_most: int = 3, dilation_most: int = 1) -> Pool:
    """Windows that overlap, leave cells out, overhang (ceil_mode), and stick out into the padding; h ≠ w."""
    axes = []
    for _ in range(2):
        kernel, dilation = draw(st.integers(1, kernel_most)), draw(st.integers(1, dilation_most))
        padding = draw(st.integers(0, kernel // 2))
        least = max(1, dilation * (kernel - 1) + 1 - 2 * padding)
        axes.append((kernel, draw(st.integers(1, 3)), padding, dilation, draw(st.integers(least, least + 4))))
    kernel, stride, padding, dilation, size = zip(*axes, strict=True)
    options = {
        "kernel_size": kernel,
        "stride": draw(st.sampled_from([stride, None])),
        "padding": padding,
        "ceil_mode": draw(st.booleans()),
    }
    shape = draw(st.integers(1, 2)), draw(st.integers(1, 2)), *size
    return Pool(shape, options, dilation, draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from([3, -5])))


@MANY
@given(case=pools(), count_include_pad=st.booleans())
def test_mean_pooling_is_the_matrix(case: Pool, count_include_pad: bool) -> None:
    """M is what PyTorch makes of the unit vectors: 1/|window| correctly rounded, 0 elsewhere; in canonical form."""
    options = case.options | {"count_include_pad": count_include_pad}
    matrix = masked_dense.avg_pool2d_matrix(case.shape, **options)
    units = torch.eye(matrix.shape[1], dtype=torch.float64).reshape(-1, *case.shape[1:])
    expected = F.avg_pool2d(units, **options).flatten(1).numpy().T
    np.testing.assert_array_equal(matrix.toarray(), expected)
    assert matrix.nnz == np.count_nonzero(expected)
    assert matrix.has_canonical_format
    np.testing.assert_array_equal(masked_dense.avg_pool2d_matrix(case.shape[1:], **options).toarray(), expected)


@MANY
@given(case=pools(dilation_most=3))
def test_max_pooling_is_the_matrix_of_the_winners(case: Pool) -> None:
    """1 at the first winner of each window, which is PyTorch's, and in block form for several samples. Padding never wins."""
    x, options = case.numbers(), case.options | {"dilation": case.dilation}
    y, winners = F.max_pool2d(torch.tensor(x), **options, return_indices=True)
    assume(bool(torch.isfinite(y).all()))  # else a window sees padding only
    matrix, cells = masked_dense.max_pool2d_matrix(x, **options), case.shape[2] * case.shape[3]
    expected = winners.flatten(2).numpy() + cells * np.arange(case.shape[0] * case.shape[1]).reshape(case.shape[:2])[:, :, None]
    np.testing.assert_array_equal(matrix.indices, expected.ravel())
    np.testing.assert_array_equal(matrix.indptr, np.arange(y.numel() + 1))
    np.testing.assert_array_equal(matrix.data, np.ones(y.numel()))
    assert matrix.shape == (y.numel(), x.size)
    np.testing.assert_array_equal(matrix @ x.ravel(), y.flatten())
    first = masked_dense.max_pool2d_matrix(x[0], **options).toarray()
    np.testing.assert_array_equal(first, matrix.toarray()[: first.shape[0], : first.shape[1]])


@pytest.mark.parametrize("operator", ["AvgPool2d", "MaxPool2d"])
@MANY
@given(data=st.data())
def test_answers_terms_and_magnitudes_of_pooling(operator: str, data: st.DataObject) -> None:
    """y and dx are PyTorch's, exactly; terms counts the cells of a window and the windows of a cell; `absolute` sums |terms|."""
    # Windows of 1, 2 and 4 cells: their means are exact, and so is 1/|window|.
    case = data.draw(pools(kernel_most=2) if operator == "AvgPool2d" else pools(dilation_most=3))
    dilated = {"count_include_pad": data.draw(st.booleans())} if operator == "AvgPool2d" else {"dilation": case.dilation}
    x, options = case.numbers(), case.options | dilated
    tensor = torch.tensor(x, requires_grad=True)
    y = (F.avg_pool2d if operator == "AvgPool2d" else F.max_pool2d)(tensor, **options)
    assume(bool(torch.isfinite(y).all()))
    delta = np.random.default_rng(case.seed + 1).integers(-9, 10, tuple(y.shape)).astype(float)
    (dx,) = torch.autograd.grad(y, tensor, torch.tensor(delta))
    layer = (masked_dense.average_pool if operator == "AvgPool2d" else masked_dense.max_pool)(options, (x,))
    answer, magnitude = masked_dense.answer(layer, (x,), delta), masked_dense.answer(layer.absolute, (abs(x),), abs(delta))
    matrix = layer.own.toarray()
    samples = (len(x), matrix.shape[1]) if operator == "AvgPool2d" else (1, x.size)
    for name, expected, operand, m in (("y", y.detach().numpy(), x, matrix.T), ("x", dx.numpy(), delta, matrix)):
        np.testing.assert_array_equal(answer[name], expected, name)
        np.testing.assert_array_equal(magnitude[name], (abs(operand).reshape(samples[0], -1) @ m).reshape(expected.shape), name)
        assert (magnitude[name] >= abs(expected)).all(), name
        terms = np.broadcast_to(np.count_nonzero(m, axis=0), (samples[0], m.shape[1])).reshape(expected.shape)
        np.testing.assert_array_equal(masked_dense.terms(layer, name, (x,), delta), terms, name)
    np.testing.assert_array_equal(masked_dense.forward(layer.own, x).ravel(), y.detach().numpy().ravel())


def test_ties_and_padding_by_hand() -> None:
    """Of equals the first in row-major order wins, and padding loses to everything, however small."""
    x = np.array([[[2.0, 2, -1], [2, 2, -1], [-9, -9, -9]]])
    assert list(masked_dense.max_pool2d_matrix(x, 2, stride=1).indices) == [0, 1, 3, 4]
    assert list(masked_dense.max_pool2d_matrix(x - 100, 3, stride=3, padding=1).indices) == [0]
    assert list(masked_dense.max_pool2d_matrix(x - 100, 3, stride=2, padding=1, ceil_mode=True).indices) == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("x", "options"),
    [
        (np.ones((1, 2, 2)), {"stride": 1, "padding": 1, "dilation": 3}),  # the first window sees padding only
        (np.full((1, 2, 2), -np.inf), {"padding": 1}),
    ],
)
def test_no_winner_outside_the_input(x: Array, options: dict[str, int]) -> None:
    """Where no cell of a window can win, the matrix is refused, or the winner is a cell nevertheless."""
    try:
        matrix = masked_dense.max_pool2d_matrix(x, 2, **options)
    except ValueError:
        return
    assert ((matrix.indices >= 0) & (matrix.indices < x.size)).all()
