"""A network on digits: the whole gradient, and each layer with what it meets there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import DigitsRun
from cnnbp.evidence.status import of_verdict
from cnnbp.evidence.verdict import Verdict

from ..marks import MARKS, Mark
from ..setting import Place, Setting


@dataclass(frozen=True)
class Digits:
    """The run, and its verdicts, that on the whole network first."""

    place: Place[DigitsRun]
    verdicts: Sequence[tuple[Verdict, Mark]]


def digits(setting: Setting) -> Digits | None:
    """None where a whole run has none."""
    found = setting.document.digits
    place = setting.part("digits", found, lambda run: of_verdict(run.whole))
    verdicts = (found.whole, *found.layers) if found else ()
    return Digits(place, [(verdict, MARKS[of_verdict(verdict)]) for verdict in verdicts]) if place else None
