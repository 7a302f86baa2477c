"""The whole CNN as one masked fully-connected network, by the derivation's MLP rules, with running error bounds.

    forward   z = M·a + b,  a = f(z)              backward   δ ← (Mᵀ·δ) ⊙ f′(z),   ∂J/∂w = tied sum of δ·aᵀ,   ∂J/∂b = Σδ

Beside every value runs a bound of its rounding error: an error e in the input of a layer becomes |M|·e, and the layer adds
γₙ·|M|·(|a| + e) of its own. A sign or a winner is certified where the margin exceeds the error; those that are not are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import connections, masked_dense
from .masked_dense import Array, MaskedDense, forward

U = 2.0**-53
ELEMENTARY = 8 * U


@dataclass(frozen=True)
class Activation:
    """f and f′ as the textbook has them, with sup|f′| and sup|f″|; piecewise linear ones have a kink at 0 instead."""

    f: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    steepest: float
    curvature: float = 0.0
    kink: bool = False


def _logistic(z: Array) -> Array:
    value: Array = np.exp(-np.logaddexp(0, -z))
    return value


def activation(operator: str, options: Mapping[str, Any]) -> Activation | None:
    """The elementwise operator as an activation function; None for what has connections."""
    bend = float(options.get("negative_slope", 0.0))
    known = {
        "Identity": Activation(lambda z: z, lambda z: np.ones(z.shape), 1.0),
        "Sigmoid": Activation(_logistic, lambda z: _logistic(z) * _logistic(-z), 0.25, 0.0963),
        "Tanh": Activation(np.tanh, lambda z: 1 - np.tanh(z) ** 2, 1.0, 0.7699),
        "Softplus": Activation(lambda z: np.logaddexp(0, z), _logistic, 1.0, 0.25),
        "ReLU": Activation(lambda z: z * (z > 0), lambda z: 1.0 * (z > 0), 1.0, kink=True),
        "LeakyReLU": Activation(
            lambda z: np.where(z > 0, z, bend * z), lambda z: np.where(z > 0, 1.0, bend), max(1.0, abs(bend)), kink=True
        ),
    }
    return known.get(operator)


@dataclass
class Whole:
    """J, its gradient by the parameters of each layer, what their rounding may amount to, and what could not be certified."""

    loss: float = 0.0
    loss_error: float = 0.0
    gradients: list[tuple[Array, ...]] = field(default_factory=list)
    errors: list[tuple[Array, ...]] = field(default_factory=list)
    uncertified: int = 0


@dataclass(frozen=True)
class _Step:
    """One layer as it was met going forward: what it needs on the way back."""

    layer: Activation | MaskedDense
    a: Array
    e: Array


def answer(
    layers: Sequence[tuple[str, Mapping[str, Any]]],
    x: Array,
    target: Array,
    params: Sequence[tuple[Array, ...]],
    weight_decay: float = 0.0,
) -> Whole:
    """J = mean ½‖h(x) − target‖² + λ/2·Σ‖w‖² and ∂J by every parameter. Raises Abstention for a layer it does not know."""
    whole, steps, a, e = Whole(), [], x, np.zeros(x.shape)
    for (operator, options), theta in zip(layers, params, strict=True):
        layer = activation(operator, options) or masked_dense.build(operator, options, (a, *theta))
        steps.append(_Step(layer, a, e))
        if isinstance(layer, Activation):
            a, e = _activate(layer, a, e, whole)
        else:
            a, e = _connect(operator, options, layer, a, e, theta, whole)
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
    return y, layer.steepest * e + ELEMENTARY * np.maximum(abs(y), 0 if layer.kink else 1)


def _connect(
    operator: str, options: Mapping[str, Any], network: MaskedDense, a: Array, e: Array, theta: tuple[Array, ...], whole: Whole
) -> tuple[Array, Array]:
    absolute = network.absolute.own
    own = _gamma(network.connections.fan_in + 1)
    y, error = forward(network.own, a), forward(absolute, e) + own * forward(absolute, abs(a) + e)
    if len(theta) > 1:
        bias = np.repeat(theta[1], y.shape[1] // len(theta[1]))
        y, error = y + bias, error + own * abs(bias)
    if operator == "MaxPool2d":
        cells, inside = connections.windows(a.shape, **options)
        maps, errors = (v.reshape(-1, a.shape[2] * a.shape[3]) for v in (a, e))
        near = errors[:, np.where(inside, cells, 0)]
        values = np.where(inside, maps[:, np.where(inside, cells, 0)] + near, -np.inf)
        rivals = values >= (y - error).reshape(len(maps), -1, 1)
        doubtful = (rivals & (near > 0)).any(2)  # a tie of exact values is certain: the first wins
        whole.uncertified += int(np.sum((rivals.sum(2) > 1) & doubtful))
    shape = _output_shape(operator, a.shape, y.size, theta, options)
    return y.reshape(shape), error.reshape(shape)


def _output_shape(
    operator: str, shape: tuple[int, ...], size: int, theta: tuple[Array, ...], options: Mapping[str, Any]
) -> tuple[int, ...]:
    if operator in ("Flatten", "Dense"):
        return shape[0], size // shape[0]
    channels = len(theta[0]) if theta else shape[1]
    kernel = theta[0].shape[2:] if theta else options["kernel_size"]
    cells = size // (shape[0] * channels)
    rows = connections.output_rows(shape[2], kernel, options)
    return shape[0], channels, rows, cells // rows


def _parameter_gradients(
    step: _Step, delta: Array, f: Array, theta: tuple[Array, ...]
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    if not theta or isinstance(step.layer, Activation):
        return (), ()
    network, a, e = step.layer, step.a, step.e
    w = network.tied_gradient(delta, a)
    own = _gamma(len(a) * network.connections.copies) * network.tied_gradient(abs(delta) + f, abs(a) + e)
    error = network.tied_gradient(f, abs(a)) + network.tied_gradient(abs(delta) + f, e) + own
    axes = (0, *range(2, delta.ndim))
    found, errors = [w.reshape(theta[0].shape)], [error.reshape(theta[0].shape)]
    if len(theta) > 1:
        found.append(delta.sum(axes))
        errors.append(f.sum(axes) + _gamma(delta.size) * (abs(delta) + f).sum(axes))
    return tuple(found), tuple(errors)


def _step_back(step: _Step, delta: Array, f: Array) -> tuple[Array, Array]:
    layer = step.layer
    if isinstance(layer, Activation):
        own = abs(delta) * layer.curvature * step.e + ELEMENTARY * (abs(delta) + f) * layer.steepest
        return delta * layer.slope(step.a), f * layer.steepest + own
    transposed = layer.absolute.own.T
    error = forward(transposed, f) + _gamma(layer.connections.fan_out) * forward(transposed, abs(delta) + f)
    return forward(layer.own.T, delta).reshape(step.a.shape), error.reshape(step.a.shape)


def _decay(whole: Whole, params: Sequence[tuple[Array, ...]], weight_decay: float) -> None:
    for number, theta in enumerate(params):
        if theta and weight_decay:
            penalty = weight_decay / 2 * float(np.sum(theta[0] ** 2))
            whole.loss += penalty
            whole.loss_error += (theta[0].size + 4) * U * penalty
            (w, *rest), (e, *errors) = whole.gradients[number], whole.errors[number]
            whole.gradients[number] = (w + weight_decay * theta[0], *rest)
            whole.errors[number] = (e + 3 * U * (abs(w) + weight_decay * abs(theta[0])), *errors)


def _gamma(n: Array | int) -> Array:
    n = np.asarray(n, float) + 4
    gamma: Array = n * U / (1 - n * U)
    return gamma
