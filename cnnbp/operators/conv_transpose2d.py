"""ConvTranspose2d: the relation T with its roles exchanged."""

from __future__ import annotations

from typing import Any

from .. import layers
from ..cases import Case, Choices, assemble, given
from ..cases.axes import STRIDES, Range, along, both, option
from ..cases.sizes import sizes
from ..oracles import masked_dense
from .connected import connected, integers
from .conv2d import BIAS, DILATIONS, KERNELS, OF_INIT, SIZES, channels
from .record import Operator


def _describe(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """The convolution is drawn that takes y back to x: what its stride leaves over is the output padding."""
    large = sizes(choose, SIZES, blocks=True)
    least = _most(fixed.get("output_padding")) + 1
    strides = tuple(stride for stride in STRIDES if stride >= least) or (least,)
    axes = both(choose, fixed, Range(KERNELS, DILATIONS, most_padding=2, strides=strides), large)
    for a, found in enumerate(axes):
        found["output_padding"] = found["remainder"]
        smallest = found["stride"] * (found["outputs"] - 1) + found["reach"] - 2 * found["padding"]
        if found["dilation"] > found["stride"] and choose.integer(0, 3) == 3:  # as much as a stride, or more
            found["output_padding"] = choose.integer(found["stride"], found["dilation"] - 1)
        if "output_padding" in fixed:
            found["output_padding"] = along(fixed["output_padding"], a)
        found["size"] = smallest + found["output_padding"]
        while found["size"] < 1:  # the padding takes more away than the input gives
            found["size"], found["outputs"] = found["size"] + found["stride"], found["outputs"] + 1
    n, groups, per_group, k, c = channels(choose, fixed, large, axes, here=fixed.get("out_channels"))
    names = ("stride", "padding", "output_padding", "dilation")
    options = {name: option(fixed, name, axes) for name in names} | {"groups": groups}
    shapes = [(n, c, *(found["outputs"] for found in axes)), (c, per_group, *(found["kernel_size"] for found in axes)), (k,)]
    output = (n, k, *(found["size"] for found in axes))
    shown = shapes if given(choose, fixed, "bias", BIAS) else shapes[:2]
    return assemble(choose, operator, options, shown, output, scale=large.scale)


def _most(value: int | tuple[int, int] | None) -> int:
    """The larger of both axes."""
    return max(value) if isinstance(value, (tuple, list)) else value or 0


CONV_TRANSPOSE2D = connected(
    layer=layers.ConvTranspose2d,
    axes={"y": "nkpq", "x": "nchw", "w": "ckrs", "b": "k"},
    unused=OF_INIT,
    describe=_describe,
    network=masked_dense.transposed_convolution,
    integers=integers(),
)
