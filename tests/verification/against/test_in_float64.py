"""In a low precision, without a record: no more is settled there than in float64, whose answers are the reference."""

from __future__ import annotations

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import gaussian

X, W = gaussian((5, 6), (4, 6))


def forward(x: Array, w: Array) -> Array:
    return np.asarray(np.maximum(x @ w.T, 0))


def backward(delta: Array, x: Array, w: Array, times: float) -> tuple[Array, Array]:
    delta = delta * (x @ w.T > 0)
    return delta @ w, (times * (delta.T @ x)).astype(w.dtype)


@pytest.mark.parametrize(("times", "status"), [(1.0, "pass"), (1.001, "inconclusive"), (1.01, "fail")])
def test_what_differences_cannot_settle_stays_unsettled(times: float, status: str) -> None:
    """Off by a thousandth, as an iteration that stops early is: the same in float64 and beside it, whatever agrees with itself."""
    layer = cnnbp.from_functions(forward, lambda delta, x, w: backward(delta, x, w, times))
    found = [cnnbp.verify(layer, X, W, dtype=asked) for asked in (None, "float32")]
    assert [verdict.status for verdict in found] == [status, status], str(found[1])
    if status == "inconclusive":
        assert {(item.quantity, item.status) for item in found[1].evidence if item.quantity == "w"} == {("w", "abstain")}
