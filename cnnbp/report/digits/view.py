"""A network on digits: the whole gradient, and each layer with what it meets there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import DigitsRun
from cnnbp.evidence.status import of_verdict
from cnnbp.evidence.verdict import Remark, Verdict

from .. import marks
from ..marks import Mark
from ..setting import Setting


@dataclass(frozen=True)
class Digits:
    """The run and its verdicts, that on the whole network first; `record` is None where it is missing."""

    record: DigitsRun | None
    verdicts: Sequence[tuple[Verdict, Mark]]
    against: Sequence[Remark]


def digits(setting: Setting) -> Digits | None:
    """None where a whole run has none."""
    found = setting.document.digits
    if found is None:
        return Digits(None, (), ()) if "digits" in setting.document.whole.parts else None
    verdicts = [(verdict, marks.judged(of_verdict(verdict))) for verdict in (found.whole, *found.layers)]
    return Digits(found, verdicts, setting.against("digits"))
