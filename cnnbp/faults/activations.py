"""Activations whose slope is taken at the wrong place, from the wrong side, or not at all; and residuals that are not passed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnbp.layers import LeakyReLU, ReLU, Sigmoid, Softplus, Tanh
from cnnbp.layers.checks import Array

from .catalogue import Call, Fault, distort


def _fault(reference: Callable[..., Any], id: str, claim: str, trigger: str, source: str, **bends: Any) -> Fault:
    name: str = reference.__name__
    slug = {"LeakyReLU": "leaky-relu"}.get(name, name.lower())
    return Fault(f"{slug}-{id}", name, claim, trigger, source, distort(reference, **bends))


def _slope(a: Call) -> Array:
    """f′(x), which the reference tells when the residual is all ones."""
    return a.backward(delta=np.ones_like(a.delta))[0]


def _inverse(delta: Array) -> Array:
    return np.divide(1, delta, out=np.zeros_like(delta), where=delta != 0)


# fmt: off
FAULTS = (
    _fault(Sigmoid, "slope-at-activation", "the slope is taken at f(x) instead of x", "always", "deeplearning4j PR#364",
           dx=lambda _, a: a.backward(x=a.y)[0]),
    _fault(Sigmoid, "slope-missing", "the residual passes without f′", "always", "Bot-Academy/NeuralNetworkFromScratch PR#3",
           dx=lambda _, a: a.delta.copy()),
    _fault(Sigmoid, "slope-of-output", "x·(1 − x), the slope in terms of the output, is fed with the net input", "always",
           "classic: sigmoid_derivative(x) = x * (1 - x)", dx=lambda _, a: a.delta * a.x * (1 - a.x)),
    _fault(Sigmoid, "residual-ignored", "backward returns f′ and never looks at the residual",
           "any residual but ones; a check through sum(y) hides it", "classic; checks with all-ones residuals: chainer PR#1178",
           dx=lambda _, a: _slope(a)),
    _fault(Sigmoid, "residual-squared", "the residual enters twice",
           "any residual but zeros and ones; a check through sum(y) hides it",
           "classic: chain rule applied in the layer and in the network", dx=lambda dx, a: a.delta * dx),
    _fault(Tanh, "slope-not-squared", "the slope is 1 − y instead of 1 − y²", "everywhere but at 0 and far to the right",
           "classic: the square forgotten", dx=lambda _, a: a.delta * (1 - a.y)),
    _fault(Tanh, "slope-at-activation", "the slope is taken at f(x) instead of x", "everywhere but at 0, where f(x) = x",
           "classic: z and a share one array", dx=lambda _, a: a.backward(x=a.y)[0]),
    _fault(Tanh, "residual-inverted", "the slope is divided by the residual",
           "any residual but ±1; a check through sum(y) hides it", "classic: dy/dx for dx/dy",
           dx=lambda _, a: _inverse(a.delta) * _slope(a)),
    _fault(ReLU, "kink-passes", "the residual passes at exactly 0",
           "entries that are exactly 0; a convention, but not the stated one", "classic: x >= 0 for x > 0",
           dx=lambda _, a: np.where(a.x >= 0, a.delta, 0)),
    _fault(ReLU, "mask-from-output", "the mask is y ≥ 0, which holds everywhere, so that dead units learn", "any negative entry",
           "iamtrask/Grokking-Deep-Learning PR#13", dx=lambda _, a: np.where(a.y >= 0, a.delta, 0)),
    _fault(LeakyReLU, "slope-forgotten", "negative entries get no gradient", "any negative entry, unless negative_slope is 0",
           "classic: backward copied from ReLU", dx=lambda _, a: np.where(a.x > 0, a.delta, 0)),
    _fault(LeakyReLU, "slope-not-multiplied", "negative entries get the slope itself as their gradient", "any negative entry",
           "classic: grad[x < 0] = slope", dx=lambda _, a: np.where(a.x > 0, a.delta, a.layer.negative_slope)),
    _fault(LeakyReLU, "side-from-output", "the side of the kink is read from the sign of y", "negative_slope below 0",
           "pytorch #31938 / PR#33639", dx=lambda _, a: np.where(a.y > 0, a.delta, a.layer.negative_slope * a.delta)),
    _fault(Softplus, "tail-lost", "the slope is 0 instead of 1 once eˣ overflows single precision", "x above 88",
           "tt-metal PR#56397", dx=lambda dx, a: np.where(a.x > 88, 0, dx)),
    _fault(Softplus, "zero-at-zero", "the slope at exactly 0 is 0 instead of ½",
           "entries that are exactly 0; there is no kink to excuse it", "jax #2107", dx=lambda dx, a: np.where(a.x == 0, 0, dx)),
    _fault(Softplus, "threshold", "above 20 the layer is taken for the identity, forward and backward alike",
           "x from 20 to 36, by 2e-9 at most", "classic: the threshold of the frameworks",
           y=lambda y, a: np.where(a.x > 20, a.x, y), dx=lambda dx, a: np.where(a.x > 20, a.delta, dx)),
    _fault(Softplus, "slope-of-relu", "the slope is the step function that the sigmoid smooths", "always, least in the tails",
           "classic: softplus as a smooth ReLU, half exchanged", dx=lambda _, a: np.where(a.x > 0, a.delta, 0)),
)
# fmt: on
