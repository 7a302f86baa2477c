"""What a fault is, what an unusual right layer is, and the one way in which nearly all of them are made.

The tables that end the files of this room are laid out by hand, one fault a paragraph.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnnbp.layers import Layer
from cnnbp.layers.checks import Array

Gradients = tuple[Array, ...]


@dataclass(frozen=True)
class Fault:
    """A layer that is wrong on purpose. `make(**options)` takes the options of the reference layer named `operator`."""

    id: str
    operator: str
    claim: str  # what is mathematically wrong
    trigger: str  # when it shows, and what hides it
    source: str  # the project and thread whose bug this re-tells, or "classic: …" where it is folklore
    make: Callable[..., Layer]


@dataclass(frozen=True)
class Unusual:
    """A layer that is right although it goes another way, and must never be accused."""

    id: str
    operator: str
    claim: str  # why it is right although it looks different
    make: Callable[..., Layer]


@dataclass(frozen=True)
class Call:
    """One call of a layer: the reference that would answer it, and its arguments. In a forward call delta is zeros like y."""

    layer: Any
    delta: Array
    x: Array
    params: tuple[Array, ...]

    @property
    def w(self) -> Array:
        return self.params[0]

    @property
    def y(self) -> Array:
        y: Array = self.layer.forward(self.x, *self.params)
        return y

    def backward(self, *, delta: Array | None = None, x: Array | None = None, w: Array | None = None) -> Gradients:
        """What the reference answers once some arguments are replaced."""
        params = self.params if w is None else (w, *self.params[1:])
        gradients: Gradients = self.layer.backward(self.delta if delta is None else delta, self.x if x is None else x, *params)
        return gradients


Bend = Callable[[Array, Call], Array]  # (the right answer, the call) → the answer given instead


@dataclass(frozen=True)
class Distorted:
    """The reference layer, with single answers bent: y of forward; dx, dw, db of backward; or its whole tuple."""

    reference: Layer
    y: Bend | None = field(default=None, repr=False)
    parts: tuple[Bend | None, ...] = field(default=(), repr=False)
    gradients: Callable[[Gradients, Call], Any] | None = field(default=None, repr=False)

    def forward(self, x: Array, *params: Array) -> Array:
        y = self.reference.forward(x, *params)
        return y if self.y is None else np.asarray(self.y(y, Call(self.reference, np.zeros_like(y), x, params)))

    def backward(self, delta: Array, x: Array, *params: Array) -> Any:
        call = Call(self.reference, delta, x, params)
        right = self.reference.backward(delta, x, *params)
        bends = (*self.parts, *[None] * len(right))
        bent = tuple(g if bend is None else np.asarray(bend(g, call)) for g, bend in zip(right, bends, strict=False))
        return bent if self.gradients is None else self.gradients(bent, call)


def distort(
    reference: Callable[..., Any],
    *,
    y: Bend | None = None,
    dx: Bend | None = None,
    dw: Bend | None = None,
    db: Bend | None = None,
    gradients: Callable[[Gradients, Call], Any] | None = None,
) -> Callable[..., Layer]:
    """`make` of a fault: builds the reference with any options and bends the answers named. What is not named stays right."""

    def make(**options: Any) -> Layer:
        return Distorted(reference(**options), y, (dx, dw, db), gradients)

    return make
