"""Sizes of the spatial axes that fit together, drawn from the output backwards.

input = stride·(output − 1) + reach + remainder − 2·padding, so that every case is valid, and strides that do not divide are
as common as those that do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .choices import Choices
from .sizes import ACROSS, Sizes

Fixed = Mapping[str, Any]
Drawn = dict[str, int]
STRIDES = (1, 2, 3, 1, 2, 3, 4, 5)
SHARED = ("kernel_size", "stride", "dilation", "padding", "remainder")  # what both axes have where they are alike


@dataclass(frozen=True)
class Range:
    """What an axis of an operator may have. Small values stand in it more than once, to come up more often."""

    kernels: tuple[int, ...]
    dilations: tuple[int, ...]
    most_padding: int | None
    """None for pooling, whose padding is at most half of the kernel."""
    strides: tuple[int, ...] = STRIDES


def both(choose: Choices, fixed: Fixed, range_: Range, sizes: Sizes) -> list[Drawn]:
    """Rows and columns with whatever is fixed for them. One case in three has the same options and remainder on both."""
    if sizes.scale == "several blocks":  # many windows of few cells: the windows are what the blocks are made of
        strides = tuple(stride for stride in range_.strides if stride <= 2) or range_.strides[:1]
        range_ = replace(range_, kernels=(2, 3), dilations=range_.dilations[:1], strides=strides)
    alike = choose.pick((True, False, False))
    rows = _axis(choose, fixed, 0, range_, sizes)
    shared = {name: rows[name] for name in SHARED if fixed.get(name) is None} if alike else {}
    return [rows, _axis(choose, {**fixed, **shared}, 1, range_, sizes)]


def _axis(choose: Choices, fixed: Fixed, a: int, range_: Range, sizes: Sizes) -> Drawn:
    """Axis `a` (0: rows, 1: columns); the choices that are not fixed are made so that the case is valid."""

    def picked(name: str, among: tuple[int, ...]) -> int:
        return choose.pick(among) if fixed.get(name) is None else along(fixed[name], a)

    pool = range_.most_padding is None
    held = along(fixed["padding"], a) if fixed.get("padding") is not None else 0
    kernel = picked("kernel_size", tuple(k for k in range_.kernels if not pool or k >= 2 * held) or (2 * held,))
    usual = "stride" in fixed and fixed["stride"] is None  # a pool's stride that is left to its kernel
    stride, dilation = (
        kernel if usual else picked("stride", range_.strides + (kernel,) * 3 * pool),
        picked("dilation", range_.dilations),
    )
    outputs = choose.pick(ACROSS) if sizes.scale == "several blocks" else choose.integer(1, 4)
    reach = dilation * (kernel - 1) + 1
    beyond = not pool and choose.integer(0, 7) == 7  # windows that see nothing but padding, now and then
    most = kernel // 2 if range_.most_padding is None else range_.most_padding
    padding = picked("padding", tuple(range(most + 1 if beyond or pool else min(most, reach - 1) + 1)))
    remainder = choose.integer(0, stride - 1) if fixed.get("remainder") is None else fixed["remainder"]
    size = stride * (outputs - 1) + reach - 2 * padding + remainder
    if (large := sizes.large.get(("rows", "columns")[a])) is not None:  # of the input, or of the output
        size = max(large, reach - 2 * padding) if choose.pick((True, False)) else size + stride * (large - outputs)
    least = max(1, reach - padding) if pool else 1  # a pool's first window must meet an input cell
    size = max(size, least)
    while not beyond and not _reads(size, kernel, stride, padding, dilation):
        size += 1
    outputs, remainder = divmod(size + 2 * padding - reach, stride)
    return {
        "kernel_size": kernel, "stride": stride, "dilation": dilation, "padding": padding,
        "remainder": remainder, "reach": reach, "size": size, "outputs": outputs + 1,
    }  # fmt: skip


def along(value: Any, a: int) -> int:
    """An option for axis `a`."""
    return int(value[a]) if isinstance(value, (tuple, list)) else int(value)


def option(fixed: Fixed, name: str, axes: list[Drawn]) -> Any:
    """The option as a layer takes it: what was fixed, or a pair, or one number where both axes have the same."""
    pair = tuple(axis[name] for axis in axes)
    return fixed[name] if name in fixed else pair if pair[0] != pair[1] else pair[0]


def _reads(size: int, kernel: int, stride: int, padding: int, dilation: int) -> bool:
    """Whether any window meets any input cell on this axis."""
    outputs = (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
    return any(0 <= stride * p + dilation * r - padding < size for p in range(outputs) for r in range(kernel))
