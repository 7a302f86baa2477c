"""Right networks are proved, in every order; what their floats do otherwise is told, and so is a wrong call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from cnnbp import Conv2d, Dense, Network, ReLU
from cnnbp.proof.network import prove_network

from .two_layers import two_layers


class RoundsFloats(Network):
    """Another code where it runs on floats."""

    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, gradients = super().loss_and_gradients(x, y, params, loss, weight_decay)
        return value if value.dtype == object else np.round(value), gradients


@dataclass(frozen=True)
class Doubled:
    """Nobody's layer but the user's."""

    def forward(self, x: Any) -> Any:
        return 2 * x

    def backward(self, delta: Any, x: Any) -> Any:
        return 2 * delta


def test_every_order_and_every_tie_is_walked() -> None:
    """Two entries before ReLU: 4 strict orders, for λ > 0, λ < 0 and λ = 0, there as a letter too, and 5 with a kink."""
    proof = prove_network(Network([Dense(), ReLU()]), (1, 1), [((2, 1), (2,)), ()])
    values = {s.code: dict(s.values) for s in proof.scope}
    assert proof
    assert values["proof.scope.orders"]["paths"] == 12
    assert values["proof.scope.update-at-ties"]["ties"] == 9
    assert proof.paths == 21


def test_another_code_for_floats_is_refuted() -> None:
    proof = two_layers(RoundsFloats)
    assert proof.remark is not None
    assert (proof.status, proof.remark.code) == ("refuted", "proof.wrong-floats")


def test_a_layer_of_ones_own_is_held_against_its_own_forward() -> None:
    proof = two_layers(Network, Doubled())
    assert proof
    assert "loss" not in [c.name for c in proof.claims]


@pytest.mark.parametrize("layer", [Doubled(), ReLU()])
def test_without_a_parameter_nothing_is_proved(layer: Any) -> None:
    proof = prove_network(Network([layer]), (1, 2), [()])
    assert proof.status == "abstains"
    assert "nothing was compared" in proof.reason


class Keeps(Network):
    """The gradients are of the numbers that it was asked of last but one."""

    last: Any = None

    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, gradients = super().loss_and_gradients(x, y, params, loss, weight_decay)
        kept, self.last = self.last, (x.dtype.kind, gradients)
        return value, kept[1] if kept and x.dtype.kind == kept[0] == "f" else gradients


class RaisesWhereLarge(Network):
    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        if x.dtype == float and abs(x).max() > 1:
            raise OverflowError("out of range")
        return super().loss_and_gradients(x, y, params, loss, weight_decay)


def test_what_floats_do_is_not_told_of_unknown_numbers() -> None:
    assert not two_layers(Keeps)
    raised = two_layers(RaisesWhereLarge)
    assert raised.status == "abstains"
    assert "on floats the layer raises OverflowError" in raised.reason


def test_too_much_abstains() -> None:
    proof = prove_network(Network([Dense()]), (1, 12), [((12, 12), (12,))])
    assert proof.status == "abstains"
    assert "unknown numbers" in proof.reason
    slow = prove_network(Network([Conv2d(), ReLU()]), (1, 1, 4, 4), [((1, 1, 2, 2), (1,)), ()], budget=0.05)
    assert slow.status == "abstains"
    assert "orders" in slow.reason


def test_wrong_calls_are_told() -> None:
    with pytest.raises(TypeError, match="network must have layers"):
        prove_network(Dense(), (1, 2), [((1, 2), (1,))])
    with pytest.raises(ValueError, match="one tuple a layer, 2, got 1"):
        prove_network(Network([Dense(), Dense()]), (1, 2), [((1, 2), (1,))])
    with pytest.raises(ValueError, match="target"):
        prove_network(Network([Dense()]), (1, 2), [((1, 2), (1,))], (1, 3))
