"""Layers whose numbers may be right, but which change, remember, or couple what they must leave alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

from cnnbp.layers import Conv2d, Dense, Flatten, HalfSquaredError, Layer, ReLU, Sigmoid, Tanh
from cnnbp.layers.checks import Array

from .catalogue import Call, Fault, Gradients, distort

Bends = dict[str, Callable[..., Any]]


def _remembering(reference: Callable[..., Any], bends: Callable[[], Bends]) -> Callable[..., Layer]:
    """`make` of a layer with a memory: each instance has bends of its own, which share what they close over."""
    return lambda **options: distort(reference, **bends())(**options)


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


# fmt: off
FAULTS = (
    Fault("relu-overwrites-input", "ReLU", "forward works in place on the caller's x",
          "any negative entry; the answer itself is right", "classic: inplace=True", distort(ReLU,
          y=lambda y, a: _overwrite(a.x, y))),
    Fault("sigmoid-overwrites-residual", "Sigmoid", "backward multiplies the caller's delta in place",
          "always; the answer itself is right", "classic: delta *= slope", distort(Sigmoid,
          dx=lambda dx, a: _overwrite(a.delta, dx))),
    Fault("conv-leaves-weights-flipped", "Conv2d", "backward rotates w in place and does not turn it back",
          "any kernel larger than 1×1; the answer itself is right, the next one is not", "classic: rot180 on a view",
          distort(Conv2d, dx=_flip_weights)),
    Fault("tanh-borrows-input", "Tanh", "forward uses x as scratch space and restores it", "read-only x; any other use hides it",
          "classic: “restored” in-place arithmetic", distort(Tanh, y=_borrow)),
    Fault("dense-cached-input", "Dense", "backward uses the x of the last forward call, not the x it is given",
          "another forward call in between; strictly paired calls hide it", "classic: self.cache of the courses",
          _remembering(Dense, _cached_input)),
    Fault("conv-dw-accumulated", "Conv2d", "dw is added to the dw of all earlier calls", "the second call; a fresh layer hides it",
          "classic: zero_grad forgotten", _remembering(Conv2d, _accumulated(lambda old: old))),
    Fault("conv-dw-accumulated-flipped", "Conv2d", "what the buffer of dw held is turned by 180° and mixed into the new gradient",
          "the second call with a kernel larger than 1×1",
          "FluxML/NNlib.jl #518 (there: an accumulation that the caller asked for)",
          _remembering(Conv2d, _accumulated(lambda old: old[..., ::-1, ::-1] / 2))),
    Fault("dense-drifting", "Dense", "dx grows by 0.1 % with every call", "the second call with the same arguments",
          "classic: non-determinism", _remembering(Dense, _drifting)),
    Fault("dense-one-buffer", "Dense", "dx is handed out in one buffer, which the next call overwrites",
          "dx of one call kept across a call of the same shape, and compared with what it was; copying at once hides it",
          "classic: a preallocated workspace", _remembering(Dense, _one_buffer)),
    Fault("dense-db-left-out", "Dense", "no gradient is returned for b", "whenever b is passed",
          "classic: two gradients for three arguments", distort(Dense, gradients=lambda g, _: g[:2])),
    Fault("dense-order-of-gradients", "Dense", "db comes before dw", "whenever b is passed", "classic: dx, db, dw", distort(Dense,
          gradients=lambda g, _: (g[0], *g[:0:-1]))),
    Fault("half-squared-error-extra-gradient", "HalfSquaredError", "a gradient by the target is returned too", "always",
          "classic: one gradient per argument, asked for or not", distort(HalfSquaredError, gradients=lambda g, _: (g[0], -g[0]))),
    Fault("dense-db-keepdims", "Dense", "db has shape (1, out): right numbers that broadcast",
          "whenever b is passed; subtracting it hides it", "classic: keepdims=True", distort(Dense, db=lambda db, _: db[None])),
    Fault("dense-db-not-summed", "Dense", "db is the residual itself, of shape (n, out)", "whenever b is passed",
          "mlpack PR#3679 (#3666)", distort(Dense, db=lambda _, a: a.delta.copy())),
    Fault("conv-dx-single-precision", "Conv2d", "dx comes back as float32", "float64 arguments; a loose tolerance hides it",
          "classic: a default dtype", distort(Conv2d, dx=lambda dx, _: dx.astype(np.float32) if dx.dtype == np.float64 else dx)),
    Fault("flatten-memory-order", "Flatten", "entries are taken in the order of memory, not of indices",
          "Fortran-ordered x or delta; C-ordered arrays hide it", "classic: order='A'", distort(Flatten,
          y=lambda y, a: _in_memory_order(y, a.x), dx=lambda dx, a: _in_memory_order(dx, a.delta))),
    Fault("conv-strides-unread", "Conv2d", "delta is read as if it were contiguous", "a sliced or Fortran-ordered delta",
          "classic: a kernel that takes a pointer and no strides", distort(Conv2d,
          gradients=lambda _, a: a.backward(delta=_strides_unread(a.delta)))),
    Fault("dense-dx-clipped", "Dense", "dx is scaled down to norm 1, so backward is not linear in delta", "residuals large enough",
          "classic: gradient clipping in the wrong place", distort(Dense, dx=lambda dx, _: _clipped(dx))),
    Fault("dense-dx-centred", "Dense", "the mean over the batch is subtracted from dx, so that samples depend on each other",
          "more than one sample answers otherwise than alone; alone each gets zeros", "classic: normalisation in the wrong place",
          distort(Dense, dx=lambda dx, _: dx - dx.sum(0) / max(1, len(dx)))),
)
# fmt: on
