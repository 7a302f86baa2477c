"""The reference CNN: layers in a row, trained by the derivation's own update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, Protocol

import numpy as np

from . import checks
from .checks import Array
from .loss import HalfSquaredError

Parameters = Sequence[tuple[Array, ...]]


class Layer(Protocol):
    """What a network asks of its layers, and `verify` of anybody's."""

    @property
    def forward(self) -> Callable[..., Array]:
        """y = forward(x, *params)"""

    @property
    def backward(self) -> Callable[..., Any]:
        """(dx, *dparams) = backward(delta, x, *params), or dx alone where there is nothing else"""


class Network:
    """h(x) = layerₗ(… layer₁(x)), with one tuple of parameters, (w, b) or (), for each layer.

    J = loss(h(x), y) + λ/2·Σ‖w‖², the loss being a mean over the batch; biases are not decayed.
    w ← w − α(∂J/∂w + λw),  b ← b − α ∂J/∂b, where `loss_and_gradients` returns ∂J/∂w + λw.
    Raises TypeError for layers that are none, ValueError for parameters that do not fit.
    Source: the derivation's `loss-batch`, `sgd-weight`, `sgd-bias` as corrected (with a learning rate α).
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        for number, layer in enumerate(self.layers):
            if not (hasattr(layer, "forward") and hasattr(layer, "backward")) or isinstance(layer, type):
                raise TypeError(f"layers[{number}] must be a layer object with forward and backward, got {layer!r}")

    def __repr__(self) -> str:
        return f"Network([{', '.join(map(repr, self.layers))}])"

    def init(self, input_shape: tuple[int, ...], rng: np.random.Generator, std: float | None = None) -> list[tuple[Array, ...]]:
        """Gaussian weights with mean 0 and standard deviation `std` (1/√fan-in if None), scales 1, biases 0.

        `input_shape` is the shape of one sample, (c, h, w) or (features,). The fan-in is w[0].size, as PyTorch counts it.
        """
        x, params = np.zeros((1, *input_shape)), list[tuple[Array, ...]]()
        for layer in self.layers:
            shapes: tuple[tuple[int, ...], ...] = layer.parameter_shapes(x.shape[1:]) if hasattr(layer, "parameter_shapes") else ()
            params.append(tuple(_initial(number, shape, rng, std) for number, shape in enumerate(shapes)))
            x = layer.forward(x, *params[-1])
        return params

    def forward(self, x: Array, params: Parameters) -> Array:
        """h(x)"""
        return self._activations(x, params)[-1]

    def loss_and_gradients(
        self, x: Array, y: Array, params: Parameters, loss: Layer | None = None, weight_decay: float = 0
    ) -> tuple[Array, list[tuple[Array, ...]]]:
        """J, and the gradient of J by every parameter, in the order of `params`. `loss` is HalfSquaredError() if None."""
        criterion, decay = HalfSquaredError() if loss is None else loss, checks.number("weight_decay", weight_decay)
        activations = self._activations(x, params)
        value = criterion.forward(activations[-1], y)
        delta, *_ = _gradients(criterion.backward(np.ones((), value.dtype), activations[-1], y))
        gradients = []
        for layer, a, theta in zip(reversed(self.layers), reversed(activations[:-1]), reversed(params), strict=True):
            delta, *gradient = _gradients(layer.backward(delta, a, *theta))
            if decay != 0 and theta:  # the weights, the first parameter of a layer, and no other
                gradient[0] = gradient[0] + decay * theta[0]
            gradients.append(tuple(gradient))
        for w in (theta[0] for theta in params if theta and decay != 0):
            value = checks.scalar(value[()] + decay * np.sum(w * w) / 2)
        return value, gradients[::-1]

    @staticmethod
    def sgd_step(params: Parameters, gradients: Parameters, learning_rate: float = 1.0) -> list[tuple[Array, ...]]:
        """θ ← θ − α·gradient, as new arrays."""
        alpha, pairs = checks.number("learning_rate", learning_rate), zip(params, gradients, strict=True)
        return [tuple(p - alpha * g for p, g in zip(theta, gradient, strict=True)) for theta, gradient in pairs]

    def _activations(self, x: Array, params: Parameters) -> list[Array]:
        checks.array("x", x)
        if len(params) != len(self.layers):
            raise ValueError(f"params must hold one tuple per layer, {len(self.layers)} in all, got {len(params)}")
        activations = [x]
        for layer, theta in zip(self.layers, params, strict=True):
            activations.append(layer.forward(activations[-1], *theta))
        return activations


def _initial(number: int, shape: tuple[int, ...], rng: np.random.Generator, std: float | None) -> Array:
    """A parameter before training, by its number in the layer: weights, a scale for each channel, or biases."""
    if len(shape) > 1:
        return rng.normal(0, float(1 / np.sqrt(prod(shape[1:]))) if std is None else std, shape)
    return np.ones(shape) if number == 0 else np.zeros(shape)


def _gradients(answer: Any) -> tuple[Array, ...]:
    """What backward returned as a tuple: a bare array is a tuple of one."""
    return tuple(answer) if isinstance(answer, (tuple, list)) else (answer,)
