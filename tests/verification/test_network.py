"""A whole network at one batch: right gradients pass, any wrong layer or update shows, and kinks fail nobody."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.faults.catalogue import distort
from cnnbp.layers.checks import Array
from cnnbp.verification.network import DIRECTIONS, residuals, verify_network
from cnnbp.verification.verify import verify
from tests.helpers.layers import gaussian


def _network(conv: Any = None, activation: Any = None, pool: Any = None) -> cnnbp.Network:
    layers = [
        conv or cnnbp.Conv2d(padding=1, out_channels=3, kernel_size=3),
        activation or cnnbp.Sigmoid(),
        pool or cnnbp.AvgPool2d(2),
        cnnbp.Flatten(),
        cnnbp.Dense(out_features=2),
        cnnbp.Tanh(),
    ]
    return cnnbp.Network(layers)


def _case(network: cnnbp.Network, seed: int = 1) -> tuple[Array, Array, Any]:
    x, y = gaussian((3, 2, 6, 4), (3, 2), seed=seed)
    return x, y, network.init((2, 6, 4), np.random.default_rng(seed), std=0.5)


NETWORKS = {
    "smooth": {},
    "max pooling": {"pool": cnnbp.MaxPool2d(2)},
    "ReLU": {"activation": cnnbp.ReLU(), "pool": cnnbp.MaxPool2d(2)},
    "softplus": {"activation": cnnbp.Softplus()},
    "strided": {
        "conv": cnnbp.Conv2d(stride=2, padding=(1, 2), dilation=(1, 2), out_channels=3, kernel_size=(2, 3)),
        "pool": cnnbp.AvgPool2d(2, 1),
    },
    "transposed": {"conv": cnnbp.ConvTranspose2d(padding=1, out_channels=3, kernel_size=3)},
}


@pytest.mark.parametrize(("seed", "weight_decay"), [(0, 0.0), (1, 0.1)])
@pytest.mark.parametrize("name", NETWORKS)
def test_right_networks_pass(name: str, seed: int, weight_decay: float) -> None:
    """Loss and gradient agree with PyTorch, the masked network and the differences of the loss, in every parameter."""
    network = _network(**NETWORKS[name])
    verdict = verify_network(network, *_case(network, seed), weight_decay=weight_decay, seed=seed)
    assert verdict.passed, str(verdict)
    for oracle in ("masked_dense", "autograd"):
        assert {e.quantity for e in verdict.evidence if e.oracle == oracle} == {"J", "w1", "b1", "w5", "b5"}
    assert sum(e.oracle == "finite_difference" for e in verdict.evidence) == DIRECTIONS


def test_a_network_with_leaky_relu_passes() -> None:
    """Every elementwise layer of ours may stand in a network."""
    network = _network(activation=cnnbp.LeakyReLU(0.1))
    assert verify_network(network, *_case(network)).passed


class _Wrong(cnnbp.Network):
    """A network whose gradient or loss is bent."""

    def __init__(self, layers: Any, bend: Any) -> None:
        super().__init__(layers)
        self.bend = bend

    def loss_and_gradients(self, x: Array, y: Array, params: Any, **options: Any) -> Any:
        return self.bend(*super().loss_and_gradients(x, y, params, **options), params)


def _dense_weights(gradients: Any, change: Any) -> Any:
    dw, db = gradients[4]
    return [*gradients[:4], (change(dw), db), *gradients[5:]]


BENDS = {
    "loss without its half": (lambda loss, g, _: (2 * loss, g), {"J"}),
    "one millionth": (lambda loss, g, _: (loss, _dense_weights(g, lambda dw: dw * (1 + 1e-6))), {"w5"}),
    "decay of biases": (lambda loss, g, p: (loss, [*g[:4], (g[4][0], g[4][1] + 0.1 * (p[4][1] + 1)), *g[5:]]), {"b5"}),
    "sign": (lambda loss, g, _: (loss, [tuple(-v for v in layer) for layer in g]), {"w1", "b1", "w5", "b5"}),
}


@pytest.mark.parametrize("name", BENDS)
def test_wrong_gradients_fail_by_name(name: str) -> None:
    """Both oracles name exactly the quantities that are wrong."""
    bend, quantities = BENDS[name]
    network = _Wrong(_network().layers, bend)
    verdict = verify_network(network, *_case(network), weight_decay=0.1)
    assert verdict.status == "fail"
    failed = {e.quantity for e in verdict.evidence if e.status == "fail" and e.oracle != "finite_difference"}
    assert {said.values["quantity"] for said in verdict.wrong} == failed
    assert ("the loss J is wrong" in str(verdict)) == ("J" in quantities)
    for oracle in ("masked_dense", "autograd"):
        assert {e.quantity for e in verdict.evidence if e.oracle == oracle and e.status == "fail"} == quantities


def test_differences_see_a_wrong_sign_without_the_oracles() -> None:
    """Four directions through all parameters at once are enough for a gradient that points uphill."""
    bend, _ = BENDS["sign"]
    network = _Wrong(_network().layers, bend)
    found = [e for e in verify_network(network, *_case(network)).evidence if e.oracle == "finite_difference"]
    assert {e.status for e in found} == {"fail"}
    assert {e.kind for e in found} == {"estimated"}


def test_a_sign_within_rounding_is_named() -> None:
    """0.1 + 0.2 − 0.3 is 0 or 5·10⁻¹⁷: on which side of the kink the network stands nobody can say. The verdict says so."""
    network = cnnbp.Network([cnnbp.Dense(out_features=1), cnnbp.ReLU()])
    verdict = verify_network(network, np.ones((1, 3)), np.ones((1, 1)), [(np.array([[0.1, 0.2, -0.3]]), np.zeros(1)), ()])
    assert verdict.status != "fail"
    said = next(item.remark for item in verdict.evidence if item.quantity == "J")
    assert said is not None
    assert (said.code, said.values) == ("verification.uncertified", {"signs": 1})
    assert {e.status for e in verdict.evidence if e.oracle == "finite_difference"} == {"abstain"}


def test_mistakes_of_the_caller_are_refused() -> None:
    """Input that the network refuses is a ValueError."""
    network = _network()
    x, y, params = _case(network)
    with pytest.raises(ValueError, match="x must have"):
        verify_network(network, x[:, :1], y, params)


def test_same_seed_same_verdict() -> None:
    """All evidence is repeated to the last digit."""
    network = _network()
    assert verify_network(network, *_case(network), seed=2) == verify_network(network, *_case(network), seed=2)


def test_residuals_meet_each_layer_inside_the_network() -> None:
    """Each layer is a question of its own, at its activations, with the δ that comes from above; and each passes."""
    network = _network()
    x, y, params = _case(network)
    asked = list(residuals(network, x, y, params))
    assert [layer for layer, _ in asked] == list(network.layers)
    assert [q.operator.name for _, q in asked] == ["Conv2d", "Sigmoid", "AvgPool2d", "Flatten", "Dense", "Tanh"]
    assert np.array_equal(asked[-1][1].delta, (network.forward(x, params) - y) / 3)
    _, gradients = network.loss_and_gradients(x, y, params)
    layer, first = asked[0]
    dw = layer.backward(first.delta, *first.args)[1]
    assert np.allclose(dw, gradients[0][0], rtol=1e-12, atol=0)
    assert all(verify(layer, *q.args, delta=q.delta).passed for layer, q in asked)


def test_a_network_of_a_wrong_layer_is_not_ours_to_judge() -> None:
    """Only reference layers have a masked form: a user's layer inside is refused, not skipped."""
    network = _network(activation=distort(cnnbp.Sigmoid)())
    with pytest.raises(TypeError, match="cnnbp's layers"):
        verify_network(network, *_case(network))


class Claiming(cnnbp.Network):
    """A network that answers with whatever `claim` makes of the right answer."""

    def __init__(self, layers: Any, claim: Any) -> None:
        super().__init__(layers)
        self._claim = claim

    def loss_and_gradients(self, *args: Any, **options: Any) -> Any:
        return self._claim(*super().loss_and_gradients(*args, **options))


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (lambda loss, gradients: loss, "network-pair"),
        (lambda loss, gradients: (loss, gradients[:-1]), "network-layers"),
        (lambda loss, gradients: (loss, None), "network-layers"),
        (lambda loss, gradients: (loss, [g[:1] for g in gradients]), "network-gradients"),
        (lambda loss, gradients: (loss, [tuple(a.T[..., :1] for a in g) for g in gradients]), "network-shape"),
        (lambda loss, gradients: (np.ones(3), gradients), "network-shape"),
        (lambda loss, gradients: (loss, [("no", "numbers") if g else () for g in gradients]), "network-no-array"),
    ],
)
def test_an_answer_of_the_wrong_form_fails_with_its_name(claim: Any, code: str) -> None:
    """Gradients of the wrong number or shape are a verdict, not an exception."""
    network = Claiming(_network().layers, claim)
    verdict = verify_network(network, *_case(network))
    assert verdict.status == "fail"
    assert [told.code for told in verdict.wrong] == [f"contract.{code}"]
    assert "the network breaks its contract" in str(verdict)


def test_right_gradients_as_lists_and_bare_arrays_pass() -> None:
    """The form is that of numbers, not of tuples."""
    network = Claiming(_network().layers, lambda loss, gradients: [float(loss), [list(g) for g in gradients]])
    assert verify_network(network, *_case(network)).passed
