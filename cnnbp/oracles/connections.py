"""T enumerated: three arrays o, t, i of one length. Output cell o reads input cell i through the weight t.

input = stride·output + dilation·tap − padding, wherever that lies inside the input. Nothing here is shared with the layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import Any

import numpy as np
from scipy import sparse

from ..rounding import Array

Size = int | tuple[int, int]
Pair = tuple[int, int]
Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Connections:
    """The edges of a masked fully-connected network, output by output. What is not listed is no connection."""

    o: Array
    t: Array
    i: Array
    outputs: int
    inputs: int
    weights: int
    maps: int = 1  # of the output, all with as many cells
    alike: int = 1  # maps in a row that read the same cells through the same taps, each with weights of its own

    def __post_init__(self) -> None:
        for edges in (self.o, self.t, self.i):
            edges.flags.writeable = False  # whoever asks about the same shapes is handed the same arrays

    @cached_property
    def pointer(self) -> Array:
        """Where the edges of each output start, and where the last ones end."""
        pointer: Array = np.concatenate([[0], np.cumsum(self.fan_in)]).astype(np.int32)
        return pointer

    @cached_property
    def columns(self) -> Array:
        """i, as a sparse matrix keeps it."""
        return self.i.astype(np.int32)

    @cached_property
    def rows(self) -> Array:
        """t, as a sparse matrix keeps it."""
        return self.t.astype(np.int32)

    @cached_property
    def pattern(self) -> sparse.csr_array:
        """The mask: which inputs each output reads. SciPy checks a pattern for longer than it multiplies a small one."""
        return sparse.csr_array((self._nothing, self.columns, self.pointer), shape=(self.outputs, self.inputs))

    @cached_property
    def transposed(self) -> sparse.csc_array:
        """The mask from the other end: which outputs read each input."""
        return self.pattern.T

    @cached_property
    def shared(self) -> sparse.csc_array:
        """Which outputs use each weight."""
        return sparse.csc_array((self._nothing, self.rows, self.pointer), shape=(self.weights, self.outputs))

    @property
    def _nothing(self) -> Array:
        """In the place of values, of which a pattern has none."""
        return np.zeros(self.i.size, np.int8)

    @cached_property
    def fan_in(self) -> Array:
        """Edges of each output."""
        return np.bincount(self.o, minlength=self.outputs)

    @cached_property
    def fan_out(self) -> Array:
        """Edges of each input."""
        return np.bincount(self.i, minlength=self.inputs)

    @cached_property
    def copies(self) -> Array:
        """Edges that share each weight: the fibres of T."""
        return np.bincount(self.t, minlength=self.weights)

    @cached_property
    def first(self) -> Connections:
        """The first map of those that are alike, of each group: its weights are numbered anew."""
        edges, cells = self._by_map, self.outputs // self.maps
        numbers = np.unique(edges[:, 0], return_inverse=True)[1].ravel() if edges.size else self.t
        groups, pick = np.arange(len(edges)), np.arange(self.t.size).reshape(edges.shape)[:, 0]
        o = self.o[pick] - (groups * (self.alike - 1) * cells)[:, None]
        return Connections(o.ravel(), numbers, self.i[pick].ravel(), len(edges) * cells, self.inputs, len(self.places))

    @cached_property
    def places(self) -> Array:
        """Which weights of all maps each weight of `first` stands for: (weights of `first`, maps alike)."""
        edges = self._by_map
        if not edges.size:
            return np.zeros((0, self.alike), int)
        found: Array = np.unique(edges[:, 0])[:, None] + (edges[0, :, 0] - edges[0, 0, 0])
        return found

    def sums(self, values: Array) -> Array:
        """Of what stands on the edges, the sum over those of each output: (..., edges) to (..., outputs)."""
        padded = np.concatenate([values, np.zeros((*values.shape[:-1], 1))], axis=-1)  # the last outputs may have no edge
        return np.where(self.fan_in > 0, np.add.reduceat(padded, self.pointer[:-1], axis=-1), 0.0)

    def met(self, x: Array) -> Array:
        """Σ of the inputs that each output reads, for each sample: (n, outputs). Maps that are alike read the same."""
        first = self.first
        sums = first.sums(x.reshape(-1, self.inputs).take(first.i, axis=1))
        return np.repeat(sums.reshape(len(sums), self.maps // self.alike, 1, -1), self.alike, axis=2).reshape(len(sums), -1)

    @property
    def _by_map(self) -> Array:
        """t of each group, each map in it, each edge of the map."""
        return self.t.reshape(self.maps // self.alike, self.alike, self.t.size // self.maps)

    def exchanged(self, maps: int, alike: int) -> Connections:
        """The same edges, read from the other end: inputs and outputs change places."""
        order = np.argsort(self.i, kind="stable")
        ends = self.i[order], self.t[order], self.o[order]
        return Connections(*ends, self.inputs, self.outputs, self.weights, maps, alike)


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
    return stride * np.arange(outputs)[:, None] + dilation * np.arange(kernel) - padding


def within(cells: Array, size: int) -> Array:
    """Which of these cells are cells of the input."""
    inside: Array = (cells >= 0) & (cells < size)
    return inside


def pair(option: Any) -> Pair:
    """An option for rows and columns."""
    return tuple(option) if isinstance(option, (tuple, list)) else (option, option)
