"""Pooling: who gets the residual (V14 to V17), and the formula of the hidden residual through a pooling layer (E30)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from ...rounding import Array
from ..exact.images import Pooling, pooling
from ..exact.networks import IDENTITY
from ..statement import Experiment, Outcome, Reading
from ..telling import Told, told


def winners(case: Pooling, added: bool = True) -> Array:
    """δ placed at the largest cell of its window, window by window: where windows overlap, added or the last of them alone."""
    a, found = case.a[0, 0], 0 * case.z
    for cells, delta in zip(_windows(case), case.delta.ravel(), strict=True):
        best = (0, 0, *max(cells, key=lambda cell: a[cell]))
        found[best] = found[best] + delta if added else delta
    return found


def lost_once(case: Pooling) -> Outcome:
    """The claim at its word: 0 for every cell that was not the largest of some window, whatever it won elsewhere."""
    says, a = winners(case), case.a[0, 0]
    for cells in _windows(case):
        best = max(cells, key=lambda cell: a[cell])
        for cell in cells:
            if cell != best:
                says[0, 0, *cell] = 0
    largest = [max(a[cell] for cell in cells) for cells in _windows(case)]
    return Outcome(says, case.by_activation(), told("working.largest", largest=largest))


def _windows(case: Pooling) -> list[list[tuple[int, int]]]:
    """The cells of every window, in row-major order."""
    (r, s), (down, right) = case.window, case.stride
    places = np.ndindex(case.delta.shape[2:])
    return [[(p * down + u, q * right + v) for u in range(r) for v in range(s)] for p, q in places]


def shares(case: Pooling, divided: bool) -> Array:
    """δ to every cell of its window, or the share 1/k² of it."""
    (r, s), found = case.window, 0 * case.z
    for p, q in np.ndindex(case.delta.shape[2:]):
        share = case.delta[0, 0, p, q] / (r * s if divided else 1)
        found[0, 0, p * r : (p + 1) * r, q * s : (q + 1) * s] += share
    return found


def maxpool(case: Pooling, quantity: str, slope: bool) -> Outcome:
    """The residual handed to the winner, with f′ or without, as ∂J/∂a or as ∂J/∂z."""
    truth = case.by_activation() if quantity == "a" else case.by_net_input()
    says = winners(case) * (case.slope if slope else 1)
    return Outcome(says, truth, _slopes(case))


def _slopes(case: Pooling) -> Told:
    return told("working.slopes", a=case.a.ravel(), slope=case.slope.ravel())


def linear(case: Pooling) -> Pooling:
    """The same where the layer before has slope 1."""
    return replace(case, f=IDENTITY)


def level(case: Pooling) -> Pooling:
    """The same with all cells alike."""
    return replace(case, f=IDENTITY, z=0 * case.z + 1)


def tie(case: Pooling) -> Outcome:
    """The slope of J when a cell rises, against its slope when that cell falls, cell by cell."""
    h = Fraction(1, 1000)
    rising, falling = ([_difference(case, i, step) for i in np.ndindex(case.z.shape)] for step in (h, -h))
    says, truth = (np.array(slopes, object).reshape(case.z.shape) for slopes in (rising, falling))
    return Outcome(says, truth, told("working.tie", rising=says.ravel(), falling=truth.ravel()))


def _difference(case: Pooling, i: tuple[int, ...], step: Fraction) -> Fraction:
    moved = case.z.copy()
    moved[i] = moved[i] + step
    difference: Fraction = np.sum(case.delta * (case.pool(moved) - case.pool(case.z))) / step
    return difference


def weights_01(case: Pooling) -> Outcome:
    """P·a and Pᵀ·δ with the matrix P of 0 and 1."""
    p = case.matrix()
    says = np.concatenate([p @ case.a.ravel(), p.T @ case.delta.ravel()])
    return Outcome(says, np.concatenate([case.pool(case.a).ravel(), case.by_activation().ravel()]))


def overlapping(case: Pooling, added: bool) -> Outcome:
    """One weight for each node: the last window has the say; or one for each window: they are added."""
    rows, columns = case.window
    return Outcome(winners(case, added), case.by_activation(), told("working.overlap", rows=rows, columns=columns))


def apart(case: Pooling) -> Pooling:
    """The same map cut into windows that do not overlap, as many as fit."""
    (r, s), (h, v) = case.window, case.z.shape[2:]
    p, q = h // r, v // s
    return replace(case, z=case.z[:, :, : p * r, : q * s], stride=case.window, delta=case.delta[:, :, :p, :q])


def meanpool(case: Pooling, quantity: str, divided: bool, slope: bool) -> Outcome:
    """Equal shares, as ∂J/∂a or as ∂J/∂z."""
    truth = case.by_activation(mean=True) if quantity == "a" else case.by_net_input(mean=True)
    return Outcome(shares(case, divided) * (case.slope if slope else 1), truth, _slopes(case))


def formula(case: Pooling, mean: bool, slope: str) -> Outcome:
    """Σ_k δ_k·w_ki·f′(z_i) with the matrix of the pooling layer as w, and f′ of one layer or the other."""
    says = (case.matrix(mean).T @ case.delta.ravel()).reshape(case.z.shape)
    return Outcome(says * case.slope if slope == "before" else says, case.by_net_input(mean), _slopes(case))


def output_layer(case: Pooling) -> Outcome:
    """nl at its word: the pooled map as layer nl−1, whose residual is not that of the layer before pooling."""
    truth = case.by_net_input()
    return Outcome(None, truth, told("nonsense.pooled-units", pooled=case.delta.size, units=truth.size))


EXPERIMENTS = {
    "maxpool-route": Experiment(
        pooling,
        Reading("by-a", partial(maxpool, quantity="a", slope=False)),
        Reading("by-z-linear", partial(maxpool, quantity="z", slope=False), on=linear),
        Reading("by-z", partial(maxpool, quantity="z", slope=False)),
        Reading("by-z-slope", partial(maxpool, quantity="z", slope=True), "corrected"),
        Reading("tie", tie, "beyond", on=level),
    ),
    "maxpool-weights-01": Experiment(pooling, Reading("no-ties", weights_01)),
    "maxpool-zero-residual": Experiment(
        partial(pooling, overlapping=True),
        Reading("apart", partial(overlapping, added=False), on=apart),
        Reading("lost-once", lost_once),
        Reading("one-weight", partial(overlapping, added=False)),
        Reading("weight-each-window", partial(overlapping, added=True), "corrected"),
    ),
    "meanpool-route": Experiment(
        pooling,
        Reading("share-by-a", partial(meanpool, quantity="a", divided=True, slope=False)),
        Reading("copy-by-a", partial(meanpool, quantity="a", divided=False, slope=False)),
        Reading("share-by-z", partial(meanpool, quantity="z", divided=True, slope=False)),
        Reading("share-by-z-slope", partial(meanpool, quantity="z", divided=True, slope=True), "corrected"),
    ),
    "pool-delta-formula": Experiment(
        pooling,
        Reading("slope-before-max", partial(formula, mean=False, slope="before")),
        Reading("slope-before-mean", partial(formula, mean=True, slope="before")),
        Reading("slope-own-max", partial(formula, mean=False, slope="own")),
        Reading("slope-own-mean", partial(formula, mean=True, slope="own")),
        Reading("output-layer", output_layer),
    ),
}
