"""The forward pass, its start and its loss: E6, E8, E9, E13, and V4."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import product
from statistics import NormalDist
from typing import Any

import numpy as np

from ... import layers
from ...cases.choices import Choices
from ...oracles.dual_numbers import rational
from ...rounding import Array
from ..exact.layouts import Layout, networks
from ..exact.networks import Perceptron
from ..exact.numbers import array, half_square, joined
from ..statement import Experiment, Instances, Outcome, Reading
from ..telling import told
from .residuals import recursion

GRAINS = 2**24


def reference(net: Perceptron) -> Array:
    """z of every layer, as the reference CNN's fully-connected layer computes it."""
    a, found = net.x[:1], list[Array]()
    for layer in net.w:
        found.append(layers.Dense().forward(a, net.w[layer], net.b[layer])[0])
        a = net.f(found[-1])[None]
    return np.concatenate(found)


def affine(net: Perceptron) -> Outcome:
    """z = w·a + b"""
    return Outcome(np.concatenate([net.w[layer] @ net.a(layer) + net.b[layer] for layer in net.w]), reference(net))


def affine_by_unit(net: Perceptron, transposed: bool = False) -> Outcome:
    """z_i = Σ_j w_ij·a_j + b_i, or with w_ji."""
    said = list[Any]()
    for layer in net.w:
        w, a, b = net.w[layer].T if transposed else net.w[layer], net.a(layer), net.b[layer]
        if w.shape != (len(b), len(a)):
            return Outcome(None, reference(net), told("nonsense.no-transposed", below=len(a), above=len(b)))
        said += [sum((w[i, j] * a[j] for j in range(len(a))), b[i]) for i in range(len(b))]
    return Outcome(array(said), reference(net))


def sample_loss(net: Perceptron) -> Outcome:
    """The slopes of ½‖h(x) − y‖²: the error times f′, as E17 and E18 have it."""
    return Outcome(net.by_biases(1, Perceptron.loss), _error_times_slope(net))


def sample_loss_inside(net: Perceptron) -> Outcome:
    """The slopes of ½‖h(x − y)‖²."""
    (x,), (y,), truth = net.x, net.y, _error_times_slope(net)
    if len(x) != len(y):
        return Outcome(None, truth, told("nonsense.difference", x=len(x), y=len(y)))
    moved = replace(net, x=net.x - net.y, y=0 * net.y)
    working = told("working.inside", inside=moved.a(2), outside=net.a(2) - y)
    return Outcome(moved.by_biases(1, Perceptron.loss), truth, working)


def _error_times_slope(net: Perceptron) -> Array:
    return np.asarray((net.a(2) - net.y[0]) * net.f.slope(net.z(2)))


def batch_loss(net: Perceptron, as_printed: bool) -> Outcome:
    """The gradient of mean loss + λ/2·Σ w_ij², i up to s_l + 1 or s_(l+1): the bracket of E25 for w, that of E26 for b."""
    truth = _brackets(net)
    counted = {layer: w.shape[1] + 1 if as_printed else len(w) for layer, w in net.w.items()}
    for layer, w in net.w.items():
        if counted[layer] > len(w):
            return Outcome(None, truth, told("nonsense.rows", counted=counted[layer], layer=layer, rows=len(w)))

    def objective(net: Perceptron) -> Any:
        squares = sum(half_square(w[i]) for layer, w in net.w.items() for i in range(counted[layer]))
        return sum((net.loss(t) for t in range(net.m)), 0) / net.m + net.decay * squares

    by_weights = [net.by_weights(layer, objective) for layer in net.w]
    says = joined([*by_weights, *(net.by_biases(layer, objective) for layer in net.w)])
    working = told("working.squares", counted=list(counted.values()), rows=[len(w) for w in net.w.values()], decay=net.decay)
    return Outcome(says, truth, working)


def _brackets(net: Perceptron) -> Array:
    """Mean of δ·a + λ·w by E25, and mean of δ by E26, with the residuals of the recursion: no differentiation."""
    deltas = [recursion(net, t) for t in range(net.m)]
    by_weights = [
        sum((np.multiply.outer(deltas[t][layer + 1], net.a(layer, t)) for t in range(net.m)), 0 * w) / net.m + net.decay * w
        for layer, w in net.w.items()
    ]
    by_biases = [sum((deltas[t][layer + 1] for t in range(net.m)), 0 * b) / net.m for layer, b in net.b.items()]
    return joined([*by_weights, *by_biases])


def different_rows(net: Perceptron) -> Outcome:
    """As many as there are hidden units, if all are to become different, against how many different gradients they have."""
    gradient = net.by_weights(1, Perceptron.loss)
    rows = {tuple(row) for row in gradient}
    return Outcome(array([len(gradient)]), array([len(rows)]), told("working.hidden-gradient", gradient=gradient))


def every_gradient_of_a_unit(net: Perceptron) -> Outcome:
    """∂J by weights, bias and outgoing weights of the first hidden unit, by E25 and E26, against that of each hidden unit."""
    delta = recursion(net)
    first = array([*(delta[2][0] * net.x[0]), delta[2][0], *(delta[3] * net.a(2)[0])])
    incoming, outgoing = (net.by_weights(layer, Perceptron.loss) for layer in (1, 2))
    biases = net.by_biases(1, Perceptron.loss)
    truth = [array([*incoming[i], biases[i], *outgoing[:, i]]) for i in range(len(biases))]
    return Outcome(np.stack([first] * len(truth)), np.stack(truth))


def like_the_first(net: Perceptron) -> Perceptron:
    """The same with all hidden units as the first: its bias, its weights from below and to above."""
    hidden = [0] * len(net.b[1])
    return replace(net, w={1: net.w[1][hidden], 2: net.w[2][:, hidden]}, b={**net.b, 1: net.b[1][hidden]})


def from_levels(net: Perceptron, distribution: str) -> Perceptron:
    """Weights with these levels of a distribution: the standard normal, to six digits, or the uniform from −1 to 1."""

    def turn(level: Fraction) -> Any:
        return f"{NormalDist().inv_cdf(float(level)):.6f}" if distribution == "normal" else 2 * level - 1

    return replace(net, w={layer: rational([[turn(level) for level in row] for row in w]) for layer, w in net.w.items()})


def alike(net: Perceptron, weight: int) -> Perceptron:
    """The same with all weights equal."""
    return replace(net, w={layer: 0 * w + weight for layer, w in net.w.items()})


def _levels(layout: Layout, choose: Choices) -> Perceptron:
    """A network whose weights are levels between 0 and 1, all equally likely, and whose biases are 0."""
    net = layout.numbers(choose)

    def levels(shape: tuple[int, ...]) -> Array:
        drawn = [Fraction(2 * choose.integer(1, GRAINS - 1) + 1, 2 * GRAINS) for _ in range(int(np.prod(shape)))]
        return rational(np.array(drawn).reshape(shape))

    return replace(net, w={layer: levels(w.shape) for layer, w in net.w.items()}, b={layer: 0 * b for layer, b in net.b.items()})


OWN = told("abstains.own-weights")
HIDDEN = ((1, 2, 1), (1, 3, 1), (2, 2, 1), (2, 3, 2))
FEW = (*product((1, 2, 3), repeat=2), *product((1, 2), repeat=3), (3, 1, 2), (1, 2, 2, 1))
EXPERIMENTS = {
    "forward-affine": Experiment(
        networks(*FEW),
        Reading("matrix", affine),
        Reading("sum", affine_by_unit),
        Reading("transposed", partial(affine_by_unit, transposed=True), "beyond"),
    ),
    "net-input-sum": Experiment(networks(*FEW), Reading("mended", affine_by_unit)),
    "loss-sample": Experiment(
        networks((1, 1), (1, 2), (2, 1), (2, 2), (3, 2)),
        Reading("closed-after-x", sample_loss),
        Reading("closed-after-y", sample_loss_inside, "beyond"),
    ),
    "loss-batch": Experiment(
        networks((1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (1, 3, 1), (1, 2, 3), (1, 2, 4), (2, 1, 2), samples=(1, 2), decay=True),
        Reading("rows-as-printed", partial(batch_loss, as_printed=True)),
        Reading("rows-above", partial(batch_loss, as_printed=False), "corrected"),
    ),
    "gaussian-init": Experiment(
        Instances([Layout(units) for units in HIDDEN], _levels, Layout.letters),
        Reading("gaussian", different_rows, on=partial(from_levels, distribution="normal"), abstains=OWN),
        Reading("uniform", different_rows, "beyond", on=partial(from_levels, distribution="uniform"), abstains=OWN),
        Reading("all-one", different_rows, "beyond", on=partial(alike, weight=1), abstains=OWN),
        Reading("all-zero", different_rows, "beyond", on=partial(alike, weight=0), abstains=OWN),
        Reading("equal-units", every_gradient_of_a_unit, "beyond", on=like_the_first),
    ),
}
