"""A small convolution written out as a masked fully-connected matrix: every connection (o, t, i) of T, to be looked at."""

from __future__ import annotations

from typing import Any

from ..oracles.connections import axis, convolution

X_SHAPE, KERNEL = (1, 5, 5), (3, 3)


def matrix() -> dict[str, Any]:
    """M[o, i] = w[t] for each entry [o, t, i], in flat indices; what is not listed is 0."""
    once = 1, 1
    found = convolution(X_SHAPE, (1, 1, *KERNEL), once, (0, 0), once, 1)
    y_shape = [1, *(len(axis(size, taps, 1, 0, 1)) for size, taps in zip(X_SHAPE[1:], KERNEL, strict=True))]
    entries = [
        [o, int(found.ties[edge]), int(found.cells[edge])]
        for o in range(found.outputs)
        for edge in range(found.pointer[o], found.pointer[o + 1])
    ]
    return {"x_shape": list(X_SHAPE), "kernel": list(KERNEL), "y_shape": y_shape, "entries": entries}
