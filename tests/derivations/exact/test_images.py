"""The truth about convolution, against plain loops over the index relation; on letters as on numbers."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp.cases.choices import Counter
from cnnbp.derivations.exact.images import Centred, Convolution, Maps, squeezed
from cnnbp.derivations.exact.letters import Expression
from tests.layers import loops

ONES = (1, 1)
SHAPES = [Maps(1, 1, (2, 1), (1, 2)), Maps(2, 1, (1, 2), (2, 2)), Maps(2, 3, (2, 2), (1, 2))]


def _drawn(number: int) -> Convolution:
    return SHAPES[number % len(SHAPES)].numbers(Counter(number, "drawn"))


@pytest.mark.parametrize("number", range(6))
def test_convolution(number: int) -> None:
    """What it computes, its derivatives, and M(w), which gives the first two again."""
    case = _drawn(number)
    z, by_input, by_kernel = loops.conv2d(case.a, case.w, case.delta, ONES, (0, 0), ONES, 1)
    assert np.array_equal(case.forward(case.a, case.w), z)
    assert np.array_equal(case.by_a, by_input)
    assert np.array_equal(case.by_z, by_input * case.slope)
    assert np.array_equal(case.by_kernel, by_kernel)
    assert np.array_equal(case.by_bias, case.delta.sum((0, 2, 3)))
    m = case.matrix(case.w)
    assert np.array_equal(m @ case.a.ravel(), z.ravel())
    assert np.array_equal(m.T @ case.delta.ravel(), by_input.ravel())


def test_flipped_is_a_true_convolution() -> None:
    """Another map, unless the kernel is its own rotation."""
    cases = [_drawn(number) for number in range(9)]
    same = [np.array_equal(case.forward(case.a, case.w), case.flipped.forward(case.a, case.flipped.w)) for case in cases]
    assert same == [np.array_equal(case.w, case.flipped.w) for case in cases]
    assert False in same


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_letters(shape: Maps) -> None:
    """Each its own; and the derivative by any of them is what the loops make of letters."""
    (case,) = shape.letters()
    arrays = (case.z, case.w, case.b, case.delta)
    assert len({str(letter) for each in arrays for letter in each.flat}) == shape.size
    assert all(isinstance(letter, Expression) for each in arrays for letter in each.flat)
    _, by_input, by_kernel = loops.conv2d(case.a, case.w, case.delta, ONES, (0, 0), ONES, 1)
    assert np.array_equal(case.by_a, by_input)
    assert np.array_equal(case.by_kernel, by_kernel)


def test_what_does_not_matter_is_not_shown() -> None:
    """The activations where they are 0, and biases; f where it is the identity."""
    case = _drawn(4)
    assert set(case.still.given()) == {"w", "δ"}
    assert set(case.linear.unbiased.given()) == {"a", "w", "δ"}
    assert squeezed(np.zeros((1, 1, 1, 3))).shape == (3,)
    assert squeezed(np.zeros((2, 3, 1, 1))).shape == (2, 3)


def test_the_centre_alone_is_lit() -> None:
    """And neither kernel nor residual is 0 throughout."""
    case = Centred(1, 1, (3, 3), (3, 3)).numbers(Counter(0, "drawn"))
    assert [tuple(map(int, at)) for at in np.argwhere(case.z != 0)] == [(0, 0, 2, 2)]
    assert case.w[0, 0, 2, 2] * case.delta[0, 0, 0, 0] != 0
