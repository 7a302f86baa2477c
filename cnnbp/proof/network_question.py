"""What is asked of a network: its letters, with numbers of any kind put in, and how it answers floats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from ..rounding import Array
from .domain import SIZES
from .found import as_array, misshapen
from .lines import Run
from .numbers.walk import Key
from .on_floats import FloatsRaise
from .question import Argument, Shape

HYPER = 2  # λ and α, the last letters
DRAWN = 2  # points at which floats are asked; each lies on one of the paths


class NetworkQuestion:
    """A network, its loss, and the letters x, y, every parameter, λ and α; `decayed` says whether λ is a letter, or 0."""

    def __init__(self, network: Any, x_shape: Shape, shapes: Sequence[Sequence[Shape]], y: Any, loss: Any) -> None:
        self.network, self.loss, self.decayed = network, loss, True
        h = np.full(x_shape, 0.5)
        self.inputs = [
            h, *(h := layer.forward(h, *map(_halves, theta)) for layer, theta in zip(network.layers, shapes, strict=True))
        ]  # fmt: skip
        self.given = y if isinstance(y, np.ndarray) else None
        self.target = Argument("y", h.shape if y is None else y.shape if self.given is not None else tuple(y), self.given)
        loss.forward(h, _halves(self.target.shape) if self.given is None else y)  # whatever is wrong with the shapes, it says so
        self.theta = [[Argument(_name(j, n), s) for j, s in enumerate(theta)] for n, theta in enumerate(shapes, 1)]
        self.flat = [a for theta in self.theta for a in theta]
        self.letters = [Argument("x", tuple(x_shape)), *([self.target] if self.given is None else []), *self.flat,
                        Argument("lambda", ()), Argument("alpha", ())]  # fmt: skip
        self.entries = sum(a.size for a in self.letters)
        names, shapes_of = [a.name for a in self.flat], [a.shape for a in self.flat]
        self.quantities = ["J", *(f"d{n}" for n in names), *names], [(), *shapes_of, *shapes_of]
        drawn = np.random.default_rng(0).integers(-99, 100, (DRAWN, self.entries)) / 32  # short, so that all is quickly computed
        self.drawn = [list(map(Fraction, row)) for row in drawn.tolist()]

    def compares_decay(self, *keys: Key) -> bool:
        """Whether λ is compared, by itself or in a sum."""
        number = self.entries - HYPER
        return any(
            m[number] for key in keys if isinstance(key, tuple) for m in ([key] if isinstance(key[0], int) else [m for m, _ in key])
        )

    def answers_floats(self, point: list[Fraction]) -> list[Array]:
        """What the network answers at a point. Raises FloatsRaise."""
        try:
            return [np.asarray(a, float) for a in self.answers(self.floats(point))]
        except Exception as error:
            raise FloatsRaise from error

    def answers_twice(self) -> bool:
        """Whether the same numbers get the same answers, others asked in between."""
        first, _, again = (self.answers_floats(self.drawn[number]) for number in (0, 1, 0))
        return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(first, again, strict=True))

    def runs(self) -> Iterator[Run]:
        """Runs on floats of every size, with a decay and without."""
        rng = np.random.default_rng(0)
        wide = [10 ** rng.uniform(-3, 5) * rng.normal(size=self.entries) for _ in range(SIZES)]
        for point in (*self.drawn, *([Fraction(v) for v in row] for row in (np.zeros(self.entries), np.ones(self.entries), *wide))):
            for decayed in (True, False):
                yield partial(self._run, point, decayed)

    def _run(self, point: list[Fraction], decayed: bool) -> None:
        before, self.decayed = self.decayed, decayed
        try:
            self.answers(self.floats(point))
        finally:
            self.decayed = before

    def answers(self, letters: Sequence[Array]) -> list[Array]:
        """J, its gradients and the parameters after a step, at letters of any kind; no step where gradients do not fit."""
        x, y, params = self.arguments([a.copy() for a in letters])
        decay = letters[-2][()] if self.decayed else 0
        value, gradients = self.network.loss_and_gradients(x, y, params, self.loss, weight_decay=decay)
        found = [as_array("loss_and_gradients", a) for a in (value, *(g for theta in gradients for g in theta))]
        (names, shapes), first = self.quantities, 1 + len(self.flat)
        if misshapen(names[:first], shapes[:first], found) is None:
            stepped = self.network.sgd_step(params, gradients, letters[-1][()])
            found += [as_array("sgd_step", a) for theta in stepped for a in theta]
        return found

    def arguments(self, letters: Sequence[Array]) -> tuple[Array, Array, list[tuple[Array, ...]]]:
        """x, y and the parameters of each layer."""
        each = iter(letters)
        x, y = next(each), next(each) if self.given is None else self.given.copy()
        return x, y, [tuple(next(each) for _ in theta) for theta in self.theta]

    def floats(self, point: list[Fraction]) -> list[Array]:
        """The letters at a point; λ is 0 where nothing decays."""
        ends = np.cumsum([a.size for a in self.letters])[:-1]
        arrays = [v.reshape(a.shape) for v, a in zip(np.split(np.array(point, float), ends), self.letters, strict=True)]
        if not self.decayed:
            arrays[-2] = np.zeros(())
        return arrays


def _name(number: int, layer: int) -> str:
    return f"{'wb'[number]}{layer}" if number < len("wb") else f"p{number}_{layer}"


def _halves(shape: Shape) -> Array:
    return np.full(shape, 0.5)
