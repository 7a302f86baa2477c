"""What a fault is, what a right but unusual layer is, and how both are made: by bending right answers.

The right answers are those of the oracles (`answers`), so that an error in a layer of cnnbp moves no control.
What each control is, when it shows and whose bug it re-tells stands in `text/en/faults.toml`, under its id; the
tables of this room say how it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cnnbp.layers import Layer
from cnnbp.layers.checks import Array
from cnnbp.text import sentences

from . import answers
from .answers import Gradients


@dataclass(frozen=True)
class Fault:
    """A layer that is wrong on purpose. `make(**options)` takes the options of the layer named `operator`."""

    id: str
    operator: str
    claim: str  # what is mathematically wrong
    trigger: str  # when it shows, and what hides it
    source: str  # the project and thread whose bug this re-tells, or "classic: …" where it is folklore
    make: Callable[..., Layer]


@dataclass(frozen=True)
class Right:
    """A layer that is right although it looks different, and must never fail."""

    id: str
    operator: str
    claim: str  # why it is right
    make: Callable[..., Layer]


@dataclass(frozen=True)
class Call:
    """One call of a layer: its options, in `layer`, and its arguments. In forward delta is zeros like y."""

    layer: Any
    delta: Array
    x: Array
    params: tuple[Array, ...]

    @property
    def w(self) -> Array:
        return self.params[0]

    @property
    def y(self) -> Array:
        return self.forward()

    @property
    def exchanged(self) -> Call:
        """The same with x and delta in each other's place, as a transposed convolution has them."""
        return replace(self, delta=self.x, x=self.delta)

    def forward(self, *, x: Array | None = None, w: Array | None = None) -> Array:
        """The right y once some arguments are replaced."""
        a = self._with(x, w)
        return answers.forward(a.layer, a.x, *a.params)

    def backward(self, *, delta: Array | None = None, x: Array | None = None, w: Array | None = None) -> Gradients:
        """The right gradients once some arguments are replaced."""
        a = self._with(x, w)
        return answers.backward(a.layer, self.delta if delta is None else delta, a.x, *a.params)

    def _with(self, x: Array | None, w: Array | None) -> Call:
        return replace(
            self,
            x=self.x if x is None else x,
            params=self.params if w is None else (w, *self.params[1:]),
        )


Bend = Callable[[Array, Call], Array]  # (the right answer, the call) → the answer given instead
Make = Callable[..., Layer]  # from the options of a layer
Way = Callable[[Callable[..., Any]], Make]  # from the class that holds those options


@dataclass(frozen=True)
class Distorted:
    """Right answers, but for single ones that are bent: y; dx, dw, db; or the tuple of all gradients."""

    reference: Any
    y: Bend | None = field(default=None, repr=False)
    parts: tuple[Bend | None, ...] = field(default=(), repr=False)
    gradients: Callable[[Gradients, Call], Any] | None = field(default=None, repr=False)

    def forward(self, x: Array, *params: Array) -> Array:
        y = answers.forward(self.reference, x, *params)
        call = Call(self.reference, np.zeros_like(y), x, params)
        return y if self.y is None else np.asarray(self.y(y, call))

    def backward(self, delta: Array, x: Array, *params: Array) -> Any:
        call = Call(self.reference, delta, x, params)
        right = answers.backward(self.reference, delta, x, *params)
        pairs = zip(right, (*self.parts, *[None] * len(right)), strict=False)
        bent = tuple(g if bend is None else np.asarray(bend(g, call)) for g, bend in pairs)
        return bent if self.gradients is None else self.gradients(bent, call)


def distort(
    reference: Callable[..., Any],
    *,
    y: Bend | None = None,
    dx: Bend | None = None,
    dw: Bend | None = None,
    db: Bend | None = None,
    gradients: Callable[[Gradients, Call], Any] | None = None,
) -> Make:
    """`make` of a control: right but for the answers named, with any options of the reference."""
    return lambda **options: Distorted(reference(**options), y, (dx, dw, db), gradients)


def bent(**bends: Any) -> Way:
    """The same, for any reference."""
    return lambda reference: distort(reference, **bends)


# ---- tables: by id, in which way -----------------------------------------------------------------


def wrong(reference: Callable[..., Any], prefix: str, ways: Mapping[str, Way]) -> tuple[Fault, ...]:
    """The faults of one operator."""
    found = []
    for id, way in _with_prefix(prefix, ways):
        words = {what: _told(id, what) for what in ("claim", "trigger", "source")}
        found.append(Fault(id, reference.__name__, **words, make=way(reference)))
    return tuple(found)


def right(reference: Callable[..., Any], prefix: str, ways: Mapping[str, Way]) -> tuple[Right, ...]:
    """The right layers of one operator."""
    named = _with_prefix(prefix, ways)
    return tuple(Right(id, reference.__name__, _told(id, "claim"), way(reference)) for id, way in named)


def _with_prefix(prefix: str, ways: Mapping[str, Way]) -> list[tuple[str, Way]]:
    return [(f"{prefix}-{name}", way) for name, way in ways.items()]


def _told(id: str, what: str) -> str:
    return sentences("en")[f"faults.{id}.{what}"]
