"""The whole CNN as one masked fully-connected network, by the derivation's MLP rules, with running error bounds.

    forward   z = M·a + b,  a = f(z)              backward   δ ← (Mᵀ·δ) ⊙ f′(z),   ∂J/∂w = tied sum of δ·aᵀ,   ∂J/∂b = Σδ

Beside every value runs a bound of its rounding error: an error e in the input of a layer becomes |M|·e, and the layer adds
γₙ·|M|·(|a| + e) of its own. A sign or a winner is certified where the margin exceeds the error; those that are not are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..rounding import ELEMENTARY, Array, U, gamma
from .abstention import Abstention
from .masked_dense import Arguments, MaskedDense, Options, forward

ROUNDED = ELEMENTARY * U  # the relative rounding of one elementary function


@dataclass(frozen=True)
class Activation:
    """f and f′, with sup|f′| and sup|f″|; piecewise linear ones have a kink at 0 instead."""

    f: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    steepest: float
    curvature: float
    kink: bool


@dataclass(frozen=True)
class Described:
    """A layer as oracles take it: its operator by name, its options, and either its connections or its f."""

    name: str
    options: Options
    network: Callable[[Options, Arguments], MaskedDense] | None
    activation: Activation | None


@dataclass
class Whole:
    """J, its gradient by the parameters of each layer, what their rounding may amount to, and what could not be certified."""

    loss: float = 0.0
    loss_error: float = 0.0
    gradients: list[tuple[Array, ...]] = field(default_factory=list)
    errors: list[tuple[Array, ...]] = field(default_factory=list)
    uncertified: int = 0


Step = tuple[Activation | MaskedDense, Array, Array]  # a layer as it was met going forward, its input a and the error e of a


def answer(
    layers: Sequence[Described],
    x: Array,
    target: Array,
    params: Sequence[tuple[Array, ...]],
    weight_decay: float = 0.0,
) -> Whole:
    """J = mean ½‖h(x) − target‖² + λ/2·Σ‖w‖² and ∂J by every parameter. Raises Abstention for a layer it does not know."""
    whole, steps, a, e = Whole(), list[Step](), x, np.zeros(x.shape)
    for described, theta in zip(layers, params, strict=True):
        if described.activation is not None:
            steps.append((described.activation, a, e))
            a, e = _activate(described.activation, a, e, whole)
        elif described.network is not None:
            network = described.network(described.options, (a, *theta))
            steps.append((network, a, e))
            a, e = _connect(network, a, e, theta, whole)
        else:
            raise Abstention("oracles.no-masked-form", operator=described.name)
    residual = (a - target) / len(x)
    whole.loss = float(np.sum((a - target) ** 2) / (2 * len(x)))
    whole.loss_error = float(np.sum(abs(a - target) * e + e**2) / len(x)) + (a.size + 4) * U * (whole.loss + float(np.sum(e**2)))
    f = e / len(x) + 4 * U * (abs(residual) + e)
    for step, theta in zip(reversed(steps), reversed(params), strict=True):
        gradient, error = _parameter_gradients(step, residual, f, theta)
        whole.gradients.insert(0, gradient)
        whole.errors.insert(0, error)
        residual, f = _step_back(step, residual, f)
    _decay(whole, params, weight_decay)
    return whole


def _activate(layer: Activation, z: Array, e: Array, whole: Whole) -> tuple[Array, Array]:
    if layer.kink:
        whole.uncertified += int(np.sum((abs(z) <= e) & (e > 0)))  # an exact 0 is certain
    y = layer.f(z)
    return y, layer.steepest * e + ROUNDED * np.maximum(abs(y), 0 if layer.kink else 1)


def _connect(network: MaskedDense, a: Array, e: Array, theta: tuple[Array, ...], whole: Whole) -> tuple[Array, Array]:
    absolute = network.absolute.own
    own = gamma(network.connections.fan_in + 1 + 4)
    y, error = forward(network.own, a), forward(absolute, e) + own * forward(absolute, abs(a) + e)
    if len(theta) > 1:
        bias = np.repeat(theta[1], y.shape[1] // len(theta[1]))
        y, error = y + bias, error + own * abs(bias)
    if network.candidates is not None:
        whole.uncertified += _rivals(*network.candidates, a, e, y - error)
    shape = len(a), *network.y_shape
    return y.reshape(shape), error.reshape(shape)


def _rivals(cells: Array, inside: Array, a: Array, e: Array, least: Array) -> int:
    """In how many windows another cell than the winner may be the largest: the winners are `least` or more."""
    maps, errors = (v.reshape(-1, a.shape[2] * a.shape[3]) for v in (a, e))
    near = errors[:, np.where(inside, cells, 0)]
    values = np.where(inside, maps[:, np.where(inside, cells, 0)] + near, -np.inf)
    rivals = values >= least.reshape(len(maps), -1, 1)
    doubtful = (rivals & (near > 0)).any(2)  # a tie of exact values is certain: the first wins
    return int(np.sum((rivals.sum(2) > 1) & doubtful))


def _parameter_gradients(
    step: Step, delta: Array, f: Array, theta: tuple[Array, ...]
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    network, a, e = step
    if not theta or isinstance(network, Activation):
        return (), ()
    w = network.shared_gradient(delta, a)
    own = gamma(len(a) * network.connections.copies + 4) * network.shared_gradient(abs(delta) + f, abs(a) + e)
    error = network.shared_gradient(f, abs(a)) + network.shared_gradient(abs(delta) + f, e) + own
    axes = (0, *range(2, delta.ndim))
    found, errors = [w.reshape(theta[0].shape)], [error.reshape(theta[0].shape)]
    if len(theta) > 1:
        found.append(delta.sum(axes))
        errors.append(f.sum(axes) + gamma(delta.size + 4) * (abs(delta) + f).sum(axes))
    return tuple(found), tuple(errors)


def _step_back(step: Step, delta: Array, f: Array) -> tuple[Array, Array]:
    layer, a, e = step
    if isinstance(layer, Activation):
        own = abs(delta) * layer.curvature * e + ROUNDED * (abs(delta) + f) * layer.steepest
        return delta * layer.slope(a), f * layer.steepest + own
    transposed = layer.absolute.own.T
    error = forward(transposed, f) + gamma(layer.connections.fan_out + 4) * forward(transposed, abs(delta) + f)
    return forward(layer.own.T, delta).reshape(a.shape), error.reshape(a.shape)


def _decay(whole: Whole, params: Sequence[tuple[Array, ...]], weight_decay: float) -> None:
    for number, theta in enumerate(params):
        if theta and weight_decay:
            penalty = weight_decay / 2 * float(np.sum(theta[0] ** 2))
            whole.loss += penalty
            whole.loss_error += (theta[0].size + 4) * U * penalty
            (w, *rest), (e, *errors) = whole.gradients[number], whole.errors[number]
            whole.gradients[number] = (w + weight_decay * theta[0], *rest)
            whole.errors[number] = (e + 3 * U * (abs(w) + weight_decay * abs(theta[0])), *errors)
