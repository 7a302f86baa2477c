"""What the compared steps of a training run have shown, step by step: the worst entry, the first failure, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from ..evidence import Remark, remark
from ..evidence.records import Entry
from ..judge import Judgement


@dataclass
class Compared:
    """The tally of `compare_step`. `ratios` has the worst error/bound of each step that could be compared.

    It is infinite where a parameter is no longer finite. `worst` is the entry with the largest of the others, `failure` the
    first failure, `left_out` the steps at which a winner or a sign was too close to call, `vacuous` the parameters that were
    nothing but zeros at every step.
    """

    ratios: list[float] = field(default_factory=list)
    worst: Entry | None = None
    failure: Remark | None = None
    left_out: list[int] = field(default_factory=list)
    vacuous: set[str] | None = None

    def add(self, step: int, found: Mapping[str, Judgement | None] | None) -> None:
        """Takes in what `compare_step` found at this step."""
        if found is None:
            self.left_out.append(step)
            return
        self.vacuous = set(found) if self.vacuous is None else self.vacuous
        ratios = [0.0]
        for name, judged in found.items():
            if judged is None or judged.left_out:
                ratios.append(inf)
                self.failure = self.failure or remark("training.not-finite", step=step, parameter=name)
                continue
            ratios.append(judged.ratio)
            if judged.status != "vacuous":
                self.vacuous.discard(name)
            if self.worst is None or judged.ratio > self.worst.ratio:
                self.worst = _entry(step, name, judged)
            if judged.status == "fail":
                self.failure = self.failure or remark("training.beyond", **_entry(step, name, judged).model_dump())
        self.ratios.append(max(ratios))


def _entry(step: int, name: str, judged: Judgement) -> Entry:
    return Entry(
        step=step, parameter=name, index=judged.index, actual=judged.actual, expected=judged.expected, error=judged.error,
        bound=judged.bound, ratio=judged.ratio,
    )  # fmt: skip
