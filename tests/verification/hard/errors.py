"""One entry of one gradient wrong by a hundredth: the largest, the least, any, or one that should be 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import cnnbp
from cnnbp.layers.checks import Array

Pick = Callable[[Array], int]


def _largest(flat: Array) -> int:
    return int(np.abs(flat).argmax())


def _least(flat: Array) -> int:
    return int(np.where(flat == 0, np.inf, np.abs(flat)).argmin())


def _anywhere(seed: int) -> Pick:
    return lambda flat: int(np.random.default_rng(seed).choice(np.flatnonzero(flat)))


ERRORS: dict[str, Pick] = {"largest": _largest, "least": _least, "drawn": _anywhere(1), "drawn again": _anywhere(2)}


def bent(layer: Any, which: int, entry: int, source: int) -> Any:
    """The layer with a hundredth of one entry of gradient number `which` added to another, or to itself: linear in the residual."""

    def backward(*asked: Array) -> tuple[Array, ...]:
        gradients = [np.array(g, float, order="C") for g in tuples(layer.backward(*asked))]
        flat = gradients[which].reshape(-1)
        flat[entry] += flat[source] / 100
        return tuple(gradients)

    return cnnbp.from_functions(layer.forward, backward)


def tuples(found: Any) -> tuple[Array, ...]:
    return found if isinstance(found, tuple) else (found,)


def wrong(layer: Any, args: tuple[Array, ...], delta: Array) -> Iterator[tuple[str, Any]]:
    """The name of every error that can be made at these arguments, and the layer that makes it."""
    for which, gradient in enumerate(tuples(layer.backward(delta, *args))):
        flat = gradient.reshape(-1)
        if not flat.any():
            continue
        for name, pick in ERRORS.items():
            yield f"{name} of {which}", bent(layer, which, pick(flat), pick(flat))
        if (flat == 0).any():
            yield f"not 0 of {which}", bent(layer, which, int(np.flatnonzero(flat == 0)[0]), _largest(flat))
