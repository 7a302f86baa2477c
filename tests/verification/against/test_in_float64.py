"""In a low precision, without a record: no more is settled there than in float64, whose answers are the reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import against, gaussian

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


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


class Softmax:
    """Right in float64, and in float32 but for one flaw."""

    def __init__(self, flaw: str) -> None:
        self.flaw, self.asked, self.kept = flaw, 0, {}  # type: ignore[var-annotated]  # by shape

    def forward(self, x: Array) -> Array:
        y = softmax(x)
        if self.flaw == "reads-only-inputs" and x.dtype == np.float32:
            x -= x.max(-1, keepdims=True)
        return y

    def backward(self, delta: Array, x: Array) -> Array:
        y, self.asked = softmax(x), self.asked + 1
        if x.dtype == np.float32:
            y = self.kept.setdefault(x.shape, y) if self.flaw == "other-inputs" else y
            delta = np.clip(delta, -5, 5) if self.flaw == "linear-multiples" else delta
            y = y * np.float32(1.01) if self.flaw == "repeats" and self.asked % 2 else y
        return np.asarray(y * (delta - (delta * y).sum(-1, keepdims=True)))


@pytest.mark.parametrize("like", [None, lambda x: x.softmax(-1)])
@pytest.mark.parametrize("flaw", ["", "reads-only-inputs", "other-inputs", "linear-multiples", "repeats"])
def test_the_contract_is_asked_in_the_precision_too(flaw: str, like: Any) -> None:
    """A layer that keeps it in float64 alone fails; each point is told once."""
    verdict = cnnbp.verify(Softmax(flaw), X, dtype="float32", like=like)
    assert verdict.status == ("fail" if flaw else "pass"), str(verdict)
    assert (flaw in against(verdict)) if flaw else not against(verdict)
    points = [item.quantity for item in verdict.evidence if item.kind == "contract"]
    assert len(points) == len(set(points))


@pytest.mark.parametrize("samples", [8, 16, 32])
def test_rounding_that_is_all_there_is_accuses_nobody(samples: int) -> None:
    """Batch normalisation of samples that are all alike is 0 but for rounding: layouts of such are asked about in float64 alone."""

    def forward(x: Array, g: Array, b: Array) -> Array:
        return np.asarray(g * (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5) + b)

    def slope(d: Array, x: Array, g: Array, b: Array) -> tuple[Array, Array, Array]:
        i = 1 / np.sqrt(x.var(0) + 1e-5)
        xh, dh = (x - x.mean(0)) * i, d * g
        return i * (dh - dh.mean(0) - xh * (dh * xh).mean(0)), (d * xh).sum(0), d.sum(0)

    for seed in range(3):
        x, g, b = gaussian((samples, 4), (4,), (4,), seed=seed)
        assert cnnbp.verify(cnnbp.from_functions(forward, slope), x, g, b, dtype="float32").status == "pass"
