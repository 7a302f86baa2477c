"""Other numbers at which a reference says what is right: where a branch may be that the caller's numbers never take.

x on the other side of 0, each number in each place of a window, numbers several times as large, and numbers as low, and as high,
as there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from ...precision import FLOAT64
from ...rounding import Array
from .trial import Answers, Trial, filled

MODERATE, STRETCH = 8.0, 9.0
SMALL = 36  # numbers: among more, every place of a window has its winner anyway


def mirrored(args: Answers) -> Answers:
    """x on the other side of 0, where a branch may be that it never takes; no two numbers alike, so that nothing ties."""
    x, *params = args
    if x.dtype.kind in "iu":
        return args  # indices have no sides
    shares = np.random.default_rng(x.size).uniform(0.75, 1, x.shape)
    return np.asarray(-shares * filled(x, x.size)).astype(x.dtype), *params


def shifted(args: Answers) -> Iterator[Answers]:
    """Small maps moved by up to two cells, around their border: each number is once in each place of a window of 3 × 3."""
    x, *params = args
    if x.ndim < 3 or x.size > SMALL or x.dtype.kind in "iu":
        return
    for down, right in product(range(min(3, x.shape[-2])), range(min(3, x.shape[-1]))):
        if down or right:
            yield np.roll(x, (down, right), (-2, -1)), *params


def stretched(trial: Trial) -> Iterator[Answers]:
    """Small numbers several times as large, beyond bends such as those at ±1 and ±3; not so large that exp(x) overflows."""
    x, *params = mirrored(trial.args)
    if x.dtype.kind == "f" and trial.precision is FLOAT64 and np.max(np.abs(x), initial=0.0) <= MODERATE:
        yield np.asarray(-STRETCH * x), *params


def farthest(trial: Trial) -> Iterator[Answers]:
    """Of what picks its answers among the numbers of x: all below nearly any stand-in for −∞, and all beyond any bend above 0."""
    x, *params = trial.args
    if x.dtype.kind == "f" and x.size and np.isin(trial.first[0], x).all():
        sizes = np.random.default_rng(x.size).uniform(0.5, 1, x.shape) * trial.precision.largest * 2.0**-24
        yield from ((np.asarray(sign * sizes).astype(x.dtype), *params) for sign in (-1, 1))


def one_sided(a: Array) -> str:
    """ "<" or ">", where no number of the array is so to 0; empty where both are met, or an index has no sides."""
    if not a.size or a.dtype.kind in "iu":
        return ""
    return "<" if (a >= 0).all() else ">" if (a <= 0).all() else ""
