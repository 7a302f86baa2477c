"""One map slid over another by the definition, on any numbers: true convolution or cross-correlation, and how much is kept."""

from __future__ import annotations

import numpy as np

from ...rounding import Array


def slide(a: Array, w: Array, flips: bool, mode: str) -> Array:
    """a ∗ w, which rotates w by 180°, or if not `flips` a ⋆ w, which does not.

    "full" keeps every overlap, "same" as many in the middle as a has cells, "valid" those where w lies inside a: none where w is
    the larger. "padded" is "valid" after a has been surrounded by as many zeros as w has cells a side, less one.
    """
    (p, q), (r, s) = a.shape, w.shape
    if mode == "padded":
        wide = np.full((p + 2 * (r - 1), q + 2 * (s - 1)), 0, object)
        wide[r - 1 : r - 1 + p, s - 1 : s - 1 + q] = a
        return slide(wide, w, flips, "valid")
    found = np.full((p + r - 1, q + s - 1), 0, object)
    for u, v in np.ndindex(r, s):
        weight = w[u, v] if flips else w[r - 1 - u, s - 1 - v]
        found[u : u + p, v : v + q] = found[u : u + p, v : v + q] + weight * a
    if mode == "full":
        return found
    if mode == "same":
        top, left = (r - 1) // 2, (s - 1) // 2
        return found[top : top + p, left : left + q]
    return found[r - 1 : p, s - 1 : q]
