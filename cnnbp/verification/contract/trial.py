"""What every point of the contract is given: the layer, the question, its first answers, and how far they may move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...judge import agrees, compare
from ...precision import FLOAT64, Precision
from ...rounding import Array
from ..subject import Subject
from .slack import Slack

Answers = tuple[Array, ...]


@dataclass(frozen=True)
class Right:
    """What is right at other arguments."""

    delta: Array
    """The residual that is asked about."""
    answers: Answers
    slack: Slack
    decided: Callable[[], Iterator[Answers]] | None = None
    """These answers, NaN where last bits decide, each time of more moves; none if they decide y. Asked where one seems wrong."""


Expected = Callable[[Answers, Array | None], Right | None]


@dataclass(frozen=True)
class Trial:
    """One layer, asked once. `first` are y and the gradients that are judged, `names` what sentences call them."""

    subject: Subject
    args: Answers
    delta: Array
    first: Answers
    slack: Slack
    """How far answer number j (0: y, 1: dx, ...) may move when it is computed in another order."""
    expected: Expected
    """Of other arguments and a residual (None: one that fits); None if nobody knows."""
    slack_at: Callable[[Answers, Array], Slack]
    """How far answers to other arguments, of the same shapes, and to a residual may move."""
    given: tuple[Array, ...] | None = None
    """The first answers of all, asked with the arrays as the caller laid them out."""
    given_delta: Array | None = None
    """The residual as the caller gave it, where `delta` has other numbers in the place of its zeros."""
    by_sample: bool = False
    """Whether a batch is to be answered as its samples are."""
    fresh: Callable[[Array, Answers], Answers] | None = None
    """What a layer that was never asked answers to a residual and arguments, where that is not what is expected anyway."""
    bends: Callable[[Array, Answers], bool] | None = None
    """Without a reference: whether backward, at other arguments, does not double with the residual."""
    everywhere: bool = False
    """Whether what is expected is known to hold for numbers of either sign, and not only where the caller has them."""
    sides: bool = True
    """Whether what is expected may be asked for on the other side of 0."""
    compares: bool = True
    """Whether the layer may compare its numbers, as a maximum does."""
    alike: bool = True
    """Whether samples may be made alike. In a low precision all that is left then may be rounding, whose size nobody knows."""
    precision: Precision = FLOAT64
    """That of the layer, and of `args` and `delta`."""
    broken: set[str] = field(default_factory=set)
    """The points that were found broken before."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the answers, as quantities."""
        return ("y", *(self.subject.names[position] for position in self.subject.judged))

    def ask(self, delta: Array, args: Answers) -> Answers:
        """y and the gradients, asked with copies. Raises Breach."""
        return self.subject.forward(*args), *self.subject.backward(delta, *args)

    def uncopied(self, delta: Array, args: Answers) -> tuple[Array, ...]:
        """Likewise, asked with these very arrays. What writes into its inputs has been told so, and is judged on the rest."""
        y, gradients = self.subject.uncopied(delta, args, restored="reads-only-inputs" in self.broken)
        return np.asarray(y), *map(np.asarray, gradients)

    def close(
        self, point: str, expected: Answers, actual: Answers, slack: Slack, code: str, first: int = 0, **said: Any
    ) -> Evidence:
        """Whether answers are where they were, but for rounding; else which moved, and where. `first`: the number of the first."""
        for j, (a, b) in enumerate(zip(actual, expected, strict=True), first):
            if a.shape != b.shape:
                return found(
                    point, remark(f"{code}-shape", quantity=self.names[j], actual_shape=a.shape, expected_shape=b.shape, **said)
                )
            if a.size == 0 or same(a, b):  # as a rule, and quickly seen
                continue
            if slack.least is not None and agrees(a, b, slack.least(j, b)):
                continue
            judged = compare(a, b, slack(j, b))
            if judged is not None and judged.status == "fail":
                values = {"actual": judged.actual, "expected": judged.expected, "index": judged.index}
                return found(point, remark(f"{code}-entry", quantity=self.names[j], **values, **said))
        return found(point)


def found(point: str, broken: Remark | None = None) -> Evidence:
    """The point holds, or is broken as the remark says."""
    return Evidence("contract", point, "pass" if broken is None else "fail", "contract", remark=broken)


def left_alone(point: str, code: str, **values: Any) -> Evidence:
    """Nothing is said of the point."""
    return Evidence("contract", point, "abstain", "contract", remark=remark(f"contract.{code}", **values))


def same(a: Array, b: Array) -> bool:
    """Entry by entry the same, NaN where NaN was. NaN is rare and dear to look for, so first without."""
    if a.shape != b.shape:
        return False
    return bool((a == b).all()) or (a.dtype.kind == "f" and bool(np.isnan(a).any()) and np.array_equal(a, b, equal_nan=True))


def all_same(first: Answers, again: Answers) -> bool:
    """Every answer to the last bit."""
    return len(first) == len(again) and all(same(a, b) for a, b in zip(first, again, strict=True))


def moved(trial: Trial, first: Answers, again: Answers, start: int = 0) -> str:
    """The first answer that is not to the last bit what it was."""
    pairs = zip(trial.names[start:], first, again, strict=True)
    return next((name for name, a, b in pairs if not same(a, b)), trial.names[start])
