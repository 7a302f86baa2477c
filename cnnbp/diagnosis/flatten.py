"""What is usually wrong with flattening: the order in which entries are counted."""

from __future__ import annotations

import numpy as np

from .candidate import by_bends, by_faults

FLATTEN = (
    by_faults("column-by-column-in-samples", y="flatten-column-major", dx="flatten-column-major"),
    by_bends("channels-last", y=lambda y, a: np.moveaxis(a.x, 1, -1).reshape(y.shape)),
    by_bends("channels-last", dx=lambda _, a: np.moveaxis(a.delta.reshape(len(a.x), *a.x.shape[2:], a.x.shape[1]), -1, 1)),
)
