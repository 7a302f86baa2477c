"""The loss of a network as textbooks have it: of the layers one after another, and λ/2·Σ‖w‖² where weights decay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..operators import operator_of
from ..rounding import Array
from .network_question import NetworkQuestion
from .numbers.arrays import Numbers
from .numbers.field import Field
from .question import Argument, Question
from .specification import Specification, specification


class NetworkTextbook:
    """What each layer, and the loss, must equal; `known` only where all of them are cnnbp's own."""

    def __init__(self, asked: NetworkQuestion) -> None:
        self._asked, layers = asked, [*asked.network.layers, asked.loss]
        self.known = all(map(operator_of, layers))
        others = [*asked.theta, [asked.target]]
        self._each = (
            [_of(layer, x, rest) for layer, x, rest in zip(layers, asked.inputs, others, strict=True)] if self.known else []
        )

    def value(self, field: Field, letters: Sequence[Array]) -> Array:
        """J on unknown numbers."""
        h, y, params = self._asked.arguments(letters)
        *layers, loss = self._each
        squares = field.constant(0)
        for layer, theta in zip(layers, params, strict=True):
            h = Numbers.of(field, np.asarray(layer.forward((h, *theta)), object))
            for w in theta[0].ravel() if theta else ():
                squares = squares + w * w
        value = loss.forward((h, y))[()]
        return filled([value + letters[-2][()] * squares / 2 if self._asked.decayed else value], ())


def _of(layer: Any, x: Array, others: Sequence[Argument]) -> Specification:
    wanted = specification(Question(layer, (Argument("x", x.shape), *others), layer))
    assert wanted is not None  # of our own
    return wanted


def filled(elements: list[Any], shape: tuple[int, ...]) -> Array:
    """An array, filled one by one: NumPy looks into nothing."""
    found = np.empty(len(elements), object)
    for number, element in enumerate(elements):
        found[number] = element
    return found.reshape(shape)
