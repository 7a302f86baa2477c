"""Without a reference: what nobody was asked about is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import against, gaussian


def test_what_is_not_asked_is_said() -> None:
    """Without a reference: between which numbers x lies, or on which side of 0."""
    x, layer = np.array([[-2.5, 1.0, 3.0]]), cnnbp.from_functions(lambda x: 2 * x, lambda d, x: 2 * d)
    said = {e.remark.code: e.remark.values for e in cnnbp.verify(layer, x).evidence if e.remark}
    assert said["verification.no-reference-between"] == {"least": -2.5, "most": 3.0}
    said = {e.remark.code: e.remark.values for e in cnnbp.verify(layer, np.abs(x)).evidence if e.remark}
    assert said["verification.no-reference-one-side"] == {"sign": "<"}


def test_another_shape_at_the_second_call() -> None:
    """It is told as what it is, and nothing is raised."""

    class Shrinking:
        asked = 0

        def forward(self, x: Array) -> Array:
            self.asked += 1
            return np.tanh(x if self.asked == 1 else x[:1])

        def backward(self, delta: Array, x: Array) -> Array:
            return np.asarray(delta * (1 - np.tanh(x) ** 2))

    verdict = cnnbp.verify(Shrinking(), np.arange(12.0).reshape(3, 4) / 8)
    assert (verdict.status, against(verdict)) == ("fail", {"repeats"})
    assert "differently when asked twice (the forward value y moves)" in str(verdict)


class Lazy:
    """x·wᵀ, made ready in the first call of all, which answers for nothing."""

    def __init__(self) -> None:
        self.ready = False

    def forward(self, x: Array, w: Array) -> Array:
        y = x @ w.T
        if not self.ready:
            self.ready = True
            return np.full_like(y, np.nan)
        return np.asarray(y)

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, Array]:
        return delta @ w, delta.T @ x


class Stale:
    """x·wᵀ, whose backward has kept the w that the layer was made with."""

    def __init__(self, w: Array) -> None:
        self.w = w.copy()

    def forward(self, x: Array, w: Array) -> Array:
        return np.asarray(x @ w.T)

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, Array]:
        return delta @ self.w, delta.T @ x


@pytest.mark.parametrize("like", [None, cnnbp.Dense()])
def test_the_very_first_call_counts(like: Any) -> None:
    """Alone it is told as an answer that does not repeat itself."""
    x, w = gaussian((3, 4), (5, 4))
    verdict = cnnbp.verify(Lazy(), x, w, like=like)
    assert verdict.status == "fail"
    if like is None:
        assert against(verdict) == {"repeats"}
        assert "the very first call of all" in str(verdict)


def test_what_is_waived_is_waived_there_too() -> None:
    """By name: the first call of a layer that makes itself ready in it, or what it answers to other numbers."""
    x, w = gaussian((3, 4), (5, 4))
    for layer, point in ((Lazy(), "repeats"), (Stale(w), "other-inputs")):
        verdict = cnnbp.verify(layer, x, w, waive=point)
        assert verdict.passed, str(verdict)
        assert [e.status for e in verdict.evidence if e.quantity == point] == ["abstain"]


@pytest.mark.parametrize("like", [None, cnnbp.Dense()])
def test_a_backward_for_other_weights_is_wrong_at_others(like: Any) -> None:
    """A copy of the layer has kept them as well: differences at other weights see it."""
    x, w = gaussian((3, 4), (5, 4))
    verdict = cnnbp.verify(Stale(w), x, w, like=like)
    assert verdict.status == "fail"
    if like is None:
        assert against(verdict) == {"other-inputs"}
    assert cnnbp.verify(cnnbp.from_functions(cnnbp.Dense().forward, cnnbp.Dense().backward), x, w).passed
