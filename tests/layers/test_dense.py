"""Dense equals three nested loops, in every number system, exactly."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.layers import Dense
from tests.layers.contract import assert_keeps_contract, assert_same
from tests.layers.loops import NUMBER_SYSTEMS, Array, integers
from tests.layers.polynomials import assert_backward_is_derivative

sizes = st.tuples(st.integers(0, 4), st.integers(1, 4), st.integers(1, 4))  # samples, features in, features out
seeds = st.integers(0, 2**32 - 1)


def looped(delta: Array, x: Array, w: Array, b: Array) -> list[Array]:
    """y, dx, dw, db"""
    y, dx, dw, db = np.zeros_like(delta) + b, np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for n, o in np.ndindex(delta.shape):
        db[o] += delta[n, o]
        for i in range(x.shape[1]):
            y[n, o] += w[o, i] * x[n, i]
            dx[n, i] += w[o, i] * delta[n, o]
            dw[o, i] += delta[n, o] * x[n, i]
    return [y, dx, dw, db]


@settings(max_examples=15, deadline=None)
@given(size=sizes, seed=seeds)
def test_equals_the_loops_in_every_number_system(size: tuple[int, int, int], seed: int) -> None:
    """y, dx, dw and db are the loops' numbers, in the dtype that came in, also for an empty batch."""
    n, i, o = size
    numbers = integers(seed, (n, o), (n, i), (o, i), (o,))
    for dtype, unit in NUMBER_SYSTEMS:
        delta, x, w, b = (a.astype(dtype) * unit for a in numbers)
        y, *gradients = looped(delta, x, w, b)
        assert_same(Dense().forward(x, w, b), y, "y")
        for actual, expected in zip(Dense().backward(delta, x, w, b), gradients, strict=True):
            assert_same(actual, expected, "gradient")


@pytest.mark.parametrize("n", [0, 2])
def test_bias_may_be_left_out(n: int) -> None:
    """Without b: y lacks it, and no gradient for it is returned."""
    delta, x, w = integers(1, (n, 4), (n, 3), (4, 3))
    y, dx, dw, _ = looped(delta, x, w, np.zeros(4, int))
    assert_same(Dense().forward(x, w), y, "y")
    for actual, expected in zip(Dense().backward(delta, x, w), (dx, dw), strict=True):
        assert_same(actual, expected, "gradient")


@settings(max_examples=15, deadline=None)
@given(size=sizes, seed=seeds)
def test_backward_is_the_adjoint_of_forward(size: tuple[int, int, int], seed: int) -> None:
    """⟨dx, x′⟩ = ⟨δ, forward(x′, w)⟩ and ⟨dw, w′⟩ = ⟨δ, forward(x, w′)⟩, for any x′ and w′."""
    n, i, o = size
    delta, x, w, other_x, other_w = integers(seed, (n, o), (n, i), (o, i), (n, i), (o, i))
    dx, dw = Dense().backward(delta, x, w)
    assert np.sum(dx * other_x) == np.sum(delta * Dense().forward(other_x, w))
    assert np.sum(dw * other_w) == np.sum(delta * Dense().forward(x, other_w))


def test_memory_layout_does_not_matter() -> None:
    """Read-only, Fortran-ordered, strided and reversed arguments give the same answer and stay as they were."""
    for n, i, o in product((0, 1, 3), (1, 4), (1, 5)):
        assert_keeps_contract(Dense(), *(a.astype(float) for a in integers(2, (n, o), (n, i), (o, i), (o,))))


def test_backward_is_the_derivative_on_polynomials() -> None:
    """For all real x, w, b and δ of this shape, backward is ∂⟨forward, δ⟩."""
    assert_backward_is_derivative(Dense(), (2, 3), (4, 3), (4,))


def test_out_features_must_match_w() -> None:
    """A w that is not of the announced size is refused, as Conv2d refuses one that is not of out_channels."""
    with pytest.raises(ValueError, match=r"out_features=5.*3"):
        Dense(out_features=5).forward(np.zeros((1, 2)), np.zeros((3, 2)))
