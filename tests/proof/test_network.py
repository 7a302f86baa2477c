"""Right networks are proved; networks that are wrong in one line are refuted, at small numbers where their floats differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from cnnbp import Conv2d, Dense, Network, ReLU, Sigmoid
from cnnbp.evidence.proof import Proof
from cnnbp.proof.network import prove_network

DENSE = ((1, 2), ((1, 2), (1,)), ((2, 1), (2,)))


def two_layers(kind: type[Network], middle: Any = None) -> Proof:
    """A dense layer, another one, and between them what is given."""
    x, first, second = DENSE
    layers = [Dense(), *([middle] if middle else []), Dense()]
    return prove_network(kind(layers), x, [first, *([()] if middle else []), second])


class DecaysBiases(Network):
    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, gradients = super().loss_and_gradients(x, y, params, loss, weight_decay)
        pairs = zip(gradients, params, strict=True)
        return value, [(g[0], g[1] + weight_decay * p[1]) for g, p in pairs]


class ForgetsDecay(Network):
    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, _ = super().loss_and_gradients(x, y, params, loss, weight_decay)
        return value, super().loss_and_gradients(x, y, params, loss)[1]


class DecayWithoutHalf(Network):
    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        return super().loss_and_gradients(x, y, params, loss, weight_decay * 2)


class Overwrites(Network):
    """The second layer's bias gradient stands where the first one's was."""

    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, gradients = super().loss_and_gradients(x, y, params, loss, weight_decay)
        return value, [(gradients[0][0], gradients[-1][1][:1]), *gradients[1:]]


class LosesGradient(Network):
    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, gradients = super().loss_and_gradients(x, y, params, loss, weight_decay)
        return value, gradients[:-1]


class Climbs(Network):
    @staticmethod
    def sgd_step(params: Any, gradients: Any, learning_rate: Any = 1) -> Any:
        return Network.sgd_step(params, gradients, -learning_rate)


class ForgetsRate(Network):
    @staticmethod
    def sgd_step(params: Any, gradients: Any, learning_rate: Any = 1) -> Any:
        return Network.sgd_step(params, gradients)


class WrongResidual(Network):
    """The first layer gets the second one's residual, where it should get what that hands down."""

    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, gradients = super().loss_and_gradients(x, y, params, loss, weight_decay)
        delta = (self.forward(x, params) - y)[:, :1] / len(x)
        dw, db = self.layers[0].backward(delta, x, *params[0])[1:]
        return value, [(dw + weight_decay * params[0][0], db), gradients[1]]


class SkipsALayer(Network):
    """Wrong in forward, and consistently so backward: only textbooks tell."""

    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, gradients = Network([self.layers[0], self.layers[2]]).loss_and_gradients(
            x, y, [params[0], params[2]], loss, weight_decay
        )
        return value, [gradients[0], (), gradients[1]]


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


WRONG = {
    DecaysBiases: ("loss-gradient", "db1"),
    ForgetsDecay: ("loss-gradient", "dw1"),
    DecayWithoutHalf: ("loss", "J"),
    Overwrites: ("loss-gradient", "db1"),
    WrongResidual: ("loss-gradient", "dw1"),
    Climbs: ("update", "w1"),
    ForgetsRate: ("update", "w1"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_line_is_refuted_at_small_integers(kind: type[Network]) -> None:
    """And the floats differ there."""
    claim, quantity = WRONG[kind]
    proof = two_layers(kind)
    seen = proof.witness
    assert proof.status == "refuted"
    assert [c.name for c in proof.claims if c.status == "refuted"] == [claim]
    assert seen is not None
    assert seen.quantity == quantity
    assert seen.actual != seen.expected
    given = {name: np.array(value, float) for name, value in seen.arguments.items()}
    assert all(np.all(v == np.round(v)) and np.all(np.abs(v) < 20) for v in given.values())
    params = [(given["w1"], given["b1"]), (given["w2"], given["b2"])]
    arguments, lam = (given["x"], given["y"], params), float(given["lambda"])
    answers = {network: network([Dense(), Dense()]).loss_and_gradients(*arguments, weight_decay=lam) for network in (kind, Network)}
    found = {}
    for network, (value, gradients) in answers.items():
        stepped = network.sgd_step(params, gradients, float(given["alpha"]))
        every = {"J": value, "dw1": gradients[0][0], "db1": gradients[0][1], "w1": stepped[0][0]}
        found[network] = every[quantity][seen.index]
    assert found == {kind: seen.actual, Network: seen.expected}


def test_what_is_wrong_both_ways_is_told_by_the_textbook() -> None:
    proof = two_layers(SkipsALayer, Sigmoid())
    assert proof.status == "refuted"
    assert next((c.name, c.status) for c in proof.claims) == ("loss", "refuted")


def test_another_code_for_floats_is_refuted() -> None:
    proof = two_layers(RoundsFloats)
    assert proof.remark is not None
    assert (proof.status, proof.remark.code) == ("refuted", "proof.wrong-floats")


def test_a_missing_gradient_is_refuted() -> None:
    proof = two_layers(LosesGradient)
    assert (proof.status, proof.remark.code if proof.remark else "") == ("refuted", "proof.missing")
    assert "refuted" in [claim.status for claim in proof.claims]


def test_a_layer_of_ones_own_is_held_against_its_own_forward() -> None:
    proof = two_layers(Network, Doubled())
    assert proof
    assert "loss" not in [c.name for c in proof.claims]


class Elsewhere(Network):
    """Right but for J where something equals a number."""

    def __init__(self, layers: Any, where: Any) -> None:
        super().__init__(layers)
        self.where = where

    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, gradients = super().loss_and_gradients(x, y, params, loss, weight_decay)
        return np.where(self.where(x, y, weight_decay), value + 3, value), gradients


VALUES = {
    "y is 2": lambda x, y, decay: y[0, 0] == 2,
    "x is a third": lambda x, y, decay: x[0, 0] * 3 == 1,
    "x is y": lambda x, y, decay: x[0, 0] == y[0, 0],
    "λ is 1": lambda x, y, decay: decay == 1,
    "λ is 7.5": lambda x, y, decay: decay == 7.5,
    "λ is 0": lambda x, y, decay: decay == 0,
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_no_convention(name: str) -> None:
    """J, where something that is compared is equal: there too it is the textbook's."""
    proof = prove_network(Elsewhere([Dense(), Dense()], VALUES[name]), DENSE[0], DENSE[1:])
    assert proof.status == "refuted"
    assert proof.witness is not None
    assert proof.witness.actual == pytest.approx(proof.witness.expected + 3)
    assert prove_network(Elsewhere([Dense()], lambda x, y, decay: np.False_ & (y[0, 0] == 2)), (1, 2), [((1, 2), (1,))])


def test_an_identity_that_nobody_named_is_not_proved() -> None:
    hidden = Elsewhere([Dense()], lambda x, y, decay: np.log(x * x)[0, 0] == 2 * np.log(np.abs(x))[0, 0])
    proof = prove_network(hidden, (1, 2), [((1, 2), (1,))])
    assert not proof
    assert proof.status == "refuted" or "no order that was walked" in proof.reason


@pytest.mark.parametrize("layer", [Doubled(), ReLU()])
def test_without_a_parameter_nothing_is_proved(layer: Any) -> None:
    proof = prove_network(Network([layer]), (1, 2), [()])
    assert proof.status == "abstains"
    assert "nothing was compared" in proof.reason


class StepsLess(Network):
    @staticmethod
    def sgd_step(params: Any, gradients: Any, learning_rate: Any = 1) -> Any:
        return Network.sgd_step(params, gradients, learning_rate)[:1]


def test_a_missing_parameter_refutes_the_step_alone() -> None:
    proof = two_layers(StepsLess)
    assert proof.status == "refuted"
    assert "sgd_step returned fewer" in proof.reason
    assert [claim.name for claim in proof.claims if claim.status == "refuted"] == ["update"]


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
