"""MaxPool2d and AvgPool2d: the relation T with weights that nobody learns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import layers
from ..cases import Case, Choices, assemble
from ..cases.axes import axis, option
from ..oracles import connections, masked_dense
from ..rounding import Array
from .connected import connected, integers, no_truncation
from .record import AlongDirections, Asked, Left, Operator, Silent

NEAR_TIE = 2.0**-20  # a margin below this part of the largest cell leaves too small a step to see anything


def _describe_max(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Windows that overlap, leave cells out, overhang; ties and near ties."""
    kinds = ("small integers", "gaussian", "near ties", "wide range")
    return _describe(operator, choose, fixed, ("dilation",), {}, kinds)


def _describe_average(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Either divisor at the border."""
    counted = fixed["count_include_pad"] if "count_include_pad" in fixed else choose.pick((True, True, False))
    return _describe(operator, choose, fixed, (), {"count_include_pad": counted}, ("small integers", "gaussian", "wide range"))


def _describe(
    operator: Operator,
    choose: Choices,
    fixed: dict[str, Any],
    more: tuple[str, ...],
    flags: dict[str, bool],
    kinds: tuple[str, ...],
) -> Case:
    axes = [axis(choose, fixed, a, kernel_most=3, padding_most=None, dilation_most=3 if more else 1) for a in (0, 1)]
    options = {name: option(fixed, name, axes) for name in ("kernel_size", "stride", "padding", *more)}
    options["ceil_mode"] = fixed["ceil_mode"] if "ceil_mode" in fixed else choose.pick((False, True))
    options |= flags
    shape = (choose.integer(1, 2), choose.integer(1, 3), *(axis["size"] for axis in axes))
    windows = {**options, "dilation": options.get("dilation", 1)}
    windows.pop("count_include_pad", None)
    output = shape[:2] + connections.pooled_shape(shape, **windows)
    return assemble(choose, operator, options, [shape], output, kinds)


def _inside_the_cell(asked: Asked, position: int) -> tuple[float, Array, Left | None]:
    """A step that changes no winner, and the residual without the windows at or near a tie."""
    x = asked.args[0]
    cells, inside = connections.windows(x.shape, **asked.options)
    maps = x.reshape(-1, x.shape[2] * x.shape[3])
    values = np.sort(np.where(inside, maps[:, np.where(inside, cells, 0)], -np.inf), axis=2)
    margin = values[..., -1] - values[..., -2] if values.shape[2] > 1 else np.full(values.shape[:2], np.inf)
    near = margin <= NEAR_TIE * float(np.max(np.abs(x), initial=0.0))
    step = min(float(np.min(margin[~near], initial=np.inf)), float(np.max(np.abs(x), initial=0.0)) or 1.0)
    left = (int(near.sum()), near.size) if near.any() else None
    return float(2.0 ** np.floor(np.log2(step / 4))), np.where(near.reshape(asked.delta.shape), 0.0, asked.delta), left


def _common_size(asked: Asked) -> int:
    """Multiples of every |window| can be divided by it."""
    sizes = asked.network.sizes
    return 1 if sizes is None else math.lcm(*np.unique(sizes).tolist())


MAX_POOL2D = connected(
    layer=layers.MaxPool2d,
    axes={"y": "ncpq", "x": "nchw"},
    unused=(),
    describe=_describe_max,
    network=masked_dense.max_pool,
    complex_forward=Silent("operators.not-analytic"),
    differences={"x": AlongDirections(_inside_the_cell, no_truncation)},
    integers=integers(spaced=True, tied=True),
)
AVG_POOL2D = connected(
    layer=layers.AvgPool2d,
    axes={"y": "ncpq", "x": "nchw"},
    unused=(),
    describe=_describe_average,
    network=masked_dense.average_pool,
    integers=integers(_common_size),
)
