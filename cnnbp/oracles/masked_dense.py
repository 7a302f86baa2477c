"""The CNN as an explicit masked fully-connected network: M[o, i] = w[t] for (o, t, i) in T, and 0 elsewhere.

Built from the index relation input = stride·output + dilation·tap − padding itself. A row of M is one output cell, a
column one input cell, the mask is where the relation holds, and the entries with equal tap t share one weight (`ties`).
Then the ordinary rules of a dense layer answer every question about convolution and pooling:

    y = M·x + b        dx = Mᵀ·δ        dw[t] = Σ of the dense gradient δ[o]·x[i] over the entries tied to t
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .testimony import Abstention

Array = npt.NDArray[Any]

Size = int | tuple[int, int]
Pair = tuple[int, int]

CHUNK = 1 << 14  # connections at a time: what fits into the processor's cache


def conv2d_matrix(
    x_shape: tuple[int, ...], w: Array, stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1
) -> sparse.csr_array:
    """y.ravel() = M @ x.ravel() + bias for one sample.    x_shape: (c, h, w) or (n, c, h, w), M: (k·p·q, c·h·w)."""
    return _conv2d(x_shape, w, stride, padding, dilation, groups).matrix(w)


def conv2d_mask(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1
) -> sparse.csr_array:
    """True where output cell o is connected to input cell i: the pattern of `conv2d_matrix`."""
    layer = _conv2d(x_shape, np.ones(w_shape), stride, padding, dilation, groups)
    return layer.array(np.ones(layer.ties.size, bool))


def conv2d_ties(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1
) -> sparse.csr_array:
    """For each connection the number of its shared weight in `w.ravel()`, stored explicitly where it is 0."""
    layer = _conv2d(x_shape, np.ones(w_shape), stride, padding, dilation, groups)
    return layer.array(layer.ties)


def avg_pool2d_matrix(
    x_shape: tuple[int, ...],
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> sparse.csr_array:
    """y.ravel() = M @ x.ravel() for one sample, 1/|window| in every connection.    M: (c·p·q, c·h·w)."""
    layer = _avg_pool2d(x_shape, kernel_size, stride, padding, ceil_mode, count_include_pad)
    return layer.matrix(layer.shared)


def max_pool2d_matrix(
    x: Array, kernel_size: Size, stride: Size | None = None, padding: Size = 0, dilation: Size = 1, ceil_mode: bool = False
) -> sparse.csr_array:
    """y.ravel() = M @ x.ravel(), 1 at the winner of each window of this x: (c, h, w), or (n, c, h, w) in block form."""
    layer = _max_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode)
    return layer.matrix(layer.shared)


@dataclass(frozen=True)
class MaskedDense:
    """A masked dense layer with shared weights, for one sample (or, after max pooling, for the whole batch at once)."""

    indices: Array  # the input cell of each connection, row by row
    pointer: Array  # where each row starts
    ties: Array  # the shared weight of each connection
    inputs: int
    shared: Array  # the values of the shared weights

    def array(self, values: Array) -> sparse.csr_array:
        """One value on each connection, as a matrix."""
        return sparse.csr_array((values, self.indices, self.pointer), shape=(len(self.pointer) - 1, self.inputs))

    def matrix(self, w: Array) -> sparse.csr_array:
        """M for the shared weights w, of any shape."""
        return self.array(np.take(w, self.ties))

    @cached_property
    def own(self) -> sparse.csr_array:
        """M for this layer's own weights."""
        return self.matrix(self.shared)

    @cached_property
    def absolute(self) -> MaskedDense:
        """The same network with |w|. Asked about |x| and |δ| it answers with Σ|terms|, the magnitude of every entry."""
        return replace(self, shared=np.abs(self.shared))

    def tied_gradient(self, delta: Array, x: Array) -> Array:
        """The dense gradient Σ_n δ[n,o]·x[n,i] at every connection, summed over those that share a weight."""
        deltas, cells = delta.reshape(-1, len(self.pointer) - 1), x.reshape(-1, self.inputs)
        gradient = np.zeros(self.shared.size)
        for start in range(0, len(self.indices), CHUNK):
            edges = slice(start, start + CHUNK)
            rows, columns, ties = self.rows[edges], self.indices[edges], self.ties[edges]
            for residual, cell in zip(deltas, cells, strict=True):
                gradient += np.bincount(ties, residual[rows] * cell[columns], gradient.size)
        return gradient

    @property
    def rows(self) -> Array:
        """The output cell of each connection."""
        return _rows(self.pointer.tobytes())

    @cached_property
    def fan_in(self) -> Array:
        """Connections of each output."""
        return np.diff(self.pointer)

    @property
    def fan_out(self) -> Array:
        """Connections of each input."""
        return np.bincount(self.indices, minlength=self.inputs)

    @property
    def copies(self) -> Array:
        """Connections that share each weight."""
        return np.bincount(self.ties, minlength=self.shared.size)


def build(operator: str, options: Mapping[str, Any], args: tuple[Array, ...]) -> MaskedDense:
    """The layer `operator(**options)` at `args` as a masked dense layer. Raises Abstention where it has no such form."""
    x = args[0]
    if operator == "Conv2d":
        keep = ("stride", "padding", "dilation", "groups")
        return _conv2d(x.shape, args[1], *(options[name] for name in keep))
    if operator == "Dense":
        out, features = args[1].shape
        return MaskedDense(
            np.tile(np.arange(features), out), _pointer(np.full(out, features)), np.arange(out * features), features, args[1]
        )
    if operator == "AvgPool2d":
        return _avg_pool2d(x.shape, **options)
    if operator == "MaxPool2d":
        return _max_pool2d(x, **options)
    if operator in ("Flatten", "Identity"):
        return MaskedDense(np.arange(x.size), _pointer(np.ones(x.size, int)), np.zeros(x.size, int), x.size, np.ones(1))
    raise Abstention(f"{operator} has no connections to mask")


def answer(layer: MaskedDense, args: tuple[Array, ...], delta: Array) -> dict[str, Array]:
    """y, and the gradients by x and, where the layer has them, w and b, by the rules of a dense layer. Shapes as given."""
    y = forward(layer.own, args[0])
    if len(args) > 2:
        y = y + np.repeat(args[2], y.shape[1] // len(args[2]))
    found = {"y": y.reshape(delta.shape), "x": forward(layer.own.T, delta).reshape(args[0].shape)}
    if len(args) > 1:
        found["w"] = layer.tied_gradient(delta, args[0]).reshape(args[1].shape)
    if len(args) > 2:
        found["b"] = delta.sum((0, *range(2, delta.ndim)))
    return found


def terms(layer: MaskedDense, args: tuple[Array, ...], delta: Array) -> dict[str, Array]:
    """How many terms each entry of `answer` sums."""
    found = {"y": _each(layer.fan_in + (len(args) > 2), delta.shape), "x": _each(layer.fan_out, args[0].shape)}
    if len(args) > 1:
        found["w"] = len(args[0]) * layer.copies.reshape(args[1].shape)
    if len(args) > 2:
        found["b"] = np.full(args[2].shape, delta.size // len(args[2]))
    return found


def forward(matrix: sparse.csr_array, x: Array) -> Array:
    """M·x for each sample, Mᵀ·δ for the transpose: (n, rows)."""
    y: Array = (matrix @ x.reshape(-1, matrix.shape[1]).T).T
    return y


def windows(
    x_shape: tuple[int, ...], kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool
) -> tuple[Array, Array]:
    """The input cells of each pooling window in row-major order, `(p·q, taps)`, and which of them exist."""
    h, v = _pool_axes(x_shape, kernel_size, stride, padding, dilation, ceil_mode)
    cells = h[:, None, :, None] * x_shape[-1] + v[None, :, None, :]
    inside = _within(h, x_shape[-2])[:, None, :, None] & _within(v, x_shape[-1])[None, :, None, :]
    return cells.reshape(-1, h.shape[1] * v.shape[1]), inside.reshape(-1, h.shape[1] * v.shape[1])


def output_rows(size: int, kernel: Any, options: Mapping[str, Any]) -> int:
    """How many rows a convolution or pooling layer makes out of `size`."""
    k = _pair(kernel)[0]
    stride = k if options.get("stride") is None else _pair(options["stride"])[0]
    axis = _axis(
        size, k, stride, _pair(options["padding"])[0], _pair(options.get("dilation", 1))[0], options.get("ceil_mode", False)
    )
    return len(axis)


def _conv2d(x_shape: tuple[int, ...], w: Array, stride: Size, padding: Size, dilation: Size, groups: int) -> MaskedDense:
    pattern = _connections(tuple(x_shape[-3:]), w.shape, *map(_pair, (stride, padding, dilation)), groups)
    return MaskedDense(*pattern, int(np.prod(x_shape[-3:])), w)


@lru_cache(maxsize=4)
def _connections(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> tuple[Array, Array, Array]:
    """The input cell of every connection, row by row, where each row starts, and the shared weight of every connection."""
    (_, h, v), (k, per_group, r, s) = x_shape, w_shape
    ih, iw = (_axis(*sizes) for sizes in zip((h, v), (r, s), stride, padding, dilation, strict=True))
    rows, columns = _within(ih, h), _within(iw, v)
    plane = np.arange(per_group, dtype=np.int32)[:, None, None] * (h * v)
    cells = ih[:, None, None, :, None] * v + iw[None, :, None, None, :] + plane
    taps = np.broadcast_to(np.arange(per_group * r * s).reshape(per_group, r, s), cells.shape)
    inside = np.broadcast_to(rows[:, None, None, :, None] & columns[None, :, None, None, :], cells.shape)
    cells, taps = (cells.ravel(), taps.ravel()) if inside.all() else (cells[inside], taps[inside])
    channel = np.arange(k)[:, None]
    indices = (cells + (channel // (k // groups) * (per_group * h * v)).astype(np.int32)).ravel()
    ties = (taps + channel * (per_group * r * s)).ravel()
    fan_in = per_group * np.multiply.outer(rows.sum(1), columns.sum(1)).ravel()
    return indices, _pointer(np.tile(fan_in, k)), ties


def _avg_pool2d(
    x_shape: tuple[int, ...], kernel_size: Size, stride: Size | None, padding: Size, ceil_mode: bool, count_include_pad: bool
) -> MaskedDense:
    c, h, v = x_shape[-3:]
    cells, inside = windows(x_shape, kernel_size, stride, padding, 1, ceil_mode)
    fan_in = inside.sum(1)
    sizes = fan_in
    if count_include_pad:
        ends = h + _pair(padding)[0], v + _pair(padding)[1]
        axes = _pool_axes(x_shape, kernel_size, stride, padding, 1, ceil_mode)
        sizes = np.multiply.outer(*((axis < end).sum(1) for axis, end in zip(axes, ends, strict=True))).ravel()
    row = np.repeat(np.arange(len(fan_in)), fan_in)
    indices = (cells[inside] + np.arange(c)[:, None] * (h * v)).ravel()
    return MaskedDense(indices, _pointer(np.tile(fan_in, c)), np.tile(row, c), c * h * v, 1 / sizes)


def _max_pool2d(x: Array, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> MaskedDense:
    cells, inside = windows(x.shape, kernel_size, stride, padding, dilation, ceil_mode)
    maps = x.reshape(-1, x.shape[-2] * x.shape[-1])
    values = np.where(inside, maps[:, np.where(inside, cells, 0)], -np.inf)
    winner = np.take_along_axis(cells[None], values.argmax(2)[:, :, None], 2)[:, :, 0]
    indices = (winner + np.arange(len(maps))[:, None] * maps.shape[1]).ravel()
    return MaskedDense(indices, _pointer(np.ones(indices.size, int)), np.zeros(indices.size, int), x.size, np.ones(1))


def _pool_axes(
    x_shape: tuple[int, ...], kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool
) -> tuple[Array, Array]:
    k, pad, d = _pair(kernel_size), _pair(padding), _pair(dilation)
    s = k if stride is None else _pair(stride)
    h, v = (_axis(x_shape[a - 2], k[a], s[a], pad[a], d[a], ceil_mode) for a in (0, 1))
    return h, v


def _axis(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool = False) -> Array:
    """The cell that output p reads through tap r, inside the input or not: (p, r)."""
    free = size + 2 * padding - dilation * (kernel - 1) - 1
    outputs = free // stride + 1
    if ceil_mode and free % stride and stride * outputs < size + padding:
        outputs += 1
    return stride * np.arange(outputs, dtype=np.int32)[:, None] + dilation * np.arange(kernel, dtype=np.int32) - padding


@lru_cache(maxsize=4)
def _rows(pointer: bytes) -> Array:
    starts = np.frombuffer(pointer, np.int32)
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def _within(cells: Array, size: int) -> Array:
    inside: Array = (cells >= 0) & (cells < size)
    return inside


def _pointer(fan_in: Array) -> Array:
    return np.concatenate([[0], np.cumsum(fan_in)]).astype(np.int32)


def _pair(option: Any) -> tuple[int, int]:
    return tuple(option) if isinstance(option, (tuple, list)) else (option, option)


def _each(per_sample: Array, shape: tuple[int, ...]) -> Array:
    """The same numbers for every sample."""
    return np.resize(per_sample, shape)
