"""A network on digits: the whole gradient, and each layer with what it meets there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import DigitsRun
from cnnbp.evidence.status import of_verdict
from cnnbp.evidence.verdict import Evidence, Verdict

from ..marks import MARKS, Mark
from ..setting import Place, Setting


@dataclass(frozen=True)
class Agreed:
    """What one oracle said alike of several quantities: the first of them, all their names, and the worst and the sum of all."""

    first: Evidence
    quantities: Sequence[str]
    ratio: float | None
    resolution: float | None
    judged: int


@dataclass(frozen=True)
class Digits:
    """The run, and its verdicts, that on the whole network first."""

    place: Place[DigitsRun]
    verdicts: Sequence[tuple[Verdict, Mark]]

    @staticmethod
    def agreed(verdict: Verdict) -> list[Agreed]:
        """The evidence of a verdict in which nothing is wrong, quantities of which the same is said in one row."""
        alike: dict[object, list[Evidence]] = defaultdict(list)
        for each in verdict.evidence:
            alike[each.oracle, each.status, each.kind, each.at, each.left_out, repr(each.remark)].append(each)
        return [_agreed(those) for those in alike.values()]


def digits(setting: Setting) -> Digits | None:
    """None where a whole run has none."""
    found = setting.document.digits
    place = setting.part("digits", found, lambda run: of_verdict(run.whole))
    verdicts = (found.whole, *found.layers) if found else ()
    return Digits(place, [(verdict, MARKS[of_verdict(verdict)]) for verdict in verdicts]) if place else None


def _agreed(those: Sequence[Evidence]) -> Agreed:
    ratio = max((each.ratio for each in those if each.ratio is not None), default=None)
    resolution = max((each.resolution for each in those if each.resolution is not None), default=None)
    return Agreed(those[0], [each.quantity for each in those], ratio, resolution, sum(each.judged for each in those))
