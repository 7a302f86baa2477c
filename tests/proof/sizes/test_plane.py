"""The plane: its taps, its shapes, and what the source then calls."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest

from cnnbp.proof.sizes import line
from cnnbp.proof.sizes.claims import Goals
from cnnbp.proof.sizes.kernel import Path
from cnnbp.proof.sizes.opaque import DTYPE
from cnnbp.proof.sizes.plane import AT, LEADING, Kernel, Plane
from cnnbp.proof.sizes.slices import same
from cnnbp.proof.sizes.source import Source, text


def on_unknowns(kernel: Kernel) -> tuple[Plane, SimpleNamespace, Source]:
    """A plane of which no size is known."""
    names = [*line.sizes("kernel"), *line.tap_unknowns(kernel), "outputs_h", "outputs_w", "tap_h", "tap_w", *LEADING, *AT]
    path, source = Path([]), Source(text())
    u = SimpleNamespace(**{name: path.unknown(name) for name in names})
    return Plane(source, u, Goals(), kernel, (False, True)), u, source


def test_the_taps_of_a_kernel() -> None:
    """All of one that is known, row by row; any one of one that is not."""
    assert on_unknowns((2, 3))[0].taps == [*product(range(2), range(3))]
    plane, u, _ = on_unknowns(None)
    assert plane.taps == [(u.tap_h, u.tap_w)]


def test_what_the_source_calls() -> None:
    """NumPy is the model; the axes answer what was put in their place."""
    plane, u, source = on_unknowns((1, 2))
    assert source.names["np"] is plane.numpy
    assert source.names["enumerate"] == plane.numpy.enumerate
    with pytest.raises(TypeError, match="how many axes an array has"):
        source.names["len"]((1, 2))
    assert (plane.T.rows.inside, plane.T.columns.inside) == (False, True)
    assert plane.T.output_shape == (u.outputs_h, u.outputs_w)
    assert [len(axis.taps) for axis in (plane.T.rows, plane.T.columns)] == [1, 2]


@pytest.mark.parametrize("kernel", [(2, 3), None])
def test_shapes(kernel: Kernel) -> None:
    """(…, c, h, w) and (…, c·t, o)"""
    plane, u, _ = on_unknowns(kernel)
    taps = 6 if kernel else u.kernel_h * u.kernel_w
    leading = [u.groups] if kernel else [u.samples, u.groups]
    windows, x = (*leading, u.channels * taps, u.outputs_h * u.outputs_w), (*leading, u.channels, u.size_h, u.size_w)
    assert (len(plane.windows_shape), len(plane.x_shape)) == (len(windows), len(x))
    assert all(map(same, plane.windows_shape, windows))
    assert all(map(same, plane.x_shape, x))
    array = plane.numpy.zeros(plane.x_shape, DTYPE)
    plane.shaped(array, plane.x_shape)
    assert {goal.shows if isinstance(goal.shows, int) else str(goal.shows.terms) for goal in plane.g} == {0, "{}"}
    plane.shaped(array, plane.x_shape[1:])
    assert -1 in [goal.shows for goal in plane.g if isinstance(goal.shows, int)]
