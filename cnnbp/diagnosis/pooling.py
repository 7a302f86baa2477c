"""What is usually wrong with pooling: the divisor, who wins a tie, which cell gets the residual, and whether it adds up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..faults import relation
from ..faults.catalogue import Bend, Call
from ..faults.pooling import mean_shares, winner_shares
from ..faults.relation import Change, geometry, spread, stacked
from ..rounding import Array
from .candidate import by_bends, by_faults


def _over(change: Change) -> Bend:
    """The residual of each winner, through another relation."""
    return lambda _, a: spread(a, change(geometry(a), a), winner_shares(a))


def _means_over(change: Change) -> Bend:
    return lambda _, a: spread(a, change(geometry(a), a), mean_shares(a))


def _winners_assigned(last: bool) -> Bend:
    """dx where each window writes δ over its winner's cell: of windows that share one, the last stands, or the first."""

    def bend(dx: Array, a: Call) -> Array:
        shares, g, found = winner_shares(a), geometry(a), np.zeros_like(dx)
        taps = relation.triples(a, g)  # of one cell, later taps belong to earlier windows
        for o, (r, s), i in reversed(taps) if last else taps:
            found[i] = np.where(shares[r * g.kernel[1] + s][o] > 0, a.delta[o], found[i])
        return found

    return bend


def _whole_windows(_: Array, a: Call) -> Array:
    """dx without the windows that hang over the padded input."""
    g = geometry(a)
    axes = zip(a.x.shape[2:], a.delta.shape[2:], *g, strict=True)
    inside = [np.arange(p) * s + d * (k - 1) < n + 2 * pad for n, p, k, s, pad, d in axes]
    return a.backward(delta=a.delta * np.outer(*inside))[0]


def _last_windows_lost(_: Array, a: Call) -> Array:
    """dx without the windows of the last row and column."""
    kept = a.delta.copy()
    kept[..., -1, :] = kept[..., -1] = 0
    return a.backward(delta=kept)[0]


def _least(_: Array, a: Call) -> Array:
    return -a.forward(x=-a.x)


SHARED = (
    by_bends("remainder-lost", dx=_whole_windows),
    by_bends("last-windows-lost", dx=_last_windows_lost),
    by_bends("residual-ignored", dx=lambda _, a: a.backward(delta=np.ones_like(a.delta))[0]),
    by_bends("residual-mean", dx=lambda _, a: a.backward(delta=np.full_like(a.delta, a.delta.mean()))[0]),
    by_bends("residual-transposed", dx=lambda _, a: a.backward(delta=a.delta.swapaxes(-1, -2).reshape(a.delta.shape))[0]),
)
MAX_POOL = (
    by_faults("ties-to-all", dx="max-pool-ties-all"),
    by_faults("ties-to-last", dx="max-pool-ties-last"),
    by_faults("ties-shared", dx="max-pool-ties-split"),
    by_faults("overwritten", dx="max-pool-overlap-assigned"),
    by_bends("overwritten", dx=_winners_assigned(last=True)),
    by_bends("overwritten", dx=_winners_assigned(last=False)),
    by_faults("one-gate-per-cell", dx="max-pool-one-gate-per-cell"),
    by_faults("first-window", dx="max-pool-first-window"),
    by_faults("mean-for-max", dx="max-pool-mean"),
    by_bends("mean-for-max", y=lambda _, a: stacked(a, geometry(a), 0).mean(0)),
    by_bends("least-for-max", y=_least),
    by_faults("padding-of-zeros", y="max-pool-zero-padding", dx="max-pool-zero-padding"),
    by_faults("column-major", dx="max-pool-column-major"),
    by_bends("dilation-left-out", dx=_over(relation.undilated)),
    by_bends("stride-left-out", dx=_over(relation.unstrided)),
    by_bends("padding-left-out", dx=_over(relation.unpadded)),
    by_bends("stride-axes-exchanged", dx=_over(relation.axes_swapped("stride"))),
    by_bends("stride-from-kernel", dx=_over(lambda g, _: g._replace(stride=g.kernel))),
    *SHARED,
)
AVG_POOL = (
    by_faults("divisor-left-out", dx="avg-pool-not-divided"),
    by_bends("divisor-left-out", y=lambda _, a: stacked(a, geometry(a), 0).sum(0)),
    by_faults("divisor-of-whole-kernel", dx="avg-pool-constant-divisor"),
    by_bends("divisor-of-whole-kernel", y=lambda _, a: stacked(a, geometry(a), 0).mean(0)),
    by_faults("padding-counted", y="avg-pool-padding-counted", dx="avg-pool-padding-counted"),
    by_bends(
        "padding-not-counted",
        y=lambda _, a: replace(a, layer=replace(a.layer, count_include_pad=False)).y,
        dx=lambda _, a: replace(a, layer=replace(a.layer, count_include_pad=False)).backward()[0],
    ),
    by_faults("overhang-counted", y="avg-pool-overhang-counted", dx="avg-pool-overhang-counted"),
    by_faults("padding-left-out", dx="avg-pool-padding-offset"),
    by_faults("stride-from-kernel", dx="avg-pool-stride-from-kernel"),
    by_faults("overwritten", dx="avg-pool-overlap-assigned"),
    by_bends("stride-left-out", dx=_means_over(relation.unstrided)),
    by_bends("stride-axes-exchanged", dx=_means_over(relation.axes_swapped("stride"))),
    by_bends(
        "max-for-mean",
        y=lambda _, a: stacked(a, geometry(a), -np.inf).max(0),
        dx=lambda _, a: spread(a, geometry(a), winner_shares(a)),
    ),
    *SHARED,
)
