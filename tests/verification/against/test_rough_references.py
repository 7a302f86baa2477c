"""References that are less exact than the layer, or round less: no right layer fails, and wrong slopes still do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import cnnbp
from cnnbp.layers.checks import Array

OFF = 1e-6


class Softplus:
    """log(1 + eˣ) as it stands in a book."""

    def __init__(self, slope: float = 1.0) -> None:
        self.slope = slope

    def forward(self, x: Array) -> Array:
        return np.log1p(np.exp(x))

    def backward(self, delta: Array, x: Array) -> Array:
        return self.slope * delta / (1 + np.exp(-x))


@pytest.mark.parametrize(
    ("like", "around"),
    [
        *((functional.softplus, around) for around in (15.0, 21.0, 25.0, 33.0, 60.0)),
        *((like, around) for like in (torch.nn.Softplus(), lambda x: functional.softplus(x) + 0.0) for around in (15.0, 25.0)),
    ],
)
def test_softplus_beyond_the_threshold_of_pytorch(like: Any, around: float) -> None:
    """PyTorch answers x there, which is off by e⁻ˣ; the layer is right, and told of the short cut; a wrong slope is not hidden."""
    x = around + np.random.default_rng(3).uniform(0, 1, (3, 4))
    verdict = cnnbp.verify(Softplus(), x, like=like)
    assert verdict.passed
    assert ("short cut" in str(verdict)) == (around in (21.0, 25.0))
    assert cnnbp.verify(Softplus(1 + OFF), x, like=like).status == "fail"


def test_the_short_cut_itself_passes() -> None:
    """Whoever takes it is not failed by it, and it is asked for where an answer differs alone."""
    x = 25 + np.random.default_rng(0).normal(size=(3, 4))
    assert "short cut" not in str(cnnbp.verify(cnnbp.from_torch(functional.softplus), x, like=functional.softplus))


class LogSpace:
    """Softmax and cross-entropy by exp(x − log Σ exp(x)), which carries the last bits of x."""

    def __init__(self, slope: float = 1.0) -> None:
        self.slope = slope

    def _log_sum(self, x: Array) -> Array:
        most = x.max(1)
        return np.asarray(most + np.log(np.exp(x - most[:, None]).sum(1)))

    def forward(self, x: Array, target: Array) -> Array:
        return np.asarray((self._log_sum(x) - x[np.arange(len(x)), target]).mean())

    def backward(self, delta: Array, x: Array, target: Array) -> tuple[Array]:
        p = np.exp(x - self._log_sum(x)[:, None])
        p[np.arange(len(x)), target] -= 1
        return (self.slope * delta * p / len(x),)


@pytest.mark.parametrize("seed", [10, 13, 18])
def test_log_space_at_large_logits(seed: int) -> None:
    """Off by the last bits of the logits, which is no fault, and is said; a wrong slope there is seen."""
    rng = np.random.default_rng(seed)
    x, target = 1000 * rng.normal(size=(4, 5)), rng.integers(0, 5, 4)
    verdict = cnnbp.verify(LogSpace(), x, target, like=functional.cross_entropy)
    assert verdict.status == "inconclusive"
    assert "last bits of arguments as large as these" in str(verdict)
    assert cnnbp.verify(LogSpace(1 + OFF), x, target, like=functional.cross_entropy).status == "fail"
    assert cnnbp.verify(LogSpace(), x / 1000, target, like=functional.cross_entropy).passed


def test_the_noise_of_numbers_whose_squares_are_nothing() -> None:
    """Entries of 1e-250 carry the roundings of the logits, as all others do."""
    x, target = np.array([[0.0, -574.3, 1.0], [3.0, 0.1, -571.7]]), np.array([0, 1])
    assert cnnbp.verify(LogSpace(), x, target, like=functional.cross_entropy).passed
    assert cnnbp.verify(LogSpace(1 + OFF), x, target, like=functional.cross_entropy).status == "fail"
