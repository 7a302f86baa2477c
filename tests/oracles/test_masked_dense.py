"""The masked matrix is the index relation: equal to PyTorch and to brute force over the relation, exactly, on integers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
import torch
from hypothesis import example, given, settings
from torch.nn import functional as F

from cnnbp import strategies
from cnnbp.cases import Case
from cnnbp.oracles import autograd, masked_dense
from cnnbp.oracles.connections import pair
from cnnbp.oracles.masked_dense import Array
from tests.helpers.convolutions import PLAIN, Conv, convolutions, relation, seeds

FEW, MANY = settings(max_examples=12), settings(max_examples=15)
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
    rows, taps, columns = case.connections().T
    order = np.lexsort((columns, rows))
    for matrix, values in (
        (masked_dense.conv2d_matrix(x.shape, w, **case.options), w.ravel()[taps]),
        (masked_dense.conv2d_ties(x.shape[1:], w.shape, **case.options), taps),
    ):
        coordinates = matrix.tocoo()
        np.testing.assert_array_equal([coordinates.row, coordinates.col], [rows[order], columns[order]])
        np.testing.assert_array_equal(matrix.data, values[order])
        assert matrix.data.dtype == values.dtype
        assert matrix.has_canonical_format


@FEW
@example(case=LARGE)
@given(case=convolutions())
def test_answers_terms_and_magnitudes_of_a_convolution(case: Conv) -> None:
    """y, dx, dw, db are PyTorch's; terms counts the triples of each entry, for a weight its copies; `absolute` sums |terms|."""
    args = case.numbers()
    delta, y, gradients = case.asked_of_torch()
    layer = masked_dense.convolution(case.options, args)
    rows, taps, columns = case.connections().T
    np.testing.assert_array_equal(layer.shared_gradient(delta, args[0]), gradients["w"].ravel())
    answer, without_b = masked_dense.answer(layer, args, delta), masked_dense.answer(layer, args[:2], delta)
    magnitude = masked_dense.answer(layer.absolute, tuple(map(abs, args)), abs(delta))
    for name, expected in {"y": y, **gradients}.items():
        np.testing.assert_array_equal(answer[name], expected, name)
        assert (magnitude[name] >= abs(answer[name])).all(), name
    np.testing.assert_array_equal(without_b["y"], y - args[2][:, None, None])
    assert without_b.keys() == {"y", "x", "w"}
    terms = {quantity: masked_dense.terms(layer, quantity, args, delta) for quantity in answer}
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
    layer, args = masked_dense.dense({}, (x, w, *b)), (x, w, *b)
    expected = {"y": x @ w.T + sum(b), "x": delta @ w, "w": delta.T @ x, "b": delta.sum(0)}
    terms = {"y": 3 + len(b), "x": 2, "w": 2, "b": 2}
    answer = masked_dense.answer(layer, args, delta)
    assert list(answer) == ["y", "x", "w", "b"][: 3 + len(b)]
    counted = {quantity: masked_dense.terms(layer, quantity, args, delta) for quantity in answer}
    for name in answer:
        np.testing.assert_array_equal(answer[name], expected[name], name)
        np.testing.assert_array_equal(counted[name], np.full(expected[name].shape, terms[name]), name)
    for network, shape in ((masked_dense.flat, (2, 1, 1, 3)), (masked_dense.identity, (2, 3))):
        cells = x.reshape(shape)
        answer = masked_dense.answer(network({}, (cells,)), (cells,), 2 * x)
        np.testing.assert_array_equal(answer["y"], x)
        np.testing.assert_array_equal(answer["x"], 2 * cells)


@FEW
@given(case=strategies.conv_transpose2d(), seed=seeds)
def test_a_transposed_convolution_is_the_transposed_matrix(case: Case, seed: int) -> None:
    """Its matrix is that of the convolution from y back to x, transposed; its answers on integers are PyTorch's."""
    rng = np.random.default_rng(seed)
    args = tuple(rng.integers(-9, 10, a.shape).astype(float) for a in case.args)
    delta = rng.integers(-9, 10, case.delta.shape).astype(float)
    layer = masked_dense.transposed_convolution(vars(case.layer), args)
    assert layer.y_shape == case.delta.shape[1:]
    geometry = {name: pair(getattr(case.layer, name)) for name in ("stride", "padding", "dilation")}
    o, t, i = relation(layer.y_shape, args[1].shape, {**geometry, "groups": case.layer.groups}, args[0].shape[2:]).T
    convolution = scipy.sparse.csr_array((args[1].ravel()[t], (o, i)), shape=(args[0][0].size, delta[0].size))
    assert not (layer.own != convolution.T).nnz
    expected = autograd.answer("ConvTranspose2d", vars(case.layer), args, delta, ("x", "w", "b"))
    ones = tuple(map(np.ones_like, args))
    counting = masked_dense.transposed_convolution(vars(case.layer), ones)
    for quantity, said in masked_dense.answer(layer, args, delta).items():
        np.testing.assert_array_equal(said, expected[quantity], quantity)
        magnitude = masked_dense.one(layer.absolute, quantity, tuple(map(abs, args)), abs(delta))
        counted = masked_dense.one(counting, quantity, ones, np.ones_like(delta))
        np.testing.assert_array_equal(masked_dense.terms(layer, quantity, args, delta), counted, quantity)
        assert (magnitude >= abs(said)).all(), quantity


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
