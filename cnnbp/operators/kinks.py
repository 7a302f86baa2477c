"""Where an operator has no derivative but a convention: at a kink any slope between those of its sides is as right as another.

Said is where that is, and whether a residual dx that differs from the reference's does so by its convention alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
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
        found[_tied(asked).cell] = True
        return found.reshape(asked.args[0].shape)

    def convention(self, asked: Asked, dx: Array, wrong: Array, bound: Array) -> Convention | None:
        """Those that people use have names; whether other shares give dx is asked part by part."""
        tied = _tied(asked)
        if not np.isfinite(dx.ravel()[tied.cell]).all():
            return None
        last = np.append(np.diff(tied.window) != 0, True)[: len(tied.window)]
        even = 1 / np.bincount(tied.window, minlength=1)[tied.window]
        code = "shares"
        for name, shares in (("last", last), ("even", even)):
            given = np.bincount(tied.cell, shares * asked.delta.ravel()[tied.window], dx.size) + tied.alone
            holds = np.zeros(dx.size, bool)
            holds[tied.cell] = True
            holds &= np.abs(dx.ravel() - given) <= bound.ravel()
            if holds[tied.cell].all():
                code = name
                break
        else:
            holds = _shared(tied, asked.delta.ravel(), dx.ravel(), wrong.ravel(), bound.ravel())
        entries = holds & wrong.ravel()
        if not entries.any():
            return None
        values = {"operator": asked.operator.name, "entries": int(entries.sum()), "windows": len(np.unique(tied.window))}
        return Convention(entries.reshape(dx.shape), code, values)


class _Tied(NamedTuple):
    """The pairs of a window that has several winners and one of them, numbered in row-major order."""

    window: Array
    cell: Array
    alone: Array
    """What the windows of one winner give, by cell."""


def _tied(asked: Asked) -> _Tied:
    x = asked.args[0]
    cells, inside = connections.windows(x.shape, **asked.options)
    area = x.shape[2] * x.shape[3]
    values = np.where(inside, x.reshape(-1, area)[:, np.where(inside, cells, 0)], -np.inf)
    wins = (values == values.max(2, keepdims=True)) & inside
    several = wins.sum(2) > 1
    number, window, tap = np.nonzero(wins)
    where, output, tie = number * area + cells[window, tap], number * len(cells) + window, several[number, window]
    alone = np.bincount(where[~tie], asked.delta.ravel()[output[~tie]], x.size)
    return _Tied(output[tie], where[tie], alone)


def _shared(tied: _Tied, delta: Array, dx: Array, wrong: Array, bound: Array) -> Array:
    """The cells whose dx some shares give. Windows overlap: those that tie in a common cell are asked about together."""
    window, cell, holds = tied.window, tied.cell, np.zeros(dx.size, bool)
    part = _parts(window, cell, delta.size, dx.size)
    sizes = np.zeros(int(part.max(initial=0)) + 1)
    np.maximum.at(sizes, part, np.abs(delta[window]))
    sizes[sizes == 0] = 1.0
    with np.errstate(over="ignore"):  # shares are at most 1, and so is what a window gives, in parts of the largest residual
        beyond = ~(np.abs(dx - tied.alone)[cell] / sizes[part] <= delta.size + (bound[cell] / sizes[part]))
        beyond |= ~np.isfinite(dx[cell] / sizes[part])
    met = np.isin(part, part[wrong[cell]]) & ~np.isin(part, part[beyond])  # the others are right as they are, or past mending
    if not met.any():
        return holds
    window, cell, part = window[met], cell[met], part[met]
    cells, column = np.unique(cell, return_inverse=True)
    size = np.ones(len(cells))
    size[column] = sizes[part]
    weights, rest = delta[window] / sizes[part], (dx - tied.alone)[cells] / size
    shares = _shares(np.unique(window, return_inverse=True)[1], column, weights, rest)
    if shares is None:
        return holds
    off = np.abs(np.bincount(column, shares * weights, len(cells)) - rest)
    good = np.ones(len(sizes), bool)
    np.logical_and.at(good, part, (off <= ROUNDED + bound[cells] / size)[column])
    holds[cell[good[part]]] = True
    return holds


def _parts(window: Array, cell: Array, windows: int, cells: int) -> Array:
    """Of each pair the number of its component: windows that hang together by cells in which they tie."""
    graph = coo_array((np.ones(len(cell)), (window, windows + cell)), shape=(windows + cells,) * 2)
    found: Array = connected_components(graph, directed=False)[1][window]
    return np.unique(found, return_inverse=True)[1]


def _shares(window: Array, cell: Array, weights: Array, rest: Array) -> Array | None:
    """Of each pair its share: not negative, of each window 1 in all, and as close to `rest` in each cell as it can be."""
    from scipy.optimize import linprog  # of which `recheck` has no need

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
