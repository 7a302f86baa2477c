"""A small convolution as the document lists it: which output cell meets which input cell under which tap."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cnnbp.evidence.records import Document, Matrix

Shape = tuple[int, int]
Triple = tuple[int, int, int]  # output cell, tap, input cell; all flat
LARGEST = 12  # cells a side: a larger matrix is no drawing


@dataclass(frozen=True)
class Connections:
    """One channel in, one channel out; what is not listed is a missing connection."""

    x: Shape
    kernel: Shape
    y: Shape
    entries: tuple[Triple, ...]

    @property
    def sides(self) -> tuple[int, int]:
        """Rows and columns of the matrix."""
        return self.y[0] * self.y[1], self.x[0] * self.x[1]

    @property
    def weights(self) -> int:
        """How many numbers the kernel has."""
        return self.kernel[0] * self.kernel[1]

    def most_connected(self) -> int:
        """The input cell that influences most outputs; the middle one of several."""
        degrees = Counter(i for _, _, i in self.entries)
        most = max(degrees.values())
        best = sorted(i for i, n in degrees.items() if n == most)
        return best[len(best) // 2]

    def influences(self, cell: int) -> list[Triple]:
        """Every connection of one input cell, in the order of the outputs: one column of the matrix."""
        return sorted(entry for entry in self.entries if entry[2] == cell)


def connections(document: Document) -> Connections | None:
    """The matrix of the document; None where it has none, or one that cannot be drawn."""
    found = document.matrix
    if found is None or not drawable(found):
        return None
    return Connections(found.x_shape, found.kernel, found.y_shape, found.entries)


def drawable(found: Matrix) -> bool:
    """Whether it is small, and every entry a cell of it, once."""
    if max(*found.x_shape, *found.kernel, *found.y_shape) > LARGEST or not found.entries:
        return False
    ends = [rows * columns for rows, columns in (found.y_shape, found.kernel, found.x_shape)]
    inside = all(n < end for entry in found.entries for n, end in zip(entry, ends, strict=True))
    return inside and len({(o, i) for o, _, i in found.entries}) == len(found.entries)
