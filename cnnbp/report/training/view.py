"""A training run: whether PyTorch takes the same steps, and how far two programs drift apart that are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Training as Record
from cnnbp.evidence.status import of_training

from ..drawings.curves import Curve, chart
from ..setting import Place, Setting


@dataclass(frozen=True)
class Training:
    """The run, and its curves by name."""

    place: Place[Record]
    curves: Sequence[tuple[str, Curve]]


def training(setting: Setting) -> Training | None:
    """None where a whole run has none."""
    place = setting.part("training", setting.document.training, of_training)
    return Training(place, _curves(place.record) if place.record else ()) if place else None


def _curves(found: Record) -> list[tuple[str, Curve]]:
    """Those that have a point which can be drawn."""
    curves = {
        "loss": chart("loss", found.loss, zero=True),
        "ratios": chart("ratios", list(enumerate(found.ratios, 1)), limit=1.0, log=True),
        "distance": chart("distance", found.distance, log=True),
    }
    return [(name, curve) for name, curve in curves.items() if curve]
