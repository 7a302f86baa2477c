"""The step for weights and biases: E11, E12, E14 and E15, and as it ends in E25 and E26."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from ..exact.networks import Perceptron, array, draw, half_square, joined
from ..statement import Experiment, Outcome, Reading
from ..telling import told
from .descent import Gradient, by_residual, exact_gradient
from .residuals import recursion

ONE = Fraction(1)


def true_weights(net: Perceptron) -> Array:
    """w − α·∂J/∂w of every layer, J differentiated exactly, decay and all."""
    return joined([w - net.rate * net.by_weights(layer, Perceptron.objective) for layer, w in net.w.items()])


def true_biases(net: Perceptron) -> Array:
    """b − α·∂J/∂b of every layer, J differentiated exactly."""
    return joined([b - net.rate * net.by_biases(layer, Perceptron.objective) for layer, b in net.b.items()])


def by_first_activation(net: Perceptron, layer: int, t: int) -> Array:
    """δ_i of sample t times a_j of the first sample: the print gives a_j no sample."""
    return np.multiply.outer(recursion(net, t)[layer + 1], net.a(layer, 0))


def through_unit(net: Perceptron, layer: int, t: int) -> Array:
    """∂J/∂z_i · ∂z_i/∂w_ij, both differentiated exactly."""
    w, a, b = net.w[layer], net.a(layer, t), net.b[layer]
    return np.asarray(np.einsum("k,kij->ij", net.residual(layer + 1, t), jacobian(lambda w: w @ a + b, w)))


def through_edge(net: Perceptron, layer: int, t: int) -> Array:
    """∂J/∂c_ij · ∂c_ij/∂w_ij, where c_ij = w_ij·a_j is what one edge contributes to z_i."""
    a, b, y = net.a(layer, t), net.b[layer], net.y[t]
    by_contribution = jacobian(lambda c: half_square(net.above(layer + 1, c.sum(1) + b) - y), net.w[layer] * a)
    return np.asarray(by_contribution * a)


def through_sample(net: Perceptron, layer: int, t: int) -> Array:
    """z_ij as the net input of unit j in sample i, which depends on row j of w alone: 0 for every other row."""
    gradient, a = 0 * net.w[layer], net.a(layer, t)
    for j in range(min(gradient.shape)):
        gradient[j, j] = net.residual(layer + 1, t)[j] * a[j]
    return gradient


def weights(net: Perceptron, gradient: Gradient, alpha: bool, transposed: bool) -> Outcome:
    """w − [mean of the sample gradients + λ·w] in every layer, with α before the bracket or not, and w_ij in it or w_ji."""
    truth = true_weights(net)
    awry = next((w.shape for w in net.w.values() if w.shape[0] != w.shape[1]), None)
    if transposed and awry:
        return Outcome(None, truth, told("nonsense.transposed", rows=awry[0], columns=awry[1]))
    total = {}
    for layer, w in net.w.items():
        mean = sum((gradient(net, layer, t) for t in range(net.m)), 0 * w) / net.m
        total[layer] = mean + net.decay * (w.T if transposed else w)
    says = joined([w - (net.rate if alpha else ONE) * total[layer] for layer, w in net.w.items()])
    before, bracket = (joined(list(values.values())) for values in (net.w, total))
    step = told("working.weights", rate=net.rate, decay=net.decay, bracket=bracket, before=before, truth=truth, says=says)
    return Outcome(says, truth, step)


def weights_captured(net: Perceptron) -> Outcome:
    """The sum over i taken literally: sample i is asked for the derivative by row i, and no row is left free."""
    truth = true_weights(net)
    least = min(len(w) for w in net.w.values())
    if net.m > least:
        return Outcome(None, truth, told("nonsense.row", sample=net.m, rows=least))
    said = []
    for layer, w in net.w.items():
        row = sum((exact_gradient(net, layer, t)[t] for t in range(net.m)), 0 * w[0]) / net.m
        said.append(w - row - net.decay * w)
    return Outcome(joined(said), truth, told("working.rows", says=joined(said), truth=truth))


def biases(net: Perceptron, alpha: bool, decayed: bool = False) -> Outcome:
    """b − mean of the residuals in every layer, with α or not; `decayed`: with λ·b as well."""
    truth = true_biases(net)
    mean = {layer: sum((recursion(net, t)[layer + 1] for t in range(net.m)), 0 * b) / net.m for layer, b in net.b.items()}
    decay = (net.decay or 0) if decayed else 0
    says = joined([b - (net.rate if alpha else ONE) * (mean[layer] + decay * b) for layer, b in net.b.items()])
    before, residual = (joined(list(values.values())) for values in (net.b, mean))
    return Outcome(says, truth, told("working.biases", rate=net.rate, mean=residual, before=before, truth=truth, says=says))


def biases_captured(net: Perceptron) -> Outcome:
    """The sum over i taken literally: sample i is asked for the derivative by unit i."""
    truth = true_biases(net)
    least = min(len(b) for b in net.b.values())
    if net.m > least:
        return Outcome(None, truth, told("nonsense.unit", sample=net.m, units=least))
    lost = {layer: sum(recursion(net, t)[layer + 1][t] for t in range(net.m)) / net.m for layer in net.b}
    says = joined([b - lost[layer] for layer, b in net.b.items()])
    return Outcome(says, truth, told("working.units", lost=array(list(lost.values()))))


def unit_step(net: Perceptron) -> Perceptron:
    """The same where the step size 1 is what is meant."""
    return replace(net, rate=ONE)


def _step(gradient: Gradient, alpha: bool = False, transposed: bool = False) -> Callable[[Perceptron], Outcome]:
    return partial(weights, gradient=gradient, alpha=alpha, transposed=transposed)


PLAIN = partial(draw, layers=(2, 3), samples=(1, 3), rate=True, sizes=(1, 2))
DECAYED = partial(PLAIN, decay=True)
EXPERIMENTS = {
    "sgd-weight-decay": Experiment(
        DECAYED,
        Reading("transposed", _step(exact_gradient, transposed=True), on=unit_step),
        Reading("no-alpha", _step(exact_gradient)),
        Reading("row-captured", weights_captured, on=unit_step),
        Reading("corrected", _step(exact_gradient, alpha=True), "corrected"),
    ),
    "sgd-weight-chain": Experiment(
        DECAYED,
        Reading("transposed", _step(through_unit, transposed=True), on=unit_step),
        Reading("no-alpha", _step(through_unit)),
        Reading("sample-captured", _step(through_sample), on=unit_step),
        Reading("corrected-unit", _step(through_unit, alpha=True), "corrected"),
        Reading("corrected-edge", _step(through_edge, alpha=True), "corrected"),
    ),
    "sgd-weight-activation": Experiment(
        DECAYED,
        Reading("transposed", _step(by_residual, transposed=True), on=unit_step),
        Reading("one-activation", _step(by_first_activation), on=unit_step),
        Reading("no-alpha", _step(by_residual)),
        Reading("corrected", _step(by_residual, alpha=True), "corrected"),
    ),
    "sgd-bias-raw": Experiment(
        DECAYED,
        Reading("no-alpha", partial(biases, alpha=False)),
        Reading("unit-captured", biases_captured, on=unit_step),
        Reading("corrected", partial(biases, alpha=True), "corrected"),
        Reading("unit-step", partial(biases, alpha=False), "beyond", on=unit_step),
        Reading("decayed", partial(biases, alpha=True, decayed=True), "beyond"),
    ),
    "sgd-weight": Experiment(
        DECAYED,
        Reading("no-alpha", _step(by_residual)),
        Reading("corrected", _step(by_residual, alpha=True), "corrected"),
        Reading("unit-step", _step(by_residual), "beyond", on=unit_step),
    ),
    "sgd-bias": Experiment(
        PLAIN,
        Reading("no-alpha", partial(biases, alpha=False)),
        Reading("corrected", partial(biases, alpha=True), "corrected"),
        Reading("unit-step", partial(biases, alpha=False), "beyond", on=unit_step),
    ),
}
