"""What is usually wrong with an activation: its slope is missing, taken at the wrong place, or that of another function."""

from __future__ import annotations

import numpy as np

from ..faults.catalogue import Call
from ..rounding import Array
from .candidate import by_bends, by_faults


def _slope(a: Call) -> Array:
    """f′(x)"""
    return a.backward(delta=np.ones_like(a.delta))[0]


def _with_slope(a: Call, slope: float) -> Array:
    """delta on the right of 0, and so much of it on the left."""
    return np.where(a.x > 0, a.delta, slope * a.delta)


SHARED = (
    by_bends("slope-missing", dx=lambda _, a: a.delta),
    by_bends("residual-ignored", dx=lambda _, a: _slope(a)),
    by_bends("residual-twice", dx=lambda dx, a: a.delta * dx),
    by_bends("divided-by-residual", dx=lambda _, a: np.divide(_slope(a), a.delta, out=np.zeros_like(a.delta), where=a.delta != 0)),
    by_bends("arguments-exchanged", dx=lambda _, a: a.exchanged.backward()[0]),
    by_bends("slope-at-output", dx=lambda _, a: a.backward(x=a.y)[0]),
    by_bends("slope-squared", dx=lambda dx, a: dx * _slope(a)),
    by_bends("slope-inverted", dx=lambda _, a: a.delta / _slope(a)),
    by_bends("value-for-slope", dx=lambda _, a: a.delta * a.y),
    by_bends("input-for-slope", dx=lambda _, a: a.delta * a.x),
    by_bends("sigmoid-slope", dx=lambda _, a: a.delta * a.y * (1 - a.y)),
    by_bends("sigmoid-slope-of-input", dx=lambda _, a: a.delta * a.x * (1 - a.x)),
    by_bends("tanh-slope", dx=lambda _, a: a.delta * (1 - a.y * a.y)),
    by_bends("tanh-slope-of-input", dx=lambda _, a: a.delta * (1 - a.x * a.x)),
    by_bends("one-minus-y", dx=lambda _, a: a.delta * (1 - a.y)),
    by_bends("step-for-slope", dx=lambda _, a: _with_slope(a, 0.0)),
    by_bends("zero-passes", dx=lambda dx, a: np.where(a.x == 0, a.delta, dx)),
    by_bends("half-at-zero", dx=lambda dx, a: np.where(a.x == 0, a.delta / 2, dx)),
    by_bends("nothing-at-zero", dx=lambda dx, a: np.where(a.x == 0, 0, dx)),
)
AT_RESIDUAL = by_bends("slope-at-residual", dx=lambda _, a: a.backward(x=a.delta)[0])  # of ReLU it has a name of its own
ELEMENTWISE = {
    "LeakyReLU": (
        by_bends("side-from-output", dx=lambda _, a: np.where(a.y > 0, a.delta, a.layer.negative_slope * a.delta)),
        by_bends("side-from-residual", dx=lambda _, a: np.where(a.delta > 0, a.delta, a.layer.negative_slope * a.delta)),
        by_faults("slope-alone", dx="leaky-relu-slope-not-multiplied"),
        by_bends("default-slope", y=lambda _, a: np.where(a.x > 0, a.x, 0.01 * a.x), dx=lambda _, a: _with_slope(a, 0.01)),
        by_bends("sides-exchanged", dx=lambda _, a: np.where(a.x > 0, a.layer.negative_slope * a.delta, a.delta)),
    ),
    "ReLU": (
        by_bends("mask-from-output", dx=lambda _, a: np.where(a.y >= 0, a.delta, 0)),
        by_bends("side-from-residual", dx=lambda _, a: np.where(a.delta > 0, a.delta, 0)),
        by_bends("negative-residual-lost", dx=lambda dx, a: np.where(a.delta > 0, dx, 0)),
        by_bends("leaky", y=lambda _, a: np.where(a.x > 0, a.x, 0.01 * a.x), dx=lambda _, a: _with_slope(a, 0.01)),
    ),
    "Softplus": (
        by_faults("tail-lost", dx="softplus-tail-lost"),
        by_faults("threshold", y="softplus-threshold", dx="softplus-threshold"),
    ),
    "Sigmoid": (by_bends("other-function", y=lambda _, a: np.tanh(a.x)), AT_RESIDUAL),
    "Tanh": (by_bends("other-function", y=lambda _, a: 1 / (1 + np.exp(-a.x))), AT_RESIDUAL),
}  # fmt: skip
