"""The record of a layer as its slices arrive: of a million cases no more is kept than of a few."""

from __future__ import annotations

from ..evidence.joining.layers import joined
from ..evidence.records import Layer
from .layers import record
from .slices import Slice


class Folded:
    """Slices of one layer, in whatever order: those that follow each other are one record at once."""

    def __init__(self, seed: int) -> None:
        self._seed, self._runs = seed, dict[int, tuple[int, Layer]]()
        """Where a run of cases begins, where it ends, and its record."""

    def add(self, part: Slice) -> None:
        """One more. It is joined to the cases before it, and to those behind it, as far as they are there."""
        start, end, layer = part.cases[0].number, part.cases[-1].number + 1, record(part, self._seed)
        before = next((begin for begin, (last, _) in self._runs.items() if last == start), None)
        if before is not None:
            start, layer = before, joined([self._runs.pop(before)[1], layer])
        if end in self._runs:
            end, behind = self._runs.pop(end)
            layer = joined([layer, behind])
        self._runs[start] = end, layer

    def layer(self) -> Layer:
        """All that is there."""
        return joined([self._runs[start][1] for start in sorted(self._runs)])
