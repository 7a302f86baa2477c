"""Conv2d: how its cases are drawn, its axes, its masked network. All else of its record is what `connected` has for sums over T:

linear in each argument, bounds from the number of terms and their magnitudes, differences with any step, samples apart.
A layer is added by its file in `layers/` and a record like this one, each with a line in its room's `__init__`; by its right
answers in `faults/answers.py`, from which its faults are bent; and by a line for each framework that knows it.
"""

from __future__ import annotations

from math import prod
from typing import Any

from .. import layers
from ..cases import Case, Choices, assemble, given
from ..cases.axes import Drawn, Range, both, option
from ..cases.sizes import BLOCK, Sizes, beyond, sizes
from ..oracles import masked_dense
from .connected import connected, integers
from .record import Operator

OF_INIT = ("out_channels", "kernel_size")
BIAS = (False, True, True, True, True)
KERNELS, DILATIONS = (1, 2, 3, 1, 2, 3, 4, 5, 7), (1, 2, 3, 1, 2, 4)
MANY = ("samples", "channels", "groups")  # of which there are more than fit into a block
SIZES = ("samples", "channels", "other channels", "rows", "columns")


def _describe(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Stride, padding (also beyond the kernel), dilation, groups up to depthwise, h ≠ w, c ≠ k; sizes beyond a block."""
    large = sizes(choose, SIZES, blocks=True)
    axes = both(choose, fixed, Range(KERNELS, DILATIONS, most_padding=5), large)
    n, groups, per_group, c, k = channels(choose, fixed, large, axes, there=fixed.get("out_channels"))
    options = {name: option(fixed, name, axes) for name in ("stride", "padding", "dilation")} | {"groups": groups}
    shapes = [(n, c, *(axis["size"] for axis in axes)), (k, per_group, *(axis["kernel_size"] for axis in axes)), (k,)]
    output = (n, k, *(axis["outputs"] for axis in axes))
    shown = shapes if given(choose, fixed, "bias", BIAS) else shapes[:2]
    return assemble(choose, operator, options, shown, output, scale=large.scale)


def channels(
    choose: Choices, fixed: dict[str, Any], large: Sizes, axes: list[Drawn], here: int | None = None, there: int | None = None
) -> tuple[int, int, int, int, int]:
    """Samples, groups, the channels of each at one end, all of them there, and all at the other end, as a rule not as many.

    `here`, `there`: how many channels must be at either end, where that is fixed. Where several blocks are asked for, the
    windows of all samples are more than one holds, or those of the groups of one sample.
    """
    n, held = large.draw(choose, "samples", 3), here or there or 0
    divisors = [g for g in (1, 1, 2, 3, 4, large.large.get("channels", 1)) if held % g == 0]
    groups = given(choose, fixed, "groups", divisors)
    if held % groups:
        raise ValueError(f"out_channels must be a multiple of groups, got out_channels={held} with groups={groups}")
    per_group, others = (max(1, large.draw(choose, name, 3 * groups) // groups) for name in SIZES[1:3])
    if here is None and there is None and per_group == others and choose.integer(0, 3):
        others += 1
    window = prod(axis["kernel_size"] * axis["outputs"] for axis in axes)
    many = choose.pick(MANY) if large.scale == "several blocks" and here is None and there is None else MANY[0]
    if many == "groups" and "groups" not in fixed:
        n, per_group, others = min(n, 2), min(per_group, 2), 1
        groups = beyond(choose, window * per_group)
    elif many != "samples":
        n, per_group, others = min(n, 2), beyond(choose, window * groups), 1
    here, there = (groups * per_group if here is None else here), (groups * others if there is None else there)
    if large.scale == "several blocks" and window * here <= BLOCK:
        n = beyond(choose, window * here)
    return n, groups, here // groups, here, there


CONV2D = connected(
    layer=layers.Conv2d,
    axes={"y": "nkpq", "x": "nchw", "w": "kcrs", "b": "k"},
    unused=OF_INIT,
    describe=_describe,
    network=masked_dense.convolution,
    integers=integers(),
)
