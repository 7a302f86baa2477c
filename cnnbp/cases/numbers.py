"""The kinds of numbers that arrays are filled with."""

from __future__ import annotations

from math import prod

import numpy as np

from ..rounding import Array
from .choices import Choices

KINDS = ("small integers", "gaussian", "wide range", "exact zeros", "near ties", "saturated")
OVERFLOWING = "overflowing"  # for what takes exp of its argument: exp(710) is beyond float64
ELEMENTS = 40  # up to so many small integers are chosen one by one, so that each can shrink on its own
FEWEST = 16  # choices for any array, so that smaller arrays are no reason for stranger options when a failure is shrunk
SMALL = np.array([1, 2, 3, -1, -2, -3, 0], float)  # entry i of small integers starts from the i-th: the simplest array still tells


def numbers(choose: Choices, kind: str, shape: tuple[int, ...]) -> Array:
    """An array of float64 of this shape and kind.

    All kinds take the same choices, so that shrinking from one to another keeps them; small integers take one less, so that
    it ends at them.
    """
    count = prod(shape)
    taken = max(FEWEST, min(count, ELEMENTS)) + (kind != "small integers")
    chosen = np.array([choose.integer(0, len(SMALL) - 1) for _ in range(taken)], np.uint32)
    if kind == "small integers" and count <= ELEMENTS:
        small: Array = SMALL[(np.arange(count) + chosen[:count]) % len(SMALL)]
        return small.reshape(shape)
    rng = np.random.Generator(np.random.PCG64(chosen))
    if kind == "small integers":
        return rng.integers(-3, 4, shape).astype(float)
    values = rng.normal(size=shape)
    if kind == "wide range":
        values = values * 10.0 ** rng.integers(-12, 13, shape)
    if kind == "exact zeros":
        values = np.where(rng.random(shape) < 0.3, 0.0, values)
    if kind == "near ties":
        values = rng.integers(-1, 2, shape).astype(float) + np.where(rng.random(shape) < 0.5, 0.0, 1e-13 * values)
    if kind == "saturated":
        values = np.sign(values) * np.exp(rng.uniform(0, np.log(1000), shape))
    if kind == OVERFLOWING:
        values = np.where(rng.random(shape) < 0.4, np.sign(values) * rng.uniform(700, 2000, shape), values)
    return np.asarray(values, float)
