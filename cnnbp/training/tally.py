"""What the compared steps of a training run have shown, step by step: the worst entry, the first failure, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..judge import Judgement


@dataclass
class Compared:
    """The tally of `compare_step`. `ratios` has the worst error/bound of each step that could be compared.

    `worst` is the entry with the largest of them, `failure` the first failure in a sentence, `left_out` the steps at which
    a winner or a sign was too close to call, `unheard` the parameters that were nothing but zeros at every step.
    """

    ratios: list[float] = field(default_factory=list)
    worst: dict[str, Any] | None = None
    failure: str = ""
    left_out: list[int] = field(default_factory=list)
    unheard: set[str] | None = None

    def add(self, step: int, found: Mapping[str, Judgement | None] | None) -> None:
        """Takes in what `compare_step` found at this step."""
        if found is None:
            self.left_out.append(step)
            return
        self.unheard = set(found) if self.unheard is None else self.unheard
        self.ratios.append(max((judged.ratio for judged in found.values() if judged), default=0.0))
        for name, judged in found.items():
            if judged is None or judged.left_out:
                self.failure = self.failure or f"After step {step} parameter {name} is no longer finite."
                continue
            if judged.status != "vacuous":
                self.unheard.discard(name)
            if self.worst is None or judged.ratio > self.worst["ratio"]:
                self.worst = {"step": step, "parameter": name, **_entry(judged)}
            if judged.status == "fail":
                self.failure = self.failure or _failure(step, name, judged)

    def status(self, wanted: int) -> tuple[str, list[str]]:
        """Whether `wanted` steps were compared and agree: pass, fail or abstain, and what else is to be said, in sentences."""
        said = [self.failure] if self.failure else []
        if self.unheard and not self.failure:
            said.append(f"Nothing but zeros was compared in {', '.join(sorted(self.unheard))}.")
        status = "fail" if said else "pass" if len(self.ratios) >= wanted else "abstain"
        if self.left_out:
            said.append(f"At {_steps(self.left_out)} a winner or a sign was too close to call.")
        if len(self.ratios) < wanted:
            said.append(f"Only {len(self.ratios)} of {wanted} steps could be compared.")
        return status, said


def _entry(judged: Judgement) -> dict[str, Any]:
    values = {name: getattr(judged, name) for name in ("actual", "expected", "error", "bound", "ratio")}
    return {"index": list(judged.index), **values}


def _steps(steps: list[int]) -> str:
    first = ", ".join(map(str, steps[:10])) + (", …" if len(steps) > 10 else "")
    return f"{len(steps)} steps ({first})" if len(steps) > 1 else f"step {first}"


def _failure(step: int, name: str, judged: Judgement) -> str:
    return (
        f"Step {step} takes {name}{list(judged.index)} to {judged.actual!r}, with PyTorch to {judged.expected!r}: "
        f"{judged.error:.3g} apart, where two right programs are {judged.bound:.3g} apart at most."
    )
