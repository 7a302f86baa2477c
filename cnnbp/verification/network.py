"""A whole network at one batch: the gradient of its loss before all oracles, with running error bounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..evidence import Evidence, Verdict, VerdictStatus, remark
from ..evidence.gathering import heard
from ..judge import compare
from ..layers import Layer, Network
from ..layers.network import Parameters
from ..operators import operator_of
from ..operators.record import Silent
from ..oracles import autograd, finite_difference, masked_network, noise, noisy_difference
from ..oracles.abstention import Abstention
from ..oracles.masked_network import Described
from ..rounding import Array, by_norm, promised
from .findings import abstain, reason, record, wrong
from .question import Question

DIRECTIONS = 4


@heard
def verify_network(network: Network, x: Array, y: Array, params: Parameters, weight_decay: float = 0.0, seed: int = 0) -> Verdict:
    """Whether `network.loss_and_gradients(x, y, params)` is right: the loss, and the gradient by every parameter.

    Against PyTorch and against the masked fully-connected network, both within running error bounds of two programs; and
    against differences of the loss along random ±1 directions through all parameters at once, by measured noise.
    Raises ValueError and TypeError for input that the network refuses.
    """
    if not all(np.all(np.isfinite(a)) for a in (x, y, *(p for theta in params for p in theta))):
        raise ValueError("x, y and params must be finite")
    if not any(p.size for theta in params for p in theta) or weight_decay < 0:
        raise ValueError(f"network must have parameters and weight_decay be at least 0, got weight_decay={weight_decay}")
    loss, gradients = network.loss_and_gradients(x, y, params, weight_decay=weight_decay)
    layers = described(network)
    try:
        whole = masked_network.answer(layers, x, y, params, weight_decay)
    except Abstention as abstention:
        unknown = abstention.values.get("operator", abstention)
        raise ValueError(f"network must consist of layers that the masked network knows, got {unknown}") from abstention
    oracles = [("masked_dense", whole.loss, whole.gradients)]
    evidence: list[Evidence] = []
    try:
        oracles.append(("autograd", *autograd.whole([(d.name, d.options) for d in layers], x, y, params, weight_decay)))
    except Abstention as abstention:
        evidence.append(abstain("autograd", "J", "sampled", reason(abstention)))
    doubt = remark("verification.uncertified", signs=whole.uncertified) if whole.uncertified else None
    for oracle, expected_loss, expected in oracles:
        judged = compare(loss, np.array(expected_loss), promised(2 * whole.loss_error))
        evidence.append(record(oracle, "J", "sampled", judged, note=doubt))
        for number, (mine, theirs, errors) in enumerate(zip(gradients, expected, whole.errors, strict=True)):
            for name, actual, value, error in zip("wb", mine, theirs, errors, strict=False):
                evidence.append(record(oracle, f"{name}{number + 1}", "sampled", compare(actual, value, promised(2 * error))))
    evidence += _differences(network, x, y, params, gradients, weight_decay, seed)
    failed = any(item.status == "fail" for item in evidence)
    # Where two right programs may take different sides of a kink, their agreement still counts, their disagreement does not.
    asked = {e.quantity for e in evidence if e.oracle != "finite_difference"}
    silent = asked - {e.quantity for e in evidence if e.status in ("pass", "fail")}
    status: VerdictStatus = "pass" if not failed and not silent else "fail" if failed and not whole.uncertified else "inconclusive"
    told = [doubt] if doubt and status != "pass" else []
    if status == "fail":
        failures = [item for item in evidence if item.status == "fail"]
        entries = [item for item in failures if item.oracle != "finite_difference"]  # a direction names no parameter
        first = {item.quantity: item for item in reversed(entries or failures)}
        told = [wrong(item, "", {}) for item in reversed(first.values())]
    elif status == "inconclusive" and not told:
        told = [remark("verification.not-judged", quantity=quantity) for quantity in sorted(silent)]
    return Verdict(repr(network), status, tuple(evidence), tuple(told), {"x": x.shape, "y": y.shape})


def described(network: Network) -> list[Described]:
    """The layers as oracles take them. Raises TypeError for a layer that is not one of cnnbp's."""
    found = []
    for layer in network.layers:
        operator = operator_of(layer)
        if operator is None:
            raise TypeError(f"network must consist of cnnbp's layers, got {layer!r}")
        options, connected = operator.options(layer), operator.network
        activation = None if isinstance(operator.activation, Silent) else operator.activation(options)
        found.append(Described(operator.name, options, None if isinstance(connected, Silent) else connected, activation))
    return found


def residuals(network: Network, x: Array, y: Array, params: Parameters) -> Iterator[tuple[Layer, Question]]:
    """Each layer as a question of its own, at the activations and with the residual that it meets inside the network."""
    inputs = [x]
    for layer, theta in zip(network.layers, params, strict=True):
        inputs.append(layer.forward(inputs[-1], *theta))
    delta, met = (inputs.pop() - y) / len(x), []
    for layer, a, theta in zip(reversed(network.layers), reversed(inputs), reversed(params), strict=True):
        met.append((layer, Question.of(layer, (a, *theta), delta)))
        delta = layer.backward(delta, a, *theta)[0]
    return reversed(met)


def _differences(
    network: Network, x: Array, y: Array, params: Parameters, gradients: Parameters, weight_decay: float, seed: int
) -> Iterator[Evidence]:
    rng = np.random.default_rng(seed)
    typical = float(np.sqrt(np.mean([np.mean(p**2) for theta in params for p in theta if np.any(p)])))
    for number in range(DIRECTIONS):
        direction = [tuple(rng.choice([-1.0, 1.0], p.shape) for p in theta) for theta in params]

        def loss(t: float, direction: Parameters = direction) -> Array:
            moved = [
                tuple(p + t * v for p, v in zip(theta, way, strict=True)) for theta, way in zip(params, direction, strict=True)
            ]
            return network.loss_and_gradients(x, y, moved, weight_decay=weight_decay)[0]

        rounding = np.maximum(noise.noise(loss, typical), by_norm(loss(0.0)))
        estimate = noisy_difference.derivative(loss, np.ones(()), typical, typical, typical, rounding)
        along = sum(
            finite_difference.inner(g, v) for gs, vs in zip(gradients, direction, strict=True) for g, v in zip(gs, vs, strict=True)
        )
        if estimate.kink or not np.isfinite(estimate.error):
            yield abstain("finite_difference", f"direction {number + 1}", "estimated", remark("verification.kink-too-near"))
            continue
        judged = compare(np.array(along), np.array(estimate.derivative), 4 * estimate.error)
        yield record("finite_difference", f"direction {number + 1}", "estimated", judged)
