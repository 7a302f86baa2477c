"""The slices of Axis and Relation enumerate T: every triple of the definition, once, and no other."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from cnnbp.layers.relation import Axis, Relation
from tests.layers import loops
from tests.layers.contract import assert_same
from tests.layers.loops import integers

GRID = [
    Axis("h", size, kernel, stride, padding, dilation, ceil_mode)
    for size, kernel, stride, padding, dilation, ceil_mode in product(
        range(7), range(1, 5), range(1, 4), range(5), range(1, 4), (False, True)
    )
    if dilation * (kernel - 1) + 1 <= size + 2 * padding and not (ceil_mode and 2 * padding > kernel)  # as pooling asks
]


def _numbers(axis: Axis) -> tuple[int, int, int, int, int]:
    return axis.size, axis.kernel, axis.stride, axis.padding, axis.dilation


def _pairs(axis: Axis, r: int) -> list[tuple[int, int]]:
    """(output, input) by definition, for one tap."""
    met = ((p, loops.cell(p, r, *_numbers(axis)[2:])) for p in range(loops.outputs(*_numbers(axis), axis.ceil_mode)))
    return [(p, h) for p, h in met if 0 <= h < axis.size]


def test_output_counts() -> None:
    """As many outputs as windows fit, and under ceil_mode PyTorch's overhanging one."""
    for axis in GRID:
        assert axis.outputs == loops.outputs(*_numbers(axis), axis.ceil_mode), axis


def test_taps_enumerate_the_relation() -> None:
    """The slices of a tap face each other exactly where input = stride·output + dilation·tap − padding, in range."""
    for axis in GRID:
        for r in range(axis.kernel):
            p, h = axis.tap(r)
            found = list(zip(range(axis.outputs)[p], range(axis.size)[h], strict=True))
            assert found == _pairs(axis, r), (axis, r)


def test_first_inputs() -> None:
    """The first input cell of each window; a window that sees padding only is an error."""
    for axis in GRID:
        seen = [[h for r in range(axis.kernel) for o, h in _pairs(axis, r) if o == p] for p in range(axis.outputs)]
        if all(seen):
            assert axis.first_inputs().tolist() == [cells[0] for cells in seen], axis
        else:
            with pytest.raises(ValueError, match=r"every window must see at least one input cell: on the axis h"):
                axis.first_inputs()


@pytest.mark.parametrize("count_padding", [False, True])
def test_window_sizes(count_padding: bool) -> None:
    """The cells of a window that lie in the input, or in input + padding too (average pooling knows no dilation)."""
    for axis in (axis for axis in GRID if axis.dilation == 1 and 2 * axis.padding <= axis.kernel):
        low, high = (-axis.padding, axis.size + axis.padding) if count_padding else (0, axis.size)
        starts = (loops.cell(p, 0, *_numbers(axis)[2:]) for p in range(axis.outputs))
        expected = [sum(low <= start + r < high for r in range(axis.kernel)) for start in starts]
        assert axis.window_sizes(count_padding).tolist() == expected, axis


def test_kernel_larger_than_the_padded_input() -> None:
    """No output is invented: an axis that its kernel does not fit into is refused, with all the numbers."""
    sizes = r"axis w the kernel spans 5 cells \(kernel 3, dilation 2\), the padded input has 4 \(input 2, padding 1\)"
    with pytest.raises(ValueError, match=sizes):
        _ = Axis("w", 2, 3, 1, 1, 2).outputs


RELATIONS = [
    Relation(Axis("h", 5, 3, 2, 1, 1), Axis("w", 4, 2, 1, 0, 3)),
    Relation(Axis("h", 3, 2, 3, 4, 1), Axis("w", 6, 3, 2, 2, 2, ceil_mode=True)),
    Relation(Axis("h", 1, 1, 1, 0, 1), Axis("w", 1, 1, 1, 0, 1)),
]


@pytest.mark.parametrize("relation", RELATIONS)
def test_relation_is_the_product_of_its_axes(relation: Relation) -> None:
    """Tap by tap in row-major order, each with the outputs and inputs of both axes."""
    triples = list(relation)
    assert [t for _, t, _ in triples] == list(product(range(relation.rows.kernel), range(relation.columns.kernel)))
    for o, (r, s), i in triples:
        (rows, cells_down), (columns, cells_across) = relation.rows.tap(r), relation.columns.tap(s)
        assert o == (..., rows, columns)
        assert i == (..., cells_down, cells_across)


@pytest.mark.parametrize("relation", RELATIONS)
def test_gather_and_scatter(relation: Relation) -> None:
    """gather holds x[i] at (t, o) and 0 elsewhere; scatter is its transpose, and adds where cells repeat."""
    c, shape = 2, relation.window_shape
    x, windows = integers(5, (3, c, relation.rows.size, relation.columns.size), (3, c, *shape))
    gathered, scattered = np.zeros_like(windows), np.zeros_like(x)
    for r, s in product(*map(range, shape[:2])):
        for (p, h), (q, w) in product(_pairs(relation.rows, r), _pairs(relation.columns, s)):
            gathered[:, :, r, s, p, q] = x[:, :, h, w]
            scattered[:, :, h, w] += windows[:, :, r, s, p, q]
    matrix = (3, c * shape[0] * shape[1], shape[2] * shape[3])
    assert_same(relation.gather(x), gathered.reshape(matrix), "gather")
    assert_same(relation.scatter(windows.reshape(matrix)), scattered, "scatter")
