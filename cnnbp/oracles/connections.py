"""T enumerated, for each layer: which output cell reads which input cell through which weight (`triples`).

input = stride·output + dilation·tap − padding, wherever that lies inside the input. Nothing here is shared with the layers.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from ..rounding import Array
from .triples import Connections

Size = int | tuple[int, int]
Pair = tuple[int, int]
Shape = tuple[int, ...]


@lru_cache(maxsize=8)
def convolution(
    x_shape: Shape, w_shape: Shape, stride: Pair, padding: Pair, dilation: Pair, groups: int, most: Pair | None = None
) -> Connections:
    """x_shape: (c, h, w), w_shape: (k, c/groups, r, s), with `most` (p, q) outputs where more would fit."""
    (c, h, v), (k, per_group, r, s) = x_shape, w_shape
    if groups < 1 or c != per_group * groups or k % groups:
        raise ValueError(f"x_shape, w and groups must agree: got {c} input channels, w of shape {w_shape}, groups={groups}")
    down, across = (axis(*sizes) for sizes in zip((h, v), (r, s), stride, padding, dilation, strict=True))
    down, across = (down, across) if most is None else (down[: most[0]], across[: most[1]])
    rows, columns = within(down, h), within(across, v)
    # The first output map; the others repeat it, each with weights of its own, on the channels of its group.
    cells = down[:, None, None, :, None] * v + across[None, :, None, None, :]
    cells = cells + np.arange(per_group)[:, None, None] * (h * v)
    inside = np.broadcast_to(rows[:, None, None, :, None] & columns[None, :, None, None, :], cells.shape)
    taps = np.broadcast_to(np.arange(per_group * r * s).reshape(per_group, r, s), cells.shape)
    outputs, maps = len(down) * len(across), np.arange(k)
    o = np.broadcast_to(np.arange(outputs).reshape(len(down), len(across), 1, 1, 1), cells.shape)
    first_cell = maps // max(1, k // groups) * (per_group * h * v)
    o = np.add.outer(maps * outputs, o[inside]).ravel()
    t = np.add.outer(maps * (per_group * r * s), taps[inside]).ravel()
    i = np.add.outer(first_cell, cells[inside]).ravel()
    return Connections(o, t, i, k * outputs, c * h * v, prod(w_shape), k, max(1, k // groups))


@lru_cache(maxsize=8)
def transposed_convolution(
    x_shape: Shape, w_shape: Shape, stride: Pair, padding: Pair, output_padding: Pair, dilation: Pair, groups: int
) -> Connections:
    """The convolution that takes y back to x, read from the other end.    x_shape: (c, h, w), w_shape: (c, k/groups, r, s)."""
    y_shape = transposed_shape(x_shape, w_shape, stride, padding, output_padding, dilation, groups)
    found = convolution(y_shape, w_shape, stride, padding, dilation, groups, (x_shape[1], x_shape[2]))
    return found.exchanged(w_shape[1] * groups, w_shape[1])


def transposed_shape(
    x_shape: Shape, w_shape: Shape, stride: Pair, padding: Pair, output_padding: Pair, dilation: Pair, groups: int
) -> Shape:
    """(k, p, q): several sizes of y are taken to the same x; the output padding says which of them is meant."""
    sizes = zip(x_shape[1:], w_shape[2:], stride, padding, output_padding, dilation, strict=True)
    return w_shape[1] * groups, *((h - 1) * s - 2 * p + d * (r - 1) + extra + 1 for h, r, s, p, extra, d in sizes)


@lru_cache(maxsize=8)
def complete(inputs: int, outputs: int) -> Connections:
    """Every output reads every input, each through a weight of its own."""
    o, i = (index.ravel() for index in np.indices((outputs, inputs)))
    return Connections(o, np.arange(inputs * outputs), i, outputs, inputs, inputs * outputs, outputs, outputs)


def one_to_one(cells: Array, inputs: int) -> Connections:
    """Output number o reads the one input cell `cells[o]`, all through the same weight."""
    return Connections(np.arange(cells.size), np.zeros(cells.size, int), cells, cells.size, inputs, 1)


def averages(
    x_shape: Shape, kernel_size: Size, stride: Size | None, padding: Size, ceil_mode: bool, count_include_pad: bool
) -> tuple[Connections, Array]:
    """The edges of average pooling, x_shape: (..., c, h, w), each window with a weight of its own; and |window| of each output."""
    c, h, v = x_shape[-3:]
    cells, inside = windows(x_shape, kernel_size, stride, padding, 1, ceil_mode)
    sizes = inside.sum(1)
    if count_include_pad:
        ends = h + pair(padding)[0], v + pair(padding)[1]
        axes = _pool_axes(x_shape, kernel_size, stride, padding, 1, ceil_mode)
        sizes = np.multiply.outer(*((a < end).sum(1) for a, end in zip(axes, ends, strict=True))).ravel()
    window, maps = np.nonzero(inside)[0], np.arange(c)
    o, i = (np.add.outer(maps * step, edges).ravel() for step, edges in ((len(cells), window), (h * v, cells[inside])))
    return Connections(o, o.copy(), i, c * len(cells), c * h * v, c * len(cells)), np.tile(sizes, c)


def winners(x: Array, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> Connections:
    """For each window of this x, of rank 3 or 4, the edge to its first largest cell in row-major order."""
    cells, inside = windows(x.shape, kernel_size, stride, padding, dilation, ceil_mode)
    maps = x.reshape(-1, x.shape[-2] * x.shape[-1])
    values = np.where(inside, maps[:, np.where(inside, cells, 0)], -np.inf)
    if not inside.any(1).all():
        raise ValueError(
            f"every window must see at least one cell of x, got shape {x.shape} with padding={padding}, dilation={dilation}"
        )
    largest, first = values.argmax(2), inside.argmax(1)
    largest = np.where(inside[np.arange(len(cells)), largest], largest, first)  # a window of −∞ ties with padding, and wins
    winner = np.take_along_axis(cells[None], largest[:, :, None], 2)[:, :, 0]
    return one_to_one((winner + np.arange(len(maps))[:, None] * maps.shape[1]).ravel(), x.size)


def windows(
    x_shape: Shape, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool
) -> tuple[Array, Array]:
    """The input cells of each pooling window in row-major order, `(p·q, taps)`, and which of them exist."""
    h, v = _pool_axes(x_shape, kernel_size, stride, padding, dilation, ceil_mode)
    cells = h[:, None, :, None] * x_shape[-1] + v[None, :, None, :]
    inside = within(h, x_shape[-2])[:, None, :, None] & within(v, x_shape[-1])[None, :, None, :]
    return cells.reshape(-1, h.shape[1] * v.shape[1]), inside.reshape(-1, h.shape[1] * v.shape[1])


def pooled_shape(
    x_shape: Shape, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool
) -> tuple[int, int]:
    """(p, q): how many windows there are down and across."""
    h, v = _pool_axes(x_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return len(h), len(v)


def _pool_axes(
    x_shape: Shape, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool
) -> tuple[Array, Array]:
    k, pad, d = pair(kernel_size), pair(padding), pair(dilation)
    s = k if stride is None else pair(stride)
    h, v = (axis(x_shape[a - 2], k[a], s[a], pad[a], d[a], ceil_mode) for a in (0, 1))
    return h, v


@lru_cache(maxsize=64)
def axis(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool = False) -> Array:
    """The cell that output p reads through tap r, inside the input or not: (p, r). Not to be written to."""
    free = size + 2 * padding - dilation * (kernel - 1) - 1
    if free < 0 or min(stride, dilation, kernel) < 1 or padding < 0:
        raise ValueError(
            f"a window must fit: got {size} cells, kernel_size={kernel}, stride={stride}, padding={padding}, dilation={dilation}"
        )
    outputs = free // stride + 1
    if ceil_mode and free % stride and stride * outputs < size + padding:
        outputs += 1
    cells: Array = stride * np.arange(outputs)[:, None] + dilation * np.arange(kernel) - padding
    cells.flags.writeable = False
    return cells


def within(cells: Array, size: int) -> Array:
    """Which of these cells are cells of the input."""
    inside: Array = (cells >= 0) & (cells < size)
    return inside


def pair(option: Any) -> Pair:
    """An option for rows and columns."""
    return tuple(option) if isinstance(option, (tuple, list)) else (option, option)
