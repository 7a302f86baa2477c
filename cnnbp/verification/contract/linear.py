"""Linearity: backward is linear in the residual, over sixty binary orders of magnitude, with the slack of another order of sums."""

from __future__ import annotations

import numpy as np

from ...evidence import Evidence
from ...rounding import Array
from .trial import Answers, Trial, left_alone

OF_FLOAT16 = (2.0**4, 2.0**8)  # which leaves little room: by how much a residual is scaled, and how large the answers may get


def multiples(trial: Trial) -> Evidence:
    """backward(c·δ) = c·backward(δ), for small c and large ones: a residual is neither clipped nor flushed to 0.

    A multiple is left out where it would overflow, or is rounded itself because δ is next to nothing.
    """
    point, size = "linear-multiples", _largest(trial.delta, *trial.first[1:])
    reach, largest = (2.0**30, trial.precision.largest * 2.0**-24) if trial.precision.least < -100 else OF_FLOAT16
    if 2 * size > largest:
        return left_alone(point, "would-overflow")
    for c in (2.0, -1.0, *(c for c in (1 / reach, reach) if c * size <= largest and _unrounded(trial, c))):

        def slack(j: int, a: Array, c: float = c) -> Array:
            """What underflows at c·δ is as much larger when it is divided by c."""
            return np.asarray(2 * trial.slack(j, a) + trial.delta.size * trial.precision.underflow / min(1.0, abs(c)))

        answers = tuple(np.asarray(g / c) for g in _gradients(trial, np.asarray(c * trial.delta)))
        told = trial.close(point, trial.first[1:], answers, slack, "contract.not-multiplied", 1, factor=c)
        if told.status == "fail":
            return told
    return told


def sums(trial: Trial) -> Evidence:
    """Two residuals that add up to delta, neither larger in any entry: what bounds the whole bounds the parts."""
    delta = trial.delta
    even = np.where(np.arange(delta.size) % 2 == 0, delta.ravel(), 0.0).reshape(delta.shape)
    parts = (_gradients(trial, even), _gradients(trial, np.asarray(delta - even)))
    added = tuple(np.asarray(a + b) for a, b in zip(*parts, strict=True))
    return trial.close("linear-sums", trial.first[1:], added, lambda j, a: 2 * trial.slack(j, a), "contract.not-additive", 1)


def _gradients(trial: Trial, delta: Array) -> Answers:
    """Asked after the forward of the case, as a layer with a memory needs it."""
    return trial.ask(delta, trial.args)[1:]


def _largest(*arrays: Array) -> float:
    sizes = (np.max(np.abs(a[np.isfinite(a)]), initial=0.0) for a in arrays)
    return float(max(sizes))


def _unrounded(trial: Trial, factor: float) -> bool:
    """Whether the multiple is that of δ as the layer has it, no bit of it lost below the smallest numbers."""
    rounded = trial.precision.round
    return np.array_equal(rounded(factor * trial.delta) / factor, rounded(trial.delta))
