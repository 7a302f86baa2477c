"""PyTorch's own training step: its forward, its autograd, the update of its `torch.optim.SGD`, float64."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..rounding import Array
from . import autograd

Described = Sequence[tuple[str, Mapping[str, Any]]]
Parameters = Sequence[tuple[Array, ...]]


def step(
    described: Described, x: Array, target: Array, params: Parameters, learning_rate: float, weight_decay: float = 0.0
) -> list[tuple[Array, ...]]:
    """The parameters after one step from `params` on J = mean ½‖h(x) − target‖². Raises Abstention as `Training` does."""
    training = Training(described, params, learning_rate, weight_decay)
    training.step(x, target)
    return training.params


class Training:
    """A network that PyTorch trains by itself: started once from `params`, it keeps its own from then on.

    `described` is one (operator, options) for each layer, `params` one tuple, (w, b), (w,) or (), for each. SGD decays
    weights, never biases: two groups of parameters. Raises Abstention without PyTorch, or such a layer in it.
    """

    def __init__(self, described: Described, params: Parameters, learning_rate: float, weight_decay: float = 0.0) -> None:
        torch, functions = autograd.loaded(operator for operator, _ in described)
        self._torch, self._loss = torch, functions["HalfSquaredError"]
        self._layers = [(functions[operator], options) for operator, options in described]
        self._thetas = [tuple(torch.tensor(np.array(p, order="C"), requires_grad=True) for p in theta) for theta in params]
        self._weights = [w for theta in self._thetas for w in theta[:1]]
        self._biases = [b for theta in self._thetas for b in theta[1:]]
        self._learning_rate, self._weight_decay = learning_rate, weight_decay

    @property
    def params(self) -> list[tuple[Array, ...]]:
        """Where the training has come to, as arrays of the reader's own."""
        return [tuple(p.detach().numpy().copy() for p in theta) for theta in self._thetas]

    def step(self, x: Array, target: Array) -> None:
        """One step of stochastic gradient descent on this batch."""
        from torch.optim.sgd import sgd  # what torch.optim.SGD calls; the class would load the compiler first, for seconds

        loss = self._loss({}, self._forward(x), self._torch.tensor(target))
        gradients = iter(self._torch.autograd.grad(loss, [*self._weights, *self._biases]))
        plain: dict[str, Any] = {"momentum": 0.0, "dampening": 0.0, "nesterov": False, "maximize": False, "foreach": False}
        with self._torch.no_grad():
            for group, decay in ((self._weights, self._weight_decay), (self._biases, 0.0)):
                found = [next(gradients) for _ in group]
                sgd(group, found, [None] * len(group), lr=self._learning_rate, weight_decay=decay, **plain)

    def predict(self, x: Array) -> Array:
        """h(x)"""
        with self._torch.no_grad():
            answer: Array = self._forward(x).numpy()
        return answer

    def _forward(self, x: Array) -> Any:
        a = self._torch.tensor(np.array(x, order="C"))
        for (function, options), theta in zip(self._layers, self._thetas, strict=True):
            a = function(options, a, *theta)
        return a


def path(w: Array, gradients: Array, lr: float, **options: Any) -> Array:
    """Where PyTorch's SGD comes to from `w`, step by step, under these gradients. Raises Abstention without PyTorch.

    options: momentum, dampening, weight_decay, nesterov, maximize, as `torch.optim.SGD` has them.
    """
    torch, _ = autograd.loaded(())
    from torch.optim.sgd import sgd

    parameter, found = torch.tensor(np.array(w, order="C")), []
    velocity: list[Any] = [None]
    given: dict[str, Any] = {
        "momentum": 0.0,
        "dampening": 0.0,
        "weight_decay": 0.0,
        "nesterov": False,
        "maximize": False,
        **options,
    }
    for gradient in gradients:
        sgd([parameter], [torch.tensor(np.array(gradient, order="C"))], velocity, lr=lr, foreach=False, **given)
        found.append(parameter.numpy().copy())
    return np.array(found)
