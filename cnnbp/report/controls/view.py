"""The controls: wrong layers that had to be caught, and right but unusual ones that must not be failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Right, Wrong
from cnnbp.evidence.status import of_control

from ..setting import Place, Setting

ENDS = {"wrong": ("missed", "caught"), "right": ("wrongly failed", "spared")}


@dataclass(frozen=True)
class Half:
    """The wrong ones or the right ones; those that did not come out as they must stand first."""

    name: str
    controls: Sequence[Place[Wrong | Right]]

    @property
    def stood(self) -> int:
        """How many were there and came out as they must."""
        return sum(control.mark.tone == "good" for control in self.controls)


def controls(setting: Setting) -> Sequence[Half]:
    """Both halves: without the wrong ones nothing shows that the run can catch, without the right ones that it can spare."""
    found, whole = setting.document.controls, setting.document.whole
    return _half(setting, "wrong", whole.wrong, found.wrong), _half(setting, "right", whole.right, found.right)


def _half(setting: Setting, name: str, wanted: Iterable[str], found: Iterable[Wrong | Right]) -> Half:
    ends = ENDS[name]
    rows = setting.places(wanted, found, lambda control: control.id, "control-{}".format, lambda control: ends[of_control(control)])
    return Half(name, sorted(rows, key=lambda control: control.mark.tone == "good"))
