"""What all elementwise operators share: y = f(x) entry by entry, and dx = δ·f′(x)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import rounding
from ..cases import Case, Choices, assemble
from ..cases.numbers import KINDS, OVERFLOWING
from ..cases.sizes import sizes
from ..oracles.closed_form import FORMS
from ..oracles.masked_dense import Options
from ..oracles.masked_network import Activation
from ..rounding import Array
from .connected import largest_of_products
from .kinks import OfSlope
from .record import Asked, Bounds, EntryByEntry, Integers, Operator, Silent

AXES = ("samples", "channels", "rows", "columns")
RANKS = (1, 0, *(1, 2, 3, 4) * 4)  # a single number now and then
Scale = Callable[[Options, Array], Array]


def smooth(layer: type[Any], *, scale: Scale, steepest: float, curvature: float, third: float) -> Operator:
    """The record of an analytic f with sup|f′|, sup|f″| and sup|f‴|; `scale`: the numbers from which f(x) is computed."""
    form = FORMS[layer.__name__]
    return _elementwise(
        layer=layer,
        describe=numbers_of_any_rank,
        activation=lambda options: activation(options, layer, steepest, curvature, kink=False),
        complex_forward=form.forward,
        bounds=OfFunction(scale, lambda _: steepest),
        differences={"x": EntryByEntry(scale, third)},
        integers=Silent("operators.not-integral"),
        kinks=None,
    )


def bent(
    layer: type[Any],
    *,
    describe: Callable[[Operator, Choices, dict[str, Any]], Case],
    below: Callable[[Options], float],
    integers: Integers | Silent,
) -> Operator:
    """The record of an f that is linear on either side of a kink at 0: its slope is 1 above, and `below` below, and at 0."""

    def steepest(options: Options) -> float:
        return max(1.0, abs(below(options)))

    def scale(options: Options, x: Array) -> Array:
        return np.abs(x) * steepest(options)

    return _elementwise(
        layer=layer,
        describe=describe,
        activation=lambda options: activation(options, layer, steepest(options), 0.0, kink=True),
        complex_forward=Silent("operators.not-analytic"),
        bounds=OfFunction(scale, steepest),
        differences={"x": EntryByEntry(scale, None)},
        integers=integers,
        kinks=OfSlope(below),
    )


def _elementwise(**facts: Any) -> Operator:
    shared: dict[str, Any] = {
        "arguments": ("x",),
        "indices": (),
        "axes": {"y": "", "x": ""},
        "unused": (),
        "network": Silent("operators.no-connections"),
        "samples_apart": lambda options: True,
    }
    return Operator(**shared, **facts)


def activation(options: Options, layer: type[Any], steepest: float, curvature: float, kink: bool) -> Activation:
    """f of a layer as the activation function of a network."""
    form = FORMS[layer.__name__]
    return Activation(lambda z: form.forward(options, z), lambda z: form.slope(options, z), steepest, curvature, kink)


class OfFunction(Bounds):
    """Bounds of f from the size of the numbers that it is computed from, of f′ from sup|f′|."""

    def __init__(self, scale: Scale, steepest: Callable[[Options], float]) -> None:
        self._scale, self._steepest = scale, steepest

    def conventional(self, asked: Asked, quantity: str, expected: Array | None) -> Array:
        """Slopes such as 1 − y² cancel in the tails: only against an oracle that is accurate there can more be asked."""
        size = self._size(asked, quantity) if expected is None else np.abs(expected)
        return rounding.conventional(rounding.ELEMENTARY, size, asked.precision)

    def by_norm(self, asked: Asked, quantity: str) -> Array:
        """C·u·scale, and C·u·|δ|·sup|f′|."""
        return rounding.by_norm(self._size(asked, quantity), asked.precision)

    def _size(self, asked: Asked, quantity: str) -> Array:
        if quantity == "y":
            return self._scale(asked.options, asked.args[0])
        size: Array = np.abs(asked.delta) * self._steepest(asked.options)
        return size


def numbers_of_any_rank(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Numbers of any rank, with exact zeros and deep saturation; the same for every elementwise operator."""
    axes = AXES[: choose.pick(RANKS)]
    large = sizes(choose, axes or AXES)
    shape = tuple(large.draw(choose, name, 4) for name in axes)
    return assemble(choose, operator, dict(fixed), [shape], shape, (*KINDS, "saturated", OVERFLOWING), large.scale)


def integers_apart_from_the_kink() -> Integers:
    """One term an entry: whatever is drawn fits."""
    return Integers(
        unit=lambda _: 1,
        largest=lambda asked, unit: largest_of_products(asked.args[0].size, unit),
        fits=lambda asked: bool(np.max(np.abs(asked.args[0]), initial=0) < asked.precision.exact),
        scaled=False,
        spaced=True,
        tied=False,
    )
