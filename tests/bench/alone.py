"""What a verdict costs about layers of one's own, without a reference: beside a plain loop of differences, and gradcheck.

CPU seconds of one process, each asked once in the same run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import cnnbp

from .checkers import Problem, course_loop, gradcheck, gradcheck_fast, verify_alike, verify_alone
from .tables import table

Array = Any
SLOW = 2000  # entries beyond which gradcheck in slow mode takes minutes


class Slices:
    """A convolution without padding by slices, a tap at a time."""

    def forward(self, x: Array, w: Array) -> Array:
        """y"""
        p, q = x.shape[2] - w.shape[2] + 1, x.shape[3] - w.shape[3] + 1
        taps = np.ndindex(*w.shape[2:])
        return sum(np.einsum("nchw,kc->nkhw", x[:, :, r : r + p, s : s + q], w[:, :, r, s]) for r, s in taps)

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, ...]:
        """(dx, dw)"""
        dx, dw, (p, q) = np.zeros_like(x), np.zeros_like(w), delta.shape[2:]
        for r, s in np.ndindex(*w.shape[2:]):
            there = slice(None), slice(None), slice(r, r + p), slice(s, s + q)
            dx[there] += np.einsum("nkhw,kc->nchw", delta, w[:, :, r, s])
            dw[:, :, r, s] = np.einsum("nkhw,nchw->kc", delta, x[there])
        return dx, dw


class Im2col:
    """A convolution with a border of one cell and a bias, as a product of matrices."""

    def forward(self, x: Array, w: Array, b: Array) -> Array:
        """y"""
        columns, (p, q) = self._columns(x, w)
        y = w.reshape(len(w), -1) @ columns
        return (y + b[:, None]).reshape(len(x), len(w), p, q)

    def backward(self, delta: Array, x: Array, w: Array, b: Array) -> tuple[Array, ...]:
        """(dx, dw, db)"""
        columns, (p, q) = self._columns(x, w)
        flat = delta.reshape(len(x), len(w), -1)
        dw = np.einsum("nko,nto->kt", flat, columns).reshape(w.shape)
        back = (w.reshape(len(w), -1).T @ flat).reshape(len(x), *w.shape[1:], p, q)
        wide = np.zeros((*x.shape[:2], x.shape[2] + 2, x.shape[3] + 2))
        for r, s in np.ndindex(*w.shape[2:]):
            wide[:, :, r : r + p, s : s + q] += back[:, :, r, s]
        return wide[:, :, 1:-1, 1:-1], dw, flat.sum((0, 2))

    def _columns(self, x: Array, w: Array) -> tuple[Array, tuple[int, int]]:
        wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(wide, w.shape[2:], (2, 3))
        p, q = windows.shape[2:4]
        return windows.transpose(0, 1, 4, 5, 2, 3).reshape(len(x), -1, p * q), (p, q)


class Loops:
    """A convolution without padding by loops over every output, as courses begin."""

    def forward(self, x: Array, w: Array) -> Array:
        """y"""
        y = np.zeros((len(x), len(w), x.shape[2] - w.shape[2] + 1, x.shape[3] - w.shape[3] + 1))
        for n, k, p, q in np.ndindex(*y.shape):
            y[n, k, p, q] = np.sum(x[n, :, p : p + w.shape[2], q : q + w.shape[3]] * w[k])
        return y

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, ...]:
        """(dx, dw)"""
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for n, k, p, q in np.ndindex(*delta.shape):
            there = n, slice(None), slice(p, p + w.shape[2]), slice(q, q + w.shape[3])
            dx[there] += delta[n, k, p, q] * w[k]
            dw[k] += delta[n, k, p, q] * x[there]
        return dx, dw


Shapes = tuple[tuple[int, ...], ...]
ROWS: tuple[tuple[str, Any, int, Shapes], ...] = (
    ("slices", Slices(), 0, ((2, 3, 16, 16), (8, 3, 3, 3))),
    ("im2col + b, pad 1", Im2col(), 1, ((2, 3, 16, 16), (8, 3, 3, 3), (8,))),
    ("slices", Slices(), 0, ((4, 8, 16, 16), (8, 8, 3, 3))),
    ("im2col + b, pad 1", Im2col(), 1, ((4, 8, 16, 16), (8, 8, 3, 3), (8,))),
    ("loops", Loops(), 0, ((2, 3, 7, 7), (4, 3, 3, 3))),
)


def costs(repeats: int) -> None:
    """The table; with few repeats without the large arrays."""
    header = ("layer", "entries", "forwards", "alone s", "like= s", "plain loop s", "gradcheck s", "fast s", "alone / loop")
    rows: list[tuple[str, ...]] = [header]
    cnnbp.verify(cnnbp.Conv2d(), np.ones((1, 1, 2, 2)), np.ones((1, 1, 2, 2)))  # which imports what is imported once
    for name, layer, padding, shapes in ROWS:
        entries = sum(int(np.prod(shape)) for shape in shapes)
        if repeats < 15 and entries > SLOW:
            continue
        print(f"a verdict alone, {name}, {entries} entries", file=sys.stderr, flush=True)
        args = tuple(map(np.random.default_rng(100).standard_normal, shapes))
        counted, like = Counted(layer), cnnbp.Conv2d(padding=padding)
        delta = np.random.default_rng(101).standard_normal(like.forward(*args).shape)
        problem = Problem("Conv2d", layer, like, args, delta, 0)
        verify_alone(Problem("Conv2d", counted, like, args, delta, 0))
        slow = gradcheck if entries <= SLOW else None
        checkers = (verify_alone, verify_alike, course_loop, slow, gradcheck_fast)
        times = [None if checker is None else seconds(checker, problem) for checker in checkers]
        ratio = (times[0] or 0.0) / (times[2] or 1.0)
        cells = ("–" if took is None else f"{took:.3f}" for took in times)
        rows.append((name, f"{entries:,}", f"{counted.forwards}", *cells, f"{ratio:.3f}"))
    table("A verdict without a reference, in CPU seconds", rows)


class Counted:
    """A layer that counts how often its forward was asked, copies of it included."""

    def __init__(self, layer: Any) -> None:
        self.layer, self.forwards, self.backward = layer, 0, layer.backward

    def __deepcopy__(self, memo: Any) -> Counted:
        return self

    def forward(self, *args: Array) -> Array:
        """y"""
        self.forwards += 1
        return self.layer.forward(*args)


def seconds(checker: Callable[[Problem], str], problem: Problem) -> float:
    """CPU seconds. The layer is right: whoever fails it cannot be compared."""
    began = time.process_time()
    said = checker(problem)
    if said != "pass":
        sys.exit(f"{checker.__name__} says {said} of a right layer, so times cannot be compared")
    return time.process_time() - began
