"""Where last bits decide: ties and kinks of a reference of which nothing is known but its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import bent, code, codes, opaque


def _last_winner() -> Any:
    """A maximum over pairs that hands a tie to the second."""

    def backward(delta: Array, x: Array) -> Array:
        first = x[..., ::2] > x[..., 1::2]
        return np.stack([first * delta, ~first * delta], axis=-1).reshape(x.shape)

    return cnnbp.from_functions(lambda x: np.maximum(x[..., ::2], x[..., 1::2]), backward)


def test_conventions_at_ties_and_kinks_are_told_apart() -> None:
    """Another one than the reference's is left out by name; a slope of neither side fails; the same one is judged."""
    zero = np.array([[0.0, 1.0, -2.0, 3.0]])
    other = bent("ReLU", dx=lambda dx, a: dx + a.delta * (a.x == 0))
    neither = bent("ReLU", dx=lambda dx, a: dx + 17 * a.delta * (a.x == 0))
    tied = np.array([[[[1.0, 1.0, 2.0, 3.0, 5.0, 4.0]]]])
    for layer, x, like in (
        (other, zero, functional.relu),
        (_last_winner(), tied, lambda x: functional.max_pool2d(x, (1, 2))),
    ):
        verdict = cnnbp.verify(layer, x, like=like)
        assert verdict.passed, str(verdict)
        (dx,) = (e for e in verdict.evidence if e.quantity == "x")
        assert (code(dx), dx.left_out) == ("verification.last-bits-decide", 1 if x is zero else 2)
    assert codes(cnnbp.verify(neither, zero, like=functional.relu)) == ["verification.wrong-entry"]
    same = cnnbp.verify(opaque(cnnbp.ReLU()), np.zeros((2, 3)), like=torch.nn.LeakyReLU(0.0))
    assert all(e.left_out == 0 for e in same.evidence)
    assert cnnbp.verify(other, np.zeros((2, 3)), like=functional.relu).status == "inconclusive"


def _pool(window: int, shares: Callable[[Array], Array]) -> Any:
    """Max pooling over windows that do not overlap; of each, `shares` says what its winners get."""

    def backward(delta: Array, x: Array) -> Array:
        cells = x.reshape(len(x), -1, window)
        return np.asarray(shares(cells == cells.max(-1, keepdims=True)) * delta[..., None]).reshape(x.shape)

    return cnnbp.from_functions(lambda x: x.reshape(len(x), -1, window).max(-1), backward)


@pytest.mark.parametrize(
    ("window", "shares", "right"),
    [
        (6, lambda wins: wins / wins.sum(-1, keepdims=True), True),
        (6, lambda wins: wins & (np.cumsum(wins, -1) == wins.sum(-1, keepdims=True)), True),
        (2, lambda wins: wins * 1.0, False),
        (6, lambda wins: wins / wins.sum(-1, keepdims=True) ** 2, False),
    ],
)
def test_many_that_tie(window: int, shares: Any, right: bool) -> None:
    """Shares and the last winner are left out by name, in whatever window; what does not add up to the residual fails."""
    x = np.random.default_rng(0).integers(0, 3, (3, 4 * window)).astype(float)

    def like(x: Any) -> Any:
        return functional.max_pool1d(x[:, None], window)[:, 0]

    verdict = cnnbp.verify(_pool(window, shares), x, like=like)
    assert (verdict.status != "fail") is right, str(verdict)
    if right:
        assert "verification.last-bits-decide" in {code(e) for e in verdict.evidence if e.quantity == "x" and e.remark}
