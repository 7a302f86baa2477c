"""Random ±1 directions: every entry of an argument moves at once, so no defect can sit where nothing moves."""

from __future__ import annotations

import numpy as np

from ..rounding import Array


def signs(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """−1.0 or 1.0 in every entry."""
    found: Array = np.copysign(1.0, rng.random(shape) - 0.5)
    return found


def moved(args: tuple[Array, ...], position: int, theta: Array) -> tuple[Array, ...]:
    """The arguments with `theta` in the place of one of them."""
    return (*args[:position], theta, *args[position + 1 :])
