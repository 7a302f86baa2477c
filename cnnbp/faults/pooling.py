"""Pooling that sends the residual to the wrong cell, too often, too seldom, or with the wrong weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod

import numpy as np

from cnnbp.layers import AvgPool2d, MaxPool2d
from cnnbp.layers.checks import Array

from .catalogue import Bend, Call, bent, right, wrong
from .relation import Geometry, geometry, spread, stacked

# ---- max -----------------------------------------------------------------------------------------


def inside(a: Call) -> Array:
    """1 where a tap meets an input cell, 0 where it meets padding: (t, n, c, p, q)."""
    return stacked(replace(a, x=np.ones_like(a.x)), geometry(a), 0)


def tied(a: Call) -> Array:
    """1 at every tap that reaches the maximum of its window: (t, n, c, p, q)."""
    windows = stacked(a, geometry(a), -np.inf)
    return np.asarray(windows == windows.max(0), a.x.dtype)


def ties(a: Call) -> Array:
    """Which cells reach the maximum of a window together with another: (n, c, h, w), bool."""
    equal = tied(a)
    shared = replace(a, delta=(equal.sum(0) > 1).astype(equal.dtype))
    return np.asarray(spread(shared, geometry(a), equal) > 0)


def winner_shares(a: Call) -> Array:
    """1 at the tap that wins each window, the first of equals: (t, n, c, p, q)."""
    return first(tied(a))


def first(tied: Array) -> Array:
    """1 at the first of the tied taps only."""
    return np.asarray(tied * (np.cumsum(tied, 0) == 1))


def _column_major(winners: Array, a: Call) -> Array:
    """Winners whose row-major tap number is decoded column by column."""
    rows, columns = geometry(a).kernel
    tap = np.arange(rows * columns)
    misread = np.zeros_like(winners)
    misread[tap % rows * columns + tap // rows] = winners
    return misread


def _one_gate_per_cell(_: Array, a: Call) -> Array:
    """dx[i] = gate[i]·Σ δ[o], where the last window that looked at i decided the gate."""
    g = geometry(a)
    gate = spread(replace(a, delta=np.ones_like(a.delta)), g, winner_shares(a), assign=True)
    return gate * spread(a, g, np.ones(1))


def _first_window(a: Call) -> Array:
    delta = np.zeros_like(a.delta)
    delta[..., 0, 0] = a.delta[..., 0, 0]
    return delta


def _against_zeros(a: Call) -> tuple[Array, Array]:
    """y and dx where padding takes part in the maximum as 0."""
    windows = stacked(a, geometry(a), 0)
    y = windows.max(0)
    return y, spread(a, geometry(a), first((windows == y).astype(a.x.dtype)))


def _dx(shares: Callable[[Call], Array], *, assign: bool = False, change: Callable[[Geometry], Geometry] = lambda g: g) -> Bend:
    return lambda _, a: spread(a, change(geometry(a)), shares(a), assign=assign)


# ---- average -------------------------------------------------------------------------------------


def mean_shares(a: Call) -> Array:
    """1/|window| of each output: (n, c, p, q). What the mean of ones lacks to 1 is the share of padding."""
    found: Array = a.forward(x=np.ones_like(a.x)) / inside(a).sum(0)
    return found


def _overhang(a: Call) -> Array:
    """The right divisor over that of a whole kernel, where padding counts; 1 where it does not."""
    return 1 / (mean_shares(a) * prod(geometry(a).kernel)) if a.layer.count_include_pad else np.ones(1)


def _counted(a: Call) -> Call:
    return replace(a, layer=replace(a.layer, count_include_pad=True))


# ---- computed otherwise --------------------------------------------------------------------------


def _winner(a: Call) -> Array:
    """1 at the argmax of each window, padding standing at −∞: (t, n, c, p, q)."""
    windows = stacked(a, geometry(a), -np.inf)
    return np.asarray(np.arange(len(windows))[:, None, None, None, None] == windows.argmax(0))


def _means(a: Call, j: int) -> Array:
    """Pooling along one axis as a matrix: 1/|window p| where the window of p covers h, (p, h)."""
    g, size, outputs = geometry(a), a.x.shape[2 + j], a.delta.shape[2 + j]
    first = g.stride[j] * np.arange(outputs)[:, None] - g.padding[j]
    cells = np.arange(-g.padding[j], size + g.padding[j])
    covered = (first <= cells) & (cells < first + g.kernel[j])
    inside = covered[:, g.padding[j] : g.padding[j] + size]
    cells_of = covered if a.layer.count_include_pad else inside
    return np.asarray(inside / cells_of.sum(1, keepdims=True), np.result_type(a.x, 1.0))


def _reciprocals(a: Call) -> Array:
    """1/|window|, rounded once: (n, c, p, q)."""
    return np.asarray(1 / np.rint(1 / mean_shares(a)))


# fmt: off
FAULTS = (
    *wrong(MaxPool2d, "max-pool", {
        "overlap-assigned":   bent(dx=_dx(winner_shares, assign=True)),
        "one-gate-per-cell":  bent(dx=_one_gate_per_cell),
        "ties-all":           bent(dx=_dx(tied)),
        "ties-last":          bent(dx=_dx(lambda a: first(tied(a)[::-1])[::-1])),
        "ties-split":         bent(dx=_dx(lambda a: tied(a) / tied(a).sum(0))),
        "first-window":       bent(dx=lambda _, a: a.backward(delta=_first_window(a))[0]),
        "mean":               bent(dx=_dx(lambda a: inside(a) / inside(a).sum(0))),
        "zero-padding":       bent(y=lambda _, a: _against_zeros(a)[0],
                                   dx=lambda _, a: _against_zeros(a)[1]),
        "column-major":       bent(dx=_dx(lambda a: _column_major(first(tied(a)), a))),
        "dilation-ignored":   bent(dx=_dx(winner_shares,
                                          change=lambda g: g._replace(dilation=(1, 1)))),
    }),
    *wrong(AvgPool2d, "avg-pool", {
        "not-divided":        bent(dx=_dx(lambda a: np.ones(1))),
        "constant-divisor":   bent(dx=_dx(lambda a: np.ones(1) / prod(geometry(a).kernel))),
        "padding-counted":    bent(y=lambda _, a: _counted(a).y, dx=lambda _, a: _counted(a).backward()[0]),
        "overhang-counted":   bent(y=lambda y, a: y * _overhang(a),
                                   dx=lambda _, a: a.backward(delta=a.delta * _overhang(a))[0]),
        "padding-offset":     bent(dx=_dx(mean_shares, change=lambda g: g._replace(padding=(0, 0)))),
        "stride-from-kernel": bent(dx=_dx(mean_shares, change=lambda g: g._replace(stride=g.kernel))),
        "no-gradient":        bent(dx=lambda dx, _: np.zeros_like(dx)),
        "overlap-assigned":   bent(dx=_dx(mean_shares, assign=True)),
    }),
)

RIGHT = (
    *right(MaxPool2d, "max-pool", {
        "argmax":     bent(y=lambda _, a: stacked(a, geometry(a), -np.inf).max(0),
                           dx=lambda _, a: spread(a, geometry(a), _winner(a))),
    }),
    *right(AvgPool2d, "avg-pool", {
        "reciprocal": bent(y=lambda _, a: stacked(a, geometry(a), 0).sum(0) * _reciprocals(a),
                           dx=lambda _, a: spread(a, geometry(a), _reciprocals(a))),
        "separable":  bent(y=lambda _, a: _means(a, 0) @ a.x @ _means(a, 1).T,
                           dx=lambda _, a: _means(a, 0).T @ a.delta @ _means(a, 1)),
    }),
)
# fmt: on
