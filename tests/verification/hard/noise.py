"""Functions with noise or stairs of their own, and iterations that stop early with the gradient of what they approach."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cnnbp.layers.checks import Array

from .function import Hard, by_hand, normal, positive

ROWS = normal(3, 4)


def hashed(x: Array) -> Array:
    """In [−1, 1), from every bit of x: noise, but the same at every call."""
    bits = np.ascontiguousarray(x).view(np.uint64)
    mixed = (bits ^ (bits >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(11)).astype(float) / 2.0**52 - 1


def noisy(size: float) -> Hard:
    return by_hand(lambda x: np.sin(x) + size * hashed(x), lambda d, x: d * np.cos(x), ROWS)


def single(forward: Callable[[Array], Array], slope: Callable[[Array], Array], x: Array = ROWS) -> Hard:
    """Computed in float32, handed out in float64."""
    return by_hand(lambda x: forward(x.astype(np.float32)).astype(float), lambda d, x: d * slope(x), x)


def rooted(tolerance: float) -> Hard:
    """Newton's iteration for √x."""

    def forward(x: Array) -> Array:
        y = np.maximum(x, 1.0)
        while (np.abs(y * y - x) > tolerance * x).any():
            y = (y + x / y) / 2
        return y

    return by_hand(forward, lambda d, x: d / (2 * np.sqrt(x)), positive(6) * 3)


def fixed_point(tolerance: float) -> Hard:
    """y = cos(y)·x/2, which converges by a constant factor."""

    def forward(x: Array) -> Array:
        y, before = np.zeros(x.shape), np.ones(x.shape)
        while (np.abs(y - before) > tolerance).any():
            y, before = np.cos(y) * x / 2, y
        return y

    def backward(d: Array, x: Array) -> Array:
        y = np.zeros(x.shape)
        for _ in range(200):
            y = np.cos(y) * x / 2
        return d * np.cos(y) / 2 / (1 + np.sin(y) * x / 2)

    return by_hand(forward, backward, positive(5))


def jacobi(tolerance: float) -> Hard:
    """A x = b by Jacobi's iteration."""
    a = np.eye(5) * 4 + normal(5, 5) / 2

    def forward(b: Array) -> Array:
        x = np.zeros(5)
        while np.abs(b - a @ x).max() > tolerance:
            x = x + (b - a @ x) / np.diag(a)
        return x

    return by_hand(forward, lambda d, b: np.linalg.solve(a.T, d), normal(5, seed=1))


def bisected(halvings: int) -> Hard:
    """The root of y³ + y = x by so many halvings: a staircase."""

    def forward(x: Array) -> Array:
        low, high = np.full(x.shape, -10.0), np.full(x.shape, 10.0)
        for _ in range(halvings):
            middle = (low + high) / 2
            above = middle**3 + middle > x
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return (low + high) / 2

    def backward(d: Array, x: Array) -> Array:
        y = forward(x)
        return d / (3 * y * y + 1)

    return by_hand(forward, backward, ROWS)


HARD: dict[str, Hard] = {
    **{f"sin with noise of {size:g}": noisy(size) for size in (1e-14, 1e-12, 1e-10, 1e-8, 1e-6)},
    "sin in float32": single(np.sin, np.cos),
    "exp in float32": single(np.exp, np.exp),
    "x² in float32 at 100": single(np.square, lambda x: 2 * x, 100 + ROWS),
    "rounded to 1e-6": by_hand(lambda x: np.round(x * 3, 6), lambda d, x: 3 * d, ROWS),
    "rounded to 1e-9": by_hand(lambda x: np.round(np.sin(x), 9), lambda d, x: d * np.cos(x), ROWS),
    **{f"Newton's √x to {tolerance:g}": rooted(tolerance) for tolerance in (1e-14, 1e-8)},
    **{f"a fixed point to {tolerance:g}": fixed_point(tolerance) for tolerance in (1e-14, 1e-10, 1e-7)},
    **{f"Jacobi's iteration to {tolerance:g}": jacobi(tolerance) for tolerance in (1e-14, 1e-10, 1e-7)},
    **{f"{halvings} halvings": bisected(halvings) for halvings in (30, 48)},
}
