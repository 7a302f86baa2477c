"""ConvTranspose2d: the relation T with its roles exchanged."""

from __future__ import annotations

from typing import Any

from .. import layers
from ..cases import Case, Choices, assemble
from ..cases.axes import along, axis, option
from ..oracles import masked_dense
from .connected import connected, integers
from .conv2d import OF_INIT, channels
from .record import Operator


def _describe(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """The convolution is drawn that takes y back to x: what its stride leaves over is the output padding."""
    groups, per_group, k, c = channels(choose, fixed)
    axes = [axis(choose, fixed, a, kernel_most=4, padding_most=2, dilation_most=3) for a in (0, 1)]
    for a, found in enumerate(axes):
        reach = found["dilation"] * (found["kernel"] - 1) + 1
        least = found["stride"] * (found["outputs"] - 1) + reach - 2 * found["padding"]
        found["output_padding"] = max(0, found["size"] - least)
        if found["dilation"] > found["stride"] and choose.integer(0, 3) == 3:  # as much as a stride, or more
            found["output_padding"] = choose.integer(found["stride"], found["dilation"] - 1)
        if "output_padding" in fixed:
            found["output_padding"] = along(fixed["output_padding"], a)
        found["size"] = least + found["output_padding"]
        while found["size"] < 1:  # the padding takes more away than the input gives
            found["size"], found["outputs"] = found["size"] + found["stride"], found["outputs"] + 1
    names = ("stride", "padding", "output_padding", "dilation")
    options = {name: option(fixed, name, axes) for name in names} | {"groups": groups}
    kernel = tuple(found["kernel"] for found in axes)
    shapes = [(choose.integer(1, 3), c, *(found["outputs"] for found in axes)), (c, per_group, *kernel), (k,)]
    output = (shapes[0][0], k, *(found["size"] for found in axes))
    return assemble(choose, operator, options, shapes if choose.integer(0, 4) else shapes[:2], output)


CONV_TRANSPOSE2D = connected(
    layer=layers.ConvTranspose2d,
    axes={"y": "nkpq", "x": "nchw", "w": "ckrs", "b": "k"},
    unused=OF_INIT,
    describe=_describe,
    network=masked_dense.transposed_convolution,
    integers=integers(),
)
