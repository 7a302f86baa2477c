"""The masked matrix is the index relation: equal to PyTorch and to brute force over the relation, exactly, on integers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnbp.oracles import masked_dense
from cnnbp.oracles.masked_dense import Array
from cnnbp.oracles.abstention import Abstention

torch.set_num_threads(1)
FEW, MANY = settings(max_examples=50, deadline=None), settings(max_examples=150, deadline=None)
seeds = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Conv:
    """One convolution, on integers with many zeros among the weights."""

    x_shape: tuple[int, ...]
    w_shape: tuple[int, ...]
    options: dict[str, Any]
    seed: int

    def numbers(self) -> tuple[Array, Array, Array]:
        """x, w, b"""
        rng = np.random.default_rng(self.seed)
        x, w, b = (rng.integers(-9, 10, s).astype(float) for s in (self.x_shape, self.w_shape, self.w_shape[:1]))
        return x, w * rng.integers(0, 2, w.shape), b

    def asked_of_torch(self) -> tuple[Array, Array, dict[str, Array]]:
        """delta, y, and the gradients by x, w, b"""
        x, w, b = (torch.tensor(a, requires_grad=True) for a in self.numbers())
        y = F.conv2d(x, w, b, **self.options)
        delta = torch.tensor(np.random.default_rng(self.seed + 1).integers(-9, 10, tuple(y.shape)).astype(float))
        gradients = torch.autograd.grad(y, (x, w, b), delta)
        return delta.numpy(), y.detach().numpy(), dict(zip("xwb", (g.numpy() for g in gradients), strict=True))

    def connections(self, outputs: tuple[int, int]) -> Array:
        """(output cell, tap, input cell) of one sample, by trying every triple of each axis."""
        (k, group, *kernel), (_, channels, *size) = self.w_shape, self.x_shape
        pairs = zip(*(self.options[name] for name in ("stride", "padding", "dilation")), strict=True)
        down, across = (
            [(o, t, i) for o, t, i in product(range(os), range(ts), range(size_)) if i == s * o + d * t - p]
            for os, ts, size_, (s, p, d) in zip(outputs, kernel, size, pairs, strict=True)
        )
        found = []
        for out, c, (p, r, h), (q, s, w) in product(range(k), range(group), down, across):
            into = out * self.options["groups"] // k * group + c
            ends = ((out, p, q), (k, *outputs)), ((out, c, r, s), self.w_shape), ((into, h, w), (channels, *size))
            found.append([int(np.ravel_multi_index(index, shape)) for index, shape in ends])
        return np.array(sorted(found), int).reshape(-1, 3)


@st.composite
def convolutions(draw: st.DrawFn) -> Conv:
    """Unequal axes, strides with a remainder, padding beyond the kernel, dilation, groups; also an empty batch."""
    axes = []
    for _ in range(2):
        kernel, stride, padding, dilation = (draw(st.integers(*ends)) for ends in ((1, 3), (1, 3), (0, 4), (1, 3)))
        least = max(1, dilation * (kernel - 1) + 1 - 2 * padding)
        axes.append((draw(st.integers(least, least + 3)), kernel, stride, padding, dilation))
    size, kernel, stride, padding, dilation = zip(*axes, strict=True)
    n, groups, into, out = draw(st.integers(0, 2)), *(draw(st.integers(1, 2)) for _ in range(3))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return Conv((n, groups * into, *size), (groups * out, into, *kernel), options, draw(seeds))


PLAIN = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1}
LARGE = Conv((2, 3, 12, 11), (6, 3, 4, 3), PLAIN | {"padding": (1, 0)}, seed=7)  # 20,000 connections


@MANY
@given(case=convolutions())
def test_convolution_is_the_matrix(case: Conv) -> None:
    """M·x + b is PyTorch's y for each sample, and M is all that PyTorch makes of the unit vectors."""
    x, w, b = case.numbers()
    _, y, _ = case.asked_of_torch()
    matrix = masked_dense.conv2d_matrix(x.shape, w, **case.options)
    for sample, expected in zip(x, y, strict=True):
        np.testing.assert_array_equal(matrix @ sample.ravel() + np.repeat(b, expected[0].size), expected.ravel())
    units = torch.eye(matrix.shape[1], dtype=torch.float64).reshape(-1, *x.shape[1:])
    np.testing.assert_array_equal(matrix.toarray().T, F.conv2d(units, torch.tensor(w), **case.options).flatten(1))
    np.testing.assert_array_equal(masked_dense.conv2d_matrix(x.shape[1:], w, **case.options).toarray(), matrix.toarray())


@MANY
@given(case=convolutions())
def test_mask_and_ties_are_the_relation(case: Conv) -> None:
    """Row by row, sorted, without duplicates: the connections of the relation, those of weight 0 and of tie 0 included."""
    x, w, _ = case.numbers()
    rows, taps, columns = case.connections(case.asked_of_torch()[1].shape[2:]).T
    order = np.lexsort((columns, rows))
    for matrix, values in (
        (masked_dense.conv2d_matrix(x.shape, w, **case.options), w.ravel()[taps]),
        (masked_dense.conv2d_mask(x.shape, w.shape, **case.options), np.ones(len(taps), bool)),
        (masked_dense.conv2d_ties(x.shape[1:], w.shape, **case.options), taps),
    ):
        coordinates = matrix.tocoo()
        np.testing.assert_array_equal([coordinates.row, coordinates.col], [rows[order], columns[order]])
        np.testing.assert_array_equal(matrix.data, values[order])
        assert matrix.data.dtype == values.dtype
        assert matrix.has_canonical_format


@FEW
@given(case=convolutions())
def test_maps_repeat_the_connections_of_the_first(case: Conv) -> None:
    """What every connection reads and weighs, found map by map, is what its cell and its tie say, one connection at a time."""
    x, w, _ = case.numbers()
    edges = masked_dense.build("Conv2d", case.options, (x, w)).connections
    np.testing.assert_array_equal(edges.weigh(w), w.ravel()[edges.ties])
    for sample in x:
        np.testing.assert_array_equal(edges.read(sample), sample.ravel()[edges.cells])
    for array in (edges.cells, edges.ties, edges.pointer, edges.near, edges.taps, edges.fan):
        assert not array.flags.writeable  # they are kept for the next question of these shapes


@FEW
@example(case=LARGE)
@given(case=convolutions())
def test_answers_terms_and_magnitudes_of_a_convolution(case: Conv) -> None:
    """y, dx, dw, db are PyTorch's; terms counts the triples of each entry, for a weight its copies; `absolute` sums |terms|."""
    args = case.numbers()
    delta, y, gradients = case.asked_of_torch()
    layer = masked_dense.build("Conv2d", case.options, args)
    rows, taps, columns = case.connections(y.shape[2:]).T
    np.testing.assert_array_equal(layer.tied_gradient(delta, args[0]), gradients["w"].ravel())
    answer, without_b = masked_dense.answer(layer, args, delta), masked_dense.answer(layer, args[:2], delta)
    magnitude = masked_dense.answer(layer.absolute, tuple(map(abs, args)), abs(delta))
    for name, expected in {"y": y, **gradients}.items():
        np.testing.assert_array_equal(answer[name], expected, name)
        assert (magnitude[name] >= abs(answer[name])).all(), name
    np.testing.assert_array_equal(without_b["y"], y - args[2][:, None, None])
    assert without_b.keys() == {"y", "x", "w"}
    terms = masked_dense.terms(layer, args, delta)
    for count, (x, w, b, d) in ((terms, tuple(map(np.ones_like, (*args, delta)))), (magnitude, tuple(map(abs, (*args, delta))))):
        expected = {"y": np.zeros_like(d) + b[:, None, None], "x": np.zeros_like(x), "w": np.zeros(w.size), "b": d.sum((0, 2, 3))}
        for n in range(len(x)):
            i, o = x[n].ravel()[columns], d[n].ravel()[rows]
            np.add.at(expected["y"][n].reshape(-1), rows, w.ravel()[taps] * i)
            np.add.at(expected["x"][n].reshape(-1), columns, w.ravel()[taps] * o)
            np.add.at(expected["w"], taps, o * i)
        for name, value in expected.items():
            np.testing.assert_array_equal(count[name], value.reshape(count[name].shape), name)


@pytest.mark.parametrize("b", [(), (np.array([5.0, -7.0]),)])
def test_dense_flatten_and_identity(b: tuple[Array, ...]) -> None:
    """The fully-connected layer is the masked layer without a mask; flatten and identity are the unit matrix."""
    x, w, delta = np.array([[1.0, -2, 3], [0, 4, 5]]), np.array([[2.0, 0, 1], [-1, 3, 0]]), np.array([[1.0, 2], [-3, 4]])
    layer, args = masked_dense.build("Dense", {}, (x, w, *b)), (x, w, *b)
    expected = {"y": x @ w.T + sum(b), "x": delta @ w, "w": delta.T @ x, "b": delta.sum(0)}
    terms = {"y": 3 + len(b), "x": 2, "w": 2, "b": 2}
    answer, counted = masked_dense.answer(layer, args, delta), masked_dense.terms(layer, args, delta)
    assert list(answer) == list(counted) == ["y", "x", "w", "b"][: 3 + len(b)]
    for name in answer:
        np.testing.assert_array_equal(answer[name], expected[name], name)
        np.testing.assert_array_equal(counted[name], np.full(expected[name].shape, terms[name]), name)
    for operator, shape in (("Flatten", (2, 1, 1, 3)), ("Identity", (2, 3))):
        cells = x.reshape(shape)
        answer = masked_dense.answer(masked_dense.build(operator, {}, (cells,)), (cells,), 2 * x)
        np.testing.assert_array_equal(answer["y"], x)
        np.testing.assert_array_equal(answer["x"], 2 * cells)


def test_abstains_where_nothing_is_connected() -> None:
    """An elementwise layer has no masked form."""
    with pytest.raises(Abstention, match="Sigmoid"):
        masked_dense.build("Sigmoid", {}, (np.ones(3),))


def test_a_matrix_belongs_to_its_caller() -> None:
    """Eliminating the zeros of one matrix in place leaves the next matrix of that shape alone."""
    x_shape, w = (1, 2, 17), np.array([[[[0.0, 1]]]])  # a shape that no other test asks about
    before = masked_dense.conv2d_matrix(x_shape, w).toarray()
    masked_dense.conv2d_matrix(x_shape, w).eliminate_zeros()
    np.testing.assert_array_equal(masked_dense.conv2d_matrix(x_shape, w).toarray(), before)


@pytest.mark.parametrize(
    ("x_shape", "w_shape", "options", "said"),
    [
        ((3, 4, 4), (2, 2, 3, 3), {}, "3 input channels"),
        ((2, 4, 4), (3, 1, 3, 3), {"groups": 2}, "groups=2"),
        ((1, 2, 2), (1, 1, 3, 3), {}, "2 cells, kernel_size=3"),
        ((1, 4, 4), (1, 1, 3, 3), {"stride": 0}, "stride=0"),
        ((1, 4, 4), (1, 1, 3, 3), {"padding": (0, -1)}, "padding=-1"),
    ],
)
def test_shapes_that_make_no_sense_are_refused(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], options: dict[str, Any], said: str
) -> None:
    """The matrix, its mask and its ties answer a mistake with what came."""
    with pytest.raises(ValueError, match=said):
        masked_dense.conv2d_matrix(x_shape, np.ones(w_shape), **options)
