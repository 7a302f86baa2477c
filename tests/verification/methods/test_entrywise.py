"""Entry by entry: for every oracle a layer that nobody else sees, silence that is named, and numbers that are hard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from cnnbp.oracles import autograd
from cnnbp.oracles.abstention import Abstention
from tests.helpers.layers import arguments, bent, case, code, on_integers, oracles_against, reference


def _clipped_elsewhere(y: Array, a: Any) -> Array:
    """Right wherever |x| is at most 4, and on integers; differences with steps as large as the data go further."""
    return y if on_integers(a) else a.layer.forward(np.clip(a.x, -4, 4), *a.params)


ONLY: dict[str, tuple[str, dict[str, Any], bool]] = {  # the oracle: a layer that no other sees, and whether without PyTorch
    "masked_dense": ("Conv2d", {"y": lambda y, _: y + 1}, True),
    "autograd": ("Sigmoid", {"y": lambda y, _: y + 0.001}, False),
    "complex_step": ("Tanh", {"dx": lambda dx, _: dx * (1 + 1e-12)}, True),
    "finite_difference": ("Dense", {"y": _clipped_elsewhere}, False),
}


@pytest.fixture
def without_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch is not installed."""

    def away(*_: Any) -> None:
        raise Abstention("oracles.no-torch")

    monkeypatch.setattr(autograd, "answer", away)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("oracle", ONLY)
def test_for_every_oracle_there_is_a_layer_that_only_it_sees(oracle: str, request: pytest.FixtureRequest) -> None:
    """Each oracle earns its keep: without it this layer would pass."""
    operator, bends, alone = ONLY[oracle]
    if alone:
        request.getfixturevalue("without_pytorch")
    x, *rest = arguments(operator)
    verdict = cnnbp.verify(bent(operator, **bends), 3.9 * x / np.abs(x).max(), *rest, like=reference(operator))
    assert verdict.status == "fail"
    assert oracles_against(verdict) == {oracle}


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.usefixtures("without_pytorch")
@pytest.mark.parametrize("operator", OPERATORS)
def test_right_layers_pass_without_pytorch(operator: str) -> None:
    """PyTorch's abstention is shown with its reason, and the others suffice."""
    verdicts = [cnnbp.verify(c.layer, *c.args, delta=c.delta) for c in (case(operator, i) for i in range(2))]
    assert all(v.status != "fail" for v in verdicts)
    said = [e for v in verdicts for e in v.evidence if e.oracle == "autograd" and e.at == "case"]
    assert said
    assert all(e.status == "abstain" and code(e) == "oracles.no-torch" for e in said)


@pytest.mark.parametrize(("size", "weight"), [(1e-300, 1.0), (1e-150, 1e-150), (1e-320, 1e-3)])
@pytest.mark.parametrize("residual", [1e-20, 1.0, 1e300])
def test_underflow_is_not_held_against_a_layer(size: float, weight: float, residual: float) -> None:
    """Products that underflow lose all their digits in any right layer."""
    rng = np.random.default_rng(3)
    x, w, delta = size * rng.normal(size=(3, 4)), weight * rng.normal(size=(2, 4)), residual * rng.normal(size=(3, 2))
    assert cnnbp.verify(cnnbp.Dense(), x, w, delta=delta).status != "fail"


def test_an_error_computed_from_its_parts_is_right() -> None:
    """x/n − target/n loses digits to the offset of both, as any conventional algorithm may."""
    like = cnnbp.HalfSquaredError()
    parts = cnnbp.from_functions(like.forward, lambda d, x, t: (d * (x / len(x) - t / len(x)),))
    rng = np.random.default_rng(0)
    x, target = 1e6 + rng.normal(size=(3, 4)), 1e6 + rng.normal(size=(3, 4))
    assert cnnbp.verify(parts, x, target, like=like).passed
