"""Multiples of a residual: over sixty binary orders, whatever precision the layer computes in, unless they would overflow."""

from __future__ import annotations

from typing import Any

import numpy as np

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import code, gaussian


def test_another_order_of_summation_is_no_breach() -> None:
    """BLAS may sum a Fortran-ordered product in another order: not bitwise the same, and right."""

    def reordered(delta: Array, x: Array, w: Array) -> tuple[Array, Array]:
        order = slice(None, None, -1) if w.flags.f_contiguous else slice(None)
        return sum(np.multiply.outer(d, v) for d, v in list(zip(delta.T, w, strict=True))[order]), delta.T @ x

    x, w, delta = gaussian((4, 9), (50, 9), (4, 50))
    layer = cnnbp.from_functions(cnnbp.Dense().forward, reordered)
    assert cnnbp.verify(layer, x, w, delta=delta, like=cnnbp.Dense()).passed
    assert not np.array_equal(reordered(delta, x, w)[0], reordered(delta, x, np.asfortranarray(w))[0])


def test_residuals_too_large_to_double_are_left_alone() -> None:
    """2·delta would overflow: the check abstains, and says so."""
    x, w, delta = gaussian((2, 3), (2, 3), (2, 2))
    items = cnnbp.verify(cnnbp.Dense(), x, w, delta=delta * 2.0**1001).evidence
    doubled = next(item for item in items if item.quantity == "linear-multiples")
    assert (doubled.status, code(doubled)) == ("abstain", "contract.would-overflow")


def test_ordinary_residuals_are_doubled_in_any_precision() -> None:
    """A layer that computes in float32 is asked at multiples of what float32 does not hold: nothing there overflows."""

    def single(function: Any) -> Any:
        return lambda *a: function(*(v.astype(np.float32) for v in a)).astype(float)

    layer = cnnbp.from_functions(single(np.tanh), single(lambda d, x: d * (1 - np.tanh(x) ** 2)))
    x, delta = gaussian((3, 4), (3, 4))
    found = cnnbp.verify(layer, x, delta=delta, like=cnnbp.Tanh()).evidence
    (doubled,) = (item for item in found if item.quantity == "linear-multiples")
    assert doubled.status == "pass"
