"""Networks that are wrong in one line are refuted, at small numbers where their floats differ; a value is no convention."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnbp import Dense, Network, Sigmoid
from cnnbp.proof.network import prove_network

from .two_layers import DENSE, two_layers


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


def test_a_missing_gradient_is_refuted() -> None:
    proof = two_layers(LosesGradient)
    assert (proof.status, proof.remark.code if proof.remark else "") == ("refuted", "proof.missing")
    assert "refuted" in [claim.status for claim in proof.claims]


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


class StepsLess(Network):
    @staticmethod
    def sgd_step(params: Any, gradients: Any, learning_rate: Any = 1) -> Any:
        return Network.sgd_step(params, gradients, learning_rate)[:1]


def test_a_missing_parameter_refutes_the_step_alone() -> None:
    proof = two_layers(StepsLess)
    assert proof.status == "refuted"
    assert "sgd_step returned fewer" in proof.reason
    assert [claim.name for claim in proof.claims if claim.status == "refuted"] == ["update"]
