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
from tests.helpers.convolutions import Conv, convolutions, relation, rows
from tests.layers import loops
from tests.layers.loops import Array

FEW = settings(max_examples=12)


@FEW
@given(case=convolutions())
def test_a_convolution_is_its_relation(case: Conv) -> None:
    """Every triple of the relation once, and no other; output by output, and not to be written into: they are kept."""
    edges = case.edges()
    np.testing.assert_array_equal(rows(edges.o, edges.t, edges.i), case.connections())
    assert (np.diff(edges.o) >= 0).all()
    assert not any(a.flags.writeable for a in (edges.o, edges.t, edges.i))
    assert case.edges() is edges


@FEW
@given(case=convolutions())
def test_a_convolution_is_three_contractions(case: Conv) -> None:
    """z[o] += w[t]·x[i], dx[i] += w[t]·δ[o], dw[t] += δ[o]·x[i], over T, are what the loops make of each sample."""
    (x, w, _), delta, edges = case.numbers(), case.asked_of_torch()[0], case.edges()
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
@given(case=strategies.conv_transpose2d())
def test_a_transposed_convolution_is_the_relation_from_the_other_end(case: Case) -> None:
    """The triples of the convolution that takes y to x, with as many outputs as x has cells, o and i exchanged."""
    options = {name: pair(getattr(case.layer, name)) for name in ("stride", "padding", "dilation", "output_padding")}
    geometry = {**options, "groups": case.layer.groups}
    x, w = case.args[:2]
    edges = connections.transposed_convolution(x.shape[1:], w.shape, **geometry)
    assert connections.transposed_shape(x.shape[1:], w.shape, **geometry) == case.delta.shape[1:]
    back = relation(case.delta.shape[1:], w.shape, geometry, x.shape[2:])
    np.testing.assert_array_equal(rows(edges.i, edges.t, edges.o), back)


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
