"""Which shapes and options the cases had, how often, and which of them ever met: what was not drawn was not tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cnnbp.evidence.records import Layer, Met

from ..setting import Setting
from ..speech import Speech
from .pairs import triangle

Gap = tuple[str, str, str, str]  # a class of one factor, and a class of another
TOLD = 5  # values of an option, the most frequent; the others are in the evidence


@dataclass(frozen=True)
class Drawn:
    """The cases of one layer: its options, and what met."""

    layer: Layer
    drawing: Markup | None
    possible: int
    """Pairs of classes that some case can be of."""
    gaps: tuple[Gap, ...]
    """Those that no case was of."""

    @property
    def options(self) -> Iterator[tuple[str, Sequence[tuple[str, int]]]]:
        """Of each option its most frequent values, as far as they are told."""
        for name, values in self.layer.options.items():
            yield name, sorted(values.items(), key=lambda value: -value[1])[:TOLD]


def drawn(setting: Setting) -> Sequence[Drawn] | None:
    """The layers; None where none was tried."""
    return [_drawn(layer, f"pairs-{n}", setting.speech) for n, layer in enumerate(setting.document.layers, 1)] or None


def _drawn(layer: Layer, name: str, speech: Speech) -> Drawn:
    possible = sum(count is not None for pair in layer.pairs for row in pair.counts for count in row)
    gaps = tuple(gap for pair in layer.pairs for gap in _gaps(layer, pair))
    return Drawn(layer, triangle(layer, name, speech) if possible and known(layer) else None, possible, gaps)


def known(layer: Layer) -> bool:
    """Whether every pair is one of factors that the layer has."""
    return all({pair.one, pair.other} <= layer.classes.keys() for pair in layer.pairs)


def _gaps(layer: Layer, pair: Met) -> Iterator[Gap]:
    for a, row in zip(layer.classes.get(pair.one, ()), pair.counts, strict=False):
        for b, count in zip(layer.classes.get(pair.other, ()), row, strict=False):
            if count == 0:
                yield pair.one, a, pair.other, b
