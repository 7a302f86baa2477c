"""Other numbers and shapes at which a layer is asked: one argument after the other moved, other sizes, other branches.

Where a reference says what is right: each argument on the other side of 0, larger numbers, each number in each place of a window,
and numbers as low as there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Literal

import numpy as np

from ...precision import FLOAT64
from ...rounding import Array
from .numbers import alike, filled, nudged, other
from .trial import Answers, Trial

Move = Callable[[Answers], "Answers | None"]
What = Literal["argument", "size", "side", "branch"]
SMALL = 36  # numbers: among more, every place of a window has its winner anyway
MODERATE, BEYOND = 8.0, 8.0  # small numbers, and how many times as large: past bends at ±1 and ±3, where exp(x) is still finite


def of_size() -> Iterator[tuple[What, Move]]:
    """A map one cell larger, and from there one sample more."""
    yield "size", larger_maps
    yield "size", more_samples


def of_numbers(trial: Trial) -> Iterator[tuple[What, Move]]:
    """Each from where the last ended: arguments one by one, and all by a little. Then the branches."""
    for j, moved in enumerate(map(other, trial.args)):  # with the same sum, size and ends, by which some layers remember an array
        yield "argument", partial(_with, j, moved)
    yield "argument", _by_a_little
    if trial.bends is None:
        for what, found in _branches(trial):
            yield what, partial(_instead, found)


def _branches(trial: Trial) -> Iterator[tuple[What, Answers]]:
    x, *params = trial.args
    if trial.sides:
        yield from (("side", mirrored(trial.args, j)) for j, a in enumerate(trial.args) if one_sided(a) and a.any())
        if not trial.everywhere and _moderate(trial):
            yield "side", (np.asarray(BEYOND * x), *params)
    if trial.compares:
        yield from (("branch", (moved, *params)) for moved in (*shifted(x), *lowest(trial)))


def _by_a_little(args: Answers) -> Answers | None:
    """Every argument but for one number as it was."""
    found = tuple(map(nudged, args))
    return None if all(map(np.array_equal, found, args)) else found


def _instead(found: Answers, _: Answers) -> Answers:
    """These, wherever the last move ended."""
    return found


def _moderate(trial: Trial) -> bool:
    x = trial.args[0]
    return x.dtype.kind == "f" and trial.precision is FLOAT64 and float(np.max(np.abs(x), initial=0.0)) <= MODERATE


def _with(j: int, array: Array, args: Answers) -> Answers:
    """Another array in the place of one argument."""
    return *args[:j], array, *args[j + 1 :]


def larger_maps(args: Answers) -> Answers | None:
    """Each map one cell larger, which a layer may refuse: of many axes the last three."""
    x, *params = args
    if x.ndim <= 2:
        return None
    spatial = min(3, max(1, x.ndim - 2))
    return np.resize(x, (*x.shape[:-spatial], *(n + 1 for n in x.shape[-spatial:]))), *params


def more_samples(args: Answers) -> Answers | None:
    """One sample more, with other numbers of the size of the first: the first itself would hide a mean taken for a sum."""
    x, *params = args
    if not x.ndim or not x.size:
        return None
    along = [a.shape == x.shape or (a.dtype.kind in "iu" and a.shape[:1] == x.shape[:1]) for a in params]
    return _longer(x), *(_longer(a) if grows else a for a, grows in zip(params, along, strict=True))


def _longer(a: Array) -> Array:
    return np.concatenate([a, a[:1] if a.dtype.kind in "iu" else alike(a[:1])])


def larger(args: Answers) -> Iterator[Answers]:
    """Inputs of other shapes."""
    yield from (found for found in (larger_maps(args), more_samples(args)) if found is not None)


def mirrored(args: Answers, j: int = 0) -> Answers:
    """One argument on the other side of 0, where a branch may be that it never takes; no two numbers alike, and nothing ties."""
    a = args[j]
    if a.dtype.kind in "iu":
        return args  # indices have no sides
    shares = np.random.default_rng(a.size).uniform(0.75, 1, a.shape)
    return _with(j, np.asarray(-shares * filled(a, a.size)).astype(a.dtype), args)


def shifted(x: Array) -> Iterator[Array]:
    """Small maps moved by up to two cells, around their border: each number is once in each place of a window of 3 × 3."""
    if x.ndim < 3 or x.size > SMALL or x.dtype.kind in "iu":
        return
    for down, right in product(range(min(3, x.shape[-2])), range(min(3, x.shape[-1]))):
        if down or right:
            yield np.roll(x, (down, right), (-2, -1))


def lowest(trial: Trial) -> Iterator[Array]:
    """Of what picks its answers among the numbers of x: all of them below nearly any stand-in for −∞."""
    x = trial.args[0]
    if x.dtype.kind == "f" and x.size and np.isin(trial.first[0], x).all():
        sizes = np.random.default_rng(x.size).uniform(0.5, 1, x.shape)
        yield np.asarray(-sizes * trial.precision.largest * 2.0**-24).astype(x.dtype)


def one_sided(a: Array) -> str:
    """ "<" or ">", where no number of the array is so to 0; empty where both are met, or an index has no sides."""
    if not a.size or a.dtype.kind in "iu":
        return ""
    return "<" if (a >= 0).all() else ">" if (a <= 0).all() else ""
