"""The reference layers as the page shows them: operator by oracle, what is missing, what could not be judged, every failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Doubt, Layer, Tally
from cnnbp.evidence.status import of_layer

from ..marks import MARKS, Mark
from ..setting import Place, Setting
from .ratios import Ratios, ratios

WIDEST = 12  # oracles side by side; further ones stand in the details of each layer
COUNTS = ("passed", "partly", "failed", "abstained", "vacuous", "judged", "left_out")


@dataclass(frozen=True)
class Layers:
    """The layers in the order of a whole run, and the oracles that are columns."""

    rows: Sequence[Place[Layer]]
    oracles: Sequence[str]
    ratios: Ratios | None

    @property
    def doubts(self) -> list[tuple[str, Doubt]]:
        """Every doubt, with the layer that it is about."""
        return [(row.name, doubt) for row in self.rows if row.record for doubt in row.record.doubts]

    @property
    def unexplained(self) -> list[Layer]:
        """Those that have inconclusive cases and no doubt."""
        return [row.record for row in self.rows if row.record and row.record.inconclusive and not row.record.doubts]

    @staticmethod
    def counts(layer: Layer) -> list[str]:
        """The counts that are not 0 for every oracle: a column of zeros says nothing."""
        return [name for name in COUNTS if any(getattr(tally, name) for tally in layer.oracles.values())]

    @staticmethod
    def mark(tally: Tally) -> Mark:
        """A failure shows; silence and empty comparisons never count as agreement."""
        if tally.failed:
            return MARKS["fail"]
        return MARKS["pass" if tally.passed else "abstain" if tally.abstained else "vacuous"]


def layers(setting: Setting) -> Layers | None:
    """None where a whole run has no layer."""
    document = setting.document
    rows = setting.places(document.whole.layers, document.layers, lambda layer: layer.operator, "layer-{}".format, of_layer)
    names = dict.fromkeys(name for layer in document.layers for name in layer.oracles)
    return Layers(rows, list(names)[:WIDEST], ratios(document)) if rows else None
