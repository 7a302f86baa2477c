"""Gradient descent: what it promises (V2, V5, V6, E10), and what it has to know (E13, E16, V8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from ...cases.choices import Choices
from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from ..exact.networks import SQUARE, Perceptron, array, draw, half_square, integers, joined
from ..statement import Experiment, Outcome, Reading
from ..telling import told
from .residuals import recursion

Gradient = Callable[[Perceptron, int, int], Array]  # by the weights of a layer, of one sample


def exact_gradient(net: Perceptron, layer: int, t: int) -> Array:
    """∂J/∂w of sample t, J differentiated exactly."""
    return net.by_weights(layer, lambda moved: moved.loss(t))


def by_residual(net: Perceptron, layer: int, t: int) -> Array:
    """δ_i·a_j of sample t, the residual by the recursion of the post."""
    return np.multiply.outer(recursion(net, t)[layer + 1], net.a(layer, t))


def net_input(net: Perceptron) -> Outcome:
    """z_i = Σ_k w_ik·a_k + b_i, in every layer."""
    said = [np.einsum("ik,k->i", net.w[layer], net.a(layer)) + net.b[layer] for layer in net.w]
    return Outcome(joined(said), net.net_inputs())


def net_input_as_printed(net: Perceptron) -> Outcome:
    """Q·z_ij at its word: a factor that nobody defined, and an index that nothing binds."""
    return Outcome(None, net.net_inputs(), told("nonsense.undefined"))


def partial_derivative(net: Perceptron, as_printed: bool) -> Outcome:
    """∂J/∂z of every sample and layer by the recursion; as printed i is the sample, and the unit too."""
    pairs = [(layer, t) for layer in range(2, net.n + 1) for t in range(net.m)]
    truth = np.concatenate([net.residual(layer, t) for layer, t in pairs])
    if as_printed and truth.size > 1:
        return Outcome(None, truth, told("nonsense.unnamed", derivatives=truth.size))
    return Outcome(np.concatenate([recursion(net, t)[layer] for layer, t in pairs]), truth)


def suffices(net: Perceptron) -> Outcome:
    """∂J/∂w = δ·aᵀ and ∂J/∂b = δ, for every layer."""
    says, truth = list[Array](), list[Array]()
    for layer in net.w:
        delta = net.residual(layer + 1)
        says += [np.multiply.outer(delta, net.a(layer)), delta]
        truth += [net.by_weights(layer, Perceptron.loss), net.by_biases(layer, Perceptron.loss)]
    return Outcome(joined(says), joined(truth))


def mean_gradient(net: Perceptron, ofBATCH: bool) -> Outcome:
    """The mean over m samples, against the gradient of a step on these m, or of a step on the first of them."""
    wanted = [net.by_weights(layer, Perceptron.objective) if ofBATCH else exact_gradient(net, layer, 0) for layer in net.w]
    each = [joined([by_residual(net, layer, t) for layer in net.w]) for t in range(net.m)]
    mean = sum(each, 0 * each[0]) / net.m
    return Outcome(mean, joined(wanted), told("working.mean", gradients=each, mean=mean))


def falls(net: Perceptron) -> Outcome:
    """The claim is 1: J is lower after a step of size 1 of the first layer, or its gradient is 0 and there is no step."""
    gradient = net.by_weights(1, Perceptron.objective)
    moved = net.with_weights(1, net.w[1] - gradient)
    before, after = net.objective(), moved.objective()
    step = told("working.step", gradient=gradient, w=net.w[1], moved=moved.w[1], before=before, after=after)
    return Outcome(array([1]), array([int(not gradient.any() or after < before)]), step)


def downhill(net: Perceptron) -> Outcome:
    """d/dα J(w − α·∂J/∂w) = −‖∂J/∂w‖² at α = 0, for every layer: unless the gradient is 0, some α > 0 lowers J."""
    said, slopes = list[Any](), list[Any]()
    for layer, w in net.w.items():
        gradient = net.by_weights(layer, Perceptron.objective)

        def along(alpha: Array, layer: int = layer, w: Array = w, gradient: Array = gradient) -> Any:
            return net.with_weights(layer, w - gradient * alpha[0]).objective()

        said.append(-np.sum(gradient * gradient))
        slopes.append(jacobian(along, array([Fraction(0)]))[0])
    return Outcome(array(said), array(slopes))


def reachable(net: Perceptron) -> Perceptron:
    """f(z) = z², and as targets what the drawn weights put out, so that they have J = 0."""
    goal = replace(net, f=SQUARE)
    return replace(goal, y=np.stack([goal.a(goal.n, t) for t in range(goal.m)]))


def stuck(net: Perceptron) -> Outcome:
    """The least J there is, which is 0, against J after a step from where all weights and biases are 0."""
    start = replace(net, w={k: 0 * w for k, w in net.w.items()}, b={k: 0 * b for k, b in net.b.items()})
    w = {layer: w - start.by_weights(layer, Perceptron.objective) for layer, w in start.w.items()}
    b = {layer: b - start.by_biases(layer, Perceptron.objective) for layer, b in start.b.items()}
    after = replace(start, w=w, b=b)
    return Outcome(array([Fraction(0)]), array([after.objective()]), told("working.stuck", loss=start.objective()))


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
    at = [jacobian(partial(ridge.objective, decay=decay), w) for w, decay in zip((small, large), ridge.decays, strict=True)]
    no_larger = int(np.sum(large * large) <= np.sum(small * small))
    return Outcome(array([1, 0, 0, 0, 0]), np.concatenate([array([no_larger]), *at]))


def _ridge(choose: Choices) -> Ridge:
    m, small = choose.integer(1, 3), Fraction(choose.integer(1, 8), 4)
    return Ridge(integers(choose, (m, 2)), integers(choose, (m,), zero=True), (small, small + Fraction(choose.integer(1, 8), 4)))


BATCH, DEEP = partial(draw, layers=(2, 3), samples=(1, 3), sizes=(1, 2)), partial(draw, layers=(2, 4))
EXPERIMENTS = {
    "sgd-label": Experiment(
        BATCH,
        Reading("mini-batch", partial(mean_gradient, ofBATCH=True)),
        Reading("single-samples", partial(mean_gradient, ofBATCH=False)),
    ),
    "weight-decay-purpose": Experiment(_ridge, Reading("small-weights", shrinks)),
    "gradient-descent-finds-minimum": Experiment(
        BATCH,
        Reading("unit-steps-descend", falls),
        Reading("reaches-minimum", stuck, on=reachable),
        Reading("descends-at-first", downhill),
    ),
    "sgd-weight-raw": Experiment(
        BATCH,
        Reading("unit-step", falls),
        Reading("small-step", downhill, "corrected"),
    ),
    "net-input-sum": Experiment(
        DEEP,
        Reading("as-printed", net_input_as_printed),
        Reading("corrected", net_input),
    ),
    "residual-partial": Experiment(
        partial(draw, layers=3, samples=2),
        Reading("unit-captured", partial(partial_derivative, as_printed=True)),
        Reading("sample-apart", partial(partial_derivative, as_printed=False)),
    ),
    "residual-suffices": Experiment(DEEP, Reading("dense", suffices)),
}
