"""The kinds of numbers that arrays are filled with."""

from __future__ import annotations

from math import prod

import numpy as np

from ..rounding import Array
from .choices import Choices

KINDS = ("small integers", "gaussian", "wide range", "exact zeros", "near ties", "saturated")
ELEMENTS = 40  # up to so many small integers are chosen one by one, so that each can shrink on its own


def numbers(choose: Choices, kind: str, shape: tuple[int, ...]) -> Array:
    """An array of float64 of this shape and kind."""
    count = prod(shape)
    if kind == "small integers" and count <= ELEMENTS:
        return np.array([float(choose.integer(-3, 3)) for _ in range(count)]).reshape(shape)
    # As many choices as the small integers would take, and one more: so that shrinking ends at those.
    entropy = [choose.integer(0, 2**32 - 1) for _ in range(min(count, ELEMENTS) + 1)]
    seed = np.array(entropy, np.uint32)  # of the list itself the same numbers come, in five times the time
    rng = np.random.Generator(np.random.PCG64(seed))
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
    return np.asarray(values, float)
