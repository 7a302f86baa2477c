"""The controls: wrong layers that had to be caught, and unusual right ones that must never be accused."""

from __future__ import annotations

from dataclasses import dataclass

from .document import Record
from .layers import Verdict, verdict
from .words import Mark, anchor


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
    accusations: list[Verdict]


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
    both, taken = root.record("controls", {}), set[str]()
    wrong = [_control(c, c.flag("caught"), ("caught", "missed"), taken) for c in both.records("wrong")]
    unusual = [_control(c, not c.flag("accused"), ("not accused", "accused"), taken) for c in both.records("unusual")]
    return Controls(wrong, unusual)


def _control(record: Record, stood: bool, outcomes: tuple[str, str], taken: set[str]) -> Control:
    mark = Mark("✓", outcomes[0], "good") if stood else Mark("✗", outcomes[1], "bad")
    return Control(
        record.text("id"), anchor("control-" + record.text("id"), taken), record.text("operator", ""), record.text("claim", ""),
        record.text("source", ""), record.whole("cases", 0), record.text("by", ""), stood, mark,
        [verdict(accusation) for accusation in record.records("accusations")],
    )  # fmt: skip
