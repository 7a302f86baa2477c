"""The one judge: (actual, expected, bound) → pass, fail or vacuous. The only place where a number meets a bound."""

from __future__ import annotations

from functools import cached_property
from math import inf

import numpy as np

from .evidence import Status
from .rounding import Array


class Judgement:
    """How far `actual` is from `expected`, entry by entry, and what follows; worked out as far as it is asked for.

    `errors`, `bounds` and `kept` are the whole comparison: what was left out is not `kept`. All else is about the worst entry,
    that with the largest ratio of error to bound.
    """

    def __init__(self, actual: Array, expected: Array, bounds: Array, kept: Array, judged: int) -> None:
        self._actual, self._expected, self.bounds, self.kept, self.judged = actual, expected, bounds, kept, judged
        with np.errstate(invalid="ignore", over="ignore"):
            self.errors: Array = np.fmin(np.abs(actual - expected), inf)  # NaN is as far off as ∞

    @cached_property
    def status(self) -> Status:
        """NaN in `actual` never passes. All entries 0 on both sides is "vacuous": it tells nothing."""
        wrong = self.suspects.any() if self.left_out else not (self.errors <= self.bounds).all()
        if wrong:
            return "fail"
        numbers = (a[self.kept] if self.left_out else a for a in (self._expected, self._actual))
        return "pass" if any(a.any() for a in numbers) else "vacuous"

    @cached_property
    def suspects(self) -> Array:
        """The entries that are wrong."""
        found: Array = self.kept & ~(self.errors <= self.bounds)
        return found

    @cached_property
    def index(self) -> tuple[int, ...]:
        """Of the worst entry."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratios = np.fmax(self.errors / self.bounds, 0)  # 0/0 is right, and 0
        flat = (np.where(self.kept, ratios, -1) if self.left_out else ratios).argmax()
        return tuple(map(int, np.unravel_index(flat, ratios.shape)))

    @property
    def actual(self) -> float:
        """What was judged."""
        return float(self._actual[self.index])

    @property
    def expected(self) -> float:
        """What it should be."""
        return float(self._expected[self.index])

    @property
    def error(self) -> float:
        """|actual − expected|"""
        return float(self.errors[self.index])

    @property
    def bound(self) -> float:
        """What the error may be at most."""
        return float(np.broadcast_to(self.bounds, self.errors.shape)[self.index])

    @property
    def ratio(self) -> float:
        """error/bound: above 1 where the entry is wrong."""
        error, bound = self.error, self.bound
        return 0.0 if error == 0 else inf if bound == 0 else error / bound

    @property
    def scale(self) -> float:
        """The largest |expected|, of which a resolution is a share."""
        sizes = np.abs(self._expected)
        return float((np.where(self.kept, sizes, 0.0) if self.left_out else sizes).max())

    @property
    def left_out(self) -> int:
        """How many entries were not judged."""
        return self.kept.size - self.judged

    @property
    def resolutions(self) -> Array:
        """The smallest change of each entry that is certain to be seen: bound + error, since rounding may hide as much."""
        with np.errstate(over="ignore"):
            sizes = self.bounds + self.errors
        return np.where(self.kept, sizes, inf) if self.left_out else sizes

    @property
    def resolution(self) -> float:
        """The smallest change that is certain to be seen, whichever entry it befalls."""
        sizes = self.resolutions
        largest = float(sizes.max())
        return largest if largest < inf else float(np.max(sizes[np.isfinite(sizes)], initial=0.0))


def compare(actual: Array, expected: Array, bound: Array | float, left_out: Array | None = None) -> Judgement | None:
    """Judges |actual − expected| ≤ bound in every entry that is not `left_out`; None if nothing is left.

    An entry whose expected value or bound is not finite is left out. A bound of 0 asks for equality.
    Raises ValueError for an empty comparison, for shapes that differ, and for a bound that is negative or no number.
    """
    actual, expected, bounds = np.asarray(actual, float), np.asarray(expected, float), np.asarray(bound, float)
    _check_shapes(actual, expected)
    if not bounds.min() >= 0:
        raise ValueError("bound must be non-negative in every entry")
    kept = np.isfinite(expected)
    kept &= np.isfinite(bounds)
    if left_out is not None:
        kept &= ~left_out
    judged = int(np.count_nonzero(kept))
    return Judgement(actual, expected, bounds, kept, judged) if judged else None


def agrees(actual: Array, expected: Array, bound: Array | float, left_out: Array | None = None) -> bool:
    """Whether no entry is wrong, as far as any is judged; arrays without entries agree. Raises ValueError as `compare` does."""
    if actual.shape == expected.shape:
        if actual.size == 0:
            return True
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.abs(np.subtract(actual, expected, dtype=float)) <= bound
        if left_out is None and near.shape == actual.shape and near.all():  # as a rule, and quickly seen
            return True
    found = compare(actual, expected, bound, left_out)
    return found is None or found.status != "fail"


def _check_shapes(actual: Array, expected: Array) -> None:
    if actual.shape != expected.shape:
        raise ValueError(f"actual and expected must have the same shape, got {actual.shape} and {expected.shape}")
    if actual.size == 0:
        raise ValueError(f"an empty comparison shows nothing: got shape {actual.shape}")


def identical(actual: Array, expected: Array) -> tuple[Status, float]:
    """Judges exact numbers, with no tolerance: whether every entry is equal, and the largest difference.

    All entries 0 on both sides is "vacuous". Raises ValueError for an empty comparison and for shapes that differ.
    """
    _check_shapes(actual, expected)
    differences = [abs(a - e) for a, e in zip(actual.flat, expected.flat, strict=True)]
    if any(difference != 0 for difference in differences):
        return "fail", float(max(differences))
    return "pass" if any(e != 0 for e in expected.flat) else "vacuous", 0.0
