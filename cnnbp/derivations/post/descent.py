"""Gradient descent: what it promises (V2, V5, V6, E10), and what it has to know (E13, E16, V8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from ...choices import Choices
from ...rounding import Array
from ..statement import Outcome, Reading, Trial
from .perceptron import SQUARE, Perceptron, array, draw, integers, show
from .residuals import recursion

ONE = Fraction(1)
HALVINGS = 1000
Gradient = Callable[[Perceptron, int], Array]  # by the weights of layer 1, of one sample


def exact_gradient(net: Perceptron, t: int) -> Array:
    """∂J/∂w of sample t, J differentiated exactly."""
    return net.by_weights(1, lambda moved: moved.loss(t))


def by_residual(net: Perceptron, t: int) -> Array:
    """δ_i·a_j of sample t, the residual by the recursion of the post."""
    return np.multiply.outer(recursion(net, t)[1], net.a(1, t))


def net_input(net: Perceptron) -> Outcome:
    """z_i = Σ_k w_ik·a_k + b_i"""
    return Outcome(np.einsum("ik,k->i", net.w[1], net.a(1)) + net.b[1], net.z(2))


def net_input_as_printed(net: Perceptron) -> Outcome:
    """Q·z_ij at its word: a factor that nobody defined, and an index that nothing binds."""
    return Outcome(None, net.z(2), "Q is not defined, and z_ij has an index j that the right side does not know")


def partial_derivative(net: Perceptron, as_printed: bool) -> Outcome:
    """∂J/∂z of every sample by the recursion; as printed i is the sample, and the unit too."""
    truth = np.stack([net.residual(2, t) for t in range(net.m)])
    if as_printed and truth.size > 1:
        return Outcome(
            None,
            truth,
            f"i is the sample and the unit, so that of {truth.size} derivatives only those have a name where both agree",
        )
    return Outcome(np.stack([recursion(net, t)[1] for t in range(net.m)]), truth)


def suffices(net: Perceptron) -> Outcome:
    """∂J/∂w = δ·aᵀ and ∂J/∂b = δ, for every layer."""
    says, truth = list[Array](), list[Array]()
    for layer in range(1, net.n):
        delta = net.residual(layer + 1)
        says += [np.multiply.outer(delta, net.a(layer)).ravel(), delta]
        truth += [net.by_weights(layer, Perceptron.loss).ravel(), net.by_biases(layer, Perceptron.loss)]
    return Outcome(np.concatenate(says), np.concatenate(truth))


def mean_gradient(net: Perceptron, of_batch: bool) -> Outcome:
    """The mean over m samples, against the gradient of a step on these m, or of a step on one of them."""
    truth = net.by_weights(1, Perceptron.objective) if of_batch else exact_gradient(net, 0)
    each = [by_residual(net, t) for t in range(net.m)]
    told = f"The samples have the gradients {', '.join(show(g) for g in each)}; their mean is none of them."
    return Outcome(sum(each, 0 * each[0]) / net.m, truth, working=told)


def descends(net: Perceptron, smaller: bool) -> Outcome:
    """1 if J falls along the step, or its gradient is 0 and the step stays: for step size 1, or for some 1/2ᵏ."""
    gradient, before, yes = net.by_weights(1, Perceptron.objective), net.objective(), array([1])
    for halvings in range(HALVINGS if smaller else 1):
        moved = net.with_weights(1, net.w[1] - gradient / 2**halvings)
        if not gradient.any() or moved.objective() < before:
            return Outcome(yes, yes)
    told = f"∂J/∂w = {show(gradient)} leads from w = {show(net.w[1])} to {show(moved.w[1])}"
    return Outcome(array([0]), yes, working=f"{told}, and J from {show(before)} to {show(moved.objective())}.")


def stuck(net: Perceptron) -> Outcome:
    """Started where all weights are 0, with f(z) = z² and targets that some weights reach: J after a step, against the least."""
    goal = replace(net, f=SQUARE)
    start = replace(goal, y=np.stack([goal.a(goal.n, t) for t in range(goal.m)]), w=_zeros(goal.w), b=_zeros(goal.b))
    gradients = [start.by_weights(layer, Perceptron.objective) for layer in start.w]
    gradients += [start.by_biases(layer, Perceptron.objective) for layer in start.b]
    still = not any(gradient.any() for gradient in gradients)
    told = f"With f(z) = z² and y = {show(start.y)}, all weights 0: every derivative is 0, J = {show(start.objective())}"
    return Outcome(
        array([start.objective() if still else 0]), array([Fraction(0)]), working=f"{told}, and the weights given reach 0."
    )


def _zeros(parameters: Any) -> dict[int, Array]:
    return {layer: 0 * values for layer, values in parameters.items()}


@dataclass(frozen=True)
class Ridge:
    """A linear unit with two inputs, m samples, and two decays of which the second is larger."""

    x: Array
    y: Array
    decays: tuple[Fraction, Fraction]

    def given(self) -> dict[str, Any]:
        """Samples and decays."""
        return {"x": self.x, "y": self.y, "λ": self.decays}

    def square(self, decay: Fraction) -> Any:
        """‖w‖² of the minimiser of mean ½(w·x − y)² + λ/2·‖w‖²: by Cramer's rule."""
        m = len(self.x)
        ((a, b), (_, d)), (p, q) = (self.x.T @ self.x) / m, (self.x.T @ self.y) / m
        a, d = a + decay, d + decay
        w = array([(d * p - b * q) / (a * d - b * b), (a * q - b * p) / (a * d - b * b)])
        return np.sum(w * w)


def shrinks(ridge: Ridge) -> Outcome:
    """1 if the minimiser of the larger decay has no larger norm."""
    small, large = (ridge.square(decay) for decay in ridge.decays)
    return Outcome(array([int(large <= small)]), array([1]))


def _ridge(choose: Choices) -> Ridge:
    m, small = choose.integer(1, 3), Fraction(choose.integer(1, 8), 4)
    return Ridge(integers(choose, (m, 2)), integers(choose, (m,), zero=True), (small, small + Fraction(choose.integer(1, 8), 4)))


def _batch(choose: Choices) -> Perceptron:
    return draw(choose, layers=choose.integer(2, 3), samples=choose.integer(1, 3), sizes=(1, 2))


def _deep(choose: Choices) -> Perceptron:
    return draw(choose, layers=choose.integer(2, 4), sizes=(1, 2))


TRIALS = {
    "sgd-label": Trial(
        _batch,
        (
            Reading("m is the size of the mini-batch", partial(mean_gradient, of_batch=True)),
            Reading("m is the whole set, each step takes one sample", partial(mean_gradient, of_batch=False)),
        ),
    ),
    "weight-decay-purpose": Trial(_ridge, (Reading("keeps the weights small", shrinks),)),
    "gradient-descent-finds-minimum": Trial(
        _batch,
        (
            Reading("every step of size 1 lowers J", partial(descends, smaller=False)),
            Reading("it ends in the minimum, wherever it starts", stuck),
            Reading("every small enough step lowers J, or the gradient is 0", partial(descends, smaller=True)),
        ),
    ),
    "sgd-weight-raw": Trial(
        _batch,
        (
            Reading("step size 1", partial(descends, smaller=False)),
            Reading("some α > 0", partial(descends, smaller=True), "corrected"),
        ),
    ),
    "net-input-sum": Trial(
        _deep,
        (
            Reading("as it stands", net_input_as_printed),
            Reading("∵ for Q, z_i for z_ij, s_l for sl", net_input),
        ),
    ),
    "residual-partial": Trial(
        _batch,
        (
            Reading("i is sample and unit at once", partial(partial_derivative, as_printed=True)),
            Reading("unit i of sample t", partial(partial_derivative, as_printed=False)),
        ),
    ),
    "residual-suffices": Trial(_deep, (Reading("fully-connected layers", suffices),)),
}
