"""Modules as they were built: in double precision, at their own parameters, whatever state they keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from tests.helpers.layers import code, codes, gaussian

IMAGE = gaussian((2, 3, 6, 5))[0]
X = gaussian((3, 4))[0]


def _seeded(make: Callable[[], Any]) -> Any:
    torch.manual_seed(0)
    return make()


MODULES: dict[str, tuple[Callable[[], Any], Any, Any]] = {
    "BatchNorm2d": (lambda: torch.nn.BatchNorm2d(3), IMAGE, cnnbp.BatchNorm2d()),
    "BatchNorm2d, evaluated": (lambda: torch.nn.BatchNorm2d(3).eval(), IMAGE, None),
    "Conv2d": (lambda: torch.nn.Conv2d(3, 4, 2, stride=2), IMAGE, cnnbp.Conv2d(stride=2)),
    "Linear": (lambda: torch.nn.Linear(4, 2), X, cnnbp.Dense()),
    "Sequential": (lambda: torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.LayerNorm(3)), X, None),
    "Sequential, of itself": (lambda: torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.GELU()), X, "itself"),
}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_as_built_is_judged_in_double_precision(name: str) -> None:
    """And the verdict says so; with from_torch or without."""
    make, x, like = MODULES[name]
    module = _seeded(make)
    for layer in (module, cnnbp.from_torch(module)):
        verdict = cnnbp.verify(layer, x, like=make() if like == "itself" else like)
        assert verdict.passed, str(verdict)
        assert verdict.layer == type(module).__name__
        assert "contract.double-copy" in {code(e) for e in verdict.evidence}
        assert len(verdict.shapes) == 1 + len(list(module.parameters()))
    assert all(p.dtype == torch.float32 for p in module.parameters())


def test_what_is_in_double_precision_is_judged_itself() -> None:
    """No copy is spoken of."""
    verdict = cnnbp.verify(torch.nn.Linear(4, 2).double(), X, like=cnnbp.Dense())
    assert verdict.passed
    assert "contract.double-copy" not in {code(e) for e in verdict.evidence}


def test_running_statistics_stay() -> None:
    """They are no state between calls, neither of the module nor of its copy."""
    module = torch.nn.BatchNorm2d(3).double()
    assert cnnbp.verify(module, IMAGE).passed
    assert torch.equal(module.running_mean, torch.zeros(3, dtype=torch.float64))
    assert module.num_batches_tracked == 0


class Detached(torch.nn.Module):
    """Forgets that its mean depends on x."""

    def forward(self, x: Any) -> Any:
        return x - x.mean(0).detach()


class OfInteger(torch.nn.Module):
    def forward(self, x: Any) -> Any:
        return (x * 3).detach()


def test_wrong_modules_fail() -> None:
    """By differences of their own forward, and by a reference."""
    for like in (None, lambda x: x - x.mean(0)):
        verdict = cnnbp.verify(Detached(), X, like=like)
        assert verdict.status == "fail"
    assert codes(cnnbp.verify(OfInteger(), X)) == ["contract.raises"]
    assert "is not differentiable" in str(cnnbp.verify(OfInteger(), X))


@pytest.mark.parametrize("make", [torch.nn.Dropout, lambda: torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout())])
def test_dropout_is_told_that_it_is_random(make: Callable[[], Any]) -> None:
    """In one sentence, with what to do; without it in evaluation."""
    verdict = cnnbp.verify(_seeded(make), X)
    assert codes(verdict) == ["contract.random-global"]
    assert "fix the mask or the seed" in str(verdict)
    assert cnnbp.verify(_seeded(make).eval(), X).passed


def test_inputs_and_parameters_are_told_apart() -> None:
    """Two inputs, then the parameters; a loss with labels; too few arrays."""
    torch.manual_seed(0)
    two = torch.nn.Bilinear(4, 2, 3)
    x, z = gaussian((3, 4), (3, 2))
    own = [p.detach().numpy().astype(float) for p in two.parameters()]
    verdict = cnnbp.verify(two, x, z, *own)
    assert verdict.passed, str(verdict)
    assert list(verdict.shapes) == ["input1", "input2", "weight", "bias"]
    assert cnnbp.verify(torch.nn.CrossEntropyLoss(), X, np.array([1, 0, 3]), like=cnnbp.SoftmaxCrossEntropy()).passed
    assert codes(cnnbp.verify(two, x, z)) == ["contract.raises"]


def test_a_class_is_refused_with_the_way_out() -> None:
    """As a module, and as a Function."""
    with pytest.raises(TypeError, match=r"^fn must be callable with arrays, got the class ReLU: hand over ReLU"):
        cnnbp.from_torch(torch.nn.ReLU)
    with pytest.raises(TypeError, match=r"got the class Function: hand over Function\.apply"):
        cnnbp.from_torch(torch.autograd.Function)
    with pytest.raises(TypeError, match=r"^layer must be an object, got the class ReLU"):
        cnnbp.verify(torch.nn.ReLU, X)
