"""The reference layers as the page shows them: operator by oracle, what is missing, what could not be judged, every failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Doubt, Layer, Tally
from cnnbp.evidence.status import of_layer
from cnnbp.evidence.verdict import Remark

from .. import marks
from ..marks import Mark
from ..section import places
from ..setting import Setting
from ..words import Anchors

WIDEST = 12  # oracles side by side; further ones stand in the details of each layer


@dataclass(frozen=True)
class Row:
    """One operator over all its cases; `record` is None where a whole run has it and this one does not."""

    operator: str
    anchor: str
    record: Layer | None
    known: bool
    mark: Mark
    against: Sequence[Remark]

    def cell(self, oracle: str) -> Tally | None:
        """What `oracle` said of this layer; None where it was not asked."""
        return self.record.oracles.get(oracle) if self.record else None


@dataclass(frozen=True)
class Layers:
    """All rows, the oracles that are columns, and every doubt with the layer that it is about."""

    rows: Sequence[Row]
    oracles: Sequence[str]
    doubts: Sequence[tuple[Row, Doubt]]
    unexplained: Sequence[Row]

    @staticmethod
    def mark(tally: Tally) -> Mark:
        """A failure shows; silence and empty comparisons never count as agreement."""
        if tally.failed:
            return marks.FAIL
        return marks.PASS if tally.passed else marks.ABSTAINS if tally.abstained else marks.VACUOUS


def layers(setting: Setting) -> Layers | None:
    """The layers in the order of a whole run; None where it has none."""
    document, taken = setting.document, Anchors()
    rows = [
        Row(
            at.name, taken.new(f"layer-{at.name}"), at.record, at.known,
            marks.judged(of_layer(at.record)) if at.record else marks.MISSING, setting.against(at.name),
        )
        for at in places(document.whole.layers, document.layers, lambda layer: layer.operator)
    ]  # fmt: skip
    names = dict.fromkeys(name for layer in document.layers for name in layer.oracles)
    doubts = [(row, doubt) for row in rows if row.record for doubt in row.record.doubts]
    unexplained = [row for row in rows if row.record and row.record.inconclusive and not row.record.doubts]
    return Layers(rows, list(names)[:WIDEST], doubts, unexplained) if rows else None
