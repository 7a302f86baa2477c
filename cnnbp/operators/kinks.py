"""Where an operator has no derivative but a convention: at a kink any slope between those of its sides is as right as another.

Said is where that is, and whether a residual dx that differs from the reference's does so by its convention alone.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_array, coo_array, identity
from scipy.sparse.csgraph import connected_components

from ..oracles import connections
from ..oracles.masked_dense import Options
from ..rounding import Array
from .record import Asked, Convention, Kinks

ROUNDED = 1e-9  # of the largest residual that meets in a tie: so exactly shares are found


class OfSlope(Kinks):
    """y = f(x) entry by entry, with the slope 1 above 0 and `below` below it: dx = δ·s with any s from one to the other."""

    def __init__(self, below: Callable[[Options], float]) -> None:
        self._below = below

    def at(self, asked: Asked) -> Array:
        """Where x is 0."""
        return np.asarray((asked.args[0] == 0) & (self._below(asked.options) != 1))

    def convention(self, asked: Asked, dx: Array, wrong: Array, bound: Array) -> Convention | None:
        """Told by the slopes that were met."""
        ends = asked.delta, asked.delta * self._below(asked.options)
        between = (dx >= np.minimum(*ends) - bound) & (dx <= np.maximum(*ends) + bound)
        entries = wrong & self.at(asked) & between
        if not entries.any():
            return None
        slopes = dx[entries] / asked.delta[entries]
        least, most = float(slopes.min()), float(slopes.max())
        values = {"operator": asked.operator.name, "expected": self._below(asked.options), "entries": int(entries.sum())}
        if most - least <= ROUNDED:
            return Convention(entries, "slope", {"actual": float(f"{np.median(slopes):.9g}"), **values})
        return Convention(entries, "slopes", {"least": least, "most": most, **values})


class OfWinners(Kinks):
    """Max pooling: the residual of a window goes to its winners, in shares that are not negative and add up to 1."""

    def at(self, asked: Asked) -> Array:
        """The cells that share the first place of some window."""
        found = np.zeros(asked.args[0].size, bool)
        found[self._tied(asked)[1]] = True
        return found.reshape(asked.args[0].shape)

    def convention(self, asked: Asked, dx: Array, wrong: Array, bound: Array) -> Convention | None:
        """Windows overlap, so a cell may win several: whether there are shares that give dx is a system of linear inequalities."""
        window, cell, alone = self._tied(asked)
        x, delta, flat = asked.args[0], asked.delta.ravel(), dx.ravel()
        if not cell.size or not np.isfinite(flat[cell]).all():
            return None
        part = _parts(window, cell, delta.size, x.size)
        met = np.isin(part, np.unique(part[wrong.ravel()[cell]]))  # the others are right as they are
        if not met.any():
            return None
        window, cell, part = window[met], cell[met], part[met]
        sizes = np.zeros(int(part.max()) + 1)
        np.maximum.at(sizes, part, np.abs(delta[window]))
        sizes[sizes == 0] = 1.0
        weights, cells = delta[window] / sizes[part], np.unique(cell)
        of_cell = np.zeros(x.size)
        of_cell[cell] = sizes[part]
        rest = (flat - alone)[cells] / of_cell[cells]
        shares = _shares(np.unique(window, return_inverse=True)[1], np.searchsorted(cells, cell), weights, rest)
        if shares is None:
            return None
        off = np.abs(np.bincount(np.searchsorted(cells, cell), shares * weights, len(cells)) - rest)
        good = off <= ROUNDED + bound.ravel()[cells] / of_cell[cells]
        holds = np.ones(len(sizes), bool)
        np.logical_and.at(holds, part, good[np.searchsorted(cells, cell)])
        entries = np.zeros(x.size, bool)
        entries[cell[holds[part]]] = True
        entries &= wrong.ravel()
        if not entries.any():
            return None
        shared = bool(((shares > 1e-6) & (shares < 1 - 1e-6) & holds[part] & (delta[window] != 0)).any())
        windows = len(np.unique(window[holds[part]]))
        code = "shared" if shared else "winner"
        return Convention(entries.reshape(x.shape), code, {"operator": asked.operator.name, "entries": int(entries.sum()), "windows": windows})

    def _tied(self, asked: Asked) -> tuple[Array, Array, Array]:
        """The pairs of a window with several winners and one of them, as numbers in row-major order; and what the others give."""
        x = asked.args[0]
        cells, inside = connections.windows(x.shape, **asked.options)
        area = x.shape[2] * x.shape[3]
        maps = x.reshape(-1, area)
        values = np.where(inside, maps[:, np.where(inside, cells, 0)], -np.inf)
        wins = (values == values.max(2, keepdims=True)) & inside
        several = wins.sum(2) > 1
        number, window, tap = np.nonzero(wins)
        where, tie = number * area + cells[window, tap], several[number, window]
        outputs = number * len(cells) + window
        alone = np.bincount(where[~tie], asked.delta.ravel()[outputs[~tie]], x.size)
        return outputs[tie], where[tie], alone


def _parts(window: Array, cell: Array, windows: int, cells: int) -> Array:
    """Of each pair the number of its component: windows that hang together by cells in which they tie."""
    graph = coo_array((np.ones(len(cell)), (window, windows + cell)), shape=(windows + cells,) * 2)
    found: Array = connected_components(graph, directed=False)[1][window]
    return np.unique(found, return_inverse=True)[1]


def _shares(window: Array, cell: Array, weights: Array, rest: Array) -> Array | None:
    """Of each pair its share: not negative, of each window 1 in all, and as close to `rest` in each cell as it can be."""
    pairs, windows, cells = np.arange(len(window)), int(window.max()) + 1, len(rest)
    whole = coo_array((np.ones(len(pairs)), (window, pairs)), shape=(windows, len(pairs)))
    given = coo_array((weights, (cell, pairs)), shape=(cells, len(pairs)))
    off = identity(cells)  # too much, and too little
    equal = block_array([[whole, None, None], [given, off, -off]])
    cost = np.concatenate([np.zeros(len(pairs)), np.ones(2 * cells)])
    found = linprog(cost, A_eq=equal, b_eq=np.concatenate([np.ones(windows), rest]), method="highs")
    if found.x is None:
        return None
    shares = np.maximum(found.x[: len(pairs)], 0)
    total = np.bincount(window, shares, windows)[window]
    result: Array = shares / np.where(total == 0, 1, total)
    return result
