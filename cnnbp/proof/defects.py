"""A control of the proofs themselves: eleven defects that points miss, and which kind of evidence sees which.

No single kind sees all of them. What sits in the floats alone is seen at integers, what sits in a geometry on the grid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from .. import layers
from ..evidence.proof import Sight
from ..rounding import Array
from .at_points import at_points
from .by_floats import against
from .grid import GRIDS
from .prove import prove
from .question import ask
from .specification import specification

Answers = tuple[Array, ...]
Bend = Callable[..., Answers]  # of (layer, right gradients, δ, x, *params)
Shape = tuple[int, ...]

USUAL = (layers.Conv2d(1, 1), (2, 2, 6, 5), (3, 2, 3, 3))  # a shape as people test at
WINDOW = (layers.MaxPool2d(2), (1, 1, 2, 2))
EVERY = 19  # of the grid, each so many-th shape until the defect is seen
BITS = 20  # of the probability: a control wants to be seen, not to be certain


@dataclass(frozen=True)
class Planted:
    """A layer whose gradients are bent."""

    layer: Any
    bend: Bend

    def forward(self, x: Array, *params: Array) -> Array:
        """y"""
        y: Array = self.layer.forward(x, *params)
        return y

    def backward(self, delta: Array, x: Array, *params: Array) -> Answers:
        """The gradients, bent."""
        return self.bend(self.layer, self.layer.backward(delta, x, *params), delta, x, *params)


def sight(name: str) -> Sight:
    """One defect, looked for by each kind."""
    make, usual = DEFECTS[name]
    layer, *shapes = usual
    grid = [] if usual is WINDOW else list(islice(GRIDS["Conv2d"], 0, None, EVERY))
    symbolic, floats = (kind(make(layer), layer, shapes) for kind in (_symbolic, _floats))
    first = (next((tuple(s) for right, s in grid if kind(make(right), right, s)), None) for kind in (_symbolic, _floats))
    return Sight(name, symbolic, floats, next(first), next(first))


def _symbolic(layer: Any, like: Any, shapes: Sequence[Shape]) -> bool:
    """Whether unknown numbers refute it."""
    claims = prove(layer, *shapes, like=like, bits=1).claims
    return any(claim.status == "refuted" and claim.kind == "symbolic" for claim in claims)


def _floats(layer: Any, like: Any, shapes: Sequence[Shape]) -> bool:
    """Whether floats at integers refute it, unknown numbers aside."""
    question = ask(layer, shapes, like)
    with np.errstate(all="ignore"):
        found = against(question, specification(question), BITS, 0) or at_points(question, 0)
    return found.remark is not None


# ---- the defects, each by how it bends the right gradients ------------------------------------------------------------


def _with(gradients: Answers, number: int, gradient: Array) -> Answers:
    return (*gradients[:number], gradient, *gradients[number + 1 :])


def _scaled(a: Array, place: Any, factor: float) -> Array:
    a = a.copy()
    a[place] = a[place] * factor
    return a


def _one_entry(layer: Any, right: Answers, delta: Array, x: Array, *params: Array) -> Answers:
    return _with(right, 1, _scaled(right[1], (0,) * 4, 1 + 1e-9))


def _large_x(layer: Any, right: Answers, delta: Array, x: Array, *params: Array) -> Answers:
    return _with(right, 1, right[1] * (2 if np.any(np.abs(x) > 1000) else 1))


def _float32_sums(layer: Any, right: Answers, delta: Array, x: Array, *params: Array) -> Answers:
    return right if x.dtype == object else _with(right, 1, right[1].astype(np.float32).astype(x.dtype))


def _float32_x(layer: Any, right: Answers, delta: Array, x: Array, *params: Array) -> Answers:
    return right if x.dtype == object else layer.backward(delta, x.astype(np.float32).astype(x.dtype), *params)


def _padding(layer: Any, right: Answers, delta: Array, x: Array, *params: Array) -> Answers:
    return _with(right, 0, _scaled(right[0], (..., 0, 0), 0)) if max(_pair(layer.padding)) >= 2 else right


def _four_rows(layer: Any, right: Answers, delta: Array, x: Array, w: Array, *b: Array) -> Answers:
    return layer.backward(delta, x, w[..., ::-1, ::-1], *b) if w.shape[2] >= 4 else right


def _third_sample(layer: Any, right: Answers, delta: Array, x: Array, w: Array, *b: Array) -> Answers:
    return _with(right, 1, layer.backward(delta[:2], x[:2], w, *b)[1])


def _remainder(layer: Any, right: Answers, delta: Array, x: Array, w: Array, *b: Array) -> Answers:
    left = (x.shape[3] + 2 * _pair(layer.padding)[1] - _pair(layer.dilation)[1] * (w.shape[3] - 1) - 1) % _pair(layer.stride)[1]
    return _with(right, 0, np.concatenate([right[0][..., :-1], right[0][..., -2:-1]], -1)) if left and x.shape[3] > 1 else right


def _channels(layer: Any, right: Answers, delta: Array, x: Array, w: Array, *b: Array) -> Answers:
    return layer.backward(delta, x, w.swapaxes(0, 1), *b) if w.shape[0] == w.shape[1] else right


def _last_winner(layer: Any, right: Answers, delta: Array, x: Array) -> Answers:
    return (np.flip(layer.backward(np.flip(delta), np.flip(x))[0]),)


@dataclass(frozen=True)
class Narrowed:
    """Forward and backward wrong alike: dilations of 3 and more are taken for one less, which leaves y its shape."""

    layer: Any

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        """y of a narrower kernel."""
        y: Array = self._narrow.forward(x, w, b)
        return y[..., : self._size(x, w)[0], : self._size(x, w)[1]]

    def backward(self, delta: Array, x: Array, w: Array, b: Array | None = None) -> Answers:
        """Its gradients."""
        full = np.zeros(self._narrow.forward(np.zeros(x.shape), np.zeros(w.shape)).shape, delta.dtype)
        full[..., : delta.shape[2], : delta.shape[3]] = delta
        gradients: Answers = self._narrow.backward(full, x, w, b)
        return gradients

    @property
    def _narrow(self) -> Any:
        return replace(self.layer, dilation=tuple(d - (d >= 3) for d in _pair(self.layer.dilation)))

    def _size(self, x: Array, w: Array) -> tuple[int, int]:
        size: tuple[int, int] = self.layer.forward(np.zeros(x.shape), np.zeros(w.shape)).shape[2:]
        return size


def _pair(option: Any) -> tuple[int, int]:
    return tuple(option) if isinstance(option, tuple) else (option, option)


def _bent(bend: Bend) -> Callable[[Any], Any]:
    return lambda layer: Planted(layer, bend)


DEFECTS: Mapping[str, tuple[Callable[[Any], Any], tuple[Any, ...]]] = {
    "one-entry":      (_bent(_one_entry), USUAL),
    "large-x":        (_bent(_large_x), USUAL),
    "float32-sums":   (_bent(_float32_sums), USUAL),
    "float32-x":      (_bent(_float32_x), USUAL),
    "padding":        (_bent(_padding), USUAL),
    "four-rows":      (_bent(_four_rows), USUAL),
    "third-sample":   (_bent(_third_sample), USUAL),
    "remainder":      (_bent(_remainder), USUAL),
    "channels":       (_bent(_channels), USUAL),
    "alike":          (Narrowed, USUAL),
    "tie":            (_bent(_last_winner), WINDOW),
}  # fmt: skip
"""What each is stands in `text/`, under `proof.defect.NAME`."""
