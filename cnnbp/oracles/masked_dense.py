"""The CNN as an explicit masked fully-connected network: M[o, i] = w[t] for (o, t, i) in T, and 0 elsewhere.

Built from the index relation input = stride·output + dilation·tap − padding itself. A row of M is one output cell, a
column one input cell, the mask is where the relation holds, and the entries with equal tap t share one weight.
Then the ordinary rules of a dense layer answer every question about convolution and pooling:

    y = M·x + b        dx = Mᵀ·δ        dw[t] = Σ of the dense gradient δ[o]·x[i] over the entries that share t
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from scipy import sparse

from ..rounding import Array
from . import connections
from .connections import Size
from .triples import Connections

Options = Mapping[str, Any]
Arguments = tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class MaskedDense:
    """A masked dense layer with shared weights, for one sample, or, where it depends on the data, for the whole batch."""

    connections: Connections
    values: Array  # the weight on each connection
    y_shape: tuple[int, ...] = ()  # of one sample
    sizes: Array | None = None  # of averages: what each output divides by, since 1/|window| itself is rounded
    candidates: tuple[Array, Array] | None = None  # of maxima: the cells of each window, and which of them exist

    def array(self, values: Array) -> sparse.csr_array:
        """One value on each connection, as a matrix. It shares its pattern with others: hand out copies only."""
        return _filled(self.connections.pattern, values)

    def transposed(self, values: Array) -> sparse.csc_array:
        """Its transpose, likewise."""
        return _filled(self.connections.transposed, values)

    @cached_property
    def own(self) -> sparse.csr_array:
        """M for this layer's own weights."""
        return self.array(self.values)

    @cached_property
    def absolute(self) -> MaskedDense:
        """The same network with |w|. Asked about |x| and |δ| it answers with Σ|terms|, the magnitude of every entry."""
        return replace(self, values=np.abs(self.values))

    def shared_gradient(self, delta: Array, x: Array) -> Array:
        """The dense gradient Σ_n δ[n,o]·x[n,i] at every connection, summed over those that share a weight: (weights,).

        met[t, o] = x[i] for (o, t, i) in one map: those alike meet the same cells, each with a residual of its own.
        """
        c, first, gradient = self.connections, self.connections.first, np.zeros(self.connections.weights)
        for residual, cells in zip(delta.reshape(-1, c.outputs), x.reshape(-1, c.inputs), strict=True):
            met = _filled(first.shared, cells[first.i])
            maps = residual.reshape(-1, c.alike, c.outputs // c.maps).swapaxes(1, 2)
            gradient[c.places] += met @ maps.reshape(first.outputs, c.alike)
        return gradient


def _filled(pattern: Any, values: Array) -> Any:
    """A sparse matrix of this pattern."""
    matrix = copy.copy(pattern)
    matrix.data = values
    return matrix


# ---- the layers as such networks, each from its options and arguments ------------------------------------------------


def convolution(options: Options, args: Arguments) -> MaskedDense:
    """Conv2d."""
    x, w = args[:2]
    sizes = [connections.pair(options[name]) for name in ("stride", "padding", "dilation")]
    edges = connections.convolution(tuple(x.shape[-3:]), w.shape, *sizes, options["groups"])
    pixels = (len(connections.axis(*size)) for size in zip(x.shape[-2:], w.shape[2:], *sizes, strict=True))
    return MaskedDense(edges, _shared(w, edges), (len(w), *pixels))


def transposed_convolution(options: Options, args: Arguments) -> MaskedDense:
    """ConvTranspose2d."""
    x, w = args[:2]
    stride, padding, extra, dilation = (
        connections.pair(options[name]) for name in ("stride", "padding", "output_padding", "dilation")
    )
    sizes = tuple(x.shape[-3:]), w.shape, stride, padding, extra, dilation, options["groups"]
    edges, y_shape = connections.transposed_convolution(*sizes), connections.transposed_shape(*sizes)
    return MaskedDense(edges, _shared(w, edges), y_shape)


def _shared(w: Array, edges: Connections) -> Array:
    """w[t] on each connection."""
    return np.take(w, edges.t, mode="wrap")  # every t is a weight: so it need not be asked whether it is


def dense(options: Options, args: Arguments) -> MaskedDense:
    """Dense: nothing is masked."""
    w = args[1]
    return MaskedDense(connections.complete(w.shape[1], w.shape[0]), w.ravel(), (len(w),))


def average_pool(options: Options, args: Arguments) -> MaskedDense:
    """AvgPool2d."""
    x = args[0]
    windows = {name: value for name, value in options.items() if name != "count_include_pad"}
    edges, sizes = connections.averages(x.shape, **options)
    y_shape = x.shape[-3], *connections.pooled_shape(x.shape, dilation=1, **windows)
    return MaskedDense(edges, 1 / sizes[edges.t], y_shape, sizes)


def max_pool(options: Options, args: Arguments) -> MaskedDense:
    """MaxPool2d at this x: 1 at the winner of each window."""
    x = args[0]
    edges, y_shape = connections.winners(x, **options), (x.shape[-3], *connections.pooled_shape(x.shape, **options))
    return MaskedDense(edges, np.ones(edges.outputs), y_shape, None, connections.windows(x.shape, **options))


def flat(options: Options, args: Arguments) -> MaskedDense:
    """Flatten: every output is one input, in the same order."""
    x = args[0]
    return MaskedDense(connections.one_to_one(np.arange(x.size), x.size), np.ones(x.size), (x.size // max(1, len(x)),))


def identity(options: Options, args: Arguments) -> MaskedDense:
    """Identity: every output is one input, in the same place."""
    x = args[0]
    return MaskedDense(connections.one_to_one(np.arange(x.size), x.size), np.ones(x.size), x.shape[1:])


# ---- what a dense layer answers --------------------------------------------------------------------------------------


def value(layer: MaskedDense, args: Arguments) -> Array:
    """y = M·x + b for each sample, with numbers of any kind: (n, outputs)."""
    c = layer.connections
    if layer.sizes is None:
        y = forward(layer.own, args[0])
    else:
        y = forward(layer.array(np.ones(c.i.size)), args[0]) / np.resize(layer.sizes, c.outputs)
    return y + np.repeat(args[2], c.outputs // len(args[2])) if len(args) > 2 else y


def answer(layer: MaskedDense, args: Arguments, delta: Array) -> dict[str, Array]:
    """y, and the gradients by x and, where the layer has them, w and b, by the rules of a dense layer. Shapes as given."""
    return {quantity: one(layer, quantity, args, delta) for quantity in "yxwb"[: 1 + len(args)]}


def one(layer: MaskedDense, quantity: str, args: Arguments, delta: Array) -> Array:
    """y, or the gradient by x, w or b."""
    if quantity == "y":
        return value(layer, args).reshape(delta.shape)
    if quantity == "w":
        return layer.shared_gradient(delta, args[0]).reshape(args[1].shape)
    if quantity == "b":
        return np.asarray(delta.sum((0, *range(2, delta.ndim))))
    if layer.sizes is None:
        return forward(layer.transposed(layer.values), delta).reshape(args[0].shape)
    outputs = layer.connections.outputs
    residual = delta.reshape(-1, outputs) / np.resize(layer.sizes, outputs)
    return forward(layer.transposed(np.ones(layer.values.shape)), residual).reshape(args[0].shape)


def terms(layer: MaskedDense, quantity: str, args: Arguments, delta: Array) -> Array:
    """How many terms each entry of that quantity sums."""
    c = layer.connections
    if quantity == "y":
        return np.resize(c.fan_in + (len(args) > 2), delta.shape)
    if quantity == "x":
        return np.resize(c.fan_out, args[0].shape)
    return len(args[0]) * c.copies.reshape(args[1].shape) if quantity == "w" else np.full(args[2].shape, delta.size // len(args[2]))


def forward(matrix: sparse.csr_array, x: Array) -> Array:
    """M·x for each sample, Mᵀ·δ for the transpose: (n, rows)."""
    y: Array = (matrix @ x.reshape(-1, matrix.shape[1]).T).T
    return y


# ---- the matrices themselves, to be looked at ------------------------------------------------------------------------


def conv2d_matrix(
    x_shape: tuple[int, ...], w: Array, stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1
) -> sparse.csr_array:
    """y.ravel() = M @ x.ravel() + bias for one sample.    x_shape: (c, h, w) or (n, c, h, w), M: (k·p·q, c·h·w)."""
    sizes = (connections.pair(option) for option in (stride, padding, dilation))
    edges = connections.convolution(tuple(x_shape[-3:]), w.shape, *sizes, groups)
    return MaskedDense(edges, _shared(w, edges)).own.copy()


def conv2d_ties(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1
) -> sparse.csr_array:
    """For each connection the number of its shared weight in `w.ravel()`, stored explicitly where it is 0."""
    return conv2d_matrix(x_shape, np.arange(prod(w_shape)).reshape(w_shape), stride, padding, dilation, groups)


def avg_pool2d_matrix(
    x_shape: tuple[int, ...],
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> sparse.csr_array:
    """y.ravel() = M @ x.ravel() for one sample, 1/|window| in every connection.    M: (c·p·q, c·h·w)."""
    edges, sizes = connections.averages(x_shape, kernel_size, stride, padding, ceil_mode, count_include_pad)
    return MaskedDense(edges, 1 / sizes[edges.t]).own


def max_pool2d_matrix(
    x: Array, kernel_size: Size, stride: Size | None = None, padding: Size = 0, dilation: Size = 1, ceil_mode: bool = False
) -> sparse.csr_array:
    """y.ravel() = M @ x.ravel(), 1 at the winner of each window of this x: (c, h, w), or (n, c, h, w) in block form."""
    edges = connections.winners(x, kernel_size, stride, padding, dilation, ceil_mode)
    return MaskedDense(edges, np.ones(edges.outputs)).own
