"""The transposed convolution is drawn by the convolution that takes y back to x, and differs from it in nothing else."""

from __future__ import annotations

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import case


@pytest.mark.parametrize("number", range(30))
def test_forward_folds_and_backward_unfolds(number: int) -> None:
    """y of the transposed convolution is dx of the convolution, and its dx is that convolution's y, over drawn cases."""
    c = case("ConvTranspose2d", number)
    options = {name: value for name, value in c.options.items() if name != "output_padding"}
    conv, (x, w) = cnnbp.Conv2d(**options), c.args[:2]
    y, (dx, dw) = c.layer.forward(x, w), c.layer.backward(c.delta, x, w)[:2]
    there = conv.forward(c.delta, w)
    wide = np.zeros(there.shape)  # an output padding beyond the stride leaves room for windows that no cell of x stands for
    wide[:, :, : x.shape[2], : x.shape[3]] = x
    folded, gathered = conv.backward(wide, c.delta, w)
    _assert_close(y, folded, x, w)
    _assert_close(dx, there[:, :, : x.shape[2], : x.shape[3]], c.delta, w)
    _assert_close(dw, gathered, x, c.delta)


def _assert_close(actual: Array, expected: Array, *operands: Array) -> None:
    """But for the rounding of sums of their products."""
    scale = float(np.prod([np.max(np.abs(a)) for a in operands])) * max(a.size for a in operands)
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-15 * scale)


def test_what_the_stride_leaves_over_is_the_output_padding() -> None:
    """Whatever fits is drawn: no output padding as large as stride and dilation, and every size below."""
    drawn = [case("ConvTranspose2d", number) for number in range(300)]
    found = {(s, extra) for c in drawn for s, extra in _pairs(c.layer.stride, c.layer.output_padding)}
    assert found >= {(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)}
    assert all(extra < max(s, d) for c in drawn for s, d, extra in _pairs(c.layer.stride, c.layer.dilation, c.layer.output_padding))


def _pairs(*options: object) -> list[tuple[int, ...]]:
    return list(zip(*(o if isinstance(o, tuple) else (o, o) for o in options), strict=True))
