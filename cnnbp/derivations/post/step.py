"""The step for weights and biases: E11, E12, E14 and E15, and as it ends in E25 and E26."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from ...choices import Choices
from ...oracles import exact
from ...rounding import Array
from ..statement import Outcome, Reading, Trial
from .descent import Gradient, by_residual, exact_gradient
from .perceptron import Perceptron, draw, half_square, show
from .residuals import recursion

ONE = Fraction(1)


def by_first_activation(net: Perceptron, t: int) -> Array:
    """δ_i of sample t times a_j of the first sample: the print gives a_j no sample."""
    return np.multiply.outer(recursion(net, t)[1], net.a(1, 0))


def through_unit(net: Perceptron, t: int) -> Array:
    """∂J/∂z_i · ∂z_i/∂w_ij, both differentiated exactly."""
    w, a, b = net.w[1], net.a(1, t), net.b[1]
    gradient: Array = np.einsum("k,kij->ij", net.residual(2, t), exact.jacobian(lambda w: w @ a + b, w))
    return gradient


def through_edge(net: Perceptron, t: int) -> Array:
    """∂J/∂c_ij · ∂c_ij/∂w_ij, where c_ij = w_ij·a_j is what one edge contributes to z_i."""
    a, b, y = net.a(1, t), net.b[1], net.y[t]
    by_contribution: Array = exact.jacobian(lambda c: half_square(net.above(2, c.sum(1) + b) - y), net.w[1] * a)
    gradient: Array = by_contribution * a
    return gradient


def chain(net: Perceptron, through: Gradient) -> Outcome:
    """The chain rule alone, for the first sample."""
    return Outcome(through(net, 0), exact_gradient(net, 0))


def chain_by_sample(net: Perceptron) -> Outcome:
    """z_ij as unit j of sample i: w_ij would then feed unit j, which depends on row j of w alone."""
    w, truth = net.w[1], exact_gradient(net, 0)
    if len(w) > net.m or w.shape[1] > len(w):
        return Outcome(
            None, truth, f"z_ij for all ij of w needs {len(w)} samples and {w.shape[1]} units; there are {net.m} and {len(w)}"
        )
    says = 0 * w
    for i in range(min(w.shape)):
        says[i, i] = net.residual(2, i)[i] * net.a(1, i)[i]
    return Outcome(says, truth)


def weights(net: Perceptron, gradient: Gradient, alpha: bool, transposed: bool) -> Outcome:
    """w − [mean of the sample gradients + λ·w], with α before the bracket or not, and w_ij in it or w_ji."""
    w, truth = net.w[1], net.w[1] - net.rate * net.by_weights(1, Perceptron.objective)
    if transposed and w.shape[0] != w.shape[1]:
        return Outcome(None, truth, f"w_ji: w is {w.shape[0]} × {w.shape[1]}, and has no entry at every transposed place")
    mean = sum((gradient(net, t) for t in range(net.m)), 0 * w) / net.m
    says = w - (net.rate if alpha else ONE) * (mean + net.decay * (w.T if transposed else w))
    told = f"With α = {show(net.rate)}, λ = {show(net.decay)} and the mean of ∂J/∂w over the samples {show(mean)}"
    return Outcome(says, truth, working=f"{told}, w = {show(w)} must become {show(truth)}; this says {show(says)}.")


def weights_captured(net: Perceptron) -> Outcome:
    """The sum over i taken at its word: sample i is asked for the derivative by row i, and no row is left free."""
    w, truth = net.w[1], net.w[1] - net.rate * net.by_weights(1, Perceptron.objective)
    if net.m > len(w):
        return Outcome(None, truth, f"sample {net.m} asks for row {net.m} of w, which has {len(w)}")
    row = sum((exact_gradient(net, t)[t] for t in range(net.m)), 0 * w[0]) / net.m
    return Outcome(w - row - net.decay * w, truth, working=f"Every row of w = {show(w)} would lose the same {show(row)}.")


def biases(net: Perceptron, alpha: bool, decayed: bool = False) -> Outcome:
    """b − mean of the residuals, with α or not; `decayed`: with λ·b as well."""
    b, truth = net.b[1], net.b[1] - net.rate * net.by_biases(1, Perceptron.objective)
    mean = sum((recursion(net, t)[1] for t in range(net.m)), 0 * b) / net.m
    says = b - (net.rate if alpha else ONE) * (mean + (net.decay * b if decayed else 0))
    told = f"With α = {show(net.rate)} and the mean residual {show(mean)}"
    return Outcome(says, truth, working=f"{told}, b = {show(b)} must become {show(truth)}; this says {show(says)}.")


def biases_captured(net: Perceptron) -> Outcome:
    """The sum over i taken at its word: sample i is asked for the derivative by unit i."""
    b, truth = net.b[1], net.b[1] - net.rate * net.by_biases(1, Perceptron.objective)
    if net.m > len(b):
        return Outcome(None, truth, f"sample {net.m} asks for unit {net.m}, and the layer has {len(b)}")
    return Outcome(b - sum(recursion(net, t)[1][t] for t in range(net.m)) / net.m, truth)


def _step_size(choose: Choices) -> Perceptron:
    """A batch with α and λ."""
    return draw(choose, layers=choose.integer(2, 3), samples=choose.integer(1, 3), descent=True, sizes=(1, 2))


def unit_step(net: Perceptron) -> Perceptron:
    """The same where the step size 1 is what is meant."""
    return replace(net, rate=ONE)


def _step(gradient: Gradient, alpha: bool = False, transposed: bool = False) -> Callable[[Perceptron], Outcome]:
    return partial(weights, gradient=gradient, alpha=alpha, transposed=transposed)


WITH_ALPHA = "with α, and w_ij in the decay"
TRIALS = {
    "sgd-weight-decay": Trial(
        _step_size,
        (
            Reading("w_ji decays w_ij; α = 1 granted", _step(exact_gradient, transposed=True), on=unit_step),
            Reading("no α; w_ij granted", _step(exact_gradient)),
            Reading("i is sample and row at once; α = 1 and w_ij granted", weights_captured, on=unit_step),
            Reading(WITH_ALPHA, _step(exact_gradient, alpha=True), "corrected"),
        ),
    ),
    "sgd-weight-chain": Trial(
        _step_size,
        (
            Reading("the step: w_ji decays w_ij; α = 1 and z_i granted", _step(through_unit, transposed=True), on=unit_step),
            Reading("the step: no α; w_ij and z_i granted", _step(through_unit)),
            Reading("the chain rule, z_ij as z_i", partial(chain, through=through_unit), "corrected"),
            Reading("the chain rule, z_ij as w_ij·a_j of one edge", partial(chain, through=through_edge), "corrected"),
            Reading("the chain rule, z_ij as unit j of sample i", chain_by_sample, "beyond"),
        ),
    ),
    "sgd-weight-activation": Trial(
        _step_size,
        (
            Reading("w_ji decays w_ij; α = 1 granted", _step(by_residual, transposed=True), on=unit_step),
            Reading("one a_j for all samples; α = 1 and w_ij granted", _step(by_first_activation), on=unit_step),
            Reading("no α; w_ij and a_j of each sample granted", _step(by_residual)),
            Reading(WITH_ALPHA, _step(by_residual, alpha=True), "corrected"),
        ),
    ),
    "sgd-bias-raw": Trial(
        _step_size,
        (
            Reading("t for the samples; no α", partial(biases, alpha=False)),
            Reading("i is sample and unit at once; α = 1 granted", biases_captured, on=unit_step),
            Reading("with α", partial(biases, alpha=True), "corrected"),
            Reading("α = 1 granted", partial(biases, alpha=False), "beyond", on=unit_step),
            Reading("with α, and a decay of the biases", partial(biases, alpha=True, decayed=True), "beyond"),
        ),
    ),
    "sgd-weight": Trial(
        _step_size,
        (
            Reading("no α", _step(by_residual)),
            Reading("with α", _step(by_residual, alpha=True), "corrected"),
            Reading("α = 1 granted", _step(by_residual), "beyond", on=unit_step),
        ),
    ),
    "sgd-bias": Trial(
        _step_size,
        (
            Reading("no α", partial(biases, alpha=False)),
            Reading("with α", partial(biases, alpha=True), "corrected"),
            Reading("α = 1 granted", partial(biases, alpha=False), "beyond", on=unit_step),
        ),
    ),
}
