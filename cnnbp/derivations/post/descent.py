"""Gradient descent: what it promises (V2, V5, V6, E10), and what it has to know (V8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from operator import methodcaller
from typing import Any

import numpy as np

from ...cases.choices import Choices
from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from ..exact.layouts import networks
from ..exact.letters import Letters
from ..exact.networks import Perceptron, unit_step
from ..exact.numbers import SQUARE, array, half_square, integers, joined
from ..statement import Experiment, Instances, Outcome, Reading
from ..telling import told
from .residuals import recursion
from .step import by_residual


def suffices(net: Perceptron) -> Outcome:
    """∂J/∂w = δ·aᵀ and ∂J/∂b = δ, for every layer."""
    says, truth = list[Array](), list[Array]()
    for layer in net.w:
        says += [by_residual(net, layer, 0), recursion(net)[layer + 1]]
        truth += [net.gradient(layer), net.bias_gradient(layer)]
    return Outcome(joined(says), joined(truth))


def mean_gradient(net: Perceptron, of_batch: bool) -> Outcome:
    """The mean over m samples, against the gradient of a step on these m, or of a step on the first of them."""
    first = replace(net, x=net.x[:1], y=net.y[:1])
    wanted = [net.gradient(layer) if of_batch else first.gradient(layer) for layer in net.w]
    each = [joined([by_residual(net, layer, t) for layer in net.w]) for t in range(net.m)]
    mean = sum(each, 0 * each[0]) / net.m
    return Outcome(mean, joined(wanted), told("working.mean", gradients=each, mean=mean))


def falls(net: Perceptron) -> Outcome:
    """The claim is 1: J is lower after a step of the first layer with the given size, or its gradient is 0."""
    gradient = net.gradient(1)
    moved = net.with_weights(1, net.w[1] - net.rate * gradient)
    before, after = net.objective(), moved.objective()
    step = told(
        "working.step", rate=net.rate, gradient=gradient, w=net.w[1], moved=moved.w[1], before=before, after=after
    )  # fmt: skip
    return Outcome(array([1]), array([int(not gradient.any() or after < before)]), step)


def downhill(net: Perceptron) -> Outcome:
    """d/dα J(w − α·g) = −‖g‖² at α = 0, for every layer, g being the mean of δ·a: where g is not 0, some α > 0 lowers J."""
    said, slopes = list[Any](), list[Any]()
    for layer, w in net.w.items():
        g = sum((by_residual(net, layer, t) for t in range(net.m)), 0 * w) / net.m

        def along(alpha: Array, layer: int = layer, w: Array = w, g: Array = g) -> Any:
            return net.with_weights(layer, w - g * alpha[0]).objective()

        said.append(-np.sum(g * g))
        slopes.append(jacobian(along, array([Fraction(0)]))[0])
    return Outcome(array(said), array(slopes))


def reachable(net: Perceptron) -> Perceptron:
    """f(z) = z², and as targets what the drawn weights put out, so that they have J = 0."""
    goal = replace(net, f=SQUARE, rate=None)
    return replace(goal, y=np.stack([goal.a(goal.n, t) for t in range(goal.m)]))


def stuck(net: Perceptron) -> Outcome:
    """The least J there is, which is 0, against J after a step from where all weights and biases are 0."""
    start = replace(net, w={k: 0 * w for k, w in net.w.items()}, b={k: 0 * b for k, b in net.b.items()})
    w = {layer: w - start.gradient(layer) for layer, w in start.w.items()}
    b = {layer: b - start.bias_gradient(layer) for layer, b in start.b.items()}
    reached = array([replace(start, w=w, b=b).objective()])
    return Outcome(array([Fraction(0)]), reached, told("working.stuck", loss=start.objective()))


@dataclass(frozen=True)
class Minima:
    """Two decays λ, the second larger; of the minimiser under each, the data term D(w) and the squared norm ‖w‖²."""

    decays: tuple[Any, Any]
    data: tuple[Any, Any]
    norms: tuple[Any, Any]

    def given(self) -> dict[str, Any]:
        """All of it."""
        return {"λ": self.decays, "D": self.data, "‖w‖²": self.norms}

    def minima(self) -> Minima:
        """Itself."""
        return self


@dataclass(frozen=True)
class Ridge:
    """A linear unit with two inputs, m samples, and two decays of which the second is larger."""

    x: Array
    y: Array
    decays: tuple[Fraction, Fraction]

    def given(self) -> dict[str, Any]:
        """Samples and decays."""
        return {"x": self.x, "y": self.y, "λ": self.decays}

    def data(self, w: Array) -> Any:
        """D(w), the mean of ½(w·x − y)²."""
        return half_square(self.x @ w - self.y) / len(self.x)

    def objective(self, w: Array, decay: Fraction) -> Any:
        """D(w) + λ/2·‖w‖²"""
        return self.data(w) + decay * half_square(w)

    def minimiser(self, decay: Fraction) -> Array:
        """By Cramer's rule."""
        m = len(self.x)
        ((a, b), (_, d)), (p, q) = (self.x.T @ self.x) / m, (self.x.T @ self.y) / m
        a, d = a + decay, d + decay
        return array([(d * p - b * q) / (a * d - b * b), (a * q - b * p) / (a * d - b * b)])

    def minima(self) -> Minima:
        """What the two minimisers have."""
        first, second = (self.minimiser(decay) for decay in self.decays)
        norms = 2 * half_square(first), 2 * half_square(second)
        return Minima(self.decays, (self.data(first), self.data(second)), norms)


def shrinks(ridge: Ridge) -> Outcome:
    """The claim is 1: the minimiser under the larger decay has no larger norm; and 0s: the gradient at both minimisers."""
    small, large = (ridge.minimiser(decay) for decay in ridge.decays)
    at = [jacobian(partial(ridge.objective, decay=decay), w) for w, decay in zip((small, large), ridge.decays, strict=True)]
    no_larger = int(np.sum(large * large) <= np.sum(small * small))
    return Outcome(array([1, 0, 0, 0, 0]), np.concatenate([array([no_larger]), *at]))


def two_gaps(found: Minima) -> Outcome:
    """What each minimiser has less than the other under its own decay, together: (λ₂ − λ₁)·(‖w₁‖² − ‖w₂‖²)/2."""
    (one, two), (d1, d2), (n1, n2) = found.decays, found.data, found.norms
    gaps = (d2 + one * n2 / 2) - (d1 + one * n1 / 2) + (d1 + two * n1 / 2) - (d2 + two * n2 / 2)
    return Outcome(array([(two - one) * (n1 - n2) / 2]), array([gaps]))


def _ridge(samples: int, choose: Choices) -> Ridge:
    small = Fraction(choose.integer(1, 8), 4)
    decays = small, small + Fraction(choose.integer(1, 8), 4)
    return Ridge(integers(choose, (samples, 2)), integers(choose, (samples,), zero=True), decays)


def _minima(_: int) -> Iterator[Minima]:
    stock = Letters(6)
    yield Minima(*((stock.new(), stock.new()) for _ in range(3)))


BATCH = networks((1, 1), (1, 2), (2, 1), (2, 2), (1, 1, 1), (1, 2, 1), (2, 1, 2), samples=(1, 2, 3))
SIZED = networks((1, 1), (1, 2), (2, 1), (2, 2), (1, 1, 1), (1, 2, 1), (2, 1, 2), samples=(1, 2), rate=True)
WEIGHED = told("abstains.inequality")
EXPERIMENTS = {
    "sgd-label": Experiment(
        BATCH,
        Reading("mini-batch", partial(mean_gradient, of_batch=True)),
        Reading("single-samples", partial(mean_gradient, of_batch=False)),
    ),
    "weight-decay-purpose": Experiment(
        Instances((1, 2, 3), _ridge, _minima),
        Reading("small-weights", shrinks, abstains=WEIGHED),
        Reading("any-objective", two_gaps, on=methodcaller("minima")),
    ),
    "gradient-descent-finds-minimum": Experiment(
        SIZED,
        Reading("unit-steps-descend", falls, on=unit_step, abstains=WEIGHED),
        Reading("reaches-minimum", stuck, on=reachable, abstains=told("abstains.own-weights")),
        Reading("descends-at-first", downhill),
    ),
    "sgd-weight-raw": Experiment(
        SIZED,
        Reading("unit-step", falls, on=unit_step, abstains=WEIGHED),
        Reading("direction", downhill),
        Reading("small-step", downhill, "corrected"),
        Reading("every-step", falls, "beyond", abstains=WEIGHED),
    ),
    "residual-suffices": Experiment(
        networks((1, 1), (2, 3), (1, 1, 1), (2, 3, 2), (1, 2, 1, 2)),
        Reading("dense", suffices),
    ),
}
