"""The index relation as plain loops: what the 2-D layers must equal, written without any helper of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Pair = tuple[int, int]
Index = tuple[int, ...]
Windows = dict[Pair, tuple[list[Pair], int]]  # of each output: its input cells, and how many cells count with padding

# Integer data times a unit: exact in every number system, and a system that is left by accident shows in the answer.
NUMBER_SYSTEMS: list[tuple[Any, Any]] = [
    (np.int64, 3),
    (np.float64, 0.5),
    (np.float32, 0.25),
    (np.complex128, 1 - 2j),
    (np.object_, Fraction(2, 3)),
]
REAL_SYSTEMS = [(dtype, unit) for dtype, unit in NUMBER_SYSTEMS if dtype is not np.complex128]


def integers(seed: int, *shapes: Index, low: int = -9, high: int = 9) -> list[Array]:
    """One int64 array for each shape, with entries from `low` to `high`."""
    rng = np.random.default_rng(seed)
    return [rng.integers(low, high, shape, endpoint=True) for shape in shapes]


def cell(output: int, tap: int, stride: int, padding: int, dilation: int) -> int:
    """The input cell of an output cell and a tap, on one axis; it may lie in the padding."""
    return stride * output + dilation * tap - padding


def outputs(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool = False) -> int:
    """How many outputs one axis has; under `ceil_mode`, as PyTorch, no window starts in the right padding."""
    steps = Fraction(size + 2 * padding - dilation * (kernel - 1) - 1, stride)
    last = ceil(steps) if ceil_mode else floor(steps)
    return last if ceil_mode and stride * last >= size + padding else last + 1


def conv2d_triples(
    x_shape: Index,
    w_shape: Index,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
    groups: int,
    output_shape: Index | None = None,
) -> Iterator[tuple[Index, Index, Index]]:
    """T, with sample and channels: each (output (n,k,p,q), tap (k,c,r,s), input (n,c,h,w)) that meet.

    `output_shape` = (p, q), if there are fewer outputs than fit.
    """
    (size, _, *cells), (channels, group, *kernel) = x_shape, w_shape
    shape = output_shape or [outputs(*axis) for axis in zip(cells, kernel, stride, padding, dilation, strict=True)]
    for n, k, c, p, q, r, s in product(*map(range, (size, channels, group, *shape, *kernel))):
        h, w = (cell(*axis) for axis in zip((p, q), (r, s), stride, padding, dilation, strict=True))
        if 0 <= h < cells[0] and 0 <= w < cells[1]:
            first = k // (channels // groups) * group
            yield (n, k, p, q), (k, c, r, s), (n, first + c, h, w)


def conv2d(
    x: Array, w: Array, delta: Array, stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> tuple[Array, Array, Array]:
    """y without bias, dx and dw: the three contractions of T."""
    y, dx, dw = np.zeros_like(delta), np.zeros_like(x), np.zeros_like(w)
    for o, t, i in conv2d_triples(x.shape, w.shape, stride, padding, dilation, groups):
        y[o] += w[t] * x[i]
        dx[i] += w[t] * delta[o]
        dw[t] += delta[o] * x[i]
    return y, dx, dw


def conv_transpose2d(
    x: Array, w: Array, delta: Array, stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> tuple[Array, Array, Array]:
    """y without bias, dx and dw: the contractions of the T that maps y to x."""
    y, dx, dw = np.zeros_like(delta), np.zeros_like(x), np.zeros_like(w)
    for i, t, o in conv2d_triples(delta.shape, w.shape, stride, padding, dilation, groups, x.shape[2:]):
        y[o] += w[t] * x[i]
        dx[i] += w[t] * delta[o]
        dw[t] += delta[o] * x[i]
    return y, dx, dw


def pool_windows(
    size: Pair, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair = (1, 1), ceil_mode: bool = False
) -> Windows:
    """For each output its input cells, in row-major order, and its cells as far as input + padding reaches, counted."""
    axes = list(zip(size, kernel, stride, padding, dilation, strict=True))
    windows: Windows = {}
    for p, q in product(*(range(outputs(*axis, ceil_mode)) for axis in axes)):
        cells = [
            tuple(cell(o, t, *axis[2:]) for o, t, axis in zip((p, q), taps, axes, strict=True))
            for taps in product(*map(range, kernel))
        ]
        inside = [(h, w) for h, w in cells if 0 <= h < size[0] and 0 <= w < size[1]]
        counted = sum(h < size[0] + padding[0] and w < size[1] + padding[1] for h, w in cells)
        windows[p, q] = inside, counted
    return windows


def max_pool2d(x: Array, delta: Array, windows: Windows) -> tuple[Array, Array]:
    """y and dx: the first winner of a window, in row-major order, takes all of its residual."""
    y, dx = np.zeros_like(delta), np.zeros_like(x)
    for sample, (o, (inside, _)) in product(np.ndindex(x.shape[:2]), windows.items()):
        winner = max(inside, key=lambda i: x[sample + i])
        y[sample + o] = x[sample + winner]
        dx[sample + winner] += delta[sample + o]
    return y, dx


def avg_pool2d(x: Array, delta: Array, windows: Windows, count_include_pad: bool) -> tuple[Array, Array]:
    """y and dx as Fractions: every cell of a window has the same share."""
    y, dx = np.full(delta.shape, Fraction(0)), np.full(x.shape, Fraction(0))
    for sample, (o, (inside, counted)) in product(np.ndindex(x.shape[:2]), windows.items()):
        share = Fraction(1, counted if count_include_pad else len(inside))
        for i in inside:
            y[sample + o] += share * int(x[sample + i])
            dx[sample + i] += share * int(delta[sample + o])
    return y, dx
