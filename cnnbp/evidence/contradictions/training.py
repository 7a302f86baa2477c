"""A training run: its ratios against the worst entry and the steps, its curves against the steps, its accuracies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, inf, isfinite

from ..records import Entry, Training
from ..verdict import Remark
from .unless import same, unless


def training(found: Training) -> Iterator[Remark]:
    """What was compared, what was learnt, and how long it took."""
    yield from unless(found.test > 0 and found.steps % max(1, ceil(found.train / found.batch)) == 0, "steps", steps=found.steps)
    yield from _compared(found)
    for name, curve in (("loss", found.loss), ("distance", found.distance)):
        steps = [step for step, _ in curve]
        inside = all(0 < step <= found.steps for step in steps) and all(a < b for a, b in pairwise(steps))
        yield from unless(inside, "curve", curve=name, steps=found.steps)
    yield from unless(bool(found.loss), "curve", curve="loss", steps=found.steps)
    twin = found.accuracy_torch is not None
    follows = [step for step, _ in found.distance] == ([step for step, _ in found.loss] if twin else [])
    yield from unless(follows, "curve", curve="distance", steps=found.steps)
    yield from unless(twin or not found.ratios, "no-twin")
    for name, share in (("accuracy", found.accuracy), ("accuracy_torch", found.accuracy_torch)):
        if share is not None:
            yield from unless(_is_share(share, found.test), "accuracy", name=name, value=share, count=found.test)
    yield from unless(
        0 < found.expected_accuracy <= 1, "accuracy", name="expected_accuracy", value=found.expected_accuracy, count=1
    )


def _compared(found: Training) -> Iterator[Remark]:
    """The steps in their order are compared, but for those left out, until as many are as were wanted."""
    compared, left_out = len(found.ratios), found.left_out
    counts = {"compared": compared, "wanted": found.wanted, "steps": found.steps}
    yield from unless(compared <= found.wanted <= found.steps, "compared", **counts)
    fits = compared + len(left_out) <= found.steps and all(a < b for a, b in pairwise(left_out))
    yield from unless(fits and all(step <= compared + len(left_out) for step in left_out), "left-out", **counts)
    short = compared < found.wanted and found.accuracy_torch is not None
    yield from unless(not short or compared + len(left_out) == found.steps, "compared", **counts)
    yield from unless(all(ratio >= 0 for ratio in found.ratios), "ratios", ratio=min(found.ratios, default=0))
    worst = max(found.ratios, default=0)
    yield from unless(worst <= 1 or found.failure is not None, "ratios", ratio=worst)
    if found.worst is not None:
        yield from _worst(found.worst, found.ratios, found.left_out)
    else:
        yield from unless(worst in (0, inf), "worst", ratio=worst)


def _worst(found: Entry, ratios: Sequence[float], left_out: Sequence[int]) -> Iterator[Remark]:
    finite = max((ratio for ratio in ratios if ratio < inf), default=None)  # of what is no number there is no entry
    yield from unless(found.ratio in (max(ratios, default=None), finite), "worst", ratio=found.ratio)
    number = found.step - 1 - sum(step < found.step for step in left_out)
    there = 0 <= number < len(ratios) and ratios[number] == found.ratio and found.step not in left_out
    yield from unless(there, "worst-step", step=found.step, ratio=found.ratio)
    quotient = 0.0 if found.error == 0 else found.error / found.bound if found.bound else found.ratio
    yield from unless(same(found.ratio, quotient), "worst-ratio", ratio=found.ratio, follows=quotient)
    if isfinite(found.actual) and isfinite(found.expected):
        distance = abs(found.actual - found.expected)
        yield from unless(same(found.error, distance), "worst-ratio", ratio=found.error, follows=distance)


def _is_share(value: float, count: int) -> bool:
    """Whether so many of `count` images can have been right."""
    return 0 <= value <= 1 and same(value * count, round(value * count), 1e-6)
