"""What a fault is, what a right but unusual layer is, and how both are made: by bending right answers.

The right answers are those of the oracles (`answers`), so that an error in a layer of cnnbp moves no control.
What each control is, when it shows and whose bug it re-tells stands in `text/en/faults.toml`, under its id; the
tables of this room say how it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
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
    at: tuple[str, ...] = ()  # the traits of the cases at which it is asked, where it shows at no others; () for any case


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
    def b(self) -> Array:
        """The bias, 0 where it was left out."""
        return self.params[1] if len(self.params) > 1 else np.zeros(1, self.x.dtype)

    @property
    def y(self) -> Array:
        return self.forward()

    @property
    def exchanged(self) -> Call:
        """The same with x and delta in each other's place, as a transposed convolution has them."""
        return replace(self, delta=self.x, x=self.delta)

    def forward(self, **changed: Array) -> Array:
        """The right y once x or w is replaced."""
        a = self._with(**changed)
        return answers.forward(a.layer, a.x, *a.params)

    def backward(self, **changed: Array) -> Gradients:
        """The right gradients once delta, x or w are replaced."""
        a = self._with(**changed)
        return answers.backward(a.layer, a.delta, a.x, *a.params)

    def _with(self, **changed: Any) -> Call:
        if "w" in changed:
            changed["params"] = (changed.pop("w"), *self.params[1:])
        return replace(self, **changed)


Bend = Callable[[Array, Call], Array]  # (the right answer, the call) → the answer given instead
Make = Callable[..., Layer]  # from the options of a layer
Way = Callable[[Callable[..., Any]], Make]  # from the class that holds those options


@dataclass(frozen=True)
class Distorted:
    """Right answers, but for single ones that are bent: y; dx, dw, db; or the tuple of all gradients."""

    reference: Any
    y: Bend | None = field(default=None, repr=False)
    dx: Bend | None = field(default=None, repr=False)
    dw: Bend | None = field(default=None, repr=False)
    db: Bend | None = field(default=None, repr=False)
    gradients: Callable[[Gradients, Call], Any] | None = field(default=None, repr=False)

    @property
    def __name__(self) -> str:
        """What verdicts call it."""
        return f"{type(self.reference).__name__}, bent"

    def forward(self, x: Array, *params: Array) -> Array:
        y = answers.forward(self.reference, x, *params)
        call = Call(self.reference, np.zeros_like(y), x, params)
        return y if self.y is None else np.asarray(self.y(y, call))

    def backward(self, delta: Array, x: Array, *params: Array) -> Any:
        call = Call(self.reference, delta, x, params)
        right = answers.backward(self.reference, delta, x, *params)
        pairs = zip(right, (self.dx, self.dw, self.db), strict=False)
        bent = tuple(g if bend is None else np.asarray(bend(g, call)) for g, bend in pairs)
        return bent if self.gradients is None else self.gradients(bent, call)


def distort(reference: Callable[..., Any], **bends: Any) -> Make:
    """`make` of a control: right but for the answers named (y, dx, dw, db, gradients), with any options of the reference."""
    return lambda **options: Distorted(reference(**options), **bends)


def bent(**bends: Any) -> Way:
    """The same, for any reference."""
    return lambda reference: distort(reference, **bends)


def remembering(**bends: Callable[..., Any]) -> Way:
    """A layer with a memory: each instance hands its bends a dictionary of its own, `kept`."""

    def make(reference: Callable[..., Any], options: dict[str, Any]) -> Distorted:
        kept = dict[Any, Any]()
        return Distorted(reference(**options), **{name: partial(bend, kept=kept) for name, bend in bends.items()})

    return lambda reference: lambda **options: make(reference, options)


# ---- tables: by id, in which way -----------------------------------------------------------------


def wrong(reference: Callable[..., Any], prefix: str, ways: Mapping[str, Way], at: tuple[str, ...] = ()) -> tuple[Fault, ...]:
    """The faults of one operator, asked at cases that have one of these traits."""
    told = ("claim", "trigger", "source")
    return tuple(Fault(id=id, **_words(id, *told), **made, at=at) for id, made in _made(reference, prefix, ways))


def right(reference: Callable[..., Any], prefix: str, ways: Mapping[str, Way]) -> tuple[Right, ...]:
    """The right layers of one operator."""
    return tuple(Right(id=id, **_words(id, "claim"), **made) for id, made in _made(reference, prefix, ways))


def _made(reference: Callable[..., Any], prefix: str, ways: Mapping[str, Way]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, way in ways.items():
        yield f"{prefix}-{name}", {"operator": reference.__name__, "make": way(reference)}


def _words(id: str, *told: str) -> dict[str, Any]:
    return {what: sentences("en")[f"faults.{id}.{what}"] for what in told}
