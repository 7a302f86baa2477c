"""The whole network as one masked dense network: PyTorch's loss and gradients, within error bounds that are not vacuous."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp import layers as reference
from cnnbp.operators import OPERATORS
from cnnbp.operators.record import Silent
from cnnbp.oracles import autograd, masked_network
from cnnbp.oracles.abstention import Abstention
from cnnbp.oracles.masked_dense import Array
from cnnbp.oracles.masked_network import Described

Layers = list[tuple[str, dict[str, Any]]]
Parameters = list[tuple[Array, ...]]
SMOOTH = ("Tanh", "Sigmoid", "Softplus", "Identity")
POOLS: Layers = [
    ("AvgPool2d", {"kernel_size": 2, "stride": None, "padding": 1, "ceil_mode": False, "count_include_pad": False}),
    ("AvgPool2d", {"kernel_size": (3, 2), "stride": 2, "padding": (1, 0), "ceil_mode": True, "count_include_pad": True}),
    ("MaxPool2d", {"kernel_size": 2, "stride": (2, 1), "padding": 0, "dilation": 1, "ceil_mode": True}),
    ("MaxPool2d", {"kernel_size": (2, 3), "stride": None, "padding": 1, "dilation": 1, "ceil_mode": False}),
]


def described(layers: Layers) -> list[Described]:
    """As the masked network takes them."""
    found = []
    for name, options in layers:
        record = OPERATORS[name]
        network = None if isinstance(record.network, Silent) else record.network
        activation = None if isinstance(record.activation, Silent) else record.activation(options)
        found.append(Described(name, options, network, activation))
    return found


@st.composite
def networks(draw: st.DrawFn) -> tuple[Layers, Array, Array, Parameters, float]:
    """Conv, f, pool, conv, f, flatten, dense, f: layers, x, target, params and weight decay; Gaussian, w scaled by its fan-in."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    first, second, last = (draw(st.sampled_from(SMOOTH)) for _ in range(3))
    options = {
        "stride": draw(st.sampled_from([1, (2, 1)])),
        "padding": draw(st.sampled_from([1, (0, 2)])),
        "dilation": 1,
        "groups": 1,
    }
    wide = {"stride": 1, "padding": (2, 1), "dilation": draw(st.sampled_from([1, 2])), "groups": 2}
    n, h, w, c, k = (draw(st.integers(low, low + 2)) for low in (1, 4, 5, 1, 2))
    k += k % 2
    pool = draw(st.sampled_from(POOLS))
    layers: Layers = [
        ("Conv2d", options),
        (first, {}),
        pool,
        ("Conv2d", wide),
        (second, {}),
        ("Flatten", {}),
        ("Dense", {}),
        (last, {}),
    ]
    shapes = {0: (k, c, 2, 3), 3: (2, k // 2, 2, 2)}
    x = a = rng.normal(size=(n, c, h, w))
    params: Parameters = []
    for number, (operator, given_options) in enumerate(layers):
        shape = shapes.get(number, (3, a.shape[1]) if operator == "Dense" else None)
        bias = () if shape is None or draw(st.integers(0, 4)) == 4 else (rng.normal(size=shape[0]),)
        params.append(() if shape is None else (rng.normal(size=shape) / np.prod(shape[1:]) ** 0.5, *bias))
        a = getattr(reference, operator)(**given_options).forward(a, *params[-1])
    return layers, x, a + rng.normal(size=a.shape), params, draw(st.sampled_from([0.0, 0.25]))


@settings(max_examples=12)
@given(network=networks())
def test_is_pytorch_within_its_bounds(network: tuple[Layers, Array, Array, Parameters, float]) -> None:
    """J and ∂J are PyTorch's within two bounds, one for each program; no bound exceeds 1e-9 of the largest entry.

    And every entry whose bound is as fine as that tells a gradient that is off by 1e-8 of itself.
    """
    layers, x, target, params, weight_decay = network
    whole = masked_network.answer(described(layers), x, target, params, weight_decay)
    loss, gradients = autograd.whole(layers, x, target, params, weight_decay)
    assert abs(whole.loss - loss) <= 2 * whole.loss_error < 1e-9 * loss
    assert whole.uncertified == 0
    assert [len(g) for g in whole.gradients] == [len(theta) for theta in params]
    for mine, errors, theirs, theta in zip(whole.gradients, whole.errors, gradients, params, strict=True):
        for actual, error, expected, p in zip(mine, errors, theirs, theta, strict=True):
            assert actual.shape == error.shape == p.shape
            assert (abs(actual - expected) <= 2 * error).all()
            assert error.max() < 1e-9 * abs(actual).max()
            fine = error < 1e-9 * abs(actual)
            for factor in (1 - 1e-8, 1 + 1e-8):
                assert (abs(factor * actual - expected) > 2 * error)[fine].all()


DENSE = np.array([[1.0, -2, 0.5], [3, 0, 1]])


@pytest.mark.parametrize(
    ("layers", "x", "params", "uncertified"),
    [
        ([("ReLU", {})], [[0.0, 1, -1, 0, -0.0]], [()], 0),  # exactly 0: the convention decides
        ([("ReLU", {})], [[1e-300, -1e-300]], [()], 0),  # handed in, so without any error
        ([("Dense", {}), ("ReLU", {})], [[2.0, 1, 0], [1, 1, 1]], [(DENSE,), ()], 1),
        ([("Dense", {}), ("ReLU", {})], [[0.1, 0.2, 0.3]], [(np.array([[1.0, 1, -1]]),), ()], 1),  # 5.6e-17: sign unknown
        ([("Dense", {}), ("ReLU", {})], [[0.1, 0.2, 0.3]], [(np.array([[1.0, 1, 1]]),), ()], 0),
        ([POOLS[2]], [[[[1.0, 1, 2], [0, 1, 2]]]], [()], 0),  # ties of exact values: the first wins
        ([POOLS[2]], [[[[1.0, 3, 2], [0, 1, 4]]]], [()], 0),
        ([("Sigmoid", {}), POOLS[2]], [[[[1.0, 1 + 2**-50], [0, -1]]]], [(), ()], 1),  # closer than Sigmoid rounds
    ],
)
def test_what_rounding_could_turn_is_counted(layers: Layers, x: Any, params: Parameters, uncertified: int) -> None:
    """Signs and winners whose margin does not exceed the running error are counted, one by one, and no others."""
    x = a = np.array(x)
    for (operator, options), theta in zip(layers, params, strict=True):
        a = getattr(reference, operator)(**options).forward(a, *theta)
    assert masked_network.answer(described(layers), x, np.ones(a.shape), params).uncertified == uncertified


def test_by_hand() -> None:
    """h = 3·2 + 1 = 7, J = ½(7 − 5)² + ½·½·3² = 4.25, ∂J/∂w = 2·2 + ½·3, and weight decay leaves the bias alone."""
    params = [(np.array([[3.0]]), np.array([1.0]))]
    whole = masked_network.answer(described([("Dense", {})]), np.array([[2.0]]), np.array([[5.0]]), params, weight_decay=0.5)
    assert whole.loss == 4.25
    np.testing.assert_array_equal([g.item() for g in whole.gradients[0]], [5.5, 2])


def test_abstains_from_a_layer_that_it_does_not_know() -> None:
    """An operator without a rule here is an abstention, not an answer."""
    with pytest.raises(Abstention, match="Unheard"):
        masked_network.answer([Described("Unheard", {}, None, None)], np.ones((1, 2)), np.ones((1, 2)), [()])


def test_saturation_is_silent() -> None:
    """Deep in saturation nothing overflows aloud."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        masked_network.answer(described([("Sigmoid", {})]), np.array([[-1000.0]]), np.zeros((1, 1)), [()])
