"""One statement in several runs: its readings judged by the instances of all of them, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Sequence

from ..follows.records import follows
from ..records import Reading, Statement
from .layers import largest
from .together import together

COUNTS = ("cases", "wrong", "vacuous", "senseless")
CONDITIONAL = "holds under a named condition"


def statement(found: Sequence[Statement]) -> Statement:
    """What one run refutes is refuted."""
    first = found[0]
    if not first.readings:
        return first
    readings = tuple(map(_reading, together([each.readings for each in found], lambda each: each.id)))
    every = first.model_copy(update={"readings": readings, "cases": sum(each.cases for each in found)})
    verdict = follows(every)
    shown = next((each for each in found if each.verdict == verdict), first)
    named = next((each.condition for each in found if each.condition["en"]), first.condition)
    condition = named if verdict == CONDITIONAL else dict.fromkeys(first.condition, "")
    return every.model_copy(update={"verdict": verdict, "condition": condition, "rerun": shown.rerun})


def _reading(found: Sequence[Reading]) -> Reading:
    said = {each.holds for each in found}
    counts = {name: sum(getattr(each, name) for each in found) for name in COUNTS}
    shown = [each for each in found if each.counterexample is not None]
    shown.sort(key=lambda each: each.wrong <= each.senseless)  # one with a value first
    return found[0].model_copy(
        update={
            **counts, "holds": False if False in said else True if True in said else None,
            "worst_error": largest(each.worst_error for each in found),
            "nonsense": next((each.nonsense for each in found if each.nonsense["en"]), found[0].nonsense),
            "counterexample": shown[0].counterexample if shown else None,
        }
    )  # fmt: skip
