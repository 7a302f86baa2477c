"""Layers that change, remember or couple what they must leave alone; right ones that hand over unusual arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnbp.layers import Conv2d, Dense, Flatten, HalfSquaredError, MaxPool2d, ReLU, Sigmoid, Tanh
from cnnbp.layers.checks import Array

from .answers import Gradients
from .catalogue import Call, Way, bent, remembering, right, wrong


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


def _keep_input(y: Array, a: Call, kept: dict[str, Array]) -> Array:
    kept["x"] = a.x.copy()
    return y


def _of_kept_input(gradients: Gradients, a: Call, kept: dict[str, Array]) -> Gradients:
    return a.backward(x=kept["x"]) if kept and kept["x"].shape == a.x.shape else gradients


def _accumulated(dw: Array, _: Call, kept: dict[Any, Array]) -> Array:
    kept[dw.shape] = dw + kept.get(dw.shape, 0)
    return kept[dw.shape].copy()


def _accumulated_flipped(dw: Array, _: Call, kept: dict[Any, Array]) -> Array:
    kept[dw.shape] = dw + kept.get(dw.shape, 0 * dw)[..., ::-1, ::-1] / 2
    return kept[dw.shape].copy()


def _drifting(dx: Array, _: Call, kept: dict[str, int]) -> Array:
    kept["calls"] = kept.get("calls", -1) + 1
    return dx * (1 + kept["calls"] / 1000)


def _one_buffer(dx: Array, _: Call, kept: dict[Any, Array]) -> Array:
    buffer = kept.setdefault(dx.shape, dx)
    buffer[...] = dx
    return buffer


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
        "dw-accumulated":          remembering(dw=_accumulated),
        "dw-accumulated-flipped":  remembering(dw=_accumulated_flipped),
        "dx-single-precision":     bent(dx=lambda dx, _: dx.astype(np.float32)),
        "strides-unread":          bent(gradients=lambda _, a: a.backward(delta=_strides_unread(a.delta))),
    }),
    *wrong(Dense, "dense", {
        "cached-input":            remembering(y=_keep_input, gradients=_of_kept_input),
        "drifting":                remembering(dx=_drifting),
        "one-buffer":              remembering(dx=_one_buffer),
        "db-left-out":             bent(gradients=lambda g, _: g[:2]),
        "order-of-gradients":      bent(gradients=lambda g, _: (g[0], *g[:0:-1])),
        "db-keepdims":             bent(db=lambda db, _: db[None]),
        "db-not-summed":           bent(db=lambda _, a: a.delta.copy()),
        "dx-clipped":              bent(dx=lambda dx, _: dx / max(1.0, float(np.linalg.norm(dx)))),
        "dx-centred":              bent(dx=lambda dx, _: dx - dx.sum(0) / max(1, len(dx))),
    }),
    *wrong(HalfSquaredError, "half-squared-error", {
        "extra-gradient":          bent(gradients=lambda g, _: (g[0], -g[0])),
    }),
    *wrong(Flatten, "flatten", {
        "memory-order":            bent(y=lambda y, a: a.x.reshape(y.shape, order="A").copy(),
                                        dx=lambda dx, a: a.delta.reshape(dx.shape, order="A").copy()),
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
