"""Pooling layers that send the residual to the wrong cell, too often, too seldom, or with the wrong weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from cnnbp.layers import AvgPool2d, MaxPool2d
from cnnbp.layers.checks import Array

from .catalogue import Bend, Call, Fault, distort
from .relation import Geometry, geometry, spread, stacked


def _max(id: str, claim: str, trigger: str, source: str, **bends: Any) -> Fault:
    return Fault(f"max-pool-{id}", "MaxPool2d", claim, trigger, source, distort(MaxPool2d, **bends))


def _avg(id: str, claim: str, trigger: str, source: str, **bends: Any) -> Fault:
    return Fault(f"avg-pool-{id}", "AvgPool2d", claim, trigger, source, distort(AvgPool2d, **bends))


# ---- max ------------------------------------------------------------------------------------------------------------


def _inside(a: Call) -> Array:
    """1 where a tap meets an input cell, 0 where it meets padding: (t, n, c, p, q)."""
    return stacked(replace(a, x=np.ones_like(a.x)), geometry(a), 0)


def _tied(a: Call) -> Array:
    """1 at every tap that reaches the maximum of its window: (t, n, c, p, q)."""
    windows = stacked(a, geometry(a), -np.inf)
    return np.asarray(windows == windows.max(0), a.x.dtype)


def _first(tied: Array) -> Array:
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
    gate = spread(replace(a, delta=np.ones_like(a.delta)), g, _first(_tied(a)), assign=True)
    return gate * spread(a, g, np.ones(1))


def _first_window(a: Call) -> Array:
    delta = np.zeros_like(a.delta)
    delta[..., 0, 0] = a.delta[..., 0, 0]
    return delta


def _against_zeros(a: Call) -> tuple[Array, Array]:
    """y and dx where padding takes part in the maximum as 0."""
    windows = stacked(a, geometry(a), 0)
    y = windows.max(0)
    return y, spread(a, geometry(a), _first((windows == y).astype(a.x.dtype)))


def _dx(shares: Callable[[Call], Array], *, assign: bool = False, change: Callable[[Geometry], Geometry] = lambda g: g) -> Bend:
    return lambda _, a: spread(a, change(geometry(a)), shares(a), assign=assign)


# fmt: off
MAXIMUM = (
    _max("overlap-assigned", "each window overwrites dx where it should add to it",
         "overlapping windows; kernel = stride hides it", "0809zheng/CS231n-assignment2019 #19",
         dx=_dx(lambda a: _first(_tied(a)), assign=True)),
    _max("one-gate-per-cell", "one flag per input cell says whether it won, and every window uses the flag of the last",
         "overlapping windows", "ahrefs/ocannl #512", dx=_one_gate_per_cell),
    _max("ties-all", "every tied cell gets the whole residual", "tied windows only; random reals hide it",
         "classic: the mask x == max(x)", dx=_dx(_tied)),
    _max("ties-last", "a tie goes to the last winner", "tied windows only; a convention, but not the stated one",
         "classic: >= for > in the running maximum", dx=_dx(lambda a: _first(_tied(a)[::-1])[::-1])),
    _max("ties-split", "tied cells share the residual", "tied windows only; a convention, but not the stated one",
         "classic: the mask x == max(x), normalised", dx=_dx(lambda a: _tied(a) / _tied(a).sum(0))),
    _max("first-window", "only the first window of each map sends its residual down",
         "more than one window; training still converges", "riccardoandreoni0/CNN-from-scratch #1",
         dx=lambda _, a: a.backward(delta=_first_window(a))[0]),
    _max("mean", "the residual is shared out as if the window had been averaged", "windows of more than one cell",
         "classic: one upsampling for both kinds of pooling", dx=_dx(lambda a: _inside(a) / _inside(a).sum(0))),
    _max("zero-padding", "padding competes as 0 and beats negative values, forward and backward alike",
         "padding above 0 and a border window without a positive entry", "classic: pad with 0, then pool",
         y=lambda _, a: _against_zeros(a)[0], dx=lambda _, a: _against_zeros(a)[1]),
    _max("column-major", "the winner's tap number is decoded in the wrong order of axes", "windows with two rows and two columns",
         "classic: divmod of the flat argmax, results exchanged", dx=_dx(lambda a: _column_major(_first(_tied(a)), a))),
    _max("dilation-ignored", "the residual goes to where the winner would be without dilation", "dilation above 1",
         "classic: dilation known to the forward only",
         dx=_dx(lambda a: _first(_tied(a)), change=lambda g: g._replace(dilation=(1, 1)))),
)
# fmt: on

# ---- average --------------------------------------------------------------------------------------------------------


def _shares(a: Call) -> Array:
    """1/|window| of each output: (n, c, p, q). What the mean of ones lacks to 1 is the share of padding."""
    shares: Array = a.layer.forward(np.ones_like(a.x)) / _inside(a).sum(0)
    return shares


def _taps(a: Call) -> int:
    rows, columns = geometry(a).kernel
    return rows * columns


def _overhang(a: Call) -> Array:
    """The right divisor over that of a whole kernel, where padding counts; 1 where it does not."""
    return 1 / (_shares(a) * _taps(a)) if a.layer.count_include_pad else np.ones(1)


def _with_padding(a: Call) -> AvgPool2d:
    layer: AvgPool2d = replace(a.layer, count_include_pad=True)
    return layer


# fmt: off
AVERAGE = (
    _avg("not-divided", "every cell gets the whole residual, not its share", "windows of more than one cell",
         "classic: the 1/k² of the forward forgotten", dx=_dx(lambda a: np.ones(1))),
    _avg("constant-divisor", "backward divides by the kernel's size, though windows at the border are smaller",
         "padding without count_include_pad, or an overhanging window; interior cells are right",
         "Paddle PR#74077 (there: adaptive windows)", dx=_dx(lambda a: np.ones(1) / _taps(a))),
    _avg("padding-counted", "count_include_pad=False is ignored, forward and backward alike",
         "padding above 0 and count_include_pad=False", "classic: an option read by nobody",
         y=lambda _, a: _with_padding(a).forward(a.x), dx=lambda _, a: _with_padding(a).backward(a.delta, a.x)[0]),
    _avg("overhang-counted", "a last window that overhangs is divided as if it were whole, forward and backward alike",
         "ceil_mode with a remainder, padding counted", "classic: ceil_mode divisors", y=lambda y, a: y * _overhang(a),
         dx=lambda _, a: a.backward(delta=a.delta * _overhang(a))[0]),
    _avg("padding-offset", "an input cell looks up its windows without adding the padding", "padding above 0",
         "pytorch #188344 / PR#188345", dx=_dx(_shares, change=lambda g: g._replace(padding=(0, 0)))),
    _avg("stride-from-kernel", "backward reads kernel_size where the forward reads another option, here the stride",
         "stride ≠ kernel_size", "apache/mxnet PR#3035 (there: global_pool)",
         dx=_dx(_shares, change=lambda g: g._replace(stride=g.kernel))),
    _avg("no-gradient", "nothing is sent down", "always", "mashmawy/AlbiruniML #2", dx=lambda dx, _: np.zeros_like(dx)),
    _avg("overlap-assigned", "each window overwrites dx where it should add to it",
         "overlapping windows; kernel = stride hides it", "classic: = for +=", dx=_dx(_shares, assign=True)),
)
# fmt: on

FAULTS = MAXIMUM + AVERAGE
