"""Flatten moves numbers and changes none."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp.layers import Flatten
from tests.layers.contract import assert_keeps_contract, assert_same
from tests.layers.loops import NUMBER_SYSTEMS, Index, integers
from tests.layers.polynomials import assert_backward_is_derivative

SHAPES: list[tuple[Index, Index]] = [
    ((2, 3, 2, 4), (2, 24)),
    ((1, 1, 1, 1), (1, 1)),
    ((3, 5), (3, 5)),
    ((4,), (4, 1)),
    ((0, 3, 2, 2), (0, 12)),
    ((2, 0, 3), (2, 0)),
]


@pytest.mark.parametrize(("x_shape", "y_shape"), SHAPES)
@pytest.mark.parametrize(("dtype", "unit"), NUMBER_SYSTEMS)
def test_row_major_order_there_and_back(x_shape: Index, y_shape: Index, dtype: type, unit: object) -> None:
    """y lists the cells of a sample in row-major order; dx is δ in the shape of x. Empty arrays included."""
    x, delta = (a.astype(dtype) * unit for a in integers(1, x_shape, y_shape))
    y = Flatten().forward(x)
    assert_same(y, np.reshape([x[i] for i in np.ndindex(x_shape)], y_shape).astype(dtype), "y")
    (dx,) = Flatten().backward(delta, x)
    assert_same(dx, np.reshape([delta[o] for o in np.ndindex(y_shape)], x_shape).astype(dtype), "dx")
    assert_same(Flatten().backward(y, x)[0], x, "there and back")


@pytest.mark.parametrize(("x_shape", "y_shape"), SHAPES)
def test_memory_layout_does_not_matter(x_shape: Index, y_shape: Index) -> None:
    """Order means index order, not memory order; nothing is handed back that is the caller's own memory."""
    assert_keeps_contract(Flatten(), *integers(2, y_shape, x_shape))


def test_backward_is_the_derivative_on_polynomials() -> None:
    """For all real x and δ of this shape, backward is ∂⟨forward, δ⟩."""
    assert_backward_is_derivative(Flatten(), (2, 2, 1, 3))
