"""T is the relation input = stride·output + dilation·tap − padding, found again by plain loops, and read from either end."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp import strategies
from cnnbp.cases import Case
from cnnbp.oracles import connections
from cnnbp.oracles.connections import pair
from cnnbp.oracles.triples import Connections
from tests.helpers.convolutions import Conv, convolutions, relation
from tests.layers import loops
from tests.layers.loops import Array

FEW = settings(max_examples=25)


def _rows(o: Array, t: Array, i: Array) -> Array:
    """Triples in rows, sorted by the first column, then the second."""
    order = np.lexsort((i, t, o))
    return np.stack([o, t, i], 1)[order]


def _of(case: Conv) -> Connections:
    geometry = (case.options[name] for name in ("stride", "padding", "dilation", "groups"))
    return connections.convolution(case.x_shape[1:], case.w_shape, *geometry)


@FEW
@given(case=convolutions())
def test_a_convolution_is_its_relation(case: Conv) -> None:
    """Every triple of the relation once, and no other; output by output, and not to be written into: they are kept."""
    edges = _of(case)
    np.testing.assert_array_equal(_rows(edges.o, edges.t, edges.i), case.connections())
    assert (np.diff(edges.o) >= 0).all()
    assert not any(a.flags.writeable for a in (edges.o, edges.t, edges.i))
    assert _of(case) is edges


@FEW
@given(case=convolutions())
def test_a_convolution_is_three_contractions(case: Conv) -> None:
    """z[o] += w[t]·x[i], dx[i] += w[t]·δ[o], dw[t] += δ[o]·x[i], over T, are what the loops make of each sample."""
    (x, w, _), delta, edges = case.numbers(), case.asked_of_torch()[0], _of(case)
    geometry = (case.options[name] for name in ("stride", "padding", "dilation", "groups"))
    y, dx, dw = loops.conv2d(x, w, delta, *geometry)
    found_y, found_dx, found_dw = np.zeros_like(y), np.zeros_like(dx), np.zeros(w.size)
    for n in range(len(x)):
        cells, residual, weights = x[n].ravel()[edges.i], delta[n].ravel()[edges.o], w.ravel()[edges.t]
        np.add.at(found_y[n].reshape(-1), edges.o, weights * cells)
        np.add.at(found_dx[n].reshape(-1), edges.i, weights * residual)
        np.add.at(found_dw, edges.t, residual * cells)
    np.testing.assert_array_equal(found_y, y)
    np.testing.assert_array_equal(found_dx, dx)
    np.testing.assert_array_equal(found_dw.reshape(w.shape), dw)


@FEW
@given(case=convolutions())
def test_exchanged_is_the_same_set_from_the_other_end(case: Conv) -> None:
    """o and i change places; twice is the same set of triples; what is sorted by output stays sorted by output."""
    edges = _of(case)
    other = edges.exchanged(1, 1)
    twice = other.exchanged(edges.maps, edges.alike)
    for o, t, i in ((other.i, other.t, other.o), (twice.o, twice.t, twice.i)):
        np.testing.assert_array_equal(_rows(o, t, i), _rows(edges.o, edges.t, edges.i))
    assert (np.diff(other.o) >= 0).all()
    assert (other.inputs, other.outputs, other.weights) == (edges.outputs, edges.inputs, edges.weights)
    np.testing.assert_array_equal(other.fan_in, edges.fan_out)
    np.testing.assert_array_equal(other.copies, edges.copies)


@FEW
@given(case=convolutions())
def test_maps_repeat_the_edges_of_the_first(case: Conv) -> None:
    """The first map of each group, and which weights the others have in the place of its own, are the whole of T."""
    edges = _of(case)
    first, places, cells = edges.first, edges.places, edges.outputs // edges.maps
    before = first.o // cells * (edges.alike - 1) * cells
    maps = [(first.o + before + m * cells, places[first.t, m], first.i) for m in range(edges.alike)]
    o, t, i = (np.concatenate(column) for column in zip(*maps, strict=True))
    np.testing.assert_array_equal(_rows(o, t, i), _rows(edges.o, edges.t, edges.i))


@FEW
@given(case=convolutions())
def test_sums_over_the_edges_of_each_output(case: Conv) -> None:
    """What stands on the edges, and the inputs that they lead to; 0 where an output has none."""
    edges, rng = _of(case), np.random.default_rng(case.seed)
    values, x = rng.integers(-9, 10, (2, edges.o.size)), rng.integers(-9, 10, (3, edges.inputs)).astype(float)
    expected, met = np.zeros((2, edges.outputs)), np.zeros((3, edges.outputs))
    np.add.at(expected, (slice(None), edges.o), values)
    np.add.at(met, (slice(None), edges.o), x[:, edges.i])
    np.testing.assert_array_equal(edges.sums(values), expected)
    np.testing.assert_array_equal(edges.met(x), met)


@FEW
@given(case=strategies.conv_transpose2d())
def test_a_transposed_convolution_is_the_relation_from_the_other_end(case: Case) -> None:
    """The triples of the convolution that takes y to x, with as many outputs as x has cells, o and i exchanged."""
    options = {name: pair(getattr(case.layer, name)) for name in ("stride", "padding", "dilation", "output_padding")}
    geometry = {**options, "groups": case.layer.groups}
    x, w = case.args[:2]
    edges = connections.transposed_convolution(x.shape[1:], w.shape, **geometry)
    assert connections.transposed_shape(x.shape[1:], w.shape, **geometry) == case.delta.shape[1:]
    back = relation(case.delta.shape[1:], w.shape, geometry, x.shape[2:])
    np.testing.assert_array_equal(_rows(edges.i, edges.t, edges.o), back)


@FEW
@given(case=strategies.avg_pool2d())
def test_means_divide_by_their_windows(case: Case) -> None:
    """The edges and |window| of average pooling are those of the plain loops, map by map."""
    x, options = case.args[0], vars(case.layer)
    edges, sizes = connections.averages(x.shape, **options)
    windows = _windows(x, options)
    cells = x.shape[2] * x.shape[3]
    expected = [
        (m * len(windows) + o, m * cells + h * x.shape[3] + w)
        for m in range(x.shape[1])
        for o, (inside, _) in enumerate(windows.values())
        for h, w in inside
    ]
    assert sorted(zip(edges.o.tolist(), edges.i.tolist(), strict=True)) == sorted(expected)
    counted = [all_of if options["count_include_pad"] else len(inside) for inside, all_of in windows.values()]
    assert sizes.tolist() == counted * x.shape[1]


@FEW
@given(case=strategies.max_pool2d(), seed=st.integers(0, 99))
def test_the_first_of_the_largest_wins(case: Case, seed: int) -> None:
    """Each window's one edge leads to its first largest cell in row-major order, also among ties."""
    x = np.random.default_rng(seed).integers(-1, 2, case.args[0].shape)
    windows, cells = _windows(x, vars(case.layer)), x.shape[2] * x.shape[3]
    expected = [
        number * cells + h * x.shape[3] + w
        for number, image in enumerate(x.reshape(-1, *x.shape[2:]))
        for inside, _ in windows.values()
        for h, w in [max(inside, key=lambda cell, image=image: image[cell])]
    ]
    assert connections.winners(x, **vars(case.layer)).i.tolist() == expected


def _windows(x: Array, options: dict[str, Any]) -> loops.Windows:
    kernel, padding, dilation = (pair(options.get(name, 1)) for name in ("kernel_size", "padding", "dilation"))
    stride = kernel if options["stride"] is None else pair(options["stride"])
    return loops.pool_windows(x.shape[2:], kernel, stride, padding, dilation, options["ceil_mode"])
