"""Every small geometry is listed once, and a layer that is wrong at one of them is found there."""

from __future__ import annotations

from typing import Any

import pytest

from cnnbp import Conv2d
from cnnbp.proof import catalogue
from cnnbp.proof.catalogue import PROOFS
from cnnbp.proof.grid import BITS, GRIDS, prove_slice

COUNTS = {"Conv2d": 1632, "ConvTranspose2d": 338, "AvgPool2d": 246}
EVERY = {"Conv2d": 163, "ConvTranspose2d": 67, "AvgPool2d": 40}  # of them is proved here


def fits(n: int, k: int, s: int, p: int, d: int) -> bool:
    """A window lies inside, by counting cells."""
    return any(start + d * (k - 1) < n + p for start in range(-p, n + p))


def test_the_geometries_are_all_of_them() -> None:
    every = {
        (n, k, s, p, d)
        for n in range(1, 10) for k in range(1, 6) for s in range(1, 5) for d in range(1, 4) for p in range(k + 1)
        if fits(n, k, s, p, d)
    }  # fmt: skip
    axes = GRIDS["Conv2d"].axes
    assert {axis[:5] for axis in axes} == every
    assert {name: len(grid.axes) for name, grid in GRIDS.items()} == COUNTS
    assert len(axes) == len(set(axes))


def test_each_geometry_stands_once_in_rows_and_once_in_columns() -> None:
    for grid in GRIDS.values():
        shapes = [tuple(s) for _, s in grid]
        assert len(shapes) == len(grid.axes)
    layers = [layer for layer, _ in GRIDS["Conv2d"]]
    rows, columns = (sorted((o.stride[a], o.padding[a], o.dilation[a]) for o in layers) for a in (0, 1))  # type: ignore[index]
    assert rows == columns


@pytest.mark.parametrize("name", GRIDS)
def test_a_slice_is_proved(name: str) -> None:
    found = prove_slice(name, 3, EVERY[name])
    assert found.shapes == len(range(3, COUNTS[name], EVERY[name]))
    assert found.products > 0
    assert found.failures == ()
    assert 0 < found.error < found.shapes * 2**-80
    assert prove_slice(name, 3, EVERY[name]) == found
    assert prove_slice(name, 4, EVERY[name]).digest != found.digest


def test_what_a_run_leaves_to_chance_in_all() -> None:
    """Less than 2⁻⁶⁴: the float64 of every geometry, and float64 and float32 of every layer at its shape."""
    assert sum(COUNTS.values()) * 2.0**-BITS + 2 * len(PROOFS) * 2.0**-catalogue.BITS < 2.0**-64


class OnlyAtPaddingThree(Conv2d):
    """Loses a cell where the rows are padded by 3."""

    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        dx, *rest = super().backward(delta, x, w, b)
        if self.padding[0] == 3:  # type: ignore[index]
            dx = dx.copy()
            dx[..., 0, :] = 0 * dx[..., 0, :]
        return dx, *rest


def test_what_is_wrong_at_one_padding_is_found_there() -> None:
    found = prove_slice("Conv2d", 0, 101, layer_of=lambda o: OnlyAtPaddingThree(o.stride, o.padding, o.dilation, o.groups))
    assert found.failures
    assert {proof.status for proof in found.failures} == {"refuted"}
    assert found.shapes > len(found.failures)
