"""The forward pass, its start and its loss: E6 to E9, and V4."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np

from ...cases.choices import Choices
from ...oracles.dual_numbers import rational
from ...rounding import Array
from ..exact.networks import Perceptron, array, draw, half_square, joined
from ..statement import Experiment, Outcome, Reading
from ..telling import told

GRAINS = 2**16


def affine_as_printed(net: Perceptron) -> Outcome:
    """z_i = w·a + b at its word: one number equals as many as the layer has units."""
    units = max(map(len, net.b.values()))
    if units > 1:
        return Outcome(None, net.net_inputs(), told("nonsense.one-number", units=units))
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
            return Outcome(None, net.net_inputs(), told("nonsense.no-transposed", below=len(a), above=len(b)))
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
    return Outcome(None, truth(net), told("nonsense.unclosed"))


def sample_loss(net: Perceptron) -> Outcome:
    """½‖h(x) − y‖²"""
    return Outcome(array([half_square(net.above(2, net.z(2)) - net.y[0])]), _loss_by_unit(net))


def sample_loss_inside(net: Perceptron) -> Outcome:
    """½‖h(x − y)‖²"""
    (x,), (y,) = net.x, net.y
    if len(x) != len(y):
        return Outcome(None, _loss_by_unit(net), told("nonsense.difference", x=len(x), y=len(y)))
    h = net.f(net.w[1] @ (x - y) + net.b[1])
    return Outcome(array([half_square(h)]), _loss_by_unit(net), told("working.inside", inside=h, outside=net.a(2) - y))


def _loss_by_unit(net: Perceptron) -> Array:
    return array([sum(((a - y) ** 2 for a, y in zip(net.a(net.n), net.y[0], strict=True)), 0) / 2])


def batch_loss(net: Perceptron, as_printed: bool) -> Outcome:
    """Mean loss + λ/2·Σ w_ij², with i up to s_l + 1 as printed, or up to s_(l+1)."""
    truth, counted, squares = array([net.objective()]), list[int](), array([0])
    for layer, w in net.w.items():
        rows = w.shape[1] + 1 if as_printed else len(w)
        if rows > len(w):
            return Outcome(None, truth, told("nonsense.rows", counted=rows, layer=layer, rows=len(w)))
        squares = squares + sum(w[i, j] ** 2 for i in range(rows) for j in range(w.shape[1]))
        counted.append(rows)
    says = sum(net.loss(t) for t in range(net.m)) / net.m + (net.decay or 0) * squares / 2
    rows, every = [len(w) for w in net.w.values()], sum(np.sum(w * w) for w in net.w.values())
    return Outcome(says, truth, told("working.squares", counted=counted, rows=rows, part=squares, all=every))


def different_rows(net: Perceptron) -> Outcome:
    """As many as there are hidden units, if all are to become different, against how many different gradients they have."""
    gradient = net.by_weights(1, Perceptron.loss)
    rows = {tuple(row) for row in gradient}
    return Outcome(array([len(gradient)]), array([len(rows)]), told("working.hidden-gradient", gradient=gradient))


def alike(net: Perceptron, weight: int) -> Perceptron:
    """The same with all weights equal."""
    return replace(net, w={layer: 0 * w + weight for layer, w in net.w.items()})


def _gaussian(choose: Choices) -> Perceptron:
    """A network with two or three hidden units and biases 0, its weights from the normal distribution, to three digits."""
    net = draw(choose, sizes=(2, 3))

    def weights(shape: tuple[int, ...]) -> Array:
        normal = NormalDist()
        levels = [0.5 + choose.integer(1 - GRAINS // 2, GRAINS // 2 - 1) / GRAINS for _ in range(int(np.prod(shape)))]
        return rational(np.array([f"{normal.inv_cdf(level):.3f}" for level in levels]).reshape(shape))

    drawn = {layer: weights(w.shape) for layer, w in net.w.items()}
    return replace(net, w=drawn, b={layer: 0 * b for layer, b in net.b.items()})


EXPERIMENTS = {
    "forward-affine": Experiment(
        partial(draw, layers=(2, 4)),
        Reading("as-printed", affine_as_printed),
        Reading("matrix", affine),
        Reading("sum", affine_by_unit),
        Reading("transposed", partial(affine_by_unit, transposed=True), "beyond"),
    ),
    "forward-activation": Experiment(
        partial(draw, layers=(2, 4)),
        Reading("as-printed", partial(unparsed, truth=_activations)),
        Reading("closed", activated),
    ),
    "loss-sample": Experiment(
        partial(draw, layers=2),
        Reading("as-printed", partial(unparsed, truth=_loss_by_unit)),
        Reading("closed-after-x", sample_loss),
        Reading("closed-after-y", sample_loss_inside),
    ),
    "loss-batch": Experiment(
        partial(draw, layers=(2, 3), samples=(1, 3), decay=True),
        Reading("rows-as-printed", partial(batch_loss, as_printed=True)),
        Reading("rows-above", partial(batch_loss, as_printed=False), "corrected"),
    ),
    "gaussian-init": Experiment(
        _gaussian,
        Reading("gaussian", different_rows),
        Reading("all-one", different_rows, "beyond", on=partial(alike, weight=1)),
        Reading("all-zero", different_rows, "beyond", on=partial(alike, weight=0)),
    ),
}
