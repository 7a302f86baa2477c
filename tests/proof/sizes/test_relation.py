"""The claims about gather and scatter: on small numbers the source says the same to the model and to NumPy."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cnnbp.layers.relation import Axis, Relation
from cnnbp.proof.sizes.arrays import Cells
from cnnbp.proof.sizes.claims import Claim, Goals, number
from cnnbp.proof.sizes.counting import numbered
from cnnbp.proof.sizes.relation import CLAIMS, KERNELS, Plane
from cnnbp.proof.sizes.source import Source, text

SOURCE = Source(text())
OPTIONS = ("size", "stride", "padding", "dilation")
GRID = [((5, 2, 1, 2), (4, 1, 2, 1), (2, 3)), ((3, 1, 0, 1), (6, 2, 1, 2), (3, 2)), ((2, 3, 3, 1), (3, 1, 1, 1), (1, 2))]


def plane(rows: Any, columns: Any, kernel: tuple[int, int]) -> tuple[Plane, Relation]:
    """The relation of these numbers: on the model, and the layers' own."""
    numbers = {f"{name}_{tag}": n for tag, line in (("h", rows), ("w", columns)) for name, n in zip(OPTIONS, line, strict=True)}
    axes = [Axis(tag, size, k, *options) for tag, (size, *options), k in zip("hw", (rows, columns), kernel, strict=True)]
    leading = {"samples": 1, "groups": 1, "channels": 2, "sample": 0, "group": 0, "channel": 1}
    outputs = {f"outputs_{axis.name}": axis.outputs for axis in axes}
    return Plane(SOURCE, SimpleNamespace(**numbers, **leading, **outputs), Goals(), kernel, (False, False)), Relation(*axes)


def total(cells: Cells, at: list[Any], of: np.ndarray[Any, Any]) -> int:
    terms = cells.read(at)
    return sum(int(of[tuple(one.entry)]) for one in terms if all(number(fact) >= 0 for _, fact in one.given))


@pytest.mark.parametrize(("rows", "columns", "kernel"), GRID)
def test_gather_on_the_model_is_gather(rows: Any, columns: Any, kernel: tuple[int, int]) -> None:
    """Entry by entry."""
    ours, T = plane(rows, columns, kernel)
    x = np.arange(1, 1 + 2 * rows[0] * columns[0]).reshape(1, 1, 2, rows[0], columns[0])
    expected = T.gather(x).reshape(1, 1, 2, *T.window_shape)
    windows = ours.T.gather(Cells(ours.numpy, x.shape, "x"))
    assert windows.shape == T.gather(x).shape
    for at in np.ndindex(expected.shape):
        assert total(windows, [*at], x) == expected[at]


def test_the_view_on_the_model_is_gather() -> None:
    """Where no window reaches beyond x: every entry stands at its address."""
    ours, T = plane((5, 2, 0, 1), (7, 1, 0, 2), (3, 2))
    x = np.arange(1, 71).reshape(1, 1, 2, 5, 7)
    expected = T.gather(x).reshape(1, 1, 2, *T.window_shape)
    windows = ours.T.gather(Cells(ours.numpy, x.shape, "x", strides=tuple(n // x.itemsize for n in x.strides)))
    for at in np.ndindex(expected.shape):
        assert total(windows, [*at], x.ravel()) == expected[at]


@pytest.mark.parametrize(("rows", "columns", "kernel"), GRID)
def test_scatter_on_the_model_is_scatter(rows: Any, columns: Any, kernel: tuple[int, int]) -> None:
    """Entry by entry."""
    ours, T = plane(rows, columns, kernel)
    X = np.arange(1, 1 + 2 * np.prod(T.window_shape)).reshape(1, 1, 2, *T.window_shape)
    flat = X.reshape(1, 1, -1, T.rows.outputs * T.columns.outputs)
    x = ours.T.scatter(Cells(ours.numpy, X.shape, "X").reshape(*flat.shape))
    expected = T.scatter(flat)
    assert x.shape == expected.shape
    for at in np.ndindex(expected.shape):
        assert total(x, [*at], X) == expected[at]


@pytest.mark.parametrize("name", ["gather.view", "gather.any", "scatter.any", "gather.2x1", "scatter.1x2", "triples.2x2"])
def test_nothing_is_false_at_small_numbers(name: str) -> None:
    """By the source on integers."""
    [claim] = [claim for claim in CLAIMS if claim.id == name]
    tried = [claim.false_at(SOURCE, numbers) for numbers in numbered(claim, SOURCE, 2)]
    assert len(tried) > 3
    assert not any(tried)


def test_every_kernel_has_its_claims() -> None:
    """And the unknown one; with the number of taps grows the number of goals."""
    by_id: dict[str, Claim] = {claim.id: claim for claim in CLAIMS}
    assert set(by_id) == {
        *("options", "gather.view", "gather.any", "scatter.any"),
        *(f"{part}.{r}x{s}" for part in ("triples", "gather", "scatter") for r, s in KERNELS),
    }
    goals = [sum(len(goals) for _, goals in by_id[f"gather.{kernel}"].paths(SOURCE)) for kernel in ("1x1", "1x2", "3x3")]
    assert goals[0] < goals[1] < goals[2]
