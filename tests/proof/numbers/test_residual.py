"""The residual may be multiplied, divided and negated: what tells residuals apart gets no bound."""

from __future__ import annotations

import flint
import numpy as np
import pytest

from cnnbp import Sigmoid
from cnnbp.proof.numbers import rounded
from cnnbp.proof.rounding import _bounded, rounding_bound

from ..bent_sigmoid import Bent

RESIDUALS = {
    "clipped": (lambda d, slope: np.minimum(d, 5.0) * slope, "residual"),
    "small ones lost": (lambda d, slope: np.where(np.abs(d) > 1e-300, d, 0) * slope, "residual"),
    "a sum": (lambda d, slope: (d + 1) * slope - slope, "residual"),
    "a square": (lambda d, slope: d * d / d * slope, "residual"),
    "nothing of it": (lambda d, slope: slope, "residual"),
    "overflows on the way": (lambda d, slope: 4 * d * slope / 4, "residual-grows"),
    "underflows on the way": (lambda d, slope: d * 0.25 * slope * 4, "residual-grows"),
}


@pytest.mark.parametrize("name", RESIDUALS)
def test_what_tells_residuals_apart_gets_no_bound(name: str) -> None:
    bend, said = RESIDUALS[name]
    found = rounding_bound(Bent(backward=bend), "dx", (-2.0, 2.0), like=Sigmoid())
    assert found.bound is None
    assert found.remark is not None
    assert found.remark.code == f"proof.{said}"


def test_multiples_of_the_residual_have_one() -> None:
    for bend in (lambda d, slope: slope * d, lambda d, slope: -(-d * (slope / 2)), lambda d, slope: d * 0.5 * slope / 2):
        layer = Bent(backward=bend)
        like = Sigmoid() if bend(8.0, 1.0) == 8 else None
        with flint.ctx.workprec(rounded.BITS):
            bound, _, why = _bounded(layer, "dx", (-2.0, 2.0), rounded.Functions(2.0))
        assert why is None
        assert bound is not None
        assert like is None or rounding_bound(layer, "dx", (-2.0, 2.0), like=like).holds
