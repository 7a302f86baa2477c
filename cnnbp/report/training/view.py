"""A training run: whether PyTorch takes the same steps, and how far two programs drift apart that are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cnnbp.evidence.records import Training as Record
from cnnbp.evidence.status import of_training
from cnnbp.evidence.verdict import Remark

from .. import marks
from ..drawings.curves import chart
from ..marks import Mark
from ..setting import Setting


@dataclass(frozen=True)
class Training:
    """The run, what follows from it, and its curves by name; `record` is None where it is missing."""

    record: Record | None
    mark: Mark
    curves: Sequence[tuple[str, Markup]]
    against: Sequence[Remark]

    @property
    def compared(self) -> int:
        """Steps that were compared."""
        return len(self.record.ratios) if self.record else 0


def training(setting: Setting) -> Training | None:
    """None where a whole run has none."""
    found, speech = setting.document.training, setting.speech
    if found is None:
        return Training(None, marks.MISSING, (), ()) if "training" in setting.document.whole.parts else None
    ratios = list(enumerate(found.ratios, 1))
    curves = [
        ("loss", chart(speech, "loss", found.loss, zero=True)),
        ("ratios", chart(speech, "ratios", ratios, limit=1.0, log=True)),
        ("distance", chart(speech, "distance", found.distance, log=True)),
    ]
    mark = marks.judged(of_training(found))
    return Training(found, mark, [(name, curve) for name, curve in curves if curve], setting.against("training"))
