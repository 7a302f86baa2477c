"""The one judge: (actual, expected, bound) → pass, fail or vacuous. The only place where a number meets a bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .evidence import Status
from .rounding import Array


@dataclass(frozen=True)
class Judgement:
    """How far `actual` is from `expected`, entry by entry, and what follows.

    `index` is the entry with the worst ratio of error to bound, `error` and `bound` are its; `resolutions[e]` is the
    smallest change of entry e that this comparison is certain to see: bound + error, since rounding may hide as much.
    """

    status: Status
    index: tuple[int, ...]
    actual: float
    expected: float
    error: float
    bound: float
    ratio: float
    resolutions: Array
    suspects: Array
    judged: int
    left_out: int

    @property
    def resolution(self) -> float:
        """The smallest change that is certain to be seen, whichever entry it befalls."""
        return float(np.max(self.resolutions[np.isfinite(self.resolutions)], initial=0.0))


def compare(actual: Array, expected: Array, bound: Array | float, left_out: Array | None = None) -> Judgement | None:
    """Judges |actual − expected| ≤ bound in every entry that is not `left_out`; None if nothing is left.

    NaN in `actual` never passes. All entries 0 on both sides is "vacuous": it tells nothing. A bound of 0 asks for equality.
    Raises ValueError for an empty comparison, for shapes that differ, and for a bound that is negative or no number.
    """
    actual, expected = np.asarray(actual, float), np.asarray(expected, float)
    if actual.shape != expected.shape:
        raise ValueError(f"actual and expected must have the same shape, got {actual.shape} and {expected.shape}")
    if actual.size == 0:
        raise ValueError(f"an empty comparison shows nothing: got shape {actual.shape}")
    bounds = np.broadcast_to(np.asarray(bound, float), actual.shape)
    if not (bounds >= 0).all():
        raise ValueError("bound must be non-negative in every entry")
    kept = np.isfinite(expected) & np.isfinite(bounds)
    if left_out is not None:
        kept &= ~left_out
    if not kept.any():
        return None
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        error = np.abs(np.subtract(actual, expected))
        error = np.where(np.isnan(error), np.inf, error)
        ratio = np.where(error == 0, 0.0, error / bounds)
        resolutions = np.where(kept, bounds + error, np.inf)
    wrong = kept & ~(error <= bounds)
    flat = int(np.argmax(np.where(kept, ratio, -1)))
    index = tuple(int(i) for i in np.unravel_index(flat, actual.shape))
    nothing = not np.any(actual[kept]) and not np.any(expected[kept])
    status: Status = "fail" if wrong.any() else "vacuous" if nothing else "pass"
    return Judgement(
        status, index, float(actual[index]), float(expected[index]), float(error[index]), float(bounds[index]),
        float(ratio[index]), resolutions, wrong, int(kept.sum()), int((~kept).sum()),
    )  # fmt: skip
