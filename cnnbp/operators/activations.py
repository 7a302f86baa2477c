"""The elementwise operators, with the suprema of their derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layers
from ..cases import Case, Choices, given
from ..oracles import masked_dense
from ..oracles.masked_dense import Options
from ..rounding import Array
from .connected import connected, integers
from .elementwise import OfFunction, activation, bent, integers_apart_from_the_kink, numbers_of_any_rank, smooth
from .record import Operator, Silent

SLOPES = (0.01, 0.0, 0.5, -0.25, 1.0, 0.01, 0.0, 3.0, -2.0, 1e-3)  # at 0 it is a ReLU, above 1 no max(x, slope·x)


def _one(options: Options, x: Array) -> Array:
    return np.ones(x.shape)


def _one_or_x(options: Options, x: Array) -> Array:
    return np.maximum(1, np.abs(x))


def _with_a_slope(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    return numbers_of_any_rank(operator, choose, {"negative_slope": given(choose, fixed, "negative_slope", SLOPES)})


def _negative_slope(options: Options) -> float:
    return float(options["negative_slope"])


IDENTITY = connected(
    layer=layers.Identity,
    axes={"y": "", "x": ""},
    unused=(),
    describe=numbers_of_any_rank,
    network=masked_dense.identity,
    integers=integers(),
    bounds=OfFunction(lambda options, x: np.abs(x), lambda options: 1.0),
    activation=lambda options: activation(options, layers.Identity, 1.0, 0.0, kink=False),
)
SIGMOID = smooth(layers.Sigmoid, scale=_one, steepest=0.25, curvature=0.0963, third=0.125)
TANH = smooth(layers.Tanh, scale=_one, steepest=1.0, curvature=0.7699, third=2.0)
SOFTPLUS = smooth(layers.Softplus, scale=_one_or_x, steepest=1.0, curvature=0.25, third=0.0963)  # the last is 1/(6√3)
RELU = bent(layers.ReLU, describe=numbers_of_any_rank, below=lambda _: 0.0, integers=integers_apart_from_the_kink())
LEAKY_RELU = bent(layers.LeakyReLU, describe=_with_a_slope, below=_negative_slope, integers=Silent("operators.decimal-constants"))
