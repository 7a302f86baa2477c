"""Gradient descent: what it promises (V2, V5, V6, E10), and what it has to know (E13, E16, V8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from ...cases.choices import Choices
from ...oracles import dual_numbers as exact
from ...rounding import Array
from ..statement import Outcome, Reading, Trial
from ..exact.networks import SQUARE, Perceptron, array, draw, half_square, integers, joined, show

Gradient = Callable[[Perceptron, int, int], Array]  # by the weights of a layer, of one sample


def exact_gradient(net: Perceptron, layer: int, t: int) -> Array:
    """∂J/∂w of sample t, J differentiated exactly."""
    return net.by_weights(layer, lambda moved: moved.loss(t))


def by_residual(net: Perceptron, layer: int, t: int) -> Array:
    """δ_i·a_j of sample t, the residual by the recursion of the post."""
    return np.multiply.outer(net.recursion(t)[layer + 1], net.a(layer, t))


def net_input(net: Perceptron) -> Outcome:
    """z_i = Σ_k w_ik·a_k + b_i, in every layer."""
    said = [np.einsum("ik,k->i", net.w[layer], net.a(layer)) + net.b[layer] for layer in net.w]
    return Outcome(joined(said), net.net_inputs())


def net_input_as_printed(net: Perceptron) -> Outcome:
    """Q·z_ij at its word: a factor that nobody defined, and an index that nothing binds."""
    return Outcome(None, net.net_inputs(), "Q is not defined, and z_ij has an index j that the right side does not know")


def partial_derivative(net: Perceptron, as_printed: bool) -> Outcome:
    """∂J/∂z of every sample and layer by the recursion; as printed i is the sample, and the unit too."""
    pairs = [(layer, t) for layer in range(2, net.n + 1) for t in range(net.m)]
    truth = np.concatenate([net.residual(layer, t) for layer, t in pairs])
    if as_printed and truth.size > 1:
        return Outcome(None, truth, f"i is sample and unit at once: of these {truth.size} derivatives not all have a name")
    return Outcome(np.concatenate([net.recursion(t)[layer] for layer, t in pairs]), truth)


def suffices(net: Perceptron) -> Outcome:
    """∂J/∂w = δ·aᵀ and ∂J/∂b = δ, for every layer."""
    says, truth = list[Array](), list[Array]()
    for layer in net.w:
        delta = net.residual(layer + 1)
        says += [np.multiply.outer(delta, net.a(layer)), delta]
        truth += [net.by_weights(layer, Perceptron.loss), net.by_biases(layer, Perceptron.loss)]
    return Outcome(joined(says), joined(truth))


def mean_gradient(net: Perceptron, of_batch: bool) -> Outcome:
    """The mean over m samples, against the gradient of a step on these m, or of a step on the first of them."""
    wanted = [net.by_weights(layer, Perceptron.objective) if of_batch else exact_gradient(net, layer, 0) for layer in net.w]
    each = [joined([by_residual(net, layer, t) for layer in net.w]) for t in range(net.m)]
    mean = sum(each, 0 * each[0]) / net.m
    told = f"The samples have the gradients {' and '.join(map(show, each))}; their mean is {show(mean)}."
    return Outcome(mean, joined(wanted), working=told)


def falls(net: Perceptron) -> Outcome:
    """The claim is 1: J is lower after a step of size 1 of the first layer, or its gradient is 0 and there is no step."""
    gradient, before = net.by_weights(1, Perceptron.objective), net.objective()
    moved = net.with_weights(1, net.w[1] - gradient)
    lower = not gradient.any() or moved.objective() < before
    told = f"∂J/∂w = {show(gradient)} leads from w = {show(net.w[1])} to {show(moved.w[1])}"
    told += f", and J from {show(before)} to {show(moved.objective())}."
    return Outcome(array([1]), array([int(lower)]), working=told if len(told) < 400 else "")


def downhill(net: Perceptron) -> Outcome:
    """d/dα J(w − α·∂J/∂w) = −‖∂J/∂w‖² at α = 0, for every layer: unless the gradient is 0, some α > 0 lowers J."""
    said, slopes = list[Any](), list[Any]()
    for layer, w in net.w.items():
        gradient = net.by_weights(layer, Perceptron.objective)

        def along(alpha: Array, layer: int = layer, w: Array = w, gradient: Array = gradient) -> Any:
            return net.with_weights(layer, w - gradient * alpha[0]).objective()

        said.append(-np.sum(gradient * gradient))
        slopes.append(exact.jacobian(along, array([Fraction(0)]))[0])
    return Outcome(array(said), array(slopes))


def reachable(net: Perceptron) -> Perceptron:
    """f(z) = z², and as targets what the drawn weights put out, so that they have J = 0."""
    goal = replace(net, f=SQUARE)
    return replace(goal, y=np.stack([goal.a(goal.n, t) for t in range(goal.m)]))


def stuck(net: Perceptron) -> Outcome:
    """The least J there is, which is 0, against J after a step from where all weights and biases are 0."""
    start = replace(net, w={k: 0 * w for k, w in net.w.items()}, b={k: 0 * b for k, b in net.b.items()})
    gradients = [start.by_weights(layer, Perceptron.objective) for layer in start.w]
    gradients += [start.by_biases(layer, Perceptron.objective) for layer in start.b]
    after = replace(
        start,
        w={layer: w - gradient for (layer, w), gradient in zip(start.w.items(), gradients, strict=False)},
        b={layer: b - gradient for (layer, b), gradient in zip(start.b.items(), gradients[len(start.w) :], strict=True)},
    )
    told = (
        f"From weights and biases that are all 0, where J = {show(start.objective())} and every derivative is 0, no step leads away"
    )
    return Outcome(array([Fraction(0)]), array([after.objective()]), working=f"{told}; the weights given here have J = 0.")


@dataclass(frozen=True)
class Ridge:
    """A linear unit with two inputs, m samples, and two decays of which the second is larger."""

    x: Array
    y: Array
    decays: tuple[Fraction, Fraction]

    def given(self) -> dict[str, Any]:
        """Samples and decays."""
        return {"x": self.x, "y": self.y, "λ": self.decays}

    def objective(self, w: Array, decay: Fraction) -> Any:
        """Mean ½(w·x − y)² + λ/2·‖w‖²."""
        return half_square(self.x @ w - self.y) / len(self.x) + decay * half_square(w)

    def minimiser(self, decay: Fraction) -> Array:
        """By Cramer's rule."""
        m = len(self.x)
        ((a, b), (_, d)), (p, q) = (self.x.T @ self.x) / m, (self.x.T @ self.y) / m
        a, d = a + decay, d + decay
        return array([(d * p - b * q) / (a * d - b * b), (a * q - b * p) / (a * d - b * b)])


def shrinks(ridge: Ridge) -> Outcome:
    """The claim is 1: the minimiser under the larger decay has no larger norm; and 0s: the gradient at both minimisers."""
    small, large = (ridge.minimiser(decay) for decay in ridge.decays)
    at = [exact.jacobian(partial(ridge.objective, decay=decay), w) for w, decay in zip((small, large), ridge.decays, strict=True)]
    no_larger = int(np.sum(large * large) <= np.sum(small * small))
    return Outcome(array([1, 0, 0, 0, 0]), np.concatenate([array([no_larger]), *at]))


def _ridge(choose: Choices) -> Ridge:
    m, small = choose.integer(1, 3), Fraction(choose.integer(1, 8), 4)
    return Ridge(integers(choose, (m, 2)), integers(choose, (m,), zero=True), (small, small + Fraction(choose.integer(1, 8), 4)))


def _batch(choose: Choices) -> Perceptron:
    return draw(choose, layers=choose.integer(2, 3), samples=choose.integer(1, 3), sizes=(1, 2))


def _deep(choose: Choices) -> Perceptron:
    return draw(choose, layers=choose.integer(2, 4), sizes=(1, 2, 3))


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
            Reading("every step of size 1 lowers J", falls),
            Reading("it ends in the minimum, wherever it starts", stuck, on=reachable),
            Reading("J falls at first along every step, or the gradient is 0", downhill),
        ),
    ),
    "sgd-weight-raw": Trial(
        _batch,
        (
            Reading("step size 1", falls),
            Reading("some α > 0", downhill, "corrected"),
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
        partial(draw, layers=3, samples=2),
        (
            Reading("i is sample and unit at once", partial(partial_derivative, as_printed=True)),
            Reading("unit i of sample t", partial(partial_derivative, as_printed=False)),
        ),
    ),
    "residual-suffices": Trial(_deep, (Reading("fully-connected layers", suffices),)),
}
