"""Elementwise layers: values, slopes against the complex step, saturation, kinks, ranks and number systems."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from cnnbp.layers import Identity, LeakyReLU, ReLU, Sigmoid, Softplus, Tanh
from cnnbp.layers.activations import Elementwise
from tests.layers.contract import assert_keeps_contract
from tests.layers.loops import Array, Index, integers

pytestmark = pytest.mark.filterwarnings("error")  # an overflow that comes out right is still an overflow

PIECEWISE: list[Elementwise] = [Identity(), ReLU(), LeakyReLU(), LeakyReLU(0.25)]
SMOOTH: list[Elementwise] = [Sigmoid(), Tanh(), Softplus()]
LAYERS = [*PIECEWISE, *SMOOTH]

each_layer = pytest.mark.parametrize("layer", LAYERS, ids=repr)
each_smooth = pytest.mark.parametrize("layer", SMOOTH, ids=repr)


def slope(layer: Elementwise, x: Array) -> Array:
    """f′(x), which is backward for δ = 1."""
    return layer.backward(np.ones(x.shape, x.dtype), x)[0]


@each_layer
@settings(max_examples=12, deadline=None)
@given(shape=array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3), seed=st.integers(0, 2**32 - 1))
def test_any_rank(layer: Elementwise, shape: Index, seed: int) -> None:
    """An array of any rank, 0-d and empty included, is answered in its shape, entry by entry: dx = δ·f′(x)."""
    delta, x = (a.astype(float) for a in integers(seed, shape, shape))
    y, (dx,) = layer.forward(x), layer.backward(delta, x)
    assert isinstance(y, np.ndarray)
    assert isinstance(dx, np.ndarray)
    assert y.shape == dx.shape == shape
    for i in np.ndindex(shape):  # NumPy's vector and scalar loops of exp may differ in the last bits
        np.testing.assert_array_max_ulp(y[i], layer.forward(x[i]), maxulp=4)
        np.testing.assert_array_max_ulp(dx[i], delta[i] * slope(layer, np.array(x[i])), maxulp=4)


@pytest.mark.parametrize("layer", PIECEWISE, ids=repr)
@pytest.mark.parametrize("shape", [(), (0, 2), (3, 1, 2)])
def test_memory_layout_does_not_matter(layer: Elementwise, shape: Index) -> None:
    """Read-only, Fortran-ordered, strided and reversed arguments give the same answer and stay as they were."""
    assert_keeps_contract(layer, *(a.astype(float) for a in integers(1, shape, shape)))


@each_smooth
def test_known_values(layer: Elementwise) -> None:
    """f and f′ at points where they are known in closed form."""
    x = np.array([0.0, np.log(3), -np.log(3)])
    values, slopes = {
        Sigmoid: ([1 / 2, 3 / 4, 1 / 4], [1 / 4, 3 / 16, 3 / 16]),
        Tanh: ([0, 4 / 5, -4 / 5], [1, 9 / 25, 9 / 25]),
        Softplus: ([np.log(2), np.log(4), np.log(4 / 3)], [1 / 2, 3 / 4, 1 / 4]),
    }[type(layer)]
    np.testing.assert_array_max_ulp(layer.forward(x), np.array(values), maxulp=8)
    np.testing.assert_array_max_ulp(slope(layer, x), np.array(slopes), maxulp=8)


@each_smooth
@settings(max_examples=40, deadline=None)
@given(x=st.floats(-300, 300))
def test_slope_is_the_complex_step(layer: Elementwise, x: float) -> None:
    """Im f(x + ih)/h for h = 2⁻¹⁰⁰, which has neither cancellation nor truncation error: relative accuracy, far into saturation."""
    h = 2.0**-100
    expected = layer.forward(np.array(complex(x, h))).imag / h
    np.testing.assert_array_max_ulp(slope(layer, np.array(x)), expected, maxulp=16)


@pytest.mark.parametrize("layer", PIECEWISE, ids=repr)
@given(x=st.floats(-1e100, 1e100).filter(bool))
def test_piecewise_slope_is_the_complex_step(layer: Elementwise, x: float) -> None:
    """Off the kink the slope is the complex step, exactly."""
    expected = layer.forward(np.array(complex(x, 2.0**-100))).imag / 2.0**-100
    assert slope(layer, np.array(x)) == expected


@each_layer
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.int64])
def test_no_overflow_in_saturation(layer: Elementwise, dtype: type) -> None:
    """At ±800, where e⁸⁰⁰ is infinite, values and slopes are the limits, without a warning."""
    x = np.array([-800, 800], dtype)
    values, slopes = {
        Sigmoid: ([0, 1], [0, 0]),
        Tanh: ([-1, 1], [0, 0]),
        Softplus: ([0, 800], [0, 1]),
        Identity: ([-800, 800], [1, 1]),
        ReLU: ([0, 800], [0, 1]),
    }.get(type(layer), ([-800 * getattr(layer, "negative_slope", 0), 800], [getattr(layer, "negative_slope", 0), 1]))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y, dx = layer.forward(x), slope(layer, x)
    assert np.array_equal(y, np.array(values, y.dtype))
    assert np.array_equal(dx, np.array(slopes, dx.dtype))


@pytest.mark.parametrize("zero", [0.0, -0.0, 0, Fraction(0)], ids=repr)
def test_convention_at_the_kink(zero: object) -> None:
    """ReLU′(0) = 0 and LeakyReLU′(0) = negative_slope, for either zero and in every number system."""
    x, delta = np.array([zero]), np.array([4])
    assert ReLU().forward(x) == [0]
    assert ReLU().backward(delta, x)[0] == [0]
    assert LeakyReLU(0.25).forward(np.array([zero])) == [0]
    assert LeakyReLU(0.25).backward(delta, x)[0] == [1]


@each_layer
def test_nan_and_infinity_go_through(layer: Elementwise) -> None:
    """NaN in, NaN out; infinity has its limit."""
    x = np.array([np.nan, -np.inf, np.inf])
    y = layer.forward(x)
    assert np.isnan(y[0])
    bounded = isinstance(layer, (Sigmoid, Tanh))
    assert y[2] == (1 if bounded else np.inf)
    assert y[1] == {Sigmoid: 0, Tanh: -1, Softplus: 0, ReLU: 0}.get(type(layer), -np.inf)


@each_layer
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.complex64])
def test_dtype_is_kept(layer: Elementwise, dtype: type) -> None:
    """Floating and complex dtypes go in and come out."""
    x = np.array([-1.5, 0, 2], dtype)
    assert layer.forward(x).dtype == dtype
    assert slope(layer, x).dtype == dtype


@each_layer
def test_integers(layer: Elementwise) -> None:
    """int64 stays int64 where only comparison occurs, and becomes float64 otherwise."""
    x = np.array([-2, 0, 3])
    kept = np.int64 if isinstance(layer, (Identity, ReLU)) else np.float64
    assert layer.forward(x).dtype == kept
    assert np.array_equal(layer.forward(x), layer.forward(x.astype(float)))


@pytest.mark.parametrize("layer", [Identity(), ReLU(), LeakyReLU(Fraction(1, 3))], ids=repr)
def test_rationals_stay_exact(layer: Elementwise) -> None:
    """Piecewise linear layers keep Fractions, f and f′ alike."""
    negative = {Identity: Fraction(1), ReLU: Fraction(0)}.get(type(layer), Fraction(1, 3))
    x, delta = np.array([Fraction(-3, 7), Fraction(2, 7)]), np.array([Fraction(1, 2), Fraction(1, 2)])
    assert layer.forward(x).tolist() == [negative * Fraction(-3, 7), Fraction(2, 7)]
    assert layer.backward(delta, x)[0].tolist() == [negative / 2, Fraction(1, 2)]


@pytest.mark.parametrize("option", [np.float64(0.25), np.int64(2)], ids=repr)
def test_type_of_the_slope_does_not_leak(option: float) -> None:
    """Whatever number the slope is, float32 in is float32 out."""
    assert LeakyReLU(option).forward(np.ones(2, np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("layer", "x"), [(LeakyReLU(0.0), np.inf), (LeakyReLU(10.0), 1e308), (Tanh(), 1e308), (Tanh(), -1e308)], ids=repr
)
def test_no_overflow_at_the_ends_of_the_range(layer: Elementwise, x: float) -> None:
    """The answer is finite or the limit, and nothing on the way to it overflows or is invalid."""
    layer.forward(np.array([x]))
    slope(layer, np.array([x]))
