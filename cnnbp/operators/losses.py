"""The losses: a single number, the mean over the batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from .. import layers, rounding
from ..cases import Case, Choices, assemble
from ..cases.numbers import OVERFLOWING
from ..cases.sizes import sizes
from ..oracles.closed_form import FORMS
from ..rounding import EXACT, Array
from .connected import as_large_as_the_data, no_truncation
from .record import AlongDirections, Asked, Bounds, Integers, Left, Operator, Silent

KINDS = ("small integers", "gaussian", "saturated", OVERFLOWING)
THIRD = 0.77  # sup of the third derivative of log Σ exp along ±1: a third cumulant on [−1, 1], at most 8/(6√3)


def _loss(layer: type[Any], **facts: Any) -> Operator:
    shared: dict[str, Any] = {
        "layer": layer,
        "arguments": ("x", "target"),
        "axes": {"y": "", "x": "nc"},
        "unused": (),
        "network": Silent("operators.no-connections"),
        "activation": Silent("operators.no-activation"),
        "complex_forward": FORMS[layer.__name__].forward,
        "samples_apart": lambda options: False,
        "kinks": None,
    }
    return Operator(**shared, **facts)


class OfMean(Bounds):
    """Bounds from S of a loss and of its gradient.

    growth: what cancels in the gradient of other algorithms. margin: what S gains where x moves the other way.
    """

    def __init__(
        self,
        scales: Callable[[Asked], tuple[Array, Array]],
        growth: Callable[[Asked], Array | float],
        margin: Callable[[Asked, float], Array],
    ) -> None:
        self._scales, self._growth, self._margin = scales, growth, margin

    def conventional(self, asked: Asked, quantity: str, expected: Array | None) -> Array:
        """2·γ·S with the roundings of the elementary functions and of the sum over all entries."""
        of_loss, of_gradient = self._scales(asked)
        terms = rounding.ELEMENTARY + asked.args[0].size
        return rounding.conventional(terms, of_loss if quantity == "y" else of_gradient, asked.precision)

    def by_norm(self, asked: Asked, quantity: str) -> Array:
        """C·u·S"""
        of_loss, of_gradient = self._scales(asked)
        return rounding.by_norm(of_loss if quantity == "y" else of_gradient * self._growth(asked), asked.precision)

    def farthest(self, asked: Asked, position: int, step: float) -> Array:
        """At the largest |x|, and at the largest error."""
        return super().farthest(asked, position, step) + self._margin(asked, step)


# ---- half squared error: quadratic, so that central differences are exact ---------------------------------------------


def _squares(asked: Asked) -> tuple[Array, Array]:
    """Sums of squares cancel nothing."""
    x, target = asked.args
    error = np.abs(x - target)
    slopes = (np.abs(asked.delta) + rounding.SMALL) * (np.abs(x) + np.abs(target) + rounding.SMALL)
    return np.sum(error * error) / (2 * len(x)), slopes / len(x)


def _away_from_the_target(asked: Asked, step: float) -> Array:
    """Moving x may move the error the other way: ½(|e| + h)²."""
    x, target = asked.args
    error = np.abs(x - target) + step
    return rounding.conventional(rounding.ELEMENTARY + x.size, np.sum(error * error) / (2 * len(x)))


def _largest_of_squares(asked: Asked, unit: int) -> int:
    return int(min(1000, (EXACT / 64 / (float(unit) ** 2 * 4 * asked.args[0].size)) ** 0.5))


def _draw_squares(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """A target of real numbers."""
    large = sizes(choose, ("samples", "columns"))
    shape = large.draw(choose, "samples", 4), large.draw(choose, "columns", 4)
    return assemble(choose, operator, {}, [shape, shape], (), KINDS, large.scale)


# ---- cross-entropy: log Σ exp cancels against the largest entry ----------------------------------------------------


def _entropies(asked: Asked) -> tuple[Array, Array]:
    x, target = asked.args
    spread = np.abs(x - x.max(1, keepdims=True))
    p = np.exp(-spread) / np.exp(-spread).sum(1, keepdims=True)
    chosen = np.arange(x.shape[1]) == target[:, None]
    worst = np.log(x.shape[1]) + np.abs(x).max(1) + np.sum(np.where(chosen, spread + np.abs(x), 0), 1)
    slopes = (np.abs(asked.delta) + rounding.SMALL) * (p * (1 + spread) + chosen + rounding.SMALL)
    return worst.sum() / len(x), slopes / len(x)


def _of_log_sum(asked: Asked) -> Array:
    """exp(x − log Σ exp x) inherits the rounding of log Σ exp x, which is as large as x itself."""
    growth: Array = 1 + np.abs(asked.args[0]).max(1, keepdims=True)
    return growth


def _balanced(asked: Asked, position: int) -> tuple[float, Array, Left | None]:
    """The step at which truncation and rounding are alike."""
    noise = rounding.gamma(rounding.ELEMENTARY + asked.args[0].size) * _entropies(asked)[0]
    return float(rounding.central_step(noise, THIRD)), asked.delta, None


def _moved_entries(asked: Asked, step: float) -> Array:
    return rounding.conventional(rounding.ELEMENTARY + asked.args[0].size, 4 * step)


def _third_order(asked: Asked, step: float) -> float:
    return float(np.abs(asked.delta)) * 2 * step**3 / 6 * THIRD


def _draw_entropies(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """A target of classes."""
    large = sizes(choose, ("samples", "classes"))
    n, classes = large.draw(choose, "samples", 4), large.draw(choose, "classes", 5, least=2)
    case = assemble(choose, operator, {}, [(n, classes)], (), KINDS, large.scale)
    target = np.array([choose.integer(0, classes - 1) for _ in range(n)])
    return replace(case, args=(*case.args, target))


HALF_SQUARED_ERROR = _loss(
    layers.HalfSquaredError,
    indices=(),
    describe=_draw_squares,
    bounds=OfMean(_squares, lambda _: 1.0, _away_from_the_target),
    differences={"x": AlongDirections(as_large_as_the_data, no_truncation)},
    integers=Integers(
        unit=lambda asked: 2 * len(asked.args[0]),
        largest=_largest_of_squares,
        fits=lambda _: True,  # the sum of squares is bounded by `largest`
        scaled=True,
        spaced=False,
        tied=False,
    ),
)
SOFTMAX_CROSS_ENTROPY = _loss(
    layers.SoftmaxCrossEntropy,
    indices=("target",),
    describe=_draw_entropies,
    bounds=OfMean(_entropies, _of_log_sum, _moved_entries),
    differences={"x": AlongDirections(_balanced, _third_order)},
    integers=Silent("operators.not-integral"),
)
