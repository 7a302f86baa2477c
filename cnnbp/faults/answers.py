"""Right answers for any layer of cnnbp, from oracles: of the layer only its options are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from cnnbp.layers.checks import Array
from cnnbp.oracles import masked_dense
from cnnbp.oracles.closed_form import FORMS
from cnnbp.oracles.masked_dense import MaskedDense

Gradients = tuple[Array, ...]

NETWORKS: Mapping[str, Callable[[Mapping[str, Any], tuple[Array, ...]], MaskedDense]] = {
    "Conv2d": masked_dense.convolution,
    "ConvTranspose2d": masked_dense.transposed_convolution,
    "Dense": masked_dense.dense,
    "MaxPool2d": masked_dense.max_pool,
    "AvgPool2d": masked_dense.average_pool,
    "Flatten": masked_dense.flat,
}


def forward(layer: Any, x: Array, *params: Array) -> Array:
    """y, computed in double precision, as a new array of x's dtype."""
    return _like(x, _answer(_Asked(layer, _double(x, *params)))[0])


def backward(layer: Any, delta: Array, x: Array, *params: Array) -> Gradients:
    """(dx, *dparams), likewise."""
    return tuple(_like(x, gradient) for gradient in _answer(_Asked(layer, _double(x, *params), *_double(delta))))


class _Asked:
    """A question, equal to any other with the same options and numbers.

    A layer under test is asked the same again and again, to see whether it answers the same; an oracle would.
    """

    def __init__(self, layer: Any, args: tuple[Array, ...], delta: Array | None = None) -> None:
        self.name, self.options, self.args, self.delta = type(layer).__name__, vars(layer), args, delta
        numbers = tuple((a.shape, a.dtype.str, a.tobytes()) for a in (*args, *(() if delta is None else (delta,))))
        self._key = self.name, repr(self.options), numbers, delta is None

    @property
    def named(self) -> bool:
        """Whether its numbers are told by their bytes: objects are not."""
        return all(a.dtype.kind != "O" for a in self.args)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._key == other._key


def _answer(asked: _Asked) -> Gradients:
    return _kept(asked) if asked.named else _computed(asked)


@lru_cache(maxsize=64)
def _kept(asked: _Asked) -> Gradients:
    return tuple(map(np.array, _computed(asked)))  # no view of an argument, which its owner may change


def _computed(asked: _Asked) -> Gradients:
    """(y,) without a residual; else the gradients."""
    args, delta = asked.args, asked.delta
    form = FORMS.get(asked.name)
    if form is not None:
        return (form.forward(asked.options, *args),) if delta is None else form.gradient(asked.options, delta, *args)
    network = NETWORKS[asked.name](asked.options, args)
    if delta is None:
        return (masked_dense.value(network, args).reshape(len(args[0]), *network.y_shape),)
    return tuple(masked_dense.one(network, quantity, args, delta) for quantity in "xwb"[: len(args)])


def _double(*args: Array) -> tuple[Array, ...]:
    return tuple(np.asarray(a, float) if a.dtype.kind == "f" else a for a in args)


def _like(x: Array, answer: Array) -> Array:
    """A new array, the caller's to spoil."""
    return np.array(answer, x.dtype if x.dtype.kind == "f" else None)
