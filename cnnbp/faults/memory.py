"""Layers that keep what they must ask for anew: answers by part of the question, weights by identity, buffers by size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from cnnbp.layers import AvgPool2d, BatchNorm2d, Conv2d, Dense, MaxPool2d, SoftmaxCrossEntropy, Tanh
from cnnbp.layers.checks import Array, pair

from .answers import Gradients
from .catalogue import Call, Way, remembering, wrong
from .pooling import first, mean_shares, tied
from .relation import geometry, spread

Kept = dict[Any, Any]
Key = Callable[[Call], Any]


def _keyed(key: Key) -> Way:
    """Gradients kept under a key that does not tell all questions apart."""

    def gradients(found: Gradients, a: Call, kept: Kept) -> Gradients:
        first_asked = kept.setdefault(key(a), found)
        alike = len(first_asked) == len(found) and all(g.shape == f.shape for g, f in zip(first_asked, found, strict=True))
        return tuple(np.array(g) for g in (first_asked if alike else found))

    return remembering(gradients=gradients)


def _by_residual(a: Call) -> Any:
    return a.delta.tobytes()


def _by_residual_and_weights(a: Call) -> Any:
    return a.delta.tobytes(), a.w.tobytes()


def _by_sum(a: Call) -> Any:
    """A checksum of x that does not see in which place a number stands."""
    return a.delta.tobytes(), a.x.shape, float(np.float32(a.x.sum()))


# ---- a part of the arguments ---------------------------------------------------------------------


def _first_target(a: Call, kept: Kept) -> Call:
    return replace(a, params=(kept.setdefault(a.x.shape, a.params[0].copy()),))


def _transposed(dx: Array, a: Call, kept: Kept) -> Array:
    """dx = δ·(wᵀ)ᵀ, where wᵀ was copied when this very array came for the first time."""
    if kept.get("w") is not a.w:
        kept.update(w=a.w, transposed=np.ascontiguousarray(a.w.T))
    return a.backward(w=kept["transposed"].T)[0]


def _first_bias(y: Array, a: Call, kept: Kept) -> Array:
    if len(a.params) < 2:
        return y
    bias = kept.setdefault(a.b.shape, a.b.copy())
    return np.asarray(y + (bias - a.b)[:, None, None])


def _first_statistics(a: Call, kept: Kept) -> tuple[Array, Array]:
    return kept.setdefault(a.x.shape, (a.x.mean((0, 2, 3), keepdims=True), a.x.var((0, 2, 3), keepdims=True)))  # type: ignore[no-any-return]


def _normalised_as_first(y: Array, a: Call, kept: Kept) -> Array:
    if not a.layer.training:
        return y
    mean, var = _first_statistics(a, kept)
    return np.asarray((a.x - mean) / np.sqrt(var + a.layer.eps) * a.w[:, None, None] + a.b[..., None, None])


def _first_winners(_: Array, a: Call, kept: Kept) -> Array:
    return spread(a, geometry(a), kept.setdefault(a.x.shape, first(tied(a))))


def _first_slope(_: Array, a: Call, kept: Kept) -> Array:
    slope = kept.setdefault((a.x.shape, float(np.float32(a.x.sum()))), a.backward(delta=np.ones_like(a.delta))[0])
    return np.asarray(a.delta * slope)


# ---- memory that is used again -------------------------------------------------------------------


def _earlier_input(y: Array, a: Call, kept: Kept) -> Array:
    """y, after x was copied into the array that came before, which was not this layer's own."""
    before = kept.get("x")
    if before is not None and before.shape == a.x.shape and before.flags.writeable:
        np.copyto(before, a.x)
    kept["x"] = a.x
    return y


def _padded(a: Call, kept: Kept) -> Array:
    """x amid its padding, each sample in the same buffer, which is zero when it is made and never again."""
    margins = pair("padding", a.layer.padding, 0)
    cells = tuple(n + 2 * p for n, p in zip(a.x.shape[2:], margins, strict=True))
    buffer, padded = kept.get("buffer"), np.zeros((*a.x.shape[:2], *cells))
    if buffer is None or any(have < need for have, need in zip(buffer.shape, padded.shape[1:], strict=True)):
        buffer = kept["buffer"] = np.zeros(padded.shape[1:])
    room = buffer[: a.x.shape[1], : cells[0], : cells[1]]
    for sample, result in zip(a.x, padded, strict=True):
        room[..., margins[0] : cells[0] - margins[0], margins[1] : cells[1] - margins[1]] = sample
        result[...] = room
    return padded


def _of_buffer(a: Call, kept: Kept) -> Call:
    return replace(a, layer=replace(a.layer, padding=0), x=_padded(a, kept))


def _divisors_of_outputs(y: Array, a: Call, kept: Kept) -> Array:
    """y with the divisors of the first input that had as many outputs."""
    own = mean_shares(a)[:1, :1]
    return np.asarray(y / own * kept.setdefault(a.delta.shape[2:], own))


# fmt: off
FAULTS = (
    *wrong(SoftmaxCrossEntropy, "cross-entropy", {
        "first-target":              remembering(y=lambda _, a, kept: _first_target(a, kept).y,
                                                 dx=lambda _, a, kept: _first_target(a, kept).backward()[0]),
    }),
    *wrong(Conv2d, "conv", {
        "kept-by-residual":          _keyed(_by_residual),
        "kept-by-residual-and-w":    _keyed(_by_residual_and_weights),
        "padded-buffer":             remembering(y=lambda _, a, kept: _of_buffer(a, kept).y,
                                                 dw=lambda _, a, kept: _of_buffer(a, kept).backward()[1]),
        "earlier-input-overwritten": remembering(y=_earlier_input),
        "first-bias":                remembering(y=_first_bias),
    }),
    *wrong(Dense, "dense", {
        "kept-by-sum":               _keyed(_by_sum),
        "transposed-kept":           remembering(dx=_transposed),
    }),
    *wrong(MaxPool2d, "max-pool", {
        "first-winners":             remembering(dx=_first_winners),
    }),
    *wrong(AvgPool2d, "avg-pool", {
        "divisors-by-outputs":       remembering(y=_divisors_of_outputs),
    }),
    *wrong(BatchNorm2d, "batch-norm", {
        "first-statistics":          remembering(y=_normalised_as_first),
    }),
    *wrong(Tanh, "tanh", {
        "slope-kept-by-sum":         remembering(dx=_first_slope),
    }),
)
# fmt: on
