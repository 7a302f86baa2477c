"""Other numbers in the place of those of the case, in arrays of the same shapes."""

from __future__ import annotations

import numpy as np

from ...rounding import Array

STREAM = 0x66696C6C
LITTLE = 2.0**-10  # of a number: hardly in the digits that people round to, and far more than any computation rounds


def others(args: tuple[Array, ...]) -> tuple[Array, ...]:
    """Another input of the same shapes: every argument moved, integers among themselves."""
    return tuple(map(alike, args))


def alike(a: Array) -> Array:
    """Other numbers between the largest and the least of the array.

    These two stay, by which some layers remember an array, and so does 0. Where the two are most of it, all are others.
    """
    moved = other(a)
    if a.dtype.kind in "iu" or not a.size:
        return moved
    ends = (moved == a.max()) | (moved == a.min())
    if 2 * np.count_nonzero(moved[ends]) > np.count_nonzero(moved):
        return np.asarray(0.75 * moved)
    middle = a.max() / 2 + a.min() / 2
    return np.where(ends | (moved == 0), moved, np.asarray(0.75 * moved + 0.25 * middle))


def nudged(a: Array) -> Array:
    """The array, but for one number in its middle that is a little less far from 0, where there is one that is no end.

    So its ends, corners, signs and first digits stay, by which some layers remember an array. A symmetric matrix stays as it is.
    """
    inside = np.flatnonzero((a != 0) & (a > a.min()) & (a < a.max())) if a.size and a.dtype.kind == "f" else np.empty(0, int)
    found = np.array(a, order="C")
    if inside.size and not _symmetric(a):
        found.ravel()[inside[inside.size // 2]] *= 1 - LITTLE
    return found


def filled(a: Array, seed: int) -> Array:
    """The array with drawn numbers of its own size in the place of its zeros, under which what is wrong would not show."""
    zeros = a == 0
    if not zeros.any():
        return a
    sizes = np.abs(a[~zeros])
    usual = float(np.median(sizes)) if sizes.size else 1.0
    return np.where(zeros, usual * np.random.default_rng((seed, STREAM)).normal(size=a.shape), a)


def varied(delta: Array) -> Array:
    """The residual, or a drawn one where it is one number everywhere, under which sums alone would show."""
    constant = delta.size > 1 and bool((delta == delta.flat[0]).all())
    return filled(np.zeros_like(delta), delta.size) * (np.abs(delta) + (delta == 0)) if constant else delta


def other(a: Array) -> Array:
    """The same numbers in other places, or, where they are all alike, others: an integer stays within what integers there were.

    A symmetric matrix stays one, and positive definite if it was: a layer may be made for such.
    """
    rolled = np.flip(a, (-2, -1)) if _symmetric(a) else np.roll(a.ravel(), 1).reshape(a.shape)
    if not np.array_equal(rolled, a):
        return rolled
    if a.dtype.kind in "iu":
        return np.zeros_like(a)  # an index of anything
    return np.asarray(0.75 * a if a.any() else a + 1)


def _symmetric(a: Array) -> bool:
    return a.ndim > 1 and a.shape[-1] == a.shape[-2] and np.array_equal(a, a.swapaxes(-1, -2))
