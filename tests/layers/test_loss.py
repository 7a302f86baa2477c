"""The losses: numbers worked by hand, gradients against them and against the complex step, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cnnbp.layers import HalfSquaredError, SoftmaxCrossEntropy
from tests.layers.contract import assert_keeps_contract, assert_same
from tests.layers.loops import NUMBER_SYSTEMS, integers
from tests.layers.polynomials import assert_backward_is_derivative

ONE = np.ones(())


def test_half_squared_error_by_hand() -> None:
    """½·(3² + 4²) and ½·(1² + 0²), mean 13; the gradient is δ·(x − target)/n."""
    x, target = np.array([[5.0, 2.0], [1.0, 7.0]]), np.array([[2.0, 6.0], [0.0, 7.0]])
    assert_same(HalfSquaredError().forward(x, target), np.array(6.5), "J")
    assert_same(HalfSquaredError().backward(ONE, x, target)[0], np.array([[1.5, -2.0], [0.5, 0.0]]), "dx")
    assert_same(HalfSquaredError().backward(-4 * ONE, x, target)[0], np.array([[-6.0, 8.0], [-2.0, 0.0]]), "dx for δ = −4")


@pytest.mark.parametrize(("dtype", "unit"), NUMBER_SYSTEMS)
@pytest.mark.parametrize("shape", [(2,), (2, 3), (4, 1, 2, 2)])
def test_half_squared_error_in_every_number_system(dtype: Any, unit: Any, shape: tuple[int, ...]) -> None:
    """A 0-d loss in the dtype that came in; int64 becomes float64, rationals stay exact."""
    x, target, delta = (a.astype(dtype) * unit for a in integers(1, shape, shape, ()))
    kept = np.float64 if dtype is np.int64 else dtype
    delta, n = np.array(delta, dtype), len(x)
    value, (dx,) = HalfSquaredError().forward(x, target), HalfSquaredError().backward(delta, x, target)
    expected = sum((x[i] - target[i]) ** 2 for i in np.ndindex(shape)) / (2 * n)
    assert_same(value, np.array(expected, kept), "J")
    assert_same(dx, ((delta * (x - target)) / n).astype(kept), "dx")


def test_softmax_cross_entropy_by_hand() -> None:
    """Weights 1:3 and 3:1 for logits log 1, log 3: J = ½·(log 4 + log 4/3), dx = (softmax − [c = target])/2."""
    x, target = np.log([[1.0, 3.0], [3.0, 1.0]]), np.array([0, 0])
    value, (dx,) = SoftmaxCrossEntropy().forward(x, target), SoftmaxCrossEntropy().backward(ONE, x, target)
    np.testing.assert_array_max_ulp(value, np.array((np.log(4) + np.log(4 / 3)) / 2), maxulp=8)
    np.testing.assert_array_max_ulp(dx, np.array([[-0.375, 0.375], [-0.125, 0.125]]), maxulp=8)
    np.testing.assert_array_max_ulp(SoftmaxCrossEntropy().backward(-2 * ONE, x, target)[0], -2 * dx, maxulp=1)


def test_softmax_cross_entropy_gradient_is_the_complex_step() -> None:
    """Entry by entry Im J(x + ih)/h, which has no truncation error; an entry can lose 1 − softmax to cancellation, no more."""
    (x,), (target,) = integers(2, (3, 4)), integers(3, (3,), low=0, high=3)
    (dx,) = SoftmaxCrossEntropy().backward(ONE, x.astype(float), target)
    for i in np.ndindex(x.shape):
        z = x.astype(complex)
        z[i] += 1j * 2.0**-100
        step = SoftmaxCrossEntropy().forward(z, target).imag * 2.0**100
        assert abs(dx[i] - step) <= 2.0**-50


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("shift", [0, 800, -800, 1e300])
def test_softmax_cross_entropy_does_not_overflow(shift: float) -> None:
    """A constant added to all logits of a sample changes nothing; a certain answer costs 0, a wrong one its margin."""
    x = shift + np.array([[0.0, 0.0]])
    np.testing.assert_array_max_ulp(SoftmaxCrossEntropy().forward(x, np.array([1])), np.log(np.array(2.0)), maxulp=2)
    certain = np.array([[800.0, -800.0]])
    assert SoftmaxCrossEntropy().forward(certain, np.array([0])) == 0
    assert SoftmaxCrossEntropy().forward(certain, np.array([1])) == 1600
    assert SoftmaxCrossEntropy().backward(ONE, certain, np.array([1]))[0].tolist() == [[1, -1]]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
@pytest.mark.parametrize("index_dtype", [np.int64, np.int8, np.uint64])
def test_softmax_cross_entropy_keeps_the_dtype(dtype: type, index_dtype: type) -> None:
    """A 0-d loss and a gradient in the dtype that came in, whatever integers the targets are."""
    x, target = np.array([[1, 2, 3], [3, 0, 1]], dtype), np.array([2, 0], index_dtype)
    value, (dx,) = SoftmaxCrossEntropy().forward(x, target), SoftmaxCrossEntropy().backward(np.ones((), dtype), x, target)
    assert isinstance(value, np.ndarray)
    assert value.shape == ()
    assert value.dtype == dx.dtype == dtype


def test_memory_layout_does_not_matter() -> None:
    """Read-only, Fortran-ordered, strided and reversed arguments give the same answer and stay as they were."""
    x, target = (a.astype(float) for a in integers(4, (3, 2), (3, 2)))
    assert_keeps_contract(HalfSquaredError(), ONE, x, target)
    certain = np.array([[0.0, 0.0], [900.0, 0.0], [0.0, 900.0]])  # where exp and log are exact in any loop
    assert_keeps_contract(SoftmaxCrossEntropy(), ONE, certain, np.array([0, 1, 1]))


def test_half_squared_error_is_differentiated_on_polynomials() -> None:
    """For all real x, target and δ of this shape, backward is ∂(δ·J)/∂x; the 0-d loss of polynomials stays 0-d."""
    assert_backward_is_derivative(HalfSquaredError(), (2, 3), (2, 3), by=1)


X = np.zeros((2, 3))
HALF, SOFTMAX = HalfSquaredError(), SoftmaxCrossEntropy()


@pytest.mark.parametrize(
    ("layer", "x", "target", "error", "message"),
    [
        (HALF, X, np.zeros((2, 1)), ValueError, r"target must have shape \(2, 3\), got \(2, 1\)"),
        (HALF, X[:0], X[:0], ValueError, r"x must hold at least one sample.*got shape \(0, 3\)"),
        (HALF, X, X.tolist(), TypeError, r"target must be a NumPy array, got list"),
        (HALF, X.tolist(), X, TypeError, r"x must be a NumPy array, got list"),
        (SOFTMAX, X, np.array([0, 3]), ValueError, r"target .* from 0 to 2, got 0 to 3"),
        (SOFTMAX, X, np.array([-1, 0]), ValueError, r"target .* from 0 to 2, got -1 to 0"),
        (SOFTMAX, X, np.array([0.0, 1.0]), TypeError, r"target .*integers.* got dtype float64"),
        (SOFTMAX, X, np.array([True, False]), TypeError, r"target must hold numbers, got dtype bool"),
        (SOFTMAX, X, np.array([0]), ValueError, r"target must have shape \(2,\), got \(1,\)"),
        (SOFTMAX, X, [0, 1], TypeError, r"target must be a NumPy array, got list"),
        (SOFTMAX, X[0], np.array([0]), ValueError, r"x must have shape \(n, c\), got 1 axes: \(3,\)"),
        (SOFTMAX, X[:0], np.zeros(0, int), ValueError, r"x must hold at least one sample.*got shape \(0, 3\)"),
        (SOFTMAX, X[:, :0], np.zeros(2, int), ValueError, r"x must .*got shape \(2, 0\)"),
    ],
)
def test_refused(layer: Any, x: Any, target: Any, error: type[Exception], message: str) -> None:
    """forward and backward refuse the same arguments, with a sentence that says what came and what was expected."""
    with pytest.raises(error, match=message):
        layer.forward(x, target)
    with pytest.raises(error, match=message):
        layer.backward(ONE, x, target)


@pytest.mark.parametrize(("layer", "target"), [(HALF, X), (SOFTMAX, np.array([0, 1]))])
def test_residual_of_a_loss_is_one_number(layer: Any, target: Any) -> None:
    """δ = ∂J/∂J has shape (): anything longer is refused."""
    with pytest.raises(ValueError, match=r"delta must have shape \(\), got \(2,\)"):
        layer.backward(np.ones(2), X, target)


def test_half_squared_error_needs_a_batch_axis() -> None:
    """x without a batch axis is a shape that makes no sense: ValueError naming x."""
    with pytest.raises(ValueError, match=r"\bx must have"):
        HALF.forward(np.array(1.0), np.array(2.0))


def test_rational_mean_is_exact() -> None:
    """A third is a third: the mean over three samples divides Fractions."""
    x = np.array([[Fraction(1)], [Fraction(0)], [Fraction(0)]])
    assert HALF.forward(x, x * 0).item() == Fraction(1, 6)
    assert HALF.backward(np.array(Fraction(1)), x, x * 0)[0].tolist() == [[Fraction(1, 3)], [0], [0]]
