"""Sizes of one spatial axis that fit together, drawn from the output backwards.

input = stride·(output − 1) + reach + remainder − 2·padding, so that every case is valid, and strides that do not divide are
as common as those that do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .choices import Choices

Fixed = Mapping[str, Any]


def axis(choose: Choices, fixed: Fixed, a: int, kernel_most: int, padding_most: int | None, dilation_most: int) -> dict[str, int]:
    """Axis `a` (0: rows, 1: columns) with whatever is fixed for it; the other choices are made so that the case is valid.

    padding_most: None for pooling, whose padding is at most half of the kernel.
    """

    def option(name: str, low: int, high: int) -> int:
        return choose.integer(low, high) if fixed.get(name) is None else along(fixed[name], a)

    kernel = option("kernel_size", 1, kernel_most)
    stride, dilation = option("stride", 1, 3), option("dilation", 1, dilation_most)
    outputs, reach = choose.integer(1, 4), dilation * (kernel - 1) + 1
    beyond = padding_most is not None and choose.integer(0, 7) == 7  # windows that see nothing but padding, now and then
    most = kernel // 2 if padding_most is None else padding_most if beyond else min(padding_most, reach - 1)
    padding = option("padding", 0, most)
    size = stride * (outputs - 1) + reach - 2 * padding + choose.integer(0, stride - 1)
    least = 1 if padding_most is not None else max(1, reach - padding)  # a pool's first window must meet an input cell
    size = max(size, least)
    while not beyond and not _reads(size, kernel, stride, padding, dilation):
        size += 1
    outputs = (size + 2 * padding - reach) // stride + 1
    return {
        "kernel_size": kernel, "kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding,
        "size": size, "outputs": outputs,
    }  # fmt: skip


def along(value: Any, a: int) -> int:
    """An option for axis `a`."""
    return int(value[a]) if isinstance(value, (tuple, list)) else int(value)


def option(fixed: Fixed, name: str, axes: list[dict[str, int]]) -> Any:
    """The option as a layer takes it: what was fixed, or a pair, or one number where both axes have the same."""
    pair = tuple(axis[name] for axis in axes)
    return fixed[name] if fixed.get(name) is not None else pair if pair[0] != pair[1] else pair[0]


def _reads(size: int, kernel: int, stride: int, padding: int, dilation: int) -> bool:
    """Whether any window meets any input cell on this axis."""
    outputs = (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
    return any(0 <= stride * p + dilation * r - padding < size for p in range(outputs) for r in range(kernel))
