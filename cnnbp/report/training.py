"""The training run as the page shows it: the verdict on its steps, and three curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from . import words
from .curves import chart
from .document import Record
from .words import Mark


@dataclass(frozen=True)
class Training:
    """What was trained, whether PyTorch took the same steps, and how far two free-running programs drift apart."""

    facts: list[tuple[str, str]]
    steps: int
    compared: int
    status: str
    reason: str
    worst: dict[str, Any]
    ratio: Any
    accuracy: Any
    accuracy_torch: Any
    expected: Any
    curves: list[tuple[str, Markup]]

    @property
    def mark(self) -> Mark:
        """pass, fail or abstain; a step beyond its bound fails, whatever the run says of itself"""
        beyond = isinstance(self.ratio, (int, float)) and not self.ratio <= 1
        return words.status("fail" if beyond and self.status == "pass" else self.status)

    @property
    def learnt(self) -> bool:
        """Whether it reads as many digits as it should: agreement about steps that lead nowhere would show little."""
        known = isinstance(self.accuracy, (int, float)) and isinstance(self.expected, (int, float))
        return known and bool(self.accuracy >= self.expected)


def training(root: Record) -> Training | None:
    """The training run of the document; None where it has none."""
    if root.any("training") is None:
        return None
    record = root.record("training")
    ratios, loss, distance = record.numbers("ratios"), record.points("loss"), record.points("distance")
    curves = [
        ("Loss of the batch, step by step", chart("loss", "Loss J of the batch", loss, zero=True)),
        (
            f"Error ∕ bound of the first {len(ratios)} steps; agreement ends at 1",
            chart("ratios", "Worst error divided by its bound, and the limit 1", list(enumerate(ratios, 1)), limit=1.0, log=True),
        ),
        (
            "Free-running distance of all parameters",
            chart("distance", "Distance of the parameters of two programs", distance, log=True),
        ),
    ]
    return Training(
        _facts(record), record.whole("steps", 0), record.whole("compared", 0), record.text("status"), record.text("reason", ""),
        dict(record.record("worst", {}).value), max(ratios, default=None), record.any("accuracy"), record.any("accuracy_torch"),
        record.any("expected_accuracy"), [(caption, curve) for caption, curve in curves if curve],
    )  # fmt: skip


def _facts(record: Record) -> list[tuple[str, str]]:
    images = f"{words.count(record.whole('train', 0))} to train on, {words.count(record.whole('test', 0))} to test on"
    step = (
        f"batches of {record.any('batch')}, learning rate {record.any('learning_rate')}, weight decay {record.any('weight_decay')}"
    )
    return [
        ("Network", record.text("network", "")), ("Digits", record.text("source", "")), ("Images", images),
        ("Step", f"{step}, seed {record.any('seed')}"),
    ]  # fmt: skip
