"""What is usually wrong with flattening: the order in which entries are counted."""

from __future__ import annotations

import numpy as np

from ..rounding import Array
from .candidate import by_bends, by_faults


def _each(v: Array) -> Array:
    """Each sample column by column."""
    return np.stack([sample.ravel(order="F") for sample in v])


def _each_back(delta: Array, shape: tuple[int, ...]) -> Array:
    return np.stack([sample.reshape(shape, order="F") for sample in delta])


FLATTEN = (
    by_faults("column-by-column", y="flatten-column-major", dx="flatten-column-major"),
    by_bends("column-by-column-in-samples", y=lambda _, a: _each(a.x), dx=lambda _, a: _each_back(a.delta, a.x.shape[1:])),
    by_bends("channels-last", y=lambda y, a: np.moveaxis(a.x, 1, -1).reshape(y.shape)),
    by_bends("channels-last", dx=lambda _, a: np.moveaxis(a.delta.reshape(len(a.x), *a.x.shape[2:], a.x.shape[1]), -1, 1)),
)
