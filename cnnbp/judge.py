"""The one judge: (actual, expected, bound) → pass, fail or vacuous. The only place where a number meets a bound."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, isnan

import numpy as np

from .evidence import Status
from .rounding import Array

NEGATIVE = "bound must be non-negative in every entry"


@dataclass(frozen=True)
class Judgement:
    """How far `actual` is from `expected`, entry by entry, and what follows.

    `index` is the entry with the worst ratio of error to bound, `error` and `bound` are its. `errors`, `bounds` and `kept`
    are the whole comparison: what was left out is not `kept`.
    """

    status: Status
    index: tuple[int, ...]
    actual: float
    expected: float
    error: float
    bound: float
    ratio: float
    judged: int
    left_out: int
    errors: Array
    bounds: Array
    kept: Array

    @property
    def suspects(self) -> Array:
        """The entries that are wrong."""
        found: Array = self.kept & ~(self.errors <= self.bounds)
        return found

    @property
    def resolutions(self) -> Array:
        """The smallest change of each entry that is certain to be seen: bound + error, since rounding may hide as much."""
        with np.errstate(over="ignore"):
            sizes = self.bounds + self.errors
        return sizes if self.left_out == 0 else np.where(self.kept, sizes, np.inf)

    @property
    def resolution(self) -> float:
        """The smallest change that is certain to be seen, whichever entry it befalls."""
        sizes = self.resolutions
        largest = float(sizes.max())
        return largest if largest < inf else float(np.max(sizes[np.isfinite(sizes)], initial=0.0))


def compare(actual: Array, expected: Array, bound: Array | float, left_out: Array | None = None) -> Judgement | None:
    """Judges |actual − expected| ≤ bound in every entry that is not `left_out`; None if nothing is left.

    NaN in `actual` never passes. All entries 0 on both sides is "vacuous": it tells nothing. A bound of 0 asks for equality.
    Raises ValueError for an empty comparison, for shapes that differ, and for a bound that is negative or no number.
    """
    actual, expected, bounds = _of_one_shape(actual, expected, bound)
    if actual.ndim == 0 and left_out is None:
        return _single(float(actual), float(expected), float(bounds))
    if not bounds.min() >= 0:
        raise ValueError(NEGATIVE)
    kept = np.isfinite(expected) & np.isfinite(bounds)
    if left_out is not None:
        kept &= ~left_out
    judged = int(np.count_nonzero(kept))
    if judged == 0:
        return None
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        errors = np.fmin(np.abs(actual - expected), np.inf)  # NaN is as far off as ∞
        ratios = np.fmax(errors / bounds, 0)  # 0/0 is right, and 0
    flat = int((ratios if judged == actual.size else np.where(kept, ratios, -1)).argmax())
    index = tuple(map(int, np.unravel_index(flat, actual.shape)))
    a, e, error, ratio = actual.item(flat), expected.item(flat), errors.item(flat), ratios.item(flat)
    worst_bound = bounds.item(flat if bounds.ndim else 0)
    nothing = a == 0 == e and not np.any(actual[kept]) and not np.any(expected[kept])
    # A quotient of floats rounds to more than 1 exactly where it is more than 1: no entry is wrong unless the worst one is.
    status: Status = "fail" if error > worst_bound else "vacuous" if nothing else "pass"
    return Judgement(status, index, a, e, error, worst_bound, ratio, judged, actual.size - judged, errors, bounds, kept)


def _single(actual: float, expected: float, bound: float) -> Judgement | None:
    """`compare` for one number: the same arithmetic, but Python's, which takes a quarter of the time for so little."""
    if not bound >= 0:
        raise ValueError(NEGATIVE)
    if not (isfinite(expected) and isfinite(bound)):
        return None
    error = inf if isnan(actual) else abs(actual - expected)
    ratio = 0.0 if error == 0 else inf if bound == 0 else error / bound
    status: Status = "fail" if error > bound else "vacuous" if actual == 0 == expected else "pass"
    arrays = np.array(error), np.array(bound), np.array(True)
    return Judgement(status, (), actual, expected, error, bound, ratio, 1, 0, *arrays)


def within(actual: Array, expected: Array, bound: Array | float) -> bool:
    """Whether `compare` finds no entry wrong, for those who need no more than that."""
    actual, expected, bounds = _of_one_shape(actual, expected, bound)
    with np.errstate(invalid="ignore", over="ignore"):
        if (np.abs(actual - expected) <= bounds).all():
            return True
    found = compare(actual, expected, bounds)
    return found is None or found.status != "fail"


def _of_one_shape(actual: Array, expected: Array, bound: Array | float) -> tuple[Array, Array, Array]:
    """All three as floats of one shape, but for a bound that is one number. Raises ValueError for other shapes and for no entry."""
    actual, expected, bounds = np.asarray(actual, float), np.asarray(expected, float), np.asarray(bound, float)
    _check_shapes(actual, expected)
    return actual, expected, bounds if bounds.shape in ((), actual.shape) else np.broadcast_to(bounds, actual.shape)


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
