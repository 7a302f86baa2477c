"""Which shapes and options the cases had, how often, and which of them ever met: what was not drawn was not tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Layer, Met

from ..setting import Setting

Gap = tuple[str, str, str, str]  # a class of one factor, and a class of another


@dataclass(frozen=True)
class Row:
    """One class of a factor, and how often it met each class of the factors before."""

    factor: str
    name: str
    first: bool
    """Of its factor."""
    cells: tuple[int | None, ...]
    """None where no case can be of both."""


@dataclass(frozen=True)
class Drawn:
    """The cases of one layer: its options, and the table of what met."""

    layer: Layer
    rows: tuple[Row, ...]
    possible: int
    """Pairs of classes that some case can be of."""
    gaps: tuple[Gap, ...]
    """Those that no case was of."""

    @property
    def columns(self) -> Sequence[tuple[str, Sequence[str]]]:
        """All factors but the last, with their classes."""
        return list(self.layer.classes.items())[:-1]


def drawn(setting: Setting) -> Sequence[Drawn] | None:
    """The layers; None where none was tried. The length of a bar is the share of the most frequent value."""
    return [_drawn(layer) for layer in setting.document.layers] or None


def _drawn(layer: Layer) -> Drawn:
    met = {(pair.one, pair.other): pair for pair in layer.pairs}
    possible = sum(count is not None for pair in layer.pairs for row in pair.counts for count in row)
    return Drawn(layer, tuple(_rows(layer, met)), possible, tuple(gap for pair in layer.pairs for gap in _gaps(layer, pair)))


def _rows(layer: Layer, met: dict[tuple[str, str], Met]) -> Iterator[Row]:
    """A staircase: each factor from the second on, against those before it."""
    factors = list(layer.classes)
    for number, factor in enumerate(factors[1:], 1):
        tables = [met[before, factor].counts for before in factors[:number] if (before, factor) in met]
        for k, name in enumerate(layer.classes[factor]):
            yield Row(factor, name, k == 0, tuple(row[k] for table in tables for row in table if k < len(row)))


def _gaps(layer: Layer, pair: Met) -> Iterator[Gap]:
    for a, row in zip(layer.classes.get(pair.one, ()), pair.counts, strict=False):
        for b, count in zip(layer.classes.get(pair.other, ()), row, strict=False):
            if count == 0:
                yield pair.one, a, pair.other, b
