"""Conv2d: how its cases are drawn, its axes, its masked network. All else of its record is what `connected` has for sums over T:

linear in each argument, bounds from the number of terms and their magnitudes, differences with any step, samples apart.
A layer is added by its file in `layers/` and a record like this one, each with a line in its room's `__init__`; by its right
answers in `faults/answers.py`, from which its faults are bent; and by a line for each framework that knows it.
"""

from __future__ import annotations

from typing import Any

from .. import layers
from ..cases import Case, Choices, assemble
from ..cases.axes import axis, option
from ..oracles import masked_dense
from .connected import connected, integers
from .record import Operator

OF_INIT = ("out_channels", "kernel_size")


def _describe(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Stride, padding (also beyond the kernel), dilation, groups up to depthwise, h ≠ w, c ≠ k."""
    groups, per_group, c, k = channels(choose, fixed)
    axes = [axis(choose, fixed, a, kernel_most=4, padding_most=4, dilation_most=3) for a in (0, 1)]
    options = {name: option(fixed, name, axes) for name in ("stride", "padding", "dilation")} | {"groups": groups}
    kernel = tuple(axis["kernel"] for axis in axes)
    shapes = [(choose.integer(1, 3), c, *(axis["size"] for axis in axes)), (k, per_group, *kernel), (k,)]
    output = (shapes[0][0], k, *(axis["outputs"] for axis in axes))
    return assemble(choose, operator, options, shapes if choose.integer(0, 4) else shapes[:2], output)


def channels(choose: Choices, fixed: dict[str, Any]) -> tuple[int, int, int, int]:
    """Groups, the channels of each at one end, all of them there, and all at the other end, as a rule not as many."""
    groups = fixed["groups"] if "groups" in fixed else choose.pick((1, 1, 2, 3))
    per_group = choose.integer(1, 3)
    here, there = groups * per_group, groups * choose.integer(1, 3)
    if here == there and choose.integer(0, 3):
        there += groups
    return groups, per_group, here, there


CONV2D = connected(
    layer=layers.Conv2d,
    axes={"y": "nkpq", "x": "nchw", "w": "kcrs", "b": "k"},
    unused=OF_INIT,
    describe=_describe,
    network=masked_dense.convolution,
    integers=integers(),
)
