"""The controls: wrong layers that had to be caught, and unusual right ones that must never be accused."""

from __future__ import annotations

from dataclasses import dataclass

from .document import Record
from .words import Mark, slug


@dataclass(frozen=True)
class Control:
    """One layer that was put on trial to try the trial; `stood` says whether the answer was the right one."""

    id: str
    anchor: str
    operator: str
    claim: str
    source: str
    cases: int
    by: str
    stood: bool
    mark: Mark


@dataclass(frozen=True)
class Controls:
    """Both halves: without the wrong ones nothing shows that the run can catch, without the unusual that it can acquit."""

    wrong: list[Control]
    unusual: list[Control]

    @property
    def missed(self) -> int:
        """How many wrong layers went uncaught."""
        return sum(not control.stood for control in self.wrong)

    @property
    def accused(self) -> int:
        """How many right layers were accused."""
        return sum(not control.stood for control in self.unusual)

    @property
    def complete(self) -> bool:
        """Whether both halves were run."""
        return bool(self.wrong and self.unusual)


def controls(root: Record) -> Controls:
    """The controls of the document; both lists are empty where it has none."""
    both = root.record("controls", {})
    wrong = [_control(record, caught, caught, "caught" if caught else "missed") for record in both.records("wrong") for caught in [record.flag("caught")]]
    unusual = [
        _control(record, not accused, not accused, "accused" if accused else "not accused")
        for record in both.records("unusual")
        for accused in [record.flag("accused")]
    ]
    return Controls(wrong, unusual)


def _control(record: Record, stood: bool, good: bool, word: str) -> Control:
    name = record.text("id")
    return Control(
        name, "control-" + slug(name), record.text("operator", ""), record.text("claim", ""), record.text("source", ""),
        record.whole("cases", 0), record.text("by", ""), stood, Mark("✓" if good else "✗", word, "good" if good else "bad"),
    )  # fmt: skip
