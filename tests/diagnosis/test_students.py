"""Wrong layers as they are written by hand, told by their cause; each beside its right form, which is told nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import gaussian

pytestmark = pytest.mark.usefixtures("methods_alone")

Slope = Callable[[Array, Array], Array]


class Bent:
    """ReLU, or with a slope below 0 a leaky one, and a backward of one line."""

    def __init__(self, backward: Slope, below: float = 0.0) -> None:
        self.gradient, self.below = backward, below

    def forward(self, x: Array) -> Array:
        return np.where(x > 0, x, self.below * x)

    def backward(self, delta: Array, x: Array) -> Array:
        return self.gradient(delta, x)


@pytest.mark.parametrize(
    ("backward", "below", "code"),
    [
        (lambda delta, x: delta * (delta > 0), 0.0, "side-from-residual"),
        (lambda delta, x: delta * (delta > 0) * (x > 0), 0.0, "negative-residual-lost"),
        (lambda delta, x: delta * (x > 0), 0.0, None),
        (lambda delta, x: delta * np.where(delta > 0, 1, 0.5), 0.5, "side-from-residual"),
        (lambda delta, x: delta * np.where(x > 0, 1, 0.5), 0.5, None),
    ],
)
def test_the_mask_of_the_residual(backward: Slope, below: float, code: str | None) -> None:
    like = cnnbp.LeakyReLU(below) if below else cnnbp.ReLU()
    verdict = cnnbp.verify(Bent(backward, below), *gaussian((3, 4)), like=like)
    assert [cause.what.code for cause in verdict.diagnosis] == ([f"diagnosis.cause.{code}"] if code else [])
    assert verdict.passed == (code is None)


STRIDE = (2, 3)


class Windows:
    """A convolution whose weight gradient reads its windows at strides of its own, as far as there are any."""

    def __init__(self, stride: tuple[int, int]) -> None:
        self.stride = stride

    def forward(self, x: Array, w: Array) -> Array:
        return cnnbp.Conv2d(stride=STRIDE).forward(x, w)

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, Array]:
        dx, _ = cnnbp.Conv2d(stride=STRIDE).backward(delta, x, w)
        seen = sliding_window_view(x, w.shape[2:], (2, 3))[:, :, :: self.stride[0], :: self.stride[1]]
        p, q = (min(sizes) for sizes in zip(seen.shape[2:4], delta.shape[2:], strict=True))
        return dx, np.einsum("nkpq,ncpqrs->kcrs", delta[:, :, :p, :q], seen[:, :, :p, :q])


@pytest.mark.parametrize(("stride", "codes"), [(STRIDE[::-1], ["diagnosis.cause.stride-axes-exchanged"]), (STRIDE, [])])
@pytest.mark.parametrize("cells", [(9, 11), (10, 12), (7, 7)])
def test_windows_at_the_stride_of_the_other_axis(stride: tuple[int, int], codes: list[str], cells: tuple[int, int]) -> None:
    """Those that overrun the input are left out, and not cut off."""
    layer: Any = Windows(stride)
    verdict = cnnbp.verify(layer, *gaussian((2, 3, *cells), (4, 3, 3, 2)), like=cnnbp.Conv2d(stride=STRIDE))
    assert [cause.what.code for cause in verdict.diagnosis] == codes
    assert verdict.passed == (not codes)
