"""The CNN as an explicit masked fully-connected network: M[o, i] = w[t] for (o, t, i) in T, and 0 elsewhere.

Built from the index relation input = stride·output + dilation·tap − padding itself. A row of M is one output cell, a
column one input cell, the mask is where the relation holds, and the entries with equal tap t share one weight (`ties`).
Then the ordinary rules of a dense layer answer every question about convolution and pooling:

    y = M·x + b        dx = Mᵀ·δ        dw[t] = Σ of the dense gradient δ[o]·x[i] over the entries tied to t
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from . import connections
from .connections import Connections, Size
from .abstention import Abstention

Array = npt.NDArray[Any]


def conv2d_matrix(
    x_shape: tuple[int, ...], w: Array, stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1
) -> sparse.csr_array:
    """y.ravel() = M @ x.ravel() + bias for one sample.    x_shape: (c, h, w) or (n, c, h, w), M: (k·p·q, c·h·w)."""
    return _conv2d(x_shape, w, stride, padding, dilation, groups).own.copy()


def conv2d_mask(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1
) -> sparse.csr_array:
    """True where output cell o is connected to input cell i: the pattern of `conv2d_matrix`."""
    layer = _conv2d(x_shape, np.ones(w_shape, bool), stride, padding, dilation, groups)
    return layer.own.copy()


def conv2d_ties(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: Size = 1, padding: Size = 0, dilation: Size = 1, groups: int = 1
) -> sparse.csr_array:
    """For each connection the number of its shared weight in `w.ravel()`, stored explicitly where it is 0."""
    layer = _conv2d(x_shape, np.ones(w_shape), stride, padding, dilation, groups)
    return layer.array(layer.connections.ties.astype(np.int64)).copy()


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
    return layer.own


def max_pool2d_matrix(
    x: Array, kernel_size: Size, stride: Size | None = None, padding: Size = 0, dilation: Size = 1, ceil_mode: bool = False
) -> sparse.csr_array:
    """y.ravel() = M @ x.ravel(), 1 at the winner of each window of this x: (c, h, w), or (n, c, h, w) in block form."""
    layer = _max_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode)
    return layer.own


@dataclass(frozen=True, eq=False)
class MaskedDense:
    """A masked dense layer with shared weights, for one sample, or, where it depends on the data, for the whole batch."""

    connections: Connections
    values: Array  # the weight on each connection
    sizes: Array | None = None  # of averages: what each output divides by, since 1/|window| itself is rounded

    def array(self, values: Array) -> sparse.csr_array:
        """One value on each connection, as a matrix. It shares its pattern with others: hand out copies only."""
        c = self.connections
        return sparse.csr_array((values, c.cells, c.pointer), shape=(c.outputs, c.inputs))

    @cached_property
    def own(self) -> sparse.csr_array:
        """M for this layer's own weights."""
        return self.array(self.values)

    @cached_property
    def absolute(self) -> MaskedDense:
        """The same network with |w|. Asked about |x| and |δ| it answers with Σ|terms|, the magnitude of every entry."""
        return MaskedDense(self.connections, np.abs(self.values), self.sizes)

    def tied_gradient(self, delta: Array, x: Array) -> Array:
        """The dense gradient Σ_n δ[n,o]·x[n,i] at every connection, summed over those that share a weight: (weights,).

        met[t, o] = x[i] for (o, t, i) in one map of each group: the others meet the same cells with residuals of their own.
        """
        c, first = self.connections, self.connections.first
        times = c.maps // c.groups
        gradient = np.zeros((first.weights, times))
        for residual, cells in zip(delta.reshape(-1, c.outputs), x.reshape(-1, c.inputs), strict=True):
            met = sparse.csc_array((first.read(cells), first.ties, first.pointer), shape=(first.weights, first.outputs))
            gradient += met @ residual.reshape(c.groups, times, -1).swapaxes(1, 2).reshape(first.outputs, times)
        return gradient.reshape(c.groups, -1, times).swapaxes(1, 2).ravel()


def build(operator: str, options: Mapping[str, Any], args: tuple[Array, ...]) -> MaskedDense:
    """The layer `operator(**options)` at `args` as a masked dense layer. Raises Abstention where it has no such form."""
    x = args[0]
    if operator == "Conv2d":
        return _conv2d(x.shape, args[1], *(options[name] for name in ("stride", "padding", "dilation", "groups")))
    if operator == "Dense":
        return MaskedDense(connections.complete(args[1].shape[1], args[1].shape[0]), args[1].ravel())
    if operator == "AvgPool2d":
        return _avg_pool2d(x.shape, **options)
    if operator == "MaxPool2d":
        return _max_pool2d(x, **options)
    if operator in ("Flatten", "Identity"):
        return MaskedDense(connections.one_to_one(np.arange(x.size), x.size), np.ones(x.size))
    raise Abstention(f"{operator} has no connections to mask")


def answer(layer: MaskedDense, args: tuple[Array, ...], delta: Array) -> dict[str, Array]:
    """y, and the gradients by x and, where the layer has them, w and b, by the rules of a dense layer. Shapes as given."""
    outputs = layer.connections.outputs
    matrix, sizes = layer.own, np.ones(1)
    if layer.sizes is not None:
        matrix, sizes = layer.array(np.ones(layer.values.shape)), np.resize(layer.sizes, outputs)
    y = forward(matrix, args[0]) / sizes
    if len(args) > 2:
        y = y + np.repeat(args[2], y.shape[1] // len(args[2]))
    dx = forward(matrix.T, delta.reshape(-1, outputs) / sizes)
    found = {"y": y.reshape(delta.shape), "x": dx.reshape(args[0].shape)}
    if len(args) > 1:
        found["w"] = layer.tied_gradient(delta, args[0]).reshape(args[1].shape)
    if len(args) > 2:
        found["b"] = delta.sum((0, *range(2, delta.ndim)))
    return found


def terms(layer: MaskedDense, args: tuple[Array, ...], delta: Array) -> dict[str, Array]:
    """How many terms each entry of `answer` sums."""
    c = layer.connections
    found = {"y": np.resize(c.fan_in + (len(args) > 2), delta.shape), "x": np.resize(c.fan_out, args[0].shape)}
    if len(args) > 1:
        found["w"] = len(args[0]) * c.copies.reshape(args[1].shape)
    if len(args) > 2:
        found["b"] = np.full(args[2].shape, delta.size // len(args[2]))
    return found


def forward(matrix: sparse.csr_array, x: Array) -> Array:
    """M·x for each sample, Mᵀ·δ for the transpose: (n, rows)."""
    y: Array = (matrix @ x.reshape(-1, matrix.shape[1]).T).T
    return y


def _conv2d(x_shape: tuple[int, ...], w: Array, stride: Size, padding: Size, dilation: Size, groups: int) -> MaskedDense:
    options = (connections.pair(option) for option in (stride, padding, dilation))
    edges = connections.convolution(tuple(x_shape[-3:]), w.shape, *options, groups)
    return MaskedDense(edges, edges.weigh(w))


def _avg_pool2d(
    x_shape: tuple[int, ...], kernel_size: Size, stride: Size | None, padding: Size, ceil_mode: bool, count_include_pad: bool
) -> MaskedDense:
    edges, sizes = connections.averages(x_shape, kernel_size, stride, padding, ceil_mode, count_include_pad)
    return MaskedDense(edges, edges.weigh(np.tile(1 / sizes, edges.maps)), sizes)


def _max_pool2d(x: Array, kernel_size: Size, stride: Size | None, padding: Size, dilation: Size, ceil_mode: bool) -> MaskedDense:
    edges = connections.winners(x, kernel_size, stride, padding, dilation, ceil_mode)
    return MaskedDense(edges, np.ones(edges.cells.size))
