"""Every mistake that the interface names is refused with a sentence: which argument, what came, what was expected."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cnnbp.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dense,
    Flatten,
    HalfSquaredError,
    Identity,
    LeakyReLU,
    MaxPool2d,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Softplus,
    Tanh,
    checks,
)
from tests.layers.contract import assert_same

LAYERS = [AvgPool2d(2), Conv2d(), Dense(), Flatten(), HalfSquaredError(), Identity(), LeakyReLU(), MaxPool2d(2), ReLU()]
LAYERS += [Sigmoid(), SoftmaxCrossEntropy(), Softplus(), Tanh(), ConvTranspose2d(), BatchNorm2d()]
PARAMS: dict[type, tuple[Any, ...]] = {  # of the layers that have some, for x of one channel or feature
    Conv2d: (np.zeros((1, 1, 1, 1)),),
    ConvTranspose2d: (np.zeros((1, 1, 1, 1)),),
    BatchNorm2d: (np.zeros(1),),
    Dense: (np.zeros((1, 1)),),
    HalfSquaredError: (np.zeros((1, 1)),),
    SoftmaxCrossEntropy: (np.zeros(1, int),),
}


def refused(error: type[Exception], name: str, came: str, call: Any, *args: Any, **options: Any) -> None:
    """The call raises exactly this error, and its message names the argument and says what came."""
    __tracebackhide__ = True
    with pytest.raises(error, match=rf"(?s)\b{name}\b.*must") as caught:
        call(*args, **options)
    assert caught.type is error
    assert came in str(caught.value)


# ---- options: Layer(**options) --------------------------------------------------------------------------------------

SIZES: list[tuple[type, str, int]] = [  # layer, option, least value
    (Conv2d, "stride", 1),
    (Conv2d, "padding", 0),
    (Conv2d, "dilation", 1),
    (Conv2d, "kernel_size", 1),
    (ConvTranspose2d, "stride", 1),
    (ConvTranspose2d, "padding", 0),
    (ConvTranspose2d, "output_padding", 0),
    (ConvTranspose2d, "dilation", 1),
    (ConvTranspose2d, "kernel_size", 1),
    (MaxPool2d, "kernel_size", 1),
    (MaxPool2d, "stride", 1),
    (MaxPool2d, "padding", 0),
    (MaxPool2d, "dilation", 1),
    (AvgPool2d, "kernel_size", 1),
    (AvgPool2d, "stride", 1),
    (AvgPool2d, "padding", 0),
]


@pytest.mark.parametrize(("layer", "option", "least"), SIZES)
def test_sizes(layer: type, option: str, least: int) -> None:
    """A size is an integer or a pair of them, from its least value on; that least value itself is welcome."""
    others = {"kernel_size": 3} if layer in (MaxPool2d, AvgPool2d) and option != "kernel_size" else {}
    low = least - 1
    for value, came in ((low, f"{low}"), ((least, low), f"{low}"), ((1, 2, 3), "(1, 2, 3)"), ((1,), "(1,)")):
        refused(ValueError, option, came, layer, **others, **{option: value})
    for value in (1.0, (1, 1.5), True, "same", np.float64(2), Fraction(2)):
        refused(TypeError, option, repr(value[1] if isinstance(value, tuple) else value), layer, **others, **{option: value})
    for value in (least, (least, least), np.int32(least)):
        assert getattr(layer(**others, **{option: value}), option) == value


@pytest.mark.parametrize(("layer", "option", "least"), SIZES)
def test_size_as_an_array(layer: type, option: str, least: int) -> None:
    """An array is no size; its refusal names the option too."""
    others = {"kernel_size": 3} if layer in (MaxPool2d, AvgPool2d) and option != "kernel_size" else {}
    refused(TypeError, option, "array", layer, **others, **{option: np.array([1, 1])})


@pytest.mark.parametrize(
    ("layer", "options", "error", "name", "came"),
    [
        (Conv2d, {"groups": 0}, ValueError, "groups", "0"),
        (Conv2d, {"groups": 1.0}, TypeError, "groups", "1.0"),
        (Conv2d, {"groups": (1, 1)}, TypeError, "groups", "(1, 1)"),
        (Conv2d, {"stride": None}, TypeError, "stride", "None"),
        (Conv2d, {"out_channels": 0}, ValueError, "out_channels", "0"),
        (Conv2d, {"out_channels": "8"}, TypeError, "out_channels", "'8'"),
        (ConvTranspose2d, {"groups": 0}, ValueError, "groups", "0"),
        (ConvTranspose2d, {"output_padding": 1}, ValueError, "output_padding", "output_padding=1 with stride=1, dilation=1"),
        (ConvTranspose2d, {"output_padding": (1, 2), "stride": 2}, ValueError, "output_padding", "(1, 2) with stride=2"),
        (ConvTranspose2d, {"out_channels": 0}, ValueError, "out_channels", "0"),
        (BatchNorm2d, {"eps": 0}, ValueError, "eps", "0"),
        (BatchNorm2d, {"eps": -1e-5}, ValueError, "eps", "-1e-05"),
        (BatchNorm2d, {"eps": float("nan")}, ValueError, "eps", "nan"),
        (BatchNorm2d, {"eps": "small"}, TypeError, "eps", "'small'"),
        (BatchNorm2d, {"training": 1}, TypeError, "training", "1"),
        (Dense, {"out_features": -3}, ValueError, "out_features", "-3"),
        (Dense, {"out_features": 2.5}, TypeError, "out_features", "2.5"),
        (MaxPool2d, {"kernel_size": None}, TypeError, "kernel_size", "None"),
        (MaxPool2d, {"kernel_size": 3, "padding": 2}, ValueError, "padding", "padding=2 with kernel_size=3"),
        (MaxPool2d, {"kernel_size": (4, 1), "padding": (2, 1)}, ValueError, "padding", "(2, 1)"),
        (MaxPool2d, {"kernel_size": 2, "ceil_mode": 1}, TypeError, "ceil_mode", "1"),
        (AvgPool2d, {"kernel_size": 3, "padding": 2}, ValueError, "padding", "padding=2 with kernel_size=3"),
        (AvgPool2d, {"kernel_size": 2, "ceil_mode": "no"}, TypeError, "ceil_mode", "'no'"),
        (AvgPool2d, {"kernel_size": 2, "count_include_pad": 0}, TypeError, "count_include_pad", "0"),
        (LeakyReLU, {"negative_slope": "0.1"}, TypeError, "negative_slope", "'0.1'"),
        (LeakyReLU, {"negative_slope": 1j}, TypeError, "negative_slope", "1j"),
        (LeakyReLU, {"negative_slope": True}, TypeError, "negative_slope", "True"),
        (LeakyReLU, {"negative_slope": float("nan")}, ValueError, "negative_slope", "nan"),
        (LeakyReLU, {"negative_slope": float("-inf")}, ValueError, "negative_slope", "-inf"),
    ],
)
def test_options(layer: type, options: dict[str, Any], error: type[Exception], name: str, came: str) -> None:
    """Options are judged when the layer is made, before any number is seen."""
    refused(error, name, came, layer, **options)


# ---- arguments: layer.forward(x, *params), layer.backward(delta, x, *params) ----------------------------------------

X, W, B = np.zeros((2, 4, 5, 6)), np.zeros((6, 4, 3, 2)), np.zeros(6)
GROUPS = Conv2d(groups=2)
TALL, FLAT = X[:, :, :2], X[..., :1]


@pytest.mark.parametrize(
    ("layer", "args", "name", "came"),
    [
        (Conv2d(), (X[0], W), "x", "3 axes: (4, 5, 6)"),
        (Conv2d(), (X, W[0]), "w", "3 axes: (4, 3, 2)"),
        (Conv2d(), (X[:, :3], W), "x", "got 3"),
        (Conv2d(), (X[:, :0], W[:, :0]), "w", "(6, 0, 3, 2)"),
        (Conv2d(), (X, W[:0]), "w", "(0, 4, 3, 2)"),
        (Conv2d(), (X, W, B[:5]), "b", "(5,)"),
        (Conv2d(), (X, W, B[None]), "b", "(1, 6)"),
        (Conv2d(), (X, W[:, :, :0]), "w", "(6, 4, 0, 2)"),
        (Conv2d(), (TALL, W), "kernel_size", "(input 2, padding 0)"),
        (Conv2d(dilation=3), (X, W), "kernel_size", "spans 7 cells"),
        (Conv2d(out_channels=5), (X, W), "w", "got 6"),
        (Conv2d(kernel_size=3), (X, W), "w", "(3, 2)"),
        (GROUPS, (X, W), "x", "got 4"),
        (GROUPS, (X, W[:5, :2]), "groups", "groups=2"),
        (ConvTranspose2d(), (X[0], W), "x", "3 axes: (4, 5, 6)"),
        (ConvTranspose2d(), (X, W), "x", "got 4"),
        (ConvTranspose2d(groups=4), (X[:, [0] * 6], W), "groups", "groups=4"),
        (ConvTranspose2d(), (X[:, [0] * 6], W, B), "b", "(6,)"),
        (ConvTranspose2d(), (X[:, [0] * 6], W[..., :0]), "w", "(6, 4, 3, 0)"),
        (ConvTranspose2d(padding=(4, 0)), (X[:, [0] * 6], W), "padding", "on the axis h of 5 cells it has -1"),
        (ConvTranspose2d(), (X[:, [0] * 6, :0], W), "padding", "of 0 cells"),
        (ConvTranspose2d(out_channels=5), (X[:, [0] * 6], W), "w", "got 4"),
        (ConvTranspose2d(kernel_size=3), (X[:, [0] * 6], W), "w", "(3, 2)"),
        (Dense(), (X, W), "x", "4 axes"),
        (Dense(), (X[0, 0], W[0, 0, 0]), "w", "1 axes: (2,)"),
        (Dense(), (X[0, 0], W[0, 0]), "x", "got 6"),
        (Dense(), (X[0, 0], X[1, 1], B), "b", "(6,)"),
        (MaxPool2d(2), (X[0],), "x", "(4, 5, 6)"),
        (AvgPool2d(2), (X[None],), "x", "(1, 2, 4, 5, 6)"),
        (MaxPool2d(3), (TALL,), "kernel_size", "the padded input has 2"),
        (MaxPool2d(2, dilation=5), (X,), "kernel_size", "spans 6 cells"),
        (AvgPool2d((1, 2)), (FLAT,), "kernel_size", "the axis w"),
        (AvgPool2d(3, ceil_mode=True), (TALL,), "kernel_size", "the padded input has 2"),
        (Flatten(), (np.array(1.0),), "x", "0-d"),
    ],
)
def test_shapes(layer: Any, args: tuple[Any, ...], name: str, came: str) -> None:
    """Shapes that do not fit together are refused by forward and by backward alike."""
    refused(ValueError, name, came, layer.forward, *args)
    refused(ValueError, name, came, layer.backward, np.zeros(1), *args)


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_residual_has_the_shape_of_the_output(layer: Any) -> None:
    """A delta of any other shape is refused, also one that would broadcast."""
    x = np.zeros((1, 1)) if isinstance(layer, (Dense, HalfSquaredError, SoftmaxCrossEntropy)) else np.zeros((2, 1, 2, 2))
    params = PARAMS.get(type(layer), ())
    refused(ValueError, "delta", "(3,)", layer.backward, np.zeros(3), x, *params)
    refused(ValueError, "delta", "(1, 1, 1, 1, 1)", layer.backward, np.zeros((1, 1, 1, 1, 1)), x, *params)
    refused(TypeError, "delta", "NoneType", layer.backward, None, x, *params)


NO_ARRAYS = [
    ([[0.0]], "list"),
    (None, "NoneType"),
    ("1", "str"),
    (True, "bool"),
    (np.ma.masked_array([0.0]), "MaskedArray"),
    (np.array(["a"]), "dtype <U1"),
    (np.array([True]), "dtype bool"),
    (np.array(["2020-01-01"], "M8[D]"), "datetime64"),
]


@pytest.mark.parametrize(("value", "came"), NO_ARRAYS)
def test_arrays_of_numbers(value: Any, came: str) -> None:
    """Lists, masks, texts and truth values are no arrays of numbers, as input and as parameter."""
    for layer in LAYERS:
        refused(TypeError, "x", came, layer.forward, value, *PARAMS.get(type(layer), ()))
    refused(TypeError, "w", came, ConvTranspose2d().forward, X, value)
    refused(TypeError, "w", came, BatchNorm2d().forward, X, value)
    refused(TypeError, "w", came, Conv2d().forward, X, value)
    refused(TypeError, "w", came, Dense().forward, X[0, 0], value)
    if value is not None:  # a bias may be left out
        refused(TypeError, "b", came, Conv2d().forward, X, W, value)


def test_what_is_welcome() -> None:
    """Python and NumPy scalars are 0-d arrays; integer-like numbers are sizes; lists are pairs."""
    for scalar in (3, 3.0, 3j, np.float32(3), np.int64(3)):
        assert_same(checks.array("x", scalar), np.array(scalar), "array")
    assert checks.integer("groups", np.uint8(4), 1) == 4
    assert type(checks.integer("groups", np.uint8(4), 1)) is int
    assert checks.pair("stride", [np.int64(2), 3], 1) == (2, 3)
    assert checks.pair("stride", 2, 1) == (2, 2)
    checks.flag("ceil_mode", np.True_)
