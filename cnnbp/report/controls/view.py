"""The controls: wrong layers that had to be caught, and right but unusual ones that must not be failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Right, Wrong
from cnnbp.evidence.status import of_control
from cnnbp.evidence.verdict import Remark

from .. import marks
from ..marks import Mark
from ..section import places
from ..setting import Setting
from ..words import Anchors


@dataclass(frozen=True)
class Control:
    """One of them; `record` is None where a whole run has it and this one does not, `known` false the other way round."""

    id: str
    anchor: str
    record: Wrong | Right | None
    known: bool
    mark: Mark
    against: Sequence[Remark]

    @property
    def stood(self) -> bool:
        """Whether it was there and came out as it must."""
        return self.mark in (marks.CAUGHT, marks.SPARED)


@dataclass(frozen=True)
class Half:
    """The wrong ones or the right ones; those that did not come out as they must stand first."""

    name: str
    controls: Sequence[Control]
    stood: int


def controls(setting: Setting) -> Sequence[Half]:
    """Both halves: without the wrong ones nothing shows that the run can catch, without the right ones that it can spare."""
    found, whole, taken = setting.document.controls, setting.document.whole, Anchors()
    return (
        _half(setting, "wrong", whole.wrong, found.wrong, (marks.CAUGHT, marks.MISSED), taken),
        _half(setting, "right", whole.right, found.right, (marks.SPARED, marks.ACCUSED), taken),
    )


def _half(
    setting: Setting, name: str, wanted: Iterable[str], found: Iterable[Wrong | Right], ends: tuple[Mark, Mark], taken: Anchors
) -> Half:
    rows = [
        Control(
            at.name, taken.new(f"control-{at.name}"), at.record, at.known,
            marks.MISSING if at.record is None else ends[not of_control(at.record)], setting.against(at.name),
        )
        for at in places(wanted, found, lambda control: control.id)
    ]  # fmt: skip
    return Half(name, sorted(rows, key=lambda control: control.stood), sum(control.stood for control in rows))
