"""What all operators with connections share: they are sums of products over T, and linear in each argument."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .. import rounding
from ..rounding import EXACT, Array, norm
from .record import AlongDirections, Asked, Bounds, Integers, Left, Operator, Silent


def connected(*, axes: Mapping[str, str], **facts: Any) -> Operator:
    """The record of an operator that is its masked network: `axes` names its answers, and so its arguments."""
    arguments = tuple(name for name in axes if name != "y")
    shared: dict[str, Any] = {
        "arguments": arguments,
        "activation": Silent("operators.no-activation"),
        "complex_forward": Silent("operators.multilinear"),
        "bounds": SumsOfProducts(weights="w" in axes),
        "differences": dict.fromkeys(arguments, AlongDirections(as_large_as_the_data, no_truncation)),
        "indices": (),
        "samples_apart": lambda options: True,
        "kinks": None,
    }
    return Operator(axes=axes, **(shared | facts))


class SumsOfProducts(Bounds):
    """Bounds from the number of terms and their magnitudes, and from the norms of the operands that each quantity contracts."""

    def __init__(self, weights: bool) -> None:
        self._weights = weights

    def conventional(self, asked: Asked, quantity: str, expected: Array | None) -> Array:
        """2·γₙ₊₄·Σ|terms|"""
        return rounding.conventional(asked.terms(quantity), asked.magnitude(quantity), asked.precision)

    def by_norm(self, asked: Asked, quantity: str) -> Array:
        """C·u·‖·‖·‖·‖. Samples are rows of the product with w, and a fast product mixes rows: their norm is that of the batch.

        Where nothing is multiplied by weights, each sample has a norm of its own.
        """
        (x, *params), delta, precision = asked.args, asked.delta, asked.precision
        if quantity == "w":
            return rounding.by_norm(np.full(params[0].shape, norm(delta) * norm(x)), precision)
        if quantity == "b":
            b = params[1]
            return rounding.by_norm(np.full(b.shape, norm(delta) * np.sqrt(delta.size / max(1, b.size))), precision)
        operand, shape = (delta, x.shape) if quantity == "x" else (x, delta.shape)
        scale = np.full(shape, norm(operand) * norm(params[0])) if self._weights else per_sample(operand, shape)
        if quantity == "y" and len(params) > 1:
            scale = scale + np.abs(params[1]).reshape(-1, *(1,) * (delta.ndim - 2))
        return rounding.by_norm(scale, precision)

    def farthest(self, asked: Asked, position: int, step: float) -> Array:
        """Σ|terms| is linear in |argument|: what is added is the step times Σ|what it is multiplied by|."""
        edges, met = asked.network.connections, np.ones(asked.delta.shape)
        if position == 0:
            met = np.resize(edges.sums(asked.network.absolute.values), met.shape)
        elif position == 1:
            met = edges.met(np.abs(asked.args[0])).reshape(met.shape)
        return rounding.conventional(asked.terms("y"), asked.magnitude("y") + step * met, asked.precision)


# ---- differences: a multilinear function has no truncation error at any step ------------------------------------------


def as_large_as_the_data(asked: Asked, position: int) -> tuple[float, Array, Left | None]:
    """A power of two of the size of the argument: the larger the step, the less its rounding shows."""
    largest = float(np.max(np.abs(asked.args[position]), initial=0.0))
    return (float(2.0 ** np.floor(np.log2(largest))) if largest > 0 else 1.0), asked.delta, None


def no_truncation(asked: Asked, step: float) -> float:
    """The difference is exact but for rounding."""
    return 0.0


# ---- integers ---------------------------------------------------------------------------------------------------------


def integers(unit: Callable[[Asked], int] = lambda _: 1, *, spaced: bool = False, tied: bool = False) -> Integers:
    """Integers of which the network's sums of products stay below 2⁵³."""
    return Integers(unit, _largest, _fits, scaled=False, spaced=spaced, tied=tied)


def _largest(asked: Asked, unit: int) -> int:
    c = asked.network.connections
    return largest_of_products(c.o.size * max(1, asked.args[0].size // max(1, c.inputs)), unit)


def largest_of_products(products: int, unit: int) -> int:
    """The largest integers with which no sum of so many products of three of them leaves 53 bits."""
    return int(min(2.0**20, (EXACT / 4 / (max(1, products) * float(unit) ** 3)) ** (1 / 3)))


def _fits(asked: Asked) -> bool:
    """terms · max|x| · max|w| and the like bound every Σ|terms| from above."""
    x, *params = asked.args
    factors: Mapping[str, tuple[Array, ...]] = {
        "y": asked.args, "x": (asked.delta, *params[:1]), "w": (asked.delta, x), "b": (asked.delta,),
    }  # fmt: skip
    largest = {name: math.prod(max(1.0, float(np.max(np.abs(a), initial=0))) for a in found) for name, found in factors.items()}
    counts = ((name, asked.terms(name)) for name in "yxwb"[: 1 + len(asked.args)])
    return all(float(np.max(count, initial=0)) * largest[name] < asked.precision.exact for name, count in counts)


# ---- norms ------------------------------------------------------------------------------------------------------------


def per_sample(a: Array, shape: tuple[int, ...]) -> Array:
    """‖a[n]‖₂ for each sample n, spread over an array of this shape."""
    norms = np.array([norm(sample) for sample in a.reshape(shape[0], a.size // max(1, shape[0]))])
    return np.broadcast_to(norms.reshape(-1, *(1,) * (len(shape) - 1)), shape).copy()
