"""MaxPool2d and AvgPool2d: the relation T with weights that nobody learns."""

from __future__ import annotations

from math import lcm, prod
from typing import Any

import numpy as np

from .. import layers
from ..cases import Case, Choices, assemble, given
from ..cases.axes import Range, both, option
from ..cases.sizes import beyond, sizes
from ..oracles import connections, masked_dense
from ..rounding import Array
from .connected import connected, integers, no_truncation
from .kinks import OfWinners
from .record import AlongDirections, Asked, Left, Operator, Silent

KERNELS, DILATIONS = (1, 2, 3, 1, 2, 3, 4, 5), (1, 2, 3, 1, 2, 4)
NEAR_TIE = 2.0**-20  # a margin below this part of the largest cell leaves too small a step to see anything


def _describe_max(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Windows that overlap, leave cells out, overhang; ties and near ties."""
    kinds = ("small integers", "gaussian", "near ties", "wide range")
    return _describe(operator, choose, fixed, Range(KERNELS, DILATIONS, None), ("dilation",), {}, kinds)


def _describe_average(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Either divisor at the border."""
    flags = {"count_include_pad": given(choose, fixed, "count_include_pad", (True, True, False))}
    return _describe(operator, choose, fixed, Range(KERNELS, (1,), None), (), flags, ("small integers", "gaussian", "wide range"))


def _describe(
    operator: Operator,
    choose: Choices,
    fixed: dict[str, Any],
    range_: Range,
    more: tuple[str, ...],
    flags: dict[str, bool],
    kinds: tuple[str, ...],
) -> Case:
    large = sizes(choose, ("samples", "channels", "rows", "columns"), blocks=True)
    axes = both(choose, fixed, range_, large)
    options = {name: option(fixed, name, axes) for name in ("kernel_size", "stride", "padding", *more)}
    if "stride" not in fixed and options["stride"] == options["kernel_size"]:
        options["stride"] = choose.pick((None, options["stride"]))
    options |= {"ceil_mode": given(choose, fixed, "ceil_mode", (False, True))} | flags
    n, c, cells = large.draw(choose, "samples", 3), large.draw(choose, "channels", 3), [axis["size"] for axis in axes]
    if large.scale == "several blocks":
        n = beyond(choose, prod((c, *cells)))
    windows = {"dilation": 1} | {name: value for name, value in options.items() if name != "count_include_pad"}
    output = (n, c, *connections.pooled_shape((n, c, *cells), **windows))
    return assemble(choose, operator, options, [(n, c, *cells)], output, kinds, large.scale)


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
    return 1 if sizes is None else lcm(*np.unique(sizes).tolist())


MAX_POOL2D = connected(
    layer=layers.MaxPool2d,
    axes={"y": "ncpq", "x": "nchw"},
    unused=(),
    describe=_describe_max,
    network=masked_dense.max_pool,
    complex_forward=Silent("operators.not-analytic"),
    differences={"x": AlongDirections(_inside_the_cell, no_truncation)},
    integers=integers(spaced=True, tied=True),
    kinks=OfWinners(),
)
AVG_POOL2D = connected(
    layer=layers.AvgPool2d,
    axes={"y": "ncpq", "x": "nchw"},
    unused=(),
    describe=_describe_average,
    network=masked_dense.average_pool,
    integers=integers(_common_size),
)
