"""A whole network at one batch: the gradient of its loss before all oracles, with running error bounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..evidence import Evidence, Remark, Verdict, VerdictStatus, remark
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
from .network_contract import Asked
from .question import Question
from .subject import Breach

DIRECTIONS = 4
APART = 2.0**20  # parameters of sizes further apart are not moved by one step


@heard
@np.errstate(all="ignore")  # overflow shows in the verdict
def verify_network(network: Network, x: Array, y: Array, params: Parameters, weight_decay: float = 0.0, seed: int = 0) -> Verdict:
    """Whether `network.loss_and_gradients(x, y, params)` is right: the loss, and the gradient by every parameter.

    Against PyTorch and against the masked fully-connected network, both within running error bounds of two programs; and
    against differences of the loss along random ±1 directions through all parameters at once, by measured noise. It is asked on
    copies, and fails where it writes into them, answers differently when asked again, or raises.
    Raises ValueError and TypeError for input that the network refuses.

    >>> network, rng = cnnbp.Network([cnnbp.Flatten(), cnnbp.Dense(out_features=3)]), np.random.default_rng(0)
    >>> x, y = rng.normal(size=(2, 4)), rng.normal(size=(2, 3))
    >>> cnnbp.verify_network(network, x, y, network.init((4,), rng)).status
    'pass'
    """
    if not all(np.all(np.isfinite(a)) for a in (x, y, *(p for theta in params for p in theta))):
        raise ValueError("x, y and params must be finite")
    if not any(p.size for theta in params for p in theta) or weight_decay < 0:
        raise ValueError(f"network must have parameters and weight_decay be at least 0, got weight_decay={weight_decay}")
    layers, asked, shapes = described(network), Asked(network, x, y, params, weight_decay), {"x": x.shape, "y": y.shape}
    try:
        loss, gradients = claims = asked.first()
    except Breach as breach:
        return Verdict(repr(network), "fail", (asked.broken_by(breach),), (breach.remark,), shapes).knowing(None, asked.cause)
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
    if not (np.isfinite(whole.loss) and np.isfinite(whole.loss_error)):
        doubt = remark("verification.overflows")  # it hangs on the order of sums whether an infinity is met on the way
    for oracle, expected_loss, expected in oracles:
        judged = compare(loss, np.array(expected_loss), promised(2 * whole.loss_error))
        evidence.append(record(oracle, "J", "sampled", judged, note=doubt))
        for number, (mine, theirs, errors) in enumerate(zip(gradients, expected, whole.errors, strict=True)):
            for name, actual, value, error in zip("wb", mine, theirs, errors, strict=False):
                evidence.append(record(oracle, f"{name}{number + 1}", "sampled", compare(actual, value, promised(2 * error))))
    broken = [*asked.repeats(claims)]  # and again after the differences: a state may show only later
    try:
        evidence += _differences(asked, gradients, seed)
    except Breach as breach:
        broken.append(asked.broken_by(breach))
    broken += [*asked.repeats(claims), *asked.reads_only_inputs()]
    broken = [item for number, item in enumerate(broken) if item not in broken[:number]]
    status, told = _concluded(evidence, broken, doubt)
    return Verdict(repr(network), status, (*evidence, *broken), tuple(told), shapes).knowing(None, asked.cause)


def _concluded(evidence: list[Evidence], broken: list[Evidence], doubt: Remark | None) -> tuple[VerdictStatus, list[Remark]]:
    """The status, and what is wrong or could not be judged.

    Where two right programs may take different sides of a kink, their agreement still counts, their disagreement does not.
    """
    failures = [item for item in evidence if item.status == "fail" and not doubt]
    if failures or broken:
        entries = [item for item in failures if item.oracle != "finite_difference"]  # a direction names no parameter
        first = {item.quantity: item for item in reversed(entries or failures)}
        told = [wrong(item, "", {}) for item in reversed(first.values())]
        return "fail", [*told, *(item.remark for item in broken if item.remark)]
    spoken = {item.quantity for item in evidence if item.oracle != "finite_difference"}
    silent = spoken - {item.quantity for item in evidence if item.status in ("pass", "fail")}
    failed = any(item.status == "fail" for item in evidence)
    if not (failed or silent):
        return "pass", []
    return "inconclusive", [doubt] if doubt else [remark("verification.not-judged", quantity=q) for q in sorted(silent)]


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


def _differences(asked: Asked, gradients: Parameters, seed: int) -> Iterator[Evidence]:
    """Raises Breach where the network does not answer at other parameters."""
    params = asked.params
    rng = np.random.default_rng(seed)
    sizes = np.concatenate([np.abs(p[p != 0]) for theta in params for p in theta])
    largest, middle = float(np.max(sizes, initial=0.0)) or 1.0, float(np.median(sizes)) if sizes.size else 1.0
    typical = largest * float(np.sqrt(np.mean((sizes / largest) ** 2))) if sizes.size else 1.0
    for number in range(DIRECTIONS):
        if not largest <= APART * min(middle, 1.0):  # a step for the largest jumps over what the others, and the activations, do
            yield abstain("finite_difference", f"direction {number + 1}", "estimated", remark("verification.sizes-apart"))
            continue
        direction = [tuple(rng.choice([-1.0, 1.0], p.shape) for p in theta) for theta in params]

        def loss(t: float, direction: Parameters = direction) -> Array:
            moved = [
                tuple(p + t * v for p, v in zip(theta, way, strict=True)) for theta, way in zip(params, direction, strict=True)
            ]
            return asked.loss(moved)

        rounding = np.maximum(noise.noise(loss, typical), by_norm(loss(0.0)))
        estimate = noisy_difference.derivative(loss, np.ones(()), typical, typical, typical, rounding)
        along = sum(
            finite_difference.inner(g, v) for gs, vs in zip(gradients, direction, strict=True) for g, v in zip(gs, vs, strict=True)
        )
        if estimate.kink or not np.isfinite(estimate.error) or abs(along) > estimate.steepest:
            yield abstain("finite_difference", f"direction {number + 1}", "estimated", remark("verification.kink-too-near"))
            continue
        judged = compare(np.array(along), np.array(estimate.derivative), 4 * estimate.error)
        yield record("finite_difference", f"direction {number + 1}", "estimated", judged)
