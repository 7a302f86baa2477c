"""Pooling: who gets the residual (V14 to V17), and the formula of the hidden residual through a pooling layer (E30)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from ...rounding import Array
from ..exact.numbers import IDENTITY
from ..exact.windows import Pooling, apart, linear, overlapping
from ..statement import Experiment, Outcome, Reading
from ..telling import Told, told


def winners(case: Pooling, added: bool = True) -> Array:
    """δ placed at the largest cell of its window, window by window: where windows overlap, added or the last of them alone."""
    found = 0 * case.z
    for best, delta in zip(case.winners, case.delta.ravel(), strict=True):
        found[0, 0, *best] = found[0, 0, *best] + delta if added else delta
    return found


def lost_once(case: Pooling) -> Array:
    """The claim taken literally: 0 for every cell that was not the largest of some window, even if it was of another."""
    says = winners(case)
    for cells, best in zip(case.cells, case.winners, strict=True):
        for cell in cells:
            if cell != best:
                says[0, 0, *cell] = 0
    return says


def shares(case: Pooling, divided: bool = True) -> Array:
    """δ to every cell of its window, or the share 1/k² of it."""
    (r, s), found = case.window, 0 * case.z
    for cells, delta in zip(case.cells, case.delta.ravel(), strict=True):
        for cell in cells:
            found[0, 0, *cell] = found[0, 0, *cell] + (delta / (r * s) if divided else delta)
    return found


def below(case: Pooling, says: Array, column: str, mean: bool = False) -> Outcome:
    """What a rule hands down, in one of the columns: as ∂J/∂a; as the residual ∂J/∂z; or times f′, as the residual."""
    truth = case.by_activation(mean) if column == "a" else case.by_net_input(mean)
    return Outcome(says * case.slope if column == "z slope" else says, truth, _slopes(case))


def _slopes(case: Pooling) -> Told:
    return told("working.slopes", a=case.a.ravel(), slope=case.slope.ravel())


def maxpool(case: Pooling, column: str) -> Outcome:
    """The residual handed to the winner."""
    return below(case, winners(case), column)


def meanpool(case: Pooling, column: str, divided: bool = True) -> Outcome:
    """Equal shares, or copies."""
    return below(case, shares(case, divided), column, mean=True)


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


def weights_01(case: Pooling, slope: bool) -> Outcome:
    """P·a and Pᵀ·δ with 1 at the largest of four and 0 at the others, as ∂J/∂a; or times f′, as ∂J/∂z."""
    p = np.zeros((case.delta.size, case.z[0, 0].size), int).astype(object)
    columns = case.z.shape[3]
    for o, (row, column) in enumerate(case.winners):
        p[o, row * columns + column] = 1
    handed = (p.T @ case.delta.ravel()) * (case.slope.ravel() if slope else 1)
    truth = case.by_net_input() if slope else case.by_activation()
    return Outcome(np.concatenate([p @ case.a.ravel(), handed]), np.concatenate([case.pool(case.a).ravel(), truth.ravel()]))


def each_window(case: Pooling, way: str, column: str = "a") -> Outcome:
    """Where windows overlap: one weight a node, so that the last window counts; one for each window; or 0 for what ever lost."""
    says = {"last": lambda: winners(case, added=False), "each": lambda: winners(case), "lost": lambda: lost_once(case)}[way]()
    largest = [case.a[0, 0][cell] for cell in case.winners]
    rows, columns = case.window
    found = below(case, says, column)
    return Outcome(found.says, found.truth, told("working.overlap", rows=rows, columns=columns, largest=largest))


def side_by_side(case: Pooling) -> Pooling:
    """The same map cut into windows that do not overlap, as many as fit."""
    (r, s), (h, v) = case.window, case.z.shape[2:]
    p, q = h // r, v // s
    ranks = None if case.ranks is None else case.ranks[:, :, : p * r, : q * s]
    return replace(case, z=case.z[:, :, : p * r, : q * s], stride=case.window, delta=case.delta[:, :, :p, :q], ranks=ranks)


def formula(case: Pooling, mean: bool, slope: str) -> Outcome:
    """Σ_k δ_k·w_ki·f′(z_i) with 1 at the winner or 1/k² in the window as w_ki, and f′ of the layer before or of the pooling."""
    return below(case, shares(case) if mean else winners(case), "z slope" if slope == "before" else "z", mean)


def transposed(case: Pooling, mean: bool) -> Outcome:
    """(Pᵀ·δ) ⊙ f′, P being the masked matrix of the pooling layer."""
    return below(case, (case.matrix(mean).T @ case.delta.ravel()).reshape(case.z.shape), "z slope", mean)


def copied(case: Pooling, mean: bool) -> Outcome:
    """Every residual copied to all of its window, times f′: an upsampling of it."""
    return below(case, shares(case, divided=False), "z slope", mean)


def output_layer(case: Pooling) -> Outcome:
    """nl taken literally: the pooled map as layer nl−1, whose residual is not that of the layer before pooling."""
    truth = case.by_net_input()
    return Outcome(None, truth, told("nonsense.pooled-units", pooled=case.delta.size, units=truth.size))


def _both(name: str, evaluate: Any, role: Any = "printed", **how: Any) -> list[Reading]:
    """For max pooling and for mean pooling."""
    return [
        Reading(f"{name}-{kind}", partial(evaluate, mean=kind == "mean", **how), role, once=kind == "mean")
        for kind in ("max", "mean")
    ]


APART = apart(((1, 2), (1, 1)), ((1, 2), (1, 2)), ((2, 1), (1, 1)), ((2, 2), (1, 1)), ((1, 3), (1, 1)))
EXPERIMENTS = {
    "maxpool-route": Experiment(
        APART,
        Reading("by-a", partial(maxpool, column="a")),
        Reading("by-z-linear", partial(maxpool, column="z"), on=linear),
        Reading("by-z", partial(maxpool, column="z")),
        Reading("by-z-slope", partial(maxpool, column="z slope"), "corrected"),
        Reading("tie", tie, "beyond", on=level, abstains=told("abstains.tie")),
    ),
    "maxpool-weights-01": Experiment(
        apart(((2, 2), (1, 1))),
        Reading("by-a", partial(weights_01, slope=False)),
        Reading("by-z-slope", partial(weights_01, slope=True)),
    ),
    "maxpool-zero-residual": Experiment(
        overlapping(((1, 2), (1, 2)), ((1, 2), (1, 3)), ((2, 1), (2, 1)), ((1, 3), (1, 2))),
        Reading("apart", partial(each_window, way="last"), on=side_by_side),
        Reading("lost-once", partial(each_window, way="lost")),
        Reading("one-weight", partial(each_window, way="last")),
        Reading("weight-each-window", partial(each_window, way="each"), "corrected"),
        Reading("weight-each-window-slope", partial(each_window, way="each", column="z slope"), "corrected"),
    ),
    "meanpool-route": Experiment(
        APART,
        Reading("share-by-a", partial(meanpool, column="a"), once=True),
        Reading("copy-by-a", partial(meanpool, column="a", divided=False), once=True),
        Reading("share-by-z", partial(meanpool, column="z"), once=True),
        Reading("share-by-z-slope", partial(meanpool, column="z slope"), "corrected", once=True),
    ),
    "pool-delta-formula": Experiment(
        APART,
        *_both("slope-before", formula, slope="before"),
        *_both("slope-own", formula, slope="own"),
        Reading("output-layer", output_layer),
        *_both("matrix", transposed, "corrected"),
        *_both("copied", copied, "beyond"),
    ),
}
