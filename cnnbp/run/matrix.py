"""A small convolution written out as a masked fully-connected matrix: every connection (o, t, i) of T, to be looked at."""

from __future__ import annotations

from ..evidence import records
from ..oracles.connections import axis, convolution

CELLS, KERNEL = (5, 5), (3, 3)


def matrix() -> records.Matrix:
    """M[o, i] = w[t] for each entry (o, t, i), in flat indices; what is not listed is 0."""
    once = 1, 1
    found = convolution((1, *CELLS), (1, 1, *KERNEL), once, (0, 0), once, 1)
    p, q = (len(axis(size, taps, 1, 0, 1)) for size, taps in zip(CELLS, KERNEL, strict=True))
    entries = zip(found.o.tolist(), found.t.tolist(), found.i.tolist(), strict=True)
    return records.Matrix(x_shape=CELLS, kernel=KERNEL, y_shape=(p, q), entries=tuple(entries))
