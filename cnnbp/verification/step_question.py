"""What a step of an optimiser is asked: a start and gradients; where PyTorch's SGD comes to, how far off a right step may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..oracles import sgd
from ..rounding import Array, conventional

STREAM = 0x73746570
ROUNDINGS = 12  # of one step, with all options, and of the bound's own


@dataclass(frozen=True, eq=False)
class Descent:
    """From `start`, under one gradient after another, with these options of SGD."""

    start: Array
    gradients: Array
    lr: float
    options: Mapping[str, Any]

    @classmethod
    def drawn(cls, start: Array, steps: int, lr: float, options: Mapping[str, Any], seed: int) -> Descent:
        """With gradients of size 1."""
        return cls(start, np.random.default_rng((seed, STREAM)).normal(size=(steps, *start.shape)), lr, options)

    def times(self, factor: float) -> Descent:
        """Under gradients so many times as large."""
        return replace(self, gradients=factor * self.gradients)

    def another(self, shape: tuple[int, ...], seed: int) -> Descent:
        """Of another w, drawn in this shape."""
        start = np.random.default_rng((seed, STREAM, 1)).normal(size=shape)
        return self.drawn(start, len(self.gradients), self.lr, self.options, seed + 1)

    @cached_property
    def right(self) -> Array:
        """w after each step. Raises Abstention without PyTorch."""
        return sgd.path(self.start, self.gradients, self.lr, **self.options)

    @cached_property
    def bound(self) -> Array:
        """2γₙ·S: every step of SGD is a sum of products, S the same with all of them positive."""
        size, velocity, found = np.abs(self.start), np.zeros(self.start.shape), []
        momentum, dampening, decay = (float(self.options[name]) for name in ("momentum", "dampening", "weight_decay"))
        for number, gradient in enumerate(np.abs(self.gradients), 1):
            moved = gradient + decay * size
            velocity = momentum * velocity + (1 + dampening) * moved
            size = size + self.lr * (moved + momentum * velocity if self.options["nesterov"] else velocity)
            found.append(conventional(ROUNDINGS * number, size))
        return np.array(found)
