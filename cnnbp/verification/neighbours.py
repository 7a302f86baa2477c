"""Numbers near those of a case, and others of their size: at which an answer is asked again, to see how it rounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..rounding import Array
from .examination import signs

WIDE_RANGE = 2.0**20  # the largest of an array over its median


def neighbours(
    args: tuple[Array, ...], delta: Array, rng: np.random.Generator, pairs: int, step: float
) -> Iterator[tuple[tuple[Array, ...], Array]]:
    """Numbers that differ from these by a step of about their own size times `step`, in pairs of opposite directions."""
    for way in ways(args, delta, rng, pairs):
        yield moved(args, delta, way, step)
        yield moved(args, delta, way, -step)


def ways(args: tuple[Array, ...], delta: Array, rng: np.random.Generator, count: int) -> Iterator[tuple[Array, ...]]:
    """Directions in which each number moves by its own size, one that is 0 by what is usual; the last moves each array as one."""
    sizes = [_size(a) for a in (*args, delta)]
    for number in range(count):
        alike = 0 < number == count - 1
        yield tuple(size * drawn((1,) * size.ndim if alike else size.shape, rng) for size in sizes)


def moved(args: tuple[Array, ...], delta: Array, way: tuple[Array, ...], step: float) -> tuple[tuple[Array, ...], Array]:
    """Along a direction, by a step; integers stay."""
    found = [a + step * v if a.dtype.kind == "f" else a for a, v in zip((*args, delta), way, strict=True)]
    return tuple(found[:-1]), found[-1]


def level(args: tuple[Array, ...], delta: Array, rng: np.random.Generator) -> tuple[tuple[Array, ...], Array]:
    """Random numbers, each array as large as the largest of its entries; integers as they are."""
    found = [largest(a) * drawn(a.shape, rng) if a.dtype.kind == "f" else a for a in (*args, delta)]
    return tuple(found[:-1]), found[-1]


def of_wide_range(*arrays: Array) -> bool:
    """Whether numbers are so unlike that an algorithm which mixes them loses small ones, wherever they would have met."""
    sizes = [np.abs(a[a != 0]) for a in arrays if a.dtype.kind == "f" and a.any()]
    return any(size.max() > WIDE_RANGE * np.median(size) for size in sizes)


def largest(*arrays: Array) -> float:
    """The largest number among those that are finite, by its size; 0 where there is none."""
    return max(float(np.max(np.abs(a[np.isfinite(a)]), initial=0.0)) for a in arrays)


def drawn(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Numbers of about 1, of either sign."""
    return np.asarray(rng.uniform(0.5, 1, shape) * signs(shape, rng))


def _size(a: Array) -> Array:
    """Of each number; integers are indices, and stay."""
    if a.dtype.kind != "f":
        return np.zeros(a.shape)
    some = np.abs(a[a != 0])
    found: Array = np.where(a == 0, float(np.median(some)) if some.size else 1.0, np.abs(a))
    return found
