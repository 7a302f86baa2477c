"""Right answers for any layer of cnnbp, from oracles: of the layer only its options are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    args = _double(x, *params)
    if (form := FORMS.get(type(layer).__name__)) is not None:
        return _like(x, form.forward(vars(layer), *args))
    network = _network(layer, args)
    return _like(x, masked_dense.value(network, args).reshape(len(x), *network.y_shape))


def backward(layer: Any, delta: Array, x: Array, *params: Array) -> Gradients:
    """(dx, *dparams), likewise."""
    (delta,), args = _double(delta), _double(x, *params)
    if (form := FORMS.get(type(layer).__name__)) is not None:
        found = form.gradient(vars(layer), delta, *args)
    else:
        network = _network(layer, args)
        found = tuple(masked_dense.one(network, quantity, args, delta) for quantity in "xwb"[: len(args)])
    return tuple(_like(x, gradient) for gradient in found)


def _network(layer: Any, args: tuple[Array, ...]) -> MaskedDense:
    return NETWORKS[type(layer).__name__](vars(layer), args)


def _double(*args: Array) -> tuple[Array, ...]:
    return tuple(np.asarray(a, float) if a.dtype.kind == "f" else a for a in args)


def _like(x: Array, answer: Array) -> Array:
    return np.asarray(answer, x.dtype if x.dtype.kind == "f" else None)
