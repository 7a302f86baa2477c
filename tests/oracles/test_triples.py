"""T read from either end, map by map, summed up, and as sparse masks: always the same set of edges."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from cnnbp.oracles.masked_dense import MaskedDense
from tests.helpers.convolutions import Conv, convolutions, rows

FEW = settings(max_examples=12)


@FEW
@given(case=convolutions())
def test_exchanged_is_the_same_set_from_the_other_end(case: Conv) -> None:
    """o and i change places; twice is the same set of triples; what is sorted by output stays sorted by output."""
    edges = case.edges()
    other = edges.exchanged(1, 1)
    twice = other.exchanged(edges.maps, edges.alike)
    for o, t, i in ((other.i, other.t, other.o), (twice.o, twice.t, twice.i)):
        np.testing.assert_array_equal(rows(o, t, i), rows(edges.o, edges.t, edges.i))
    assert (np.diff(other.o) >= 0).all()
    assert (other.inputs, other.outputs, other.weights) == (edges.outputs, edges.inputs, edges.weights)
    np.testing.assert_array_equal(other.fan_in, edges.fan_out)
    np.testing.assert_array_equal(other.copies, edges.copies)


@FEW
@given(case=convolutions())
def test_maps_repeat_the_edges_of_the_first(case: Conv) -> None:
    """The first map of each group, and which weights the others have in the place of its own, are the whole of T."""
    edges = case.edges()
    first, places, cells = edges.first, edges.places, edges.outputs // edges.maps
    before = first.o // cells * (edges.alike - 1) * cells
    maps = [(first.o + before + m * cells, places[first.t, m], first.i) for m in range(edges.alike)]
    o, t, i = (np.concatenate(column) for column in zip(*maps, strict=True))
    np.testing.assert_array_equal(rows(o, t, i), rows(edges.o, edges.t, edges.i))


@FEW
@given(case=convolutions())
def test_sums_over_the_edges_of_each_output(case: Conv) -> None:
    """What stands on the edges, and the inputs that they lead to; 0 where an output has none."""
    edges, rng = case.edges(), np.random.default_rng(case.seed)
    values, x = rng.integers(-9, 10, (2, edges.o.size)), rng.integers(-9, 10, (3, edges.inputs)).astype(float)
    expected, met = np.zeros((2, edges.outputs)), np.zeros((3, edges.outputs))
    np.add.at(expected, (slice(None), edges.o), values)
    np.add.at(met, (slice(None), edges.o), x[:, edges.i])
    np.testing.assert_array_equal(edges.sums(values), expected)
    np.testing.assert_array_equal(edges.met(x), met)


@FEW
@given(case=convolutions())
def test_masks_are_the_edges_from_three_ends(case: Conv) -> None:
    """Which inputs each output reads, the same transposed, and which outputs use each weight; kept, and empty of values."""
    edges = case.edges()
    ones = np.ones((2, edges.i.size))
    for mask, row, column in (
        (edges.pattern, edges.o, edges.i), (edges.transposed, edges.i, edges.o), (edges.shared, edges.t, edges.o)
    ):  # fmt: skip
        counted = np.zeros(mask.shape)
        np.add.at(counted, (row, column), 1)
        filled = mask.copy()
        filled.data = ones[0]
        np.testing.assert_array_equal(filled.toarray(), counted)
        assert not mask.data.any()
    layer = MaskedDense(edges, ones[0])
    assert layer.own.sum() == layer.transposed(ones[1]).sum() == edges.i.size
    assert not edges.pattern.data.any(), "who fills in values fills in a copy"
