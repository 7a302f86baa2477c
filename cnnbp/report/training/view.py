"""A training run: whether PyTorch takes the same steps, and how far two programs drift apart that are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cnnbp.evidence.records import Training as Record
from cnnbp.evidence.status import of_training

from ..drawings.curves import chart
from ..setting import Place, Setting
from ..speech import Speech


@dataclass(frozen=True)
class Training:
    """The run, and its curves by name."""

    place: Place[Record]
    curves: Sequence[tuple[str, Markup]]


def training(setting: Setting) -> Training | None:
    """None where a whole run has none."""
    place = setting.part("training", setting.document.training, of_training)
    return Training(place, _curves(place.record, setting.speech) if place.record else ()) if place else None


def _curves(found: Record, speech: Speech) -> list[tuple[str, Markup]]:
    """Those that have a point which can be drawn."""
    curves = {
        "loss": chart(speech, "loss", found.loss, zero=True),
        "ratios": chart(speech, "ratios", list(enumerate(found.ratios, 1)), limit=1.0, log=True),
        "distance": chart(speech, "distance", found.distance, log=True),
    }
    return [(name, curve) for name, curve in curves.items() if curve]
