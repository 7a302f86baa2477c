"""The forward pass, its start and its loss: E6 to E9, and V4."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np

from ...cases.choices import Choices
from ...oracles import dual_numbers as exact
from ...rounding import Array
from ..statement import Outcome, Reading, Trial
from ..exact.networks import Perceptron, array, draw, half_square, joined, show

UNPARSED = "as it stands it is no formula: a bracket is opened and never closed"
GRAINS = 2**16


def affine_as_printed(net: Perceptron) -> Outcome:
    """z_i = w·a + b at its word: one number equals as many as the layer has units."""
    units = max(map(len, net.b.values()))
    if units > 1:
        return Outcome(None, net.net_inputs(), f"the left side is one number, the right side {units} of them")
    return affine(net)


def affine(net: Perceptron) -> Outcome:
    """z = w·a + b"""
    return Outcome(joined([net.w[layer] @ net.a(layer) + net.b[layer] for layer in net.w]), net.net_inputs())


def affine_by_unit(net: Perceptron, transposed: bool = False) -> Outcome:
    """z_i = Σ_j w_ij·a_j + b_i, or with w_ji."""
    said = list[Array]()
    for layer in net.w:
        w, a, b = net.w[layer].T if transposed else net.w[layer], net.a(layer), net.b[layer]
        if w.shape != (len(b), len(a)):
            return Outcome(None, net.net_inputs(), f"w_ji does not exist between layers of {len(a)} and {len(b)} units")
        said.append(array([np.sum(w[i] * a) + b[i] for i in range(len(b))]))
    return Outcome(joined(said), net.net_inputs())


def activated(net: Perceptron) -> Outcome:
    """a = f(z) in every layer, f as the sum of powers that it is."""
    said = [np.sum([c * net.z(layer) ** k for k, c in enumerate(net.f.coefficients)], 0) for layer in range(2, net.n + 1)]
    return Outcome(joined(said), _activations(net))


def _activations(net: Perceptron) -> Array:
    return joined([net.a(layer) for layer in range(2, net.n + 1)])


def unparsed(net: Perceptron, truth: Any) -> Outcome:
    """What is no formula has no value, whatever is drawn."""
    return Outcome(None, truth(net), UNPARSED)


def sample_loss(net: Perceptron) -> Outcome:
    """½‖h(x) − y‖²"""
    return Outcome(array([half_square(net.above(2, net.z(2)) - net.y[0])]), _loss_by_unit(net))


def sample_loss_inside(net: Perceptron) -> Outcome:
    """½‖h(x − y)‖²"""
    (x,), (y,) = net.x, net.y
    if len(x) != len(y):
        return Outcome(None, _loss_by_unit(net), f"x − y: x has {len(x)} entries and y has {len(y)}")
    h = net.f(net.w[1] @ (x - y) + net.b[1])
    truth = _loss_by_unit(net)
    return Outcome(array([half_square(h)]), truth, working=f"h(x − y) = {show(h)}, where h(x) − y = {show(net.a(2) - y)}.")


def _loss_by_unit(net: Perceptron) -> Array:
    return array([sum(((a - y) ** 2 for a, y in zip(net.a(net.n), net.y[0], strict=True)), 0) / 2])


def batch_loss(net: Perceptron, as_printed: bool) -> Outcome:
    """Mean loss + λ/2·Σ w_ij², with i up to s_l + 1 as printed, or up to s_(l+1)."""
    truth, counted, squares = array([net.objective()]), list[str](), array([0])
    for layer, w in net.w.items():
        rows = w.shape[1] + 1 if as_printed else len(w)
        if rows > len(w):
            return Outcome(None, truth, f"i runs to s_l + 1 = {rows}, and w({layer}) has {len(w)} rows: it has no w_{rows}1")
        squares = squares + sum(w[i, j] ** 2 for i in range(rows) for j in range(w.shape[1]))
        counted.append(f"i runs to {rows}, and w({layer}) has {len(w)} rows")
    says = sum(net.loss(t) for t in range(net.m)) / net.m + (net.decay or 0) * squares / 2
    every = sum(np.sum(w * w) for w in net.w.values())
    told = f"{'; '.join(counted)}: the squares that are counted add up to {show(squares)}, all of them to {show(every)}."
    return Outcome(says, truth, working=told)


def different_rows(net: Perceptron) -> Outcome:
    """As many as there are hidden units, if all are to become different, against how many different gradients they have."""
    hidden = len(net.w[1])
    gradient = net.by_weights(1, Perceptron.loss)
    rows = {tuple(row) for row in gradient}
    return Outcome(array([hidden]), array([len(rows)]), working=f"∂J/∂w of the hidden layer is {show(gradient)}.")


def alike(net: Perceptron, weight: int) -> Perceptron:
    """The same with all weights equal."""
    return replace(net, w={layer: 0 * w + weight for layer, w in net.w.items()})


def _gaussian(choose: Choices) -> Perceptron:
    """A network with two or three hidden units and biases 0, its weights from the normal distribution, to three digits."""
    net = draw(choose, sizes=(2, 3))

    def weights(shape: tuple[int, ...]) -> Array:
        normal = NormalDist()
        levels = [0.5 + choose.integer(1 - GRAINS // 2, GRAINS // 2 - 1) / GRAINS for _ in range(int(np.prod(shape)))]
        return exact.rational(np.array([f"{normal.inv_cdf(level):.3f}" for level in levels]).reshape(shape))

    drawn = {layer: weights(w.shape) for layer, w in net.w.items()}
    return replace(net, w=drawn, b={layer: 0 * b for layer, b in net.b.items()})


def _one_layer(choose: Choices) -> Perceptron:
    return draw(choose, layers=2)


def _deep(choose: Choices) -> Perceptron:
    return draw(choose, layers=choose.integer(2, 4))


def _batch(choose: Choices) -> Perceptron:
    return draw(choose, layers=choose.integer(2, 3), samples=choose.integer(1, 3), decay=True)


TRIALS = {
    "forward-affine": Trial(
        _deep,
        (
            Reading("as it stands: a number equals a vector", affine_as_printed),
            Reading("without the i: matrix times vector", affine),
            Reading("with the i: a sum over j on the right", affine_by_unit),
            Reading("with the i, but w_ji for w_ij", partial(affine_by_unit, transposed=True), "beyond"),
        ),
    ),
    "forward-activation": Trial(
        _deep,
        (
            Reading("as it stands", partial(unparsed, truth=_activations)),
            Reading("closed at the end", activated),
        ),
    ),
    "loss-sample": Trial(
        _one_layer,
        (
            Reading("as it stands", partial(unparsed, truth=_loss_by_unit)),
            Reading("closed after x: h(x) − y", sample_loss),
            Reading("closed after y: h(x − y)", sample_loss_inside),
        ),
    ),
    "loss-batch": Trial(
        _batch,
        (
            Reading("i runs to s_l + 1", partial(batch_loss, as_printed=True)),
            Reading("i runs to s_(l+1)", partial(batch_loss, as_printed=False), "corrected"),
        ),
    ),
    "gaussian-init": Trial(
        _gaussian,
        (
            Reading("weights drawn from a Gaussian", different_rows),
            Reading("all weights 1", different_rows, "beyond", on=partial(alike, weight=1)),
            Reading("all weights 0", different_rows, "beyond", on=partial(alike, weight=0)),
        ),
    ),
}
