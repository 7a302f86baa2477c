"""What positions of the residual contribute, each alone: whether a gradient keeps the last of them in the place of their sum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..rounding import Array
from .anything import Found
from .asked import answers_as, otherwise
from .point import Point

MOST = 100  # positions: of more, what each contributes is not asked apart
SPATIAL = 2  # samples and channels stand before the axes of space


def overwritten(point: Point, quantity: str) -> Iterator[Found]:
    """Each entry has one contribution alone, the last of those that positions of the residual make, in either order."""
    if quantity == "y" or not point.whole or point.operator is not None:  # of ours, a candidate says it in better words
        return
    d = point.delta
    spaces = [tuple(range(SPATIAL, d.ndim)), tuple(range(1, d.ndim - 1)), tuple(range(d.ndim - 1)), tuple(range(d.ndim))]
    for axes in dict.fromkeys([*spaces, *((axis,) for axis in range(d.ndim))]):
        if 1 < np.prod([d.shape[axis] for axis in axes]) <= MOST:
            parts = _contributions(point, quantity, axes)
            if parts and any(_is_assigned(point, quantity, order) for order in (parts, parts[::-1])):
                yield "contributions-overwritten", {}
                return


def _contributions(point: Point, quantity: str, axes: tuple[int, ...]) -> list[Array]:
    """What each position along these axes makes of the gradient alone: by the reference."""
    parts = list[Array]()
    for index in np.ndindex(*(point.delta.shape[axis] for axis in axes)):
        alone, at = np.zeros_like(point.delta), [slice(None)] * point.delta.ndim
        for axis, place in zip(axes, index, strict=True):
            at[axis] = slice(place, place + 1)
        alone[tuple(at)] = point.delta[tuple(at)]
        found = otherwise(point, quantity, point.args, alone)
        if found is None:
            return []
        parts.append(found)
    return parts


def _is_assigned(point: Point, quantity: str, parts: list[Array]) -> bool:
    left = np.zeros_like(parts[0])
    for part in parts:
        left[part != 0] = part[part != 0]
    return answers_as(point, quantity, left)
