"""The one idea: T, the set of triples (output o, tap t, input i) with input = stride·output + dilation·tap − padding.

Every 2-D layer is a contraction of T with two of the three arrays that it indexes:

    forward  z[o] += w[t]·x[i]       dx[i] += w[t]·δ[o]       dw[t] += δ[o]·x[i]       for (o, t, i) in T

On each axis the triples of one tap are a slice of outputs facing a slice of inputs, and T in two dimensions is
the product of its two axes. Padding never appears as data: an input that lies in the padding is in no triple.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import Any, NamedTuple

import numpy as np

from . import checks
from .checks import Array, Size

Index = tuple[Any, ...]  # (..., slice of rows, slice of columns): indexes the last two axes of an array

BLOCK_BYTES = 1 << 20  # so much is gathered at a time as stays near the processor's cache


@dataclass(frozen=True)
class Axis:
    """T along one axis, of `size` input cells and `kernel` taps. The last `surplus` cells make room for no further output."""

    name: str
    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    ceil_mode: bool = False
    surplus: int = 0

    @cached_property
    def outputs(self) -> int:
        """How many output cells there are.

        Raises ValueError where the kernel is larger than the padded input. With `ceil_mode` a last window may
        overhang on the right, unless it would start in the right padding (PyTorch's rule).
        """
        reach = self.dilation * (self.kernel - 1) + 1
        padded = self.size - self.surplus + 2 * self.padding
        if reach > padded:
            raise ValueError(
                f"kernel_size must not exceed the padded input: on the axis {self.name} the kernel spans {reach} cells "
                f"(kernel {self.kernel}, dilation {self.dilation}), the padded input has {padded} "
                f"(input {self.size}, padding {self.padding})"
            )
        outputs, remainder = divmod(padded - reach, self.stride)
        overhangs = self.ceil_mode and remainder > 0
        if overhangs and self.stride * (outputs + 1) - self.padding < self.size:
            outputs += 1
        return outputs + 1

    @cached_property
    def inside(self) -> bool:
        """No window reaches beyond the input: every tap of every output meets an input cell."""
        last = self.stride * (self.outputs - 1) + self.dilation * (self.kernel - 1)
        return self.padding == 0 and last < self.size

    @cached_property
    def taps(self) -> list[tuple[slice, slice]]:
        """`tap` for every tap."""
        return [self.tap(r) for r in range(self.kernel)]

    def tap(self, r: int) -> tuple[slice, slice]:
        """The outputs that tap `r` feeds, and the inputs it reads for them, in the same order."""
        offset = self.dilation * r - self.padding
        first = max(0, -(offset // self.stride))
        end = max(first, min(self.outputs, (self.size - 1 - offset) // self.stride + 1))
        start = self.stride * first + offset
        return slice(first, end), slice(start, start + self.stride * (end - first), self.stride)

    def first_inputs(self) -> Array:
        """For each output the first input cell that its window sees. Raises ValueError where it sees padding only."""
        start = self.stride * np.arange(self.outputs) - self.padding
        tap = np.where(start < 0, -(start // self.dilation), 0)
        first: Array = start + self.dilation * tap
        if np.any((first >= self.size) | (tap >= self.kernel)):
            raise ValueError(
                f"every window must see at least one input cell: on the axis {self.name} of {self.size} cells a window "
                f"(kernel {self.kernel}, padding {self.padding}, dilation {self.dilation}) sees padding only"
            )
        return first

    def window_sizes(self, count_padding: bool) -> Array:
        """For each output the cells of its window: those in the input, or those in the padded input too."""
        start = self.stride * np.arange(self.outputs) - self.padding
        low, high = (-self.padding, self.size + self.padding) if count_padding else (0, self.size)
        sizes: Array = np.minimum(start + self.kernel, high) - np.maximum(start, low)
        return sizes


class Triple(NamedTuple):
    """All triples of one tap at once: `y[o]` and `x[i]` face each other, cell by cell, through the tap t = (r, s)."""

    o: Index
    t: tuple[int, int]
    i: Index


@dataclass(frozen=True)
class Relation:
    """T in two dimensions."""

    rows: Axis
    columns: Axis

    def __iter__(self) -> Iterator[Triple]:
        """The triples, tap by tap, in row-major order of the taps."""
        return iter(self._triples)

    @cached_property
    def _triples(self) -> list[Triple]:
        down, across = enumerate(self.rows.taps), list(enumerate(self.columns.taps))
        return [Triple((..., p, q), (r, s), (..., h, w)) for r, (p, h) in down for s, (q, w) in across]

    @cached_property
    def output_shape(self) -> tuple[int, int]:
        """(p, q)"""
        return self.rows.outputs, self.columns.outputs

    @cached_property
    def input_shape(self) -> tuple[int, int]:
        """(h, w)"""
        return self.rows.size, self.columns.size

    @cached_property
    def window_shape(self) -> tuple[int, int, int, int]:
        """(r, s, p, q)"""
        return self.rows.kernel, self.columns.kernel, *self.output_shape

    def gather(self, x: Array) -> Array:
        """X[c·t, o] = x[c, i] for (o, t, i) in T, 0 where tap and output meet no input: `(..., c, h, w)` → `(..., c·t, o)`."""
        r, s, p, q = self.window_shape
        if self.rows.inside and self.columns.inside:
            windows = self._view(x)
        else:  # T is the product of its axes: first the rows of every window, then their columns
            rows = np.zeros((*x.shape[:-2], r, p, x.shape[-1]), x.dtype)
            for t, (o, i) in enumerate(self.rows.taps):
                rows[..., t, o, :] = x[..., i, :]
            windows = np.zeros((*x.shape[:-2], r, s, p, q), x.dtype)
            for t, (o, i) in enumerate(self.columns.taps):
                windows[..., t, :, o] = rows[..., i]
        return windows.reshape(*x.shape[:-3], x.shape[-3] * r * s, p * q)

    def _view(self, x: Array) -> Array:
        """`gather` where every tap of every output meets an input: then x only has to be looked at with other strides."""
        x = np.ascontiguousarray(x)  # then its memory is a buffer, and NumPy checks that no stride leaves it
        (down, across), (h, w) = x.strides[-2:], (self.rows, self.columns)
        steps = (h.dilation * down, w.dilation * across, h.stride * down, w.stride * across)
        return np.ndarray(x.shape[:-2] + self.window_shape, x.dtype, x, 0, x.strides[:-2] + steps)

    def scatter(self, windows: Array) -> Array:
        """x[c, i] = Σ X[c·t, o] over (o, t, i) in T, the transpose of `gather`: `(..., c·t, o)` → `(..., c, h, w)`."""
        r, s, p, q = self.window_shape
        windows = windows.reshape(*windows.shape[:-2], windows.shape[-2] // (r * s), r, s, p, q)
        columns = np.zeros((*windows.shape[:-4], s, self.rows.size, q), windows.dtype)
        for t, (o, i) in enumerate(self.rows.taps):  # first, since whole rows lie together in memory
            into = columns[..., i, :]
            into += windows[..., t, :, o, :]
        x = np.zeros((*windows.shape[:-4], *self.input_shape), windows.dtype)
        for t, (o, i) in enumerate(self.columns.taps):
            into = x[..., i]
            into += columns[..., t, :, o]
        return x

    def blocks(self, x: Array) -> Iterator[tuple[slice, slice]]:
        """Slices of samples and groups of x: (n, g, c, h, w), such that what one block gathers has about BLOCK_BYTES."""
        group_bytes = max(1, x.itemsize * x.shape[2] * prod(self.window_shape))
        groups = min(x.shape[1], max(1, BLOCK_BYTES // group_bytes))
        samples = max(1, BLOCK_BYTES // (group_bytes * x.shape[1]))
        for n in range(0, len(x), samples):
            for g in range(0, x.shape[1], groups):
                yield slice(n, n + samples), slice(g, g + groups)


@lru_cache(maxsize=256)
def relation(
    cells: tuple[int, ...], kernel_size: Size, stride: Size, padding: Size, dilation: Size, ceil_mode: bool = False
) -> Relation:
    """T for `cells` = (h, w) input cells, by the options of a layer, each an integer or a pair."""
    options = (checks.pair("", option, 0) for option in (kernel_size, stride, padding, dilation))
    return Relation(*(Axis(*axis) for axis in zip(("h", "w"), cells, *options, (ceil_mode, ceil_mode), strict=True)))


@lru_cache(maxsize=256)
def transposed(
    cells: tuple[int, ...], kernel_size: Size, stride: Size, padding: Size, dilation: Size, output_padding: Size
) -> Relation:
    """T with `cells` = (h, w) output cells: of the convolution that maps the answer of a transposed one back to its input.

    Raises ValueError where there is no input cell.
    """
    options = (checks.pair("", option, 0) for option in (kernel_size, stride, padding, dilation, output_padding))
    axes = []
    for name, outputs, kernel, step, pad, spread, surplus in zip(("h", "w"), cells, *options, strict=True):
        size = step * (outputs - 1) + spread * (kernel - 1) + 1 - 2 * pad + surplus
        if outputs < 1 or size < 1:
            raise ValueError(
                f"padding must leave at least one cell of y: on the axis {name} of {outputs} cells it has {size} "
                f"(kernel {kernel}, stride {step}, padding {pad}, dilation {spread}, output_padding {surplus})"
            )
        axes.append(Axis(name, size, kernel, step, pad, spread, surplus=surplus))
    return Relation(*axes)
