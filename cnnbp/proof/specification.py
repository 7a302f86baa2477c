"""What a layer must equal, on numbers that are not known: enumerated from the index relation, never by code of a layer.

An operator with connections is the sum Σ w[t]·x[i] over the edges of its masked network; a maximum is, by comparing, the first
of the largest cells of each window; the others are what the textbook says. Their gradients are the derivatives of that. A
layer that is trusted runs on the same numbers itself, forward and backward.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from math import prod
from typing import Any

import numpy as np

from ..operators.record import Silent
from ..oracles import masked_dense
from ..oracles.masked_dense import MaskedDense
from ..rounding import Array
from .numbers.codes import BITS, DELTA, FLAG
from .numbers.unsupported import Unsupported
from .question import Question
from .refusals import of_like
from .terms import Place, Terms
from .textbook import TEXTBOOK

MOST_EDGES = 30_000_000  # of one sample


class Specification(ABC):
    """Forward and backward of what is right, on numbers of any kind."""

    def potential(self, places: list[Place]) -> Terms | None:
        """⟨forward, δ⟩ for unknown arguments at these places, where it can be written down at once."""
        return None

    def y_shape(self, y: Array | None) -> tuple[int, ...]:
        """The shape that y must have, known or of the y that `forward` gave."""
        assert y is not None
        return y.shape

    @abstractmethod
    def forward(self, args: tuple[Array, ...]) -> Array:
        """y"""

    def backward(self, delta: Array, args: tuple[Array, ...]) -> tuple[Array, ...] | None:
        """(dx, *dparams), where they are not simply the derivatives of ⟨forward, δ⟩."""
        return None


class Trusted(Specification):
    """Another layer. What it raises itself is no layer's fault: Unsupported, with the code "like-raises"."""

    def __init__(self, question: Question) -> None:
        self._question, self._layer = question, question.like

    def forward(self, args: tuple[Array, ...]) -> Array:
        """As the layer answers."""
        with of_like():
            y: Array = self._layer.forward(*(a.copy() for a in args))
        return y

    def backward(self, delta: Array, args: tuple[Array, ...]) -> tuple[Array, ...]:
        """As the layer answers."""
        with of_like():
            found = self._question.gradients(self._layer.backward(delta.copy(), *(a.copy() for a in args)))
            if len(found) < len(self._question.may_move):
                raise ValueError(f"backward must return {len(self._question.may_move)} gradients, got {len(found)}")
        return found


class Formula(Specification):
    """The textbook's formula of an operator without connections."""

    def __init__(self, name: str, options: dict[str, Any]) -> None:
        self._formula, self._options = TEXTBOOK[name], options

    def forward(self, args: tuple[Array, ...]) -> Array:
        """y"""
        return self._formula(self._options, *args)


class Maxima(Specification):
    """The first largest cell of each window, found by comparing cell by cell."""

    def __init__(self, network: MaskedDense) -> None:
        assert network.candidates is not None
        self._shape = network.y_shape
        self._windows = [cells[inside] for cells, inside in zip(*network.candidates, strict=True)]

    def forward(self, args: tuple[Array, ...]) -> Array:
        """y"""
        (x,) = args
        return np.array([x.item(i) for i in self._winners(x)], object).reshape(len(x), *self._shape)

    def _winners(self, x: Array) -> list[int]:
        cells = x.shape[-2] * x.shape[-1]
        found = []
        for start in range(0, x.size, cells):
            for window in self._windows:
                winner = start + int(window[0])
                for cell in window[1:]:
                    if x.item(start + int(cell)) > x.item(winner):
                        winner = start + int(cell)
                found.append(winner)
        return found


class Connected(Specification):
    """Σ weight·x[i] over the edges (o, t, i) of a masked network, as often as the batch repeats it, and a bias for each map."""

    def __init__(self, network: MaskedDense, shapes: list[tuple[int, ...]], at: Callable[[tuple[Array, ...]], MaskedDense]) -> None:
        self._at = at
        self._edges, self._shape = network.connections, (shapes[0][0], *network.y_shape)
        sizes = None if network.sizes is None else np.resize(network.sizes, self._edges.outputs)
        self._shares = None if sizes is None else [Fraction(1, int(sizes[o])) for o in self._edges.o]
        self._copies = prod(shapes[0]) // self._edges.inputs  # samples, where each is answered as if it were alone

    def y_shape(self, y: Array | None) -> tuple[int, ...]:
        """Known before anything is run."""
        return self._shape

    def potential(self, places: list[Place]) -> Terms:
        """⟨y, δ⟩ at once: x is the first of the places, then, where the operator has them, w and b."""
        edges, samples = self._edges, np.arange(self._copies)
        x, o = (np.add.outer(samples * each, ends).ravel() for each, ends in ((edges.inputs, edges.i), (edges.outputs, edges.o)))
        codes = _coded(x, places[0]) + _coded(o, Place(DELTA, 0, o.size))
        if len(places) > 1:
            codes += _coded(np.tile(edges.t, self._copies), places[1])
        if len(places) > 2:
            outputs = np.arange(prod(self._shape))
            b = outputs % edges.outputs // (edges.outputs // places[2].size)
            codes = np.concatenate([codes, _coded(b, places[2]) + _coded(outputs, Place(DELTA, 0, outputs.size))])
        return Terms.of(codes, None if self._shares is None else self._shares * self._copies)

    def forward(self, args: tuple[Array, ...]) -> Array:
        """y, edge by edge."""
        x, *params = args
        y = np.zeros((self._copies, self._edges.outputs), object)
        for sample, cells in zip(y, x.reshape(self._copies, -1), strict=True):
            for o, weight, i in self._weighted(params):
                sample[o] = sample[o] + cells[i] * weight
        if len(params) > 1:
            y = y + np.repeat(params[1], self._edges.outputs // params[1].size)
        return y.reshape(self._shape)

    def exactly(self, args: tuple[Array, ...]) -> Array:
        """y as the masked network answers in floats, exact where nothing is rounded."""
        return masked_dense.value(self._at(args), args).reshape(self._shape)

    def _weighted(self, params: list[Array]) -> Iterator[tuple[int, Any, int]]:
        """The edges, each with its weight."""
        edges = self._edges
        weights: Any = params[0].ravel()[edges.t] if params else self._shares or [1] * edges.o.size
        return zip(edges.o.tolist(), weights, edges.i.tolist(), strict=True)


def specification(question: Question) -> Specification | None:
    """What the layer must equal; None where the question names nothing.

    Raises what the reference raises for these shapes, Unsupported where it has too many edges to be written down.
    """
    operator = question.operator
    if question.like is None:
        return None
    if operator is None:
        return Trusted(question)
    options = operator.options(question.like)
    points = question.with_arrays([np.zeros(a.shape) for _, a in question.unknown])
    y = question.like.forward(*points)  # whatever is wrong with options or shapes, it says so
    if isinstance(operator.network, Silent):
        return Formula(operator.name, options)
    if len(points) > 1:
        edges = y.size // len(y) * (points[1].size // min(points[1].shape[:2]))  # at most so many
        if edges > MOST_EDGES:
            raise Unsupported("too-many-edges", edges=edges, most=MOST_EDGES)
    at = partial(operator.network, options)
    network = at(points)
    return Maxima(network) if network.candidates else Connected(network, [a.shape for a in question.arguments], at)


def _coded(numbers: Array, place: Place) -> Array:
    codes: Array = numbers.astype(np.int64) + place.first | FLAG
    return codes << BITS * place.group
