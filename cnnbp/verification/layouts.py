"""The same numbers in other memory: as the caller laid them out, and in the layouts that a layer is asked about."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..rounding import Array

SPREAD = 16  # a view that spans more than this many times its own numbers is copied without its strides


def copied(a: Array, dtype: np.dtype[Any] | None = None, numbers: Array | None = None) -> Array:
    """The same numbers under the same strides, in memory of their own: NaN in between, and read-only where entries share a cell.

    dtype, numbers: others, for the copy.
    """
    a = np.asarray(a)
    size, dtype, numbers = a.itemsize, a.dtype if dtype is None else dtype, a if numbers is None else numbers
    reach = [(n - 1) * s for n, s in zip(a.shape, a.strides, strict=True)]
    spans = sum(map(abs, reach)) + size
    plain = a.size == 0 or a.flags.c_contiguous or any(s % size for s in a.strides) or spans > SPREAD * a.nbytes
    if plain or not a.dtype.isnative:
        return np.array(numbers, dtype, order="C")
    memory = np.full(spans // size, np.nan if dtype.kind == "f" else 0, dtype)
    first = sum(-r for r in reach if r < 0) // size
    strides = [s // size * dtype.itemsize for s in a.strides]
    view = np.lib.stride_tricks.as_strided(memory[first:], a.shape, strides, writeable=True)
    view[...] = numbers
    if any(s == 0 and n > 1 for n, s in zip(a.shape, a.strides, strict=True)):
        view.flags.writeable = False
    return view


def in_c_order(a: Array) -> bool:
    """Whether it lies in memory as most arrays do, and may be written to."""
    return bool(a.flags.c_contiguous)


def read_only(a: Array) -> Array:
    """The array itself, which nobody can write to any more."""
    a.flags.writeable = False
    return a


def fortran(a: Array) -> Array:
    """The first axis runs fastest."""
    return np.array(a, order="F")


def strided(a: Array) -> Array:
    """Two apart on every axis, NaN in between: reading past the strides shows."""
    if a.ndim == 0:
        return a.copy()
    wide = np.full([2 * size for size in a.shape], np.nan if a.dtype.kind == "f" else 0, a.dtype)
    view = wide[tuple(slice(None, None, 2) for _ in a.shape)]
    view[...] = a
    return view


def backwards(a: Array) -> Array:
    """Every axis runs from the end of its memory to the beginning."""
    flipped = (slice(None, None, -1),) * a.ndim
    return np.array(a[flipped], order="C")[flipped] if a.ndim else a.copy()


def broadcast(a: Array) -> Array:
    """Equal samples share memory, by a stride of 0, and cannot be written to; an axis is equal where its entries all are."""
    thin = a
    for axis in range(a.ndim):
        head = np.take(thin, [0], axis) if thin.shape[axis] else thin
        if thin.shape[axis] > 1 and np.array_equal(np.broadcast_to(head, thin.shape), thin):
            thin = head
    return np.broadcast_to(np.array(thin), a.shape)
