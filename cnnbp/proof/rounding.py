"""How far rounding can move an elementwise layer: at every float of an interval, by running its own lines on intervals.

What is assumed of NumPy's exp, tanh and log1p is measured beside it, and so is the error of the layer: a bound that an error
exceeds would be wrong, one that is far above all errors says little.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

import flint
import numpy as np

from ..evidence.proof import RoundingBound, RoundingQuantity
from ..evidence.verdict import Remark, remark
from ..layers import Sigmoid, Softplus, Tanh
from ..operators import operator_of
from ..rounding import Array
from .found import as_array
from .numbers.residual import Residual
from .numbers.rounded import BITS, Functions, Real, Rounded, Straddles, U
from .numbers.unsupported import Unsupported
from .prove import prove
from .question import title
from .refusals import refusal

INTERVAL = (-350.0, 350.0)  # the squares of e^(−350) are still normal floats
ASSUMED = 2.0  # u, of exp, tanh and log1p
POINTS = 2_000  # at which errors of a layer are looked at
MEASURED = 6_000  # those of NumPy's functions
BENT = 8.0  # beyond, either side, these functions are nearly straight
EDGES = sorted({0.0, *(2.0**-k for k in range(3, 8)), *(k / 8 for k in range(1, 32)), *(4.0 * 1.25**k for k in range(21))})
LAYERS = (Sigmoid(), Tanh(), Softplus())
MOST_CUTS = 5_000  # of pieces in which a comparison comes out differently
QUANTITIES: tuple[RoundingQuantity, ...] = ("y", "dx")

# The functions and their slopes, written so that nothing cancels.
TRUE: Mapping[str, tuple[Callable[[Real], Real], Callable[[Real], Real]]] = {
    "Sigmoid": (lambda x: 1 / (1 + (-x).exp()), lambda x: 1 / ((1 + (-x).exp()) * (1 + x.exp()))),
    "Tanh": (lambda x: x.tanh(), lambda x: 1 / x.cosh() ** 2),
    "Softplus": (lambda x: x.exp().log1p(), lambda x: 1 / (1 + (-x).exp())),
}


def rounding_bound(
    layer: Any,
    quantity: RoundingQuantity,
    interval: tuple[float, float] = INTERVAL,
    assumed: float = ASSUMED,
    like: Any = None,
) -> RoundingBound:
    """|computed − exact| ≤ bound·u·|exact| of y or dx, at every float x of the interval and every δ for which dx is normal.

    Only of a layer that `prove` shows to be the function: else the exact value of its lines would be of no interest.
    assumed: the error of np.exp, np.tanh and np.log1p, in u. like: the layer that it should equal, where it is none of ours.
    Where the lines do not say as much, the bound is None, and the remark says why. Raises ValueError for a quantity, interval
    or layer of which nothing is known here.
    """
    if quantity not in QUANTITIES:
        raise ValueError(f"quantity must be one of {', '.join(QUANTITIES)}, got {quantity!r}")
    low, high = interval
    if not -math.inf < low < high < math.inf:
        raise ValueError(f"interval must be two finite numbers, the smaller one first, got {interval!r}")
    operator = operator_of(layer if like is None else like)
    if operator is None or operator.name not in TRUE:
        raise ValueError(f"like must be one of {', '.join(TRUE)}, got {title(layer if like is None else like)}")
    functions = Functions(assumed)
    with flint.ctx.workprec(BITS), np.errstate(all="ignore"):
        bound, pieces, why = _bounded(layer, quantity, interval, functions)
        seen = _seen(layer, quantity, interval, TRUE[operator.name][QUANTITIES.index(quantity)])
        measured = {name: measured_error(name) for name in sorted(functions.called)}
    if bound is not None and not (proof := prove(layer, (1,), like=like)):  # "exact" is of the lines: they must be the function's
        bound, why = None, proof.remark
    return RoundingBound(title(layer), quantity, interval, bound, pieces, assumed, measured, seen, POINTS, why)


BOUNDED = tuple(f"{type(layer).__name__} {quantity}" for layer in LAYERS for quantity in QUANTITIES)


def rounding_bounds() -> tuple[RoundingBound, ...]:
    """Of the layers whose functions are rounded, forward and backward."""
    return tuple(rounding_bound(layer, quantity) for layer in LAYERS for quantity in QUANTITIES)


@lru_cache
def measured_error(function: str) -> float:
    """The largest relative error of np.exp, np.tanh or np.log1p at drawn points, in u."""
    x = _points(INTERVAL, MEASURED)
    x = np.exp(-np.abs(x)) if function == "log1p" else x
    with flint.ctx.workprec(BITS):
        return _largest(getattr(np, function)(x), [getattr(flint.arb(v), function)() for v in x.tolist()])


def _bounded(
    layer: Any, quantity: RoundingQuantity, interval: tuple[float, float], functions: Functions
) -> tuple[float | None, int, Remark | None]:
    """The largest bound of all pieces, their number, and why there is none."""
    worst, todo, pieces, cuts = flint.arb(0), list(_pieces(*interval))[::-1], 0, 0
    while todo:
        low, high = todo.pop()
        try:
            worst = worst.max(_error(layer, quantity, low, high, functions))
            pieces += 1
        except Straddles as error:
            cuts += 1
            if low == high or cuts > MOST_CUTS:
                return None, pieces, remark("proof.too-many-pieces", most=MOST_CUTS, low=low, high=high)
            todo += _sides(low, high, error.at)
        except Exception as error:  # on intervals, whatever it does on floats
            why = refusal(error)
            return None, pieces, remark(why.code, **why.values, low=low, high=high)
    return math.nextafter(float((worst / U).upper()), math.inf), pieces, None


def _sides(low: float, high: float, at: float) -> list[tuple[float, float]]:
    """Either side of a number, and the number; the halves where it lies outside, since what was compared is none of x itself."""
    if low <= at <= high:
        sides = [(low, np.nextafter(at, -np.inf)), (at, at), (np.nextafter(at, np.inf), high)]
    else:
        middle = min(low + (high - low) / 2, float(np.nextafter(high, low)))
        sides = [(low, middle), (np.nextafter(middle, np.inf), high)]
    return [(float(a), float(b)) for a, b in sides if a <= b]


def _error(layer: Any, quantity: RoundingQuantity, low: float, high: float, functions: Functions) -> Real:
    """The bound of one piece. δ is any number from 1 to 2: powers of two and signs do not change how multiples of it round."""
    x, delta = (np.empty(1, object) for _ in range(2))
    x[0], delta[0] = Rounded(functions, low, high), Residual(Rounded(functions, 1, 2))
    answer = layer.forward(x) if quantity == "y" else layer.backward(delta, x)
    found = as_array("backward", answer[0] if isinstance(answer, tuple) else answer)[0]
    if quantity == "dx" and not (isinstance(found, Residual) and found.stays_normal):
        raise Unsupported("residual-grows" if isinstance(found, Residual) else "residual")
    return found.error if isinstance(found, Rounded) else flint.arb(0)  # a number that does not depend on x


def _pieces(low: float, high: float) -> Iterator[tuple[float, float]]:
    """The interval cut at EDGES of either sign: where all is nearly constant, errors are weighted as they are."""
    inner = [e for e in (*(-e for e in EDGES), *EDGES) if low < e < high]
    yield from pairwise(sorted({low, *inner, high}))


def _seen(layer: Any, quantity: RoundingQuantity, interval: tuple[float, float], true: Callable[[Real], Real]) -> float:
    """The largest relative error of the layer's floats at drawn points, in u."""
    x = _points(interval)
    delta = np.random.default_rng(1).uniform(1, 2, x.shape)
    answer = layer.forward(x) if quantity == "y" else layer.backward(delta, x)
    computed = answer[0] if isinstance(answer, tuple) else answer
    scale = delta if quantity == "dx" else np.ones(x.shape)
    return _largest(computed, [s * true(flint.arb(v)) for v, s in zip(x.tolist(), map(flint.arb, scale.tolist()), strict=True)])


def _largest(computed: Array, true: list[Real]) -> float:
    """The largest relative error, in u; ∞ where there is a number that is none."""
    if not np.all(np.isfinite(computed)):
        return math.inf
    pairs = zip(map(flint.arb, np.asarray(computed, float).tolist()), true, strict=True)
    return max(float((abs(c - t) / abs(t) / U).mid()) for c, t in pairs)


def _points(interval: tuple[float, float], count: int = POINTS) -> Array:
    """Anywhere in the interval, and half of them where functions bend, if that is in it."""
    (low, high), rng = interval, np.random.default_rng(0)
    near = max(low, -BENT), min(high, BENT)
    drawn = [rng.uniform(*ends, count // 2) for ends in (interval, near if near[0] < near[1] else interval)]
    return np.concatenate(drawn)
