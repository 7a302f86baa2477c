"""A small convolution as the document lists it: which output cell meets which input cell under which tap."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .document import Record

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

    def most_connected(self) -> int:
        """The input cell that influences most outputs; the middle one of several."""
        degrees = Counter(i for _, _, i in self.entries)
        best = sorted(i for i, n in degrees.items() if n == max(degrees.values()))
        return best[len(best) // 2]

    def influences(self, cell: int) -> list[Triple]:
        """Every connection of one input cell, in the order of the outputs: one column of the matrix."""
        return sorted(entry for entry in self.entries if entry[2] == cell)


def connections(root: Record) -> Connections | None:
    """The matrix of the document; None where it has none. Raises ValueError for one that is not a small single-channel one."""
    if root.any("matrix") is None:
        return None
    record = root.record("matrix")
    x, kernel, y = (_shape(record, key) for key in ("x_shape", "kernel", "y_shape"))
    ends = (y[0] * y[1], kernel[0] * kernel[1], x[0] * x[1])
    entries = []
    for number, entry in enumerate(record.items("entries")):
        fits = isinstance(entry, (list, tuple)) and len(entry) == 3 and all(type(n) is int for n in entry)
        if not fits or not all(0 <= n < end for n, end in zip(entry, ends, strict=True)):
            raise ValueError(
                f"{record.where('entries')}[{number}]: expected (output cell, tap, input cell) in range, got {entry!r}"
            )
        entries.append((entry[0], entry[1], entry[2]))
    if not entries:
        raise ValueError(f"{record.where('entries')}: a matrix without any connection")
    return Connections(x, kernel, y, tuple(entries))


def _shape(record: Record, key: str) -> Shape:
    shape = record.items(key)
    if len(shape) == 3 and shape[0] == 1:
        shape = shape[1:]
    if len(shape) != 2 or not all(type(n) is int and 0 < n <= LARGEST for n in shape):
        raise ValueError(f"{record.where(key)}: expected one channel of at most {LARGEST} × {LARGEST} cells, got {shape!r}")
    return shape[0], shape[1]
