"""Layers that change, remember or couple what they must leave alone; right ones that hand over unusual arrays."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

from cnnbp.layers import Conv2d, Dense, Flatten, HalfSquaredError, MaxPool2d, ReLU, Sigmoid, Tanh
from cnnbp.layers.checks import Array

from .answers import Gradients
from .catalogue import Call, Way, bent, distort, right, wrong

Bends = dict[str, Callable[..., Any]]


def _remembering(bends: Callable[[], Bends]) -> Way:
    """A layer with a memory: each instance has bends of its own, which share what they close over."""
    return lambda reference: lambda **options: distort(reference, **bends())(**options)


def _overwrite(victim: Array, value: Array) -> Array:
    victim[...] = value
    return value


def _borrow(y: Array, a: Call) -> Array:
    """y, after a.x was negated in place and restored bit for bit."""
    for _ in range(2):
        np.negative(a.x, out=a.x)
    return y


def _flip_weights(dx: Array, a: Call) -> Array:
    """dx, with w left rotated by 180° in the caller's own array."""
    a.w[...] = a.w[..., ::-1, ::-1].copy()
    return dx


def _strides_unread(delta: Array) -> Array:
    """What lies in memory where a contiguous delta would lie."""
    if delta.flags.c_contiguous:
        return delta
    base = delta.base
    memory = base if isinstance(base, np.ndarray) and base.size >= delta.size and base.dtype == delta.dtype else delta
    return memory.ravel(order="K")[: delta.size].reshape(delta.shape)


def _clipped(g: Array) -> Array:
    return g / max(1.0, float(np.linalg.norm(g)))


def _in_memory_order(like: Array, v: Array) -> Array:
    return v.reshape(like.shape, order="A").copy()


def _cached_input() -> Bends:
    kept: list[Array] = []

    def y(right: Array, a: Call) -> Array:
        kept[:] = [a.x.copy()]
        return right

    def gradients(right: Gradients, a: Call) -> Gradients:
        return a.backward(x=kept[0]) if kept and kept[0].shape == a.x.shape else right

    return {"y": y, "gradients": gradients}


def _accumulated(before: Callable[[Array], Array]) -> Callable[[], Bends]:
    def bends() -> Bends:
        kept: dict[tuple[int, ...], Array] = {}

        def dw(right: Array, _: Call) -> Array:
            kept[right.shape] = right + before(kept[right.shape]) if right.shape in kept else right
            return kept[right.shape].copy()

        return {"dw": dw}

    return bends


def _drifting() -> Bends:
    calls = count()
    return {"dx": lambda dx, _: dx * (1 + next(calls) / 1000)}


def _one_buffer() -> Bends:
    kept: dict[tuple[int, ...], Array] = {}

    def dx(right: Array, _: Call) -> Array:
        buffer = kept.setdefault(right.shape, right)
        return buffer if buffer is right else _into(buffer, right)

    return {"dx": dx}


def _into(buffer: Array, value: Array) -> Array:
    buffer[...] = value
    return buffer


def _centred(dx: Array, _: Call) -> Array:
    return np.asarray(dx - dx.sum(0) / max(1, len(dx)))


# ---- the same entries, otherwise handed over -----------------------------------------------------


def _handed_over(form: Callable[[Array], Array]) -> Way:
    """The right numbers, in another form of array."""
    return bent(y=lambda y, _: form(y), gradients=lambda gradients, _: tuple(map(form, gradients)))


def _read_only(v: Array) -> Array:
    v.flags.writeable = False
    return v


def _every_second(v: Array) -> Array:
    """v as every second entry, counted from the end, of an array twice as long."""
    room = np.zeros((*v.shape[:-1], 2 * v.shape[-1]), v.dtype) if v.ndim else np.zeros(2, v.dtype)
    strided = room[..., ::-2] if v.ndim else room[1, ...]
    strided[...] = v
    return strided


# fmt: off
FAULTS = (
    *wrong(ReLU, "relu", {
        "overwrites-input":        bent(y=lambda y, a: _overwrite(a.x, y)),
    }),
    *wrong(Sigmoid, "sigmoid", {
        "overwrites-residual":     bent(dx=lambda dx, a: _overwrite(a.delta, dx)),
    }),
    *wrong(Tanh, "tanh", {
        "borrows-input":           bent(y=_borrow),
    }),
    *wrong(Conv2d, "conv", {
        "leaves-weights-flipped":  bent(dx=_flip_weights),
        "dw-accumulated":          _remembering(_accumulated(lambda old: old)),
        "dw-accumulated-flipped":  _remembering(_accumulated(lambda old: old[..., ::-1, ::-1] / 2)),
        "dx-single-precision":     bent(dx=lambda dx, _: dx.astype(np.float32)),
        "strides-unread":          bent(gradients=lambda _, a: a.backward(delta=_strides_unread(a.delta))),
    }),
    *wrong(Dense, "dense", {
        "cached-input":            _remembering(_cached_input),
        "drifting":                _remembering(_drifting),
        "one-buffer":              _remembering(_one_buffer),
        "db-left-out":             bent(gradients=lambda g, _: g[:2]),
        "order-of-gradients":      bent(gradients=lambda g, _: (g[0], *g[:0:-1])),
        "db-keepdims":             bent(db=lambda db, _: db[None]),
        "db-not-summed":           bent(db=lambda _, a: a.delta.copy()),
        "dx-clipped":              bent(dx=lambda dx, _: _clipped(dx)),
        "dx-centred":              bent(dx=_centred),
    }),
    *wrong(HalfSquaredError, "half-squared-error", {
        "extra-gradient":          bent(gradients=lambda g, _: (g[0], -g[0])),
    }),
    *wrong(Flatten, "flatten", {
        "memory-order":            bent(y=lambda y, a: _in_memory_order(y, a.x),
                                        dx=lambda dx, a: _in_memory_order(dx, a.delta)),
    }),
)

RIGHT = (
    *right(Conv2d, "conv", {
        "fortran":                 _handed_over(np.asfortranarray),
        "strided-answers":         _handed_over(_every_second),
        "read-only-answers":       _handed_over(_read_only),
        "list-of-gradients":       bent(gradients=lambda g, _: list(g)),
    }),
    *right(MaxPool2d, "max-pool", {
        "read-only-answers":       _handed_over(_read_only),
        "bare-gradient":           bent(gradients=lambda g, _: g[0]),
    }),
    *right(ReLU, "relu", {
        "bare-gradient":           bent(gradients=lambda g, _: g[0]),
    }),
    *right(Flatten, "flatten", {
        "by-view":                 bent(y=lambda y, a: a.x.reshape(y.shape),
                                        dx=lambda dx, a: a.delta.reshape(dx.shape)),
    }),
)
# fmt: on
