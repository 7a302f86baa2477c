"""What is added to a right gradient: one number in every entry, or a multiple of the argument itself, as a weight decay adds it."""

from __future__ import annotations

import numpy as np

from ..judge import compare
from ..rounding import Array, U
from .factor import explains
from .point import Point

FEW = 4  # entries: fewer fit too much
SHARE = 0.5  # of the entries must be wrong: what is added to a small one may lie within its bound


def offset(point: Point, quantity: str) -> float | None:
    """The one number by which every entry is too large."""
    judged, right = point.wrong[quantity], point.expected[quantity][point.wrong[quantity].kept]
    if (np.ptp(right) == 0 and right.any()) or not (judged.suspects == judged.kept).all():
        return None
    return _times(point, quantity, np.ones(right.shape), np.ones(point.expected[quantity].shape))


def decay(point: Point, quantity: str) -> float | None:
    """By how much of its own argument every entry is too large."""
    if quantity not in point.names:
        return None
    argument = np.asarray(point.args[list(point.names).index(quantity)], float)
    judged = point.wrong[quantity]
    of = argument[judged.kept]
    if np.ptp(of) == 0 or judged.suspects.sum() < SHARE * judged.judged:
        return None
    return _times(point, quantity, of, argument)


def _times(point: Point, quantity: str, known: Array, of: Array) -> float | None:
    """The number, where it explains every entry; `known`: what it multiplies in the entries that are judged."""
    actual, expected, judged = point.answers[quantity], point.expected[quantity], point.wrong[quantity]
    apart = (actual - expected)[judged.kept]
    if apart.size < FEW or not np.isfinite(apart).all():
        return None
    bounds = np.broadcast_to(judged.bounds, actual.shape)
    blunt = np.where(known != 0, bounds[judged.kept] / np.abs(np.where(known != 0, known, 1.0)), np.inf)
    sharpest = int(np.argmin(blunt))  # where it can be told best
    found = float(apart[sharpest] / known[sharpest])
    said = expected + found * of
    slack = bounds + 2 * U * (np.abs(actual) + np.abs(expected))
    same = compare(actual, said, np.where(np.isfinite(slack), slack, 0.0), ~judged.kept)
    return found if same is not None and same.status != "fail" and explains(point, quantity, said) else None
