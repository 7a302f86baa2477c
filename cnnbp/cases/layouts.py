"""How an array lies in memory: right layers do not care."""

from __future__ import annotations

import numpy as np

from ..rounding import Array

LAYOUTS = ("C order", "C order", "Fortran order", "non-contiguous", "read-only", "negative strides")


def arranged(values: Array, layout: str) -> Array:
    """The same numbers in this layout; a number without axes is a 0-d array in any."""
    if layout == "Fortran order":
        return values.copy(order="F")
    if layout == "non-contiguous" and values.ndim:
        wide = np.zeros([*values.shape[:-1], 2 * values.shape[-1]])
        wide[..., ::2] = values
        return wide[..., ::2]
    if layout == "negative strides" and values.ndim:
        backwards = (slice(None, None, -1),) * values.ndim
        return values[backwards].copy()[backwards]
    if layout == "read-only":
        values = values.copy()
        values.flags.writeable = False
    return values
