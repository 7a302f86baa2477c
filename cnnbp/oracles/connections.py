"""T enumerated: which input cell every output cell reads, through which tap, as the edges of a network.

input = stride·output + dilation·tap − padding, wherever that lies inside the input. Nothing here is shared with the layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Size = int | tuple[int, int]
Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Connections:
    """The edges of a masked fully-connected network, output by output, and the number of the weight that each one shares.

    Every output map repeats the edges of the first: it reads the input cells of its group, through weights of its own.
    """

    near: Array  # one map: the input cell of each edge, within its group
    taps: Array  # one map: the weight of each edge, among those of the map
    fan: Array  # one map: the edges of each output
    maps: int
    groups: int
    inputs: int
    weights: int

    @property
    def outputs(self) -> int:
        """How many output cells there are."""
        return len(self.fan) * self.maps

    @cached_property
    def cells(self) -> Array:
        """The input cell of every connection."""
        group = np.arange(self.maps, dtype=np.int32)[:, None] // max(1, self.maps // self.groups)
        return _fixed((self.near.astype(np.int32) + group * (self.inputs // self.groups)).ravel())

    @cached_property
    def ties(self) -> Array:
        """The weight of every connection."""
        first = np.arange(self.maps, dtype=np.int32)[:, None] * (self.weights // max(1, self.maps))
        return _fixed((self.taps.astype(np.int32) + first).ravel())

    @cached_property
    def pointer(self) -> Array:
        """Where the connections of each output start, and where the last ones end."""
        return _fixed(np.concatenate([[0], np.cumsum(self.fan_in)]).astype(np.int32))

    @cached_property
    def fan_in(self) -> Array:
        """Connections of each output."""
        return _fixed(np.tile(self.fan, self.maps))

    @cached_property
    def fan_out(self) -> Array:
        """Connections of each input."""
        return _fixed(np.bincount(self.cells, minlength=self.inputs))

    @cached_property
    def copies(self) -> Array:
        """Connections that share each weight: the fibres of T."""
        return _fixed(np.bincount(self.ties, minlength=self.weights))

    @cached_property
    def first(self) -> Connections:
        """One map of each group, of which the others are repetitions."""
        return replace(self, maps=self.groups, weights=self.weights // max(1, self.maps) * self.groups)

    def read(self, x: Array) -> Array:
        """x[cells], map by map: what each connection reads in one sample."""
        read = np.take(x.reshape(self.groups, self.inputs // self.groups), self.near, axis=1)
        return np.repeat(read, self.maps // self.groups, axis=0).ravel()

    def weigh(self, w: Array) -> Array:
        """w[ties], map by map: the weight on each connection."""
        return np.take(w.reshape(self.maps, self.weights // max(1, self.maps)), self.taps, axis=1).ravel()


@lru_cache(maxsize=8)
def convolution(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> Connections:
    """x_shape: (c, h, w), w_shape: (k, c/groups, r, s)."""
    (c, h, v), (k, per_group, r, s) = x_shape, w_shape
    if groups < 1 or c != per_group * groups or k % groups:
        raise ValueError(f"x_shape, w and groups must agree: got {c} input channels, w of shape {w_shape}, groups={groups}")
    ih, iw = (axis(*sizes) for sizes in zip((h, v), (r, s), stride, padding, dilation, strict=True))
    rows, columns = within(ih, h), within(iw, v)
    plane = np.arange(per_group)[:, None, None] * (h * v)
    cells = ih[:, None, None, :, None] * v + iw[None, :, None, None, :] + plane
    taps = np.broadcast_to(np.arange(per_group * r * s).reshape(per_group, r, s), cells.shape)
    inside = np.broadcast_to(rows[:, None, None, :, None] & columns[None, :, None, None, :], cells.shape)
    fan = per_group * np.multiply.outer(rows.sum(1), columns.sum(1)).ravel()
    return Connections(_fixed(cells[inside]), _fixed(taps[inside]), _fixed(fan), k, groups, c * h * v, prod(w_shape))


def complete(inputs: int, outputs: int) -> Connections:
    """Every output reads every input, each through a weight of its own."""
    every = np.arange(inputs)
    return Connections(every, every, np.array([inputs]), outputs, 1, inputs, inputs * outputs)


def one_to_one(cells: Array, inputs: int) -> Connections:
    """Output number o reads the one input cell `cells[o]`, all through the same weight."""
    return Connections(cells, np.zeros(cells.size, int), np.ones(cells.size, int), 1, 1, inputs, 1)


def averages(
    x_shape: tuple[int, ...], kernel_size: Size, stride: Size | None, padding: Size, ceil_mode: bool, count_include_pad: bool
) -> tuple[Connections, Array]:
    """The connections of average pooling, x_shape: (..., c, h, w), windows sharing a weight each; and |window| in one map."""
    c, h, v = x_shape[-3:]
    cells, inside = windows(x_shape, kernel_size, stride, padding, 1, ceil_mode)
    fan_in = inside.sum(1)
    sizes = fan_in
    if count_include_pad:
        ends = h + pair(padding)[0], v + pair(padding)[1]
        axes = _pool_axes(x_shape, kernel_size, stride, padding, 1, ceil_mode)
        sizes = np.multiply.outer(*((a < end).sum(1) for a, end in zip(axes, ends, strict=True))).ravel()
    window = np.repeat(np.arange(len(fan_in)), fan_in)
    return Connections(cells[inside], window, fan_in, c, c, c * h * v, c * len(fan_in)), sizes


def winners(x: Array, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> Connections:
    """For each window of this x, of rank 3 or 4, the connection to its first largest cell in row-major order."""
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
    x_shape: tuple[int, ...], kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool
) -> tuple[Array, Array]:
    """The input cells of each pooling window in row-major order, `(p·q, taps)`, and which of them exist."""
    h, v = _pool_axes(x_shape, kernel_size, stride, padding, dilation, ceil_mode)
    cells = h[:, None, :, None] * x_shape[-1] + v[None, :, None, :]
    inside = within(h, x_shape[-2])[:, None, :, None] & within(v, x_shape[-1])[None, :, None, :]
    return cells.reshape(-1, h.shape[1] * v.shape[1]), inside.reshape(-1, h.shape[1] * v.shape[1])


def output_rows(size: int, kernel: Any, options: Mapping[str, Any]) -> int:
    """How many rows a convolution or pooling layer makes out of `size`."""
    k = pair(kernel)[0]
    stride = k if options.get("stride") is None else pair(options["stride"])[0]
    cells = axis(size, k, stride, pair(options["padding"])[0], pair(options.get("dilation", 1))[0], options.get("ceil_mode", False))
    return len(cells)


def _pool_axes(
    x_shape: tuple[int, ...], kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool
) -> tuple[Array, Array]:
    k, pad, d = pair(kernel_size), pair(padding), pair(dilation)
    s = k if stride is None else pair(stride)
    h, v = (axis(x_shape[a - 2], k[a], s[a], pad[a], d[a], ceil_mode) for a in (0, 1))
    return h, v


def axis(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool = False) -> Array:
    """The cell that output p reads through tap r, inside the input or not: (p, r)."""
    free = size + 2 * padding - dilation * (kernel - 1) - 1
    if free < 0 or min(stride, dilation, kernel) < 1 or padding < 0:
        raise ValueError(
            f"a window must fit: got {size} cells, kernel_size={kernel}, stride={stride}, padding={padding}, dilation={dilation}"
        )
    outputs = free // stride + 1
    if ceil_mode and free % stride and stride * outputs < size + padding:
        outputs += 1
    return stride * np.arange(outputs, dtype=np.int32)[:, None] + dilation * np.arange(kernel, dtype=np.int32) - padding


def within(cells: Array, size: int) -> Array:
    """Which of these cells are cells of the input."""
    inside: Array = (cells >= 0) & (cells < size)
    return inside


def _fixed(a: Array) -> Array:
    """The array, read-only: whoever asks about the same shapes is handed the same connections."""
    a.flags.writeable = False
    return a


def pair(option: Any) -> Pair:
    """An option for rows and columns."""
    return tuple(option) if isinstance(option, (tuple, list)) else (option, option)
