"""The rule in words, and what follows from it: V9, V10, E27, that the sentence is the formula, and what a weight 0 means."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from ...rounding import Array
from ..exact.layouts import Layout, networks, of
from ..exact.networks import Perceptron
from ..exact.numbers import array
from ..statement import Experiment, Outcome, Reading
from ..telling import told
from .residuals import recursion

MOVED = 7  # by how much a residual is disturbed


def every_hidden(net: Perceptron) -> Outcome:
    """δ^(l) = (w^(l)ᵀ·δ^(l+1)) ⊙ f′(z^(l)), for every hidden layer, from the top."""
    found = recursion(net)
    return Outcome(np.concatenate([found[layer] for layer in range(2, net.n)]), _hidden_residuals(net))


def _hidden_residuals(net: Perceptron) -> Array:
    return np.concatenate([net.residual(layer) for layer in range(2, net.n)])


def sentence(net: Perceptron) -> dict[int, Array]:
    """δ by the words: unit by unit, over the connected units of the next layer, residual times weight; the sum times f′."""
    found = {net.n: (net.a(net.n) - net.y[0]) * net.f.slope(net.z(net.n))}
    for layer in range(net.n - 1, 1, -1):
        w, delta, slope = net.w[layer], found[layer + 1], net.f.slope(net.z(layer))
        connected = [[k for k in range(len(w)) if (layer, k, i) not in net.missing] for i in range(len(slope))]
        found[layer] = array([sum((delta[k] * w[k, i] for k in above), 0) * slope[i] for i, above in enumerate(connected)])
    return found


def in_words(net: Perceptron) -> Outcome:
    """The residual of every hidden unit, by the sentence."""
    found = sentence(net)
    return Outcome(np.concatenate([found[layer] for layer in range(2, net.n)]), _hidden_residuals(net), vacuous=not net.missing)


def as_formula(net: Perceptron) -> Outcome:
    """The sentence against the formula, which sums over all units: in the last hidden layer, for which it is printed."""
    last, delta = net.n - 1, sentence(net)
    w, slope = net.w[last], net.f.slope(net.z(last))
    formula = [sum((delta[net.n][k] * w[k, i] * slope[i] for k in range(len(w))), 0) for i in range(len(slope))]
    return Outcome(delta[last], array(formula), vacuous=not net.missing)


def as_general_formula(net: Perceptron) -> Outcome:
    """The sentence against the formula with l in the place of nl − 1, layer by layer."""
    said, formula = sentence(net), recursion(net)
    says, truth = (np.concatenate([of_layer[layer] for layer in range(2, net.n)]) for of_layer in (said, formula))
    return Outcome(says, truth, vacuous=not net.missing)


def disturbed(net: Perceptron) -> Outcome:
    """For each hidden unit i: its residual by the rule, after the targets of all outputs not connected to i were moved."""
    last, truth, said, changed = net.n - 1, net.residual(net.n - 1), list[Any](), list[Any]()
    for i in range(len(truth)):
        apart = [k for k in range(len(net.w[last])) if (last, k, i) in net.missing]
        y = net.y.copy()
        y[0, apart] = y[0, apart] - MOVED
        other = replace(net, y=y)
        said.append(recursion(other)[last][i])
        changed += [recursion(other)[net.n][k] - recursion(net)[net.n][k] for k in apart]
    return Outcome(array(said), truth, vacuous=not any(map(bool, changed)))


def zero_weight(net: Perceptron, of_node: bool) -> Outcome:
    """Hidden unit 1 meets output 1 with weight 0: its residual is 0, or that connection adds nothing to it."""
    truth, says, delta, w = net.residual(2), recursion(net)[2], recursion(net)[3], net.w[2]
    others = sum((delta[k] * w[k, 0] for k in range(1, len(w))), 0) * net.f.slope(net.z(2))[0]
    says[0] = 0 * others if of_node else others
    return Outcome(says, truth, told("working.zero-weight", w=w[:, 0], delta=delta, truth=truth[0]))


def only_connection(net: Perceptron) -> Perceptron:
    """The same where all connections of hidden unit 1 have weight 0."""
    w = net.w[2].copy()
    w[:, 0] = Fraction(0)
    return net.with_weights(2, w)


def _without(units: tuple[int, ...], *missing: tuple[int, int, int]) -> Layout:
    return Layout(units, missing=frozenset(missing))


SPARSE = of([
    _without((1, 1, 2), (2, 1, 0)),
    _without((1, 2, 1), (2, 0, 0)),
    _without((1, 2, 2), (2, 1, 0)),
    _without((2, 2, 2), (1, 0, 1), (2, 0, 1)),
    _without((1, 2, 3), (2, 0, 0), (2, 2, 1)),
    _without((1, 2, 2, 1), (2, 1, 0)),
    _without((1, 2, 2, 2), (2, 0, 1), (3, 1, 0)),
])  # fmt: skip
LAST_SPARSE = of([layout for layout in SPARSE.shapes if len(layout.units) == 3])
ZERO = of([_without(units, (2, 0, 0)) for units in ((1, 1, 2), (1, 2, 1), (1, 2, 2), (2, 2, 3))])
DEEP = networks(*product((1, 2, 3), repeat=3), *product((1, 2), repeat=4), (2, 1, 3, 2), (1, 2, 1, 2, 1))
EXPERIMENTS = {
    "delta-hidden-restated": Experiment(DEEP, Reading("every-layer", every_hidden)),
    "residual-sentence": Experiment(SPARSE, Reading("connected", in_words)),
    "residual-locality": Experiment(LAST_SPARSE, Reading("disturbed", disturbed)),
    "sentence-is-formula": Experiment(
        SPARSE,
        Reading("last-hidden-layer", as_formula),
        Reading("every-layer", as_general_formula, "beyond"),
    ),
    "zero-weight-zero-residual": Experiment(
        ZERO,
        Reading("its-share", partial(zero_weight, of_node=False)),
        Reading("only-connection", partial(zero_weight, of_node=True), on=only_connection),
        Reading("one-of-several", partial(zero_weight, of_node=True)),
    ),
}
