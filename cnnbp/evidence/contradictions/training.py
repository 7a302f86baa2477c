"""A training run: its ratios against the worst entry and the steps, its curves against the steps, its accuracies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, inf, isfinite

from ..records import Entry, Training
from ..verdict import Remark
from .unless import quotient, rising, same, unless


def training(found: Training) -> Iterator[Remark]:
    """What was compared, what was learnt, and how long it took."""
    twin, loss, distance = found.accuracy_torch is not None, [s for s, _ in found.loss], [s for s, _ in found.distance]
    shares = [share for share in (found.accuracy, found.accuracy_torch) if share is not None]
    compared, last = len(found.ratios), len(found.ratios) + len(found.left_out)  # until as many are compared as were wanted
    worst = max(found.ratios, default=0)
    checks = {
        "training-settings": all(0 <= setting < inf for setting in (found.learning_rate, found.weight_decay)),
        "steps": min(found.train, found.test) > 0 and found.steps % max(1, ceil(found.train / found.batch)) == 0,
        "loss": _evenly(loss, found.steps),
        "distance": distance == (loss if twin else []),
        "curves": not any(value < 0 for _, value in (*found.loss, *found.distance)),  # NaN is a training that ran away
        "no-twin": twin or not found.ratios,
        "accuracy": all(_is_share(share, found.test) for share in shares) and 0 < found.expected_accuracy <= 1,
        "compared": compared <= found.wanted <= found.steps and (compared == found.wanted or not twin or last == found.steps),
        "left-out": last <= found.steps and rising(found.left_out, 1, last),
        "ratios": all(ratio >= 0 for ratio in found.ratios) and (worst <= 1 or found.failure is not None),
        "alike": _alike(found),
        "worst": _fits(found.worst, found) if found.worst else worst in (0, inf),
    }
    yield from unless(found, checks, compared=compared, ratio=worst)
    if found.worst:
        yield from _entry(found.worst)


def _fits(found: Entry, of: Training) -> bool:
    """Whether it has the largest ratio of all steps, or of those that have a number, and this is the ratio of its step."""
    largest = {max(of.ratios, default=None), max((ratio for ratio in of.ratios if ratio < inf), default=None)}
    number = found.step - 1 - sum(step < found.step for step in of.left_out)
    there = found.step not in of.left_out and 0 <= number < len(of.ratios)
    return found.ratio in largest and there and of.ratios[number] == found.ratio


def _evenly(steps: Sequence[int], last: int) -> bool:
    """From the first step on, as far apart as the first two, to where no further one fits."""
    every = range(1, last + 1, max(1, steps[1] - steps[0]) if len(steps) > 1 else 1)
    return 0 < len(steps) == len(every) and list(every) == list(steps)


def _alike(found: Training) -> bool:
    """As long as every step was compared and lands where PyTorch's does, to the bit, its network cannot go another way."""
    steps = next((step for step, ratio in enumerate(found.ratios, 1) if ratio or step in found.left_out), len(found.ratios) + 1)
    return all(apart == 0 for step, apart in found.distance if step < steps)


def _entry(found: Entry) -> Iterator[Remark]:
    ratio = quotient(found.error, found.bound)
    distance = abs(found.actual - found.expected) if isfinite(found.actual) and isfinite(found.expected) else found.error
    checks = {"worst-ratio": same(found.ratio, ratio), "worst-error": same(found.error, distance)}
    yield from unless(found, checks, quotient=ratio, distance=distance)


def _is_share(value: float, count: int) -> bool:
    """Whether so many of `count` images can have been right."""
    return 0 <= value <= 1 and same(value * count, round(value * count), 1e-6)
