"""The step for weights and biases: E11, E12, E14 and E15, and as it ends in E25 and E26."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from ...cases.choices import Choices
from ...oracles import dual_numbers as exact
from ...rounding import Array
from ..statement import Outcome, Reading, Trial
from .descent import Gradient, by_residual, exact_gradient
from ..exact.networks import Perceptron, array, draw, half_square, joined, show

ONE = Fraction(1)


def true_weights(net: Perceptron) -> Array:
    """w − α·∂J/∂w of every layer, J differentiated exactly, decay and all."""
    return joined([w - net.rate * net.by_weights(layer, Perceptron.objective) for layer, w in net.w.items()])


def true_biases(net: Perceptron) -> Array:
    """b − α·∂J/∂b of every layer, J differentiated exactly."""
    return joined([b - net.rate * net.by_biases(layer, Perceptron.objective) for layer, b in net.b.items()])


def by_first_activation(net: Perceptron, layer: int, t: int) -> Array:
    """δ_i of sample t times a_j of the first sample: the print gives a_j no sample."""
    return np.multiply.outer(net.recursion(t)[layer + 1], net.a(layer, 0))


def through_unit(net: Perceptron, layer: int, t: int) -> Array:
    """∂J/∂z_i · ∂z_i/∂w_ij, both differentiated exactly."""
    w, a, b = net.w[layer], net.a(layer, t), net.b[layer]
    gradient: Array = np.einsum("k,kij->ij", net.residual(layer + 1, t), exact.jacobian(lambda w: w @ a + b, w))
    return gradient


def through_edge(net: Perceptron, layer: int, t: int) -> Array:
    """∂J/∂c_ij · ∂c_ij/∂w_ij, where c_ij = w_ij·a_j is what one edge contributes to z_i."""
    a, b, y = net.a(layer, t), net.b[layer], net.y[t]
    by_contribution = exact.jacobian(lambda c: half_square(net.above(layer + 1, c.sum(1) + b) - y), net.w[layer] * a)
    gradient: Array = by_contribution * a
    return gradient


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
        return Outcome(None, truth, f"w_ji: w is {awry[0]} × {awry[1]}, and has no entry at every transposed place")
    total = {}
    for layer, w in net.w.items():
        mean = sum((gradient(net, layer, t) for t in range(net.m)), 0 * w) / net.m
        total[layer] = mean + net.decay * (w.T if transposed else w)
    says = joined([w - (net.rate if alpha else ONE) * total[layer] for layer, w in net.w.items()])
    told = f"With α = {show(net.rate)} and λ = {show(net.decay)}, the bracket is {show(joined(list(total.values())))}"
    before = show(joined(list(net.w.values())))
    return Outcome(says, truth, working=f"{told} here. w = {before} must become {show(truth)}; this says {show(says)}.")


def weights_captured(net: Perceptron) -> Outcome:
    """The sum over i taken at its word: sample i is asked for the derivative by row i, and no row is left free."""
    truth = true_weights(net)
    least = min(len(w) for w in net.w.values())
    if net.m > least:
        return Outcome(None, truth, f"sample {net.m} asks for row {net.m} of a w that has {least}")
    said = []
    for layer, w in net.w.items():
        row = sum((exact_gradient(net, layer, t)[t] for t in range(net.m)), 0 * w[0]) / net.m
        said.append(w - row - net.decay * w)
    told = f"Every row of a layer would lose the same: w would become {show(joined(said))}, and must become {show(truth)}."
    return Outcome(joined(said), truth, working=told)


def biases(net: Perceptron, alpha: bool, decayed: bool = False) -> Outcome:
    """b − mean of the residuals in every layer, with α or not; `decayed`: with λ·b as well."""
    truth = true_biases(net)
    mean = {layer: sum((net.recursion(t)[layer + 1] for t in range(net.m)), 0 * b) / net.m for layer, b in net.b.items()}
    decay = (net.decay or 0) if decayed else 0
    says = joined([b - (net.rate if alpha else ONE) * (mean[layer] + decay * b) for layer, b in net.b.items()])
    told = f"With α = {show(net.rate)} and the mean residual {show(joined(list(mean.values())))}"
    before = show(joined(list(net.b.values())))
    return Outcome(says, truth, working=f"{told}, b = {before} must become {show(truth)}; this says {show(says)}.")


def biases_captured(net: Perceptron) -> Outcome:
    """The sum over i taken at its word: sample i is asked for the derivative by unit i."""
    truth = true_biases(net)
    least = min(len(b) for b in net.b.values())
    if net.m > least:
        return Outcome(None, truth, f"sample {net.m} asks for unit {net.m} of a layer that has {least}")
    lost = {layer: sum(net.recursion(t)[layer + 1][t] for t in range(net.m)) / net.m for layer in net.b}
    says = joined([b - lost[layer] for layer, b in net.b.items()])
    told = f"Every unit of a layer would lose the same, {show(array(list(lost.values())))}, whatever its own residual."
    return Outcome(says, truth, working=told)


def unit_step(net: Perceptron) -> Perceptron:
    """The same where the step size 1 is what is meant."""
    return replace(net, rate=ONE)


def _decayed(choose: Choices) -> Perceptron:
    return draw(choose, choose.integer(2, 3), choose.integer(1, 3), rate=True, decay=True, sizes=(1, 2))


def _plain(choose: Choices) -> Perceptron:
    return draw(choose, choose.integer(2, 3), choose.integer(1, 3), rate=True, sizes=(1, 2))


def _step(gradient: Gradient, alpha: bool = False, transposed: bool = False) -> Callable[[Perceptron], Outcome]:
    return partial(weights, gradient=gradient, alpha=alpha, transposed=transposed)


TRIALS = {
    "sgd-weight-decay": Trial(
        _decayed,
        (
            Reading("w_ji decays w_ij; α = 1 granted", _step(exact_gradient, transposed=True), on=unit_step),
            Reading("no α; w_ij granted", _step(exact_gradient)),
            Reading("i is sample and row at once; α = 1 and w_ij granted", weights_captured, on=unit_step),
            Reading("with α, and w_ij in the decay", _step(exact_gradient, alpha=True), "corrected"),
        ),
    ),
    "sgd-weight-chain": Trial(
        _decayed,
        (
            Reading("w_ji decays w_ij; α = 1 and z_i granted", _step(through_unit, transposed=True), on=unit_step),
            Reading("no α; w_ij and z_i granted", _step(through_unit)),
            Reading("z_ij is unit j of sample i; α = 1 and w_ij granted", _step(through_sample), on=unit_step),
            Reading("with α and w_ij; z_ij as z_i", _step(through_unit, alpha=True), "corrected"),
            Reading("with α and w_ij; z_ij as w_ij·a_j of one edge", _step(through_edge, alpha=True), "corrected"),
        ),
    ),
    "sgd-weight-activation": Trial(
        _decayed,
        (
            Reading("w_ji decays w_ij; α = 1 granted", _step(by_residual, transposed=True), on=unit_step),
            Reading("one a_j for all samples; α = 1 and w_ij granted", _step(by_first_activation), on=unit_step),
            Reading("no α; w_ij and a_j of each sample granted", _step(by_residual)),
            Reading("with α, w_ij, and a_j of each sample", _step(by_residual, alpha=True), "corrected"),
        ),
    ),
    "sgd-bias-raw": Trial(
        _decayed,
        (
            Reading("t for the samples; no α", partial(biases, alpha=False)),
            Reading("i is sample and unit at once; α = 1 granted", biases_captured, on=unit_step),
            Reading("with α", partial(biases, alpha=True), "corrected"),
            Reading("α = 1 granted", partial(biases, alpha=False), "beyond", on=unit_step),
            Reading("with α, and a decay of the biases", partial(biases, alpha=True, decayed=True), "beyond"),
        ),
    ),
    "sgd-weight": Trial(
        _decayed,
        (
            Reading("no α", _step(by_residual)),
            Reading("with α", _step(by_residual, alpha=True), "corrected"),
            Reading("α = 1 granted", _step(by_residual), "beyond", on=unit_step),
        ),
    ),
    "sgd-bias": Trial(
        _plain,
        (
            Reading("no α", partial(biases, alpha=False)),
            Reading("with α", partial(biases, alpha=True), "corrected"),
            Reading("α = 1 granted", partial(biases, alpha=False), "beyond", on=unit_step),
        ),
    ),
}
