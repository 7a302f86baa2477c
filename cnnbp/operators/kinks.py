"""Where an operator has no derivative but a convention: at a kink any slope between those of its sides is as right as another.

Said is where that is, and what other conventions make of a residual dx. Whether an answer is one of them is for the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

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

    def others(self, asked: Asked, dx: Array, wrong: Array) -> Iterator[Convention]:
        """The slope nearest to that of the answer, entry by entry; told by those that were met."""
        ends = asked.delta, asked.delta * self._below(asked.options)

        def told(entries: Array) -> tuple[str, dict[str, Any]]:
            slopes = dx[entries] / asked.delta[entries]
            least, most = float(slopes.min()), float(slopes.max())
            values = {"operator": asked.operator.name, "expected": self._below(asked.options), "entries": int(entries.sum())}
            if most - least <= ROUNDED:
                return "slope", {"actual": float(f"{np.median(slopes):.9g}"), **values}
            return "slopes", {"least": least, "most": most, **values}

        yield Convention(np.clip(dx, np.minimum(*ends), np.maximum(*ends)), 0.0, told)


class OfWinners(Kinks):
    """Max pooling: the residual of a window goes to its winners, in shares that are not negative and add up to 1."""

    def at(self, asked: Asked) -> Array:
        """The cells that share the first place of some window."""
        found = np.zeros(asked.args[0].size, bool)
        found[_tied(asked).cell] = True
        return found.reshape(asked.args[0].shape)

    def others(self, asked: Asked, dx: Array, wrong: Array) -> Iterator[Convention]:
        """Those that people use have names; last come the shares that are nearest to the answer."""
        tied = _tied(asked)
        if not len(tied.cell) or not np.isfinite(dx.ravel()[tied.cell]).all():
            return

        def named(code: str) -> Callable[[Array], tuple[str, dict[str, Any]]]:
            values = {"operator": asked.operator.name, "windows": len(np.unique(tied.window))}
            return lambda entries: (code, {**values, "entries": int(entries.sum())})

        last = np.append(np.diff(tied.window) != 0, True)
        for code, shares in (("last", last), ("even", 1 / np.bincount(tied.window)[tied.window])):
            given = np.bincount(tied.cell, shares * asked.delta.ravel()[tied.window], dx.size) + tied.alone
            yield Convention(given.reshape(dx.shape), 0.0, named(code))
        nearest, slack = _shared(tied, asked.delta.ravel(), dx.ravel(), wrong.ravel())
        yield Convention(nearest.reshape(dx.shape), slack.reshape(dx.shape), named("shares"))


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


def _shared(tied: _Tied, delta: Array, dx: Array, wrong: Array) -> tuple[Array, Array]:
    """What the shares nearest to dx give, NaN where none were sought, and how exactly they are found.

    Windows overlap: those that tie in a common cell are asked about together.
    """
    window, cell = tied.window, tied.cell
    nearest, slack = np.full(dx.size, np.nan), np.zeros(dx.size)
    part = _parts(window, cell, delta.size, dx.size)
    sizes = np.zeros(int(part.max()) + 1)
    np.maximum.at(sizes, part, np.abs(delta[window]))
    sizes[sizes == 0] = 1.0
    with np.errstate(over="ignore"):  # shares are at most 1, and so is what a window gives, in parts of the largest residual
        beyond = ~(np.abs(dx - tied.alone)[cell] / sizes[part] <= 2 * delta.size) | ~np.isfinite(dx[cell] / sizes[part])
    met = np.isin(part, part[wrong[cell]]) & ~np.isin(part, part[beyond])  # the others are right as they are, or past mending
    if not met.any():
        return nearest, slack
    window, cell, part = window[met], cell[met], part[met]
    cells, column = np.unique(cell, return_inverse=True)
    size = np.ones(len(cells))
    size[column] = sizes[part]
    weights, rest = delta[window] / sizes[part], (dx - tied.alone)[cells] / size
    shares = _shares(np.unique(window, return_inverse=True)[1], column, weights, rest)
    if shares is not None:
        nearest[cells] = np.bincount(column, shares * weights, len(cells)) * size + tied.alone[cells]
        slack[cells] = ROUNDED * size
    return nearest, slack


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
