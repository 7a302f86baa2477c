"""A small convolution as the document lists it: which output cell meets which input cell under which tap."""

from __future__ import annotations

from collections import Counter

from cnnbp.evidence.records import Document, Matrix

Triple = tuple[int, int, int]  # output cell, tap, input cell; all flat
LARGEST = 12  # cells a side: a larger matrix is no drawing


def drawable(document: Document) -> Matrix | None:
    """The matrix of the document if it is small, and every entry a cell of it, once; None where there is nothing to draw."""
    found = document.matrix
    if found is None or not found.entries or max(*found.x_shape, *found.kernel, *found.y_shape) > LARGEST:
        return None
    ends = [rows * columns for rows, columns in (found.y_shape, found.kernel, found.x_shape)]
    inside = all(n < end for entry in found.entries for n, end in zip(entry, ends, strict=True))
    return found if inside and len({(o, i) for o, _, i in found.entries}) == len(found.entries) else None


def most_connected(found: Matrix) -> int:
    """The input cell that influences most outputs; the middle one of several."""
    degrees = Counter(i for _, _, i in found.entries)
    most = max(degrees.values())
    best = sorted(i for i, n in degrees.items() if n == most)
    return best[len(best) // 2]
