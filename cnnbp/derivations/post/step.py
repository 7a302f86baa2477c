"""The step for weights and biases: E11, E12, E14 and E15, as it ends in E25 and E26, and how one follows from the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from ...rounding import Array
from ..exact.layouts import networks
from ..exact.networks import Perceptron, unit_step
from ..exact.numbers import ONE, array, joined
from ..statement import Experiment, Outcome, Reading
from ..telling import told
from .residuals import recursion

Gradient = Callable[[Perceptron, int, int], Array]  # by the weights of a layer, of one sample


def true_weights(net: Perceptron) -> Array:
    """w − α·∂J/∂w of every layer, J differentiated exactly, decay and all."""
    return joined([w - net.rate * net.gradient(layer) for layer, w in net.w.items()])


def true_biases(net: Perceptron) -> Array:
    """b − α·∂J/∂b of every layer, J differentiated exactly."""
    return joined([b - net.rate * net.bias_gradient(layer) for layer, b in net.b.items()])


def by_residual(net: Perceptron, layer: int, t: int) -> Array:
    """δ_i·a_j of sample t, the residual by the recursion of the post."""
    return np.multiply.outer(recursion(net, t)[layer + 1], net.a(layer, t))


def by_first_activation(net: Perceptron, layer: int, t: int) -> Array:
    """δ_i of sample t times a_j of the first sample: the print gives a_j no sample."""
    return np.multiply.outer(recursion(net, t)[layer + 1], net.a(layer, 0))


def through_unit(net: Perceptron, layer: int, t: int) -> Array:
    """∂J/∂z_i · ∂z_i/∂w_ij; the second is by how much z_i changes where w_ij grows by 1, since z is linear in w."""
    w, delta, found = net.w[layer], recursion(net, t)[layer + 1], 0 * net.w[layer]
    for i, j in np.ndindex(w.shape):
        more = w.copy()
        more[i, j] = more[i, j] + 1
        found[i, j] = delta[i] * ((more - w) @ net.a(layer, t))[i]
    return found


def through_edge(net: Perceptron, layer: int, t: int) -> Array:
    """∂J/∂c_ij · ∂c_ij/∂w_ij, where c_ij = w_ij·a_j is what one edge contributes to z_i: ∂J/∂c_ij is δ_i."""
    a, delta = net.a(layer, t), recursion(net, t)[layer + 1]
    slopes = [[(w + 1) * a[j] - w * a[j] for j, w in enumerate(row)] for row in net.w[layer]]
    return np.asarray(delta[:, None] * np.array(slopes, object))


def through_sample(net: Perceptron, layer: int, t: int) -> Array:
    """z_ij as the net input of unit j in sample i, which depends on row j of w alone: 0 for every other row."""
    gradient, a, delta = 0 * net.w[layer], net.a(layer, t), recursion(net, t)[layer + 1]
    for j in range(min(gradient.shape)):
        gradient[j, j] = delta[j] * a[j]
    return gradient


def weights(net: Perceptron, gradient: Gradient, alpha: bool = False, transposed: bool = False) -> Outcome:
    """w − [mean of the sample gradients + λ·w] in every layer, with α before the bracket or not, and w_ij in it or w_ji."""
    truth = true_weights(net)
    total = _brackets(net, gradient, transposed)
    if isinstance(total, tuple):
        return Outcome(None, truth, told("nonsense.transposed", rows=total[0], columns=total[1]))
    says = joined([w - (net.rate if alpha else ONE) * total[layer] for layer, w in net.w.items()])
    before, bracket = (joined(list(values.values())) for values in (net.w, total))
    step = told("working.weights", rate=net.rate, decay=net.decay, bracket=bracket, before=before, truth=truth, says=says)
    return Outcome(says, truth, step)


def _brackets(net: Perceptron, gradient: Gradient, transposed: bool) -> dict[int, Array] | tuple[int, int]:
    """Mean of the sample gradients + λ·w by layer, or with wᵀ; the shape of a w that has no entry at every transposed place."""
    awry = next((w.shape for w in net.w.values() if w.shape[0] != w.shape[1]), None)
    if transposed and awry:
        return awry[0], awry[1]
    means = {layer: sum((gradient(net, layer, t) for t in range(net.m)), 0 * w) / net.m for layer, w in net.w.items()}
    return {layer: mean + net.decay * (net.w[layer].T if transposed else net.w[layer]) for layer, mean in means.items()}


def weights_captured(net: Perceptron) -> Outcome:
    """The sum over i taken literally: sample i is asked for the derivative by row i, and no row is left free."""
    truth = true_weights(net)
    least = min(len(w) for w in net.w.values())
    if net.m > least:
        return Outcome(None, truth, told("nonsense.row", sample=net.m, rows=least))
    said = []
    for layer, w in net.w.items():
        row = sum((by_residual(net, layer, t)[t] for t in range(net.m)), 0 * w[0]) / net.m
        said.append(w - row - net.decay * w)
    return Outcome(joined(said), truth, told("working.rows", says=joined(said), truth=truth))


def biases(net: Perceptron, alpha: bool = False, decayed: bool = False) -> Outcome:
    """b − mean of the residuals in every layer, with α or not; `decayed`: with λ·b as well."""
    truth, mean = true_biases(net), _mean_residuals(net)
    decay = net.decay if decayed else 0
    says = joined([b - (net.rate if alpha else ONE) * (mean[layer] + decay * b) for layer, b in net.b.items()])
    before, residual = (joined(list(values.values())) for values in (net.b, mean))
    return Outcome(says, truth, told("working.biases", rate=net.rate, mean=residual, before=before, truth=truth, says=says))


def _mean_residuals(net: Perceptron) -> dict[int, Array]:
    return {layer: sum((recursion(net, t)[layer + 1] for t in range(net.m)), 0 * b) / net.m for layer, b in net.b.items()}


def biases_captured(net: Perceptron) -> Outcome:
    """The sum over i taken literally: sample i is asked for the derivative by unit i."""
    truth = true_biases(net)
    least = min(len(b) for b in net.b.values())
    if net.m > least:
        return Outcome(None, truth, told("nonsense.unit", sample=net.m, units=least))
    lost = {layer: sum(recursion(net, t)[layer + 1][t] for t in range(net.m)) / net.m for layer in net.b}
    says = joined([b - lost[layer] for layer, b in net.b.items()])
    return Outcome(says, truth, told("working.units", lost=array(list(lost.values()))))


def weights_substituted(net: Perceptron, transposed: bool) -> Outcome:
    """E14 with the true ∂J/∂z put in, decayed by w_ji as printed or by w_ij, against the right side of E25."""
    into: Any = lambda net, layer, t: np.multiply.outer(net.residual(layer + 1, t), net.a(layer, t))  # noqa: E731
    total, wanted = _brackets(net, into, transposed), _brackets(net, by_residual, False)
    assert isinstance(wanted, dict)
    truth = joined([w - wanted[layer] for layer, w in net.w.items()])
    if isinstance(total, tuple):
        return Outcome(None, truth, told("nonsense.transposed", rows=total[0], columns=total[1]))
    says = joined([w - total[layer] for layer, w in net.w.items()])
    return Outcome(says, truth, told("working.substituted", decay=net.decay, says=says, truth=truth))


def biases_substituted(net: Perceptron) -> Outcome:
    """E15 with the true ∂J/∂z put in, against the right side of E26."""
    put_in = {layer: sum((net.residual(layer + 1, t) for t in range(net.m)), 0 * b) / net.m for layer, b in net.b.items()}
    mean = _mean_residuals(net)
    says, truth = (joined([b - each[layer] for layer, b in net.b.items()]) for each in (put_in, mean))
    return Outcome(says, truth)


def _step(name: str, gradient: Gradient, role: Any = "printed", alpha: bool | None = None, transposed: bool = False) -> Reading:
    """A reading of a step; of size 1, unless the print is held to any α, or has it."""
    evaluate = partial(weights, gradient=gradient, alpha=bool(alpha), transposed=transposed)
    return Reading(name, evaluate, role, on=unit_step if alpha is None else lambda net: net)


UNITS = (*product((1, 2), repeat=2), *product((1, 2), repeat=3))
_OTHER_BIASES = (
    Reading("any-step", biases),
    Reading("corrected", partial(biases, alpha=True), "corrected"),
    Reading("decayed", partial(biases, alpha=True, decayed=True), "beyond"),
)
STEPS = networks(*UNITS, samples=(1, 2), rate=True, decay=True)
EXPERIMENTS = {
    "sgd-weight-decay": Experiment(
        STEPS,
        _step("transposed", by_residual, transposed=True),
        Reading("row-captured", weights_captured, on=unit_step),
        _step("corrected", by_residual, "corrected", alpha=True),
        _step("own-decay", by_residual, "beyond"),
        _step("any-step", by_residual, "beyond", alpha=False),
    ),
    "sgd-weight-chain": Experiment(
        STEPS,
        _step("transposed", through_unit, transposed=True),
        _step("sample-captured", through_sample),
        _step("corrected-unit", through_unit, "corrected", alpha=True),
        _step("corrected-edge", through_edge, "corrected", alpha=True),
        _step("own-decay", through_unit, "beyond"),
    ),
    "sgd-weight-activation": Experiment(
        STEPS,
        _step("transposed", by_residual, transposed=True),
        _step("one-activation", by_first_activation),
        _step("corrected", by_residual, "corrected", alpha=True),
        _step("own-decay", by_residual, "beyond"),
    ),
    "sgd-bias-raw": Experiment(
        STEPS,
        Reading("unit-step", biases, on=unit_step),
        Reading("unit-captured", biases_captured, on=unit_step),
        *_OTHER_BIASES,
    ),
    "sgd-weight": Experiment(
        STEPS,
        _step("unit-step", by_residual),
        _step("any-step", by_residual, alpha=False),
        _step("corrected", by_residual, "corrected", alpha=True),
    ),
    "sgd-bias": Experiment(
        STEPS,
        Reading("unit-step", biases, on=unit_step),
        *_OTHER_BIASES,
    ),
    "residual-substituted": Experiment(
        STEPS,
        Reading("weights-as-printed", partial(weights_substituted, transposed=True), on=unit_step),
        Reading("weights-own-decay", partial(weights_substituted, transposed=False), on=unit_step),
        Reading("biases", biases_substituted, on=unit_step),
    ),
}
