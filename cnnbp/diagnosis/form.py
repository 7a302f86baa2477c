"""Gradients that cannot be judged as they came: in another order, transposed, with an axis too many, or not summed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import permutations

import numpy as np

from ..judge import compare
from ..rounding import Array
from .anything import Found
from .point import Point

MOST = 5  # gradients whose orders are tried
Shown = Callable[[Array], Array]


def order(point: Point, missing: Mapping[str, int]) -> list[str] | None:
    """The arguments in whose order the gradients came, where some order makes all of them right; None elsewhere."""
    came = _numbers(point)
    wanted = [name for name in point.expected if name != "y"]
    if not came or len(came) != len(wanted) or not 2 <= len(came) <= MOST or not missing:
        return None
    for names in permutations(wanted):
        if list(names) != wanted and all(_right(point, name, g) for name, g in zip(names, came, strict=True)):
            return [point.called(name) for name in names]
    return None


def misshapen(point: Point, missing: Mapping[str, int]) -> Iterator[tuple[str, Found]]:
    """Of each gradient that has another shape than its argument, what makes it right."""
    came = _numbers(point)
    for name, position in missing.items():
        if name not in point.expected or position >= len(came):
            continue
        gradient, shape = came[position], point.expected[name].shape
        for code, change in _mended(shape):
            try:
                mended = change(gradient)
            except (ValueError, IndexError):
                continue
            if _right(point, name, mended):
                yield name, (code, {})
                break


def _mended(shape: tuple[int, ...]) -> Iterator[tuple[str, Shown]]:
    yield "shape-transposed", lambda g: g.T
    yield "shape-axes", lambda g: g.reshape(shape) if [n for n in g.shape if n > 1] == [n for n in shape if n > 1] else g
    yield "shape-not-summed", lambda g: g.sum(tuple(range(g.ndim - len(shape))))
    yield "shape-not-summed", lambda g: g.sum((0, *range(2, g.ndim))) if len(shape) == 1 and g.ndim > 2 else g
    yield "shape-flat", lambda g: g.reshape(shape)


def _numbers(point: Point) -> list[Array]:
    """The gradients as numbers, as they came; none where they are something else."""
    try:
        return [np.asarray(g, float) for g in point.ask()]
    except Exception:  # whatever the layer does when asked once more
        return []


def _right(point: Point, name: str, gradient: Array) -> bool:
    expected = point.expected[name]
    if gradient.shape != expected.shape or not gradient.size:
        return False
    found = compare(gradient, expected, 4 * point.bounds[name])
    return found is not None and found.status != "fail"
