"""The residual: of the output layer (E17, E18), of a hidden layer (E20 to E24), and the rule in words (V9, V10, E27)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ...cases.choices import Choices
from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from ..exact.networks import Perceptron, array, draw, half_square, integers
from ..statement import Experiment, Outcome, Reading
from ..telling import told


def recursion(net: Perceptron, sample: int = 0) -> dict[int, Array]:
    """δ of every layer from 2 to n by the rules of the post alone, corrected: from the output down, no differentiation."""
    found = {net.n: (net.a(net.n, sample) - net.y[sample]) * net.f.slope(net.z(net.n, sample))}
    for layer in range(net.n - 1, 1, -1):
        found[layer] = (net.w[layer].T @ found[layer + 1]) * net.f.slope(net.z(layer, sample))
    return found


def coupled(net: Perceptron) -> Callable[[Array], Any]:
    """An output map in which every unit depends on all net inputs: a_k = f(z_k)·Σ_j z_j."""
    return lambda z: net.f(z) * np.sum(z)


def output_by_definition(net: Perceptron, together: bool = False) -> Outcome:
    """Σ_k (a_k − y_k)·∂a_k/∂z_i"""
    f, z, y = coupled(net) if together else net.f, net.z(2), net.y[0]
    truth = jacobian(lambda z: half_square(f(z) - y), z)
    return Outcome((f(z) - y) @ jacobian(f, z), truth)


def output(net: Perceptron, together: bool = False) -> Outcome:
    """(a_i − y_i)·f′(z_i); of a coupled map, ∂a_i/∂z_i in the place of f′."""
    f, z, y = coupled(net) if together else net.f, net.z(2), net.y[0]
    truth = jacobian(lambda z: half_square(f(z) - y), z)
    slope = np.diagonal(jacobian(f, z)) if together else net.f.slope(z)
    working = told("working.coupled", a=f(z), slopes=jacobian(f, z)) if together else None
    return Outcome((f(z) - y) * slope, truth, working)


def _error_and_slope(net: Perceptron) -> tuple[Array, Array]:
    """a_k − y_k and f′(z_k) of the output layer."""
    return net.a(net.n) - net.y[0], net.f.slope(net.z(net.n))


def hidden_by_definition(net: Perceptron) -> Outcome:
    """Σ_k (a_k − y_k)·∂a_k/∂z_i, z_i in the hidden layer."""
    error, _ = _error_and_slope(net)
    return Outcome(error @ jacobian(partial(net.above, 2), net.z(2)), net.residual(2))


def hidden_chain(net: Perceptron, factor: bool) -> Outcome:
    """Σ_k (a_k − y_k)·f′(z_k)·∂z_k/∂z_i, or with z_k{(nl)} as z_k times n_l."""
    error, slope = _error_and_slope(net)
    slopes = jacobian(partial(_next_layer, net, 2), net.z(2))
    says = (error * slope) @ slopes * (net.n if factor else 1)
    return Outcome(says, net.residual(2), told("working.factor", slopes=slopes, output=error * slope, layers=net.n))


def hidden_expanded(net: Perceptron, to_outputs: bool, bias: str) -> Outcome:
    """Σ_k (a_k − y_k)·f′(z_k)·∂(Σ_r w_kr·f(z_r) + b_k)/∂z_i, with r up to one layer's size or the other's."""
    (error, slope), z, w, truth = _error_and_slope(net), net.z(2), net.w[2], net.residual(2)
    last = len(w) if to_outputs else len(z)
    if last > len(z):
        return Outcome(None, truth, told("nonsense.limit", last=last, hidden=len(z)))
    above, below = error * slope, net.f.slope(z)
    says = above @ jacobian(lambda z: _expanded(net, z, last, bias), z)
    if bias == "in f":
        inside = net.f.slope(np.add.outer(net.b[2], z))
        return Outcome(says, truth, told("working.bias-in-f", above=above, w=w, below=below, inside=inside))
    return Outcome(says, truth, told("working.expanded", above=above, w=w, last=last, hidden=len(z), below=below))


def expanded_value(net: Perceptron) -> Outcome:
    """z_k itself, with the bias inside the sum: added once for each hidden unit."""
    hidden = len(net.z(2))
    return Outcome(_expanded(net, net.z(2), hidden, "in the sum"), net.z(3), told("working.each-bias", b=net.b[2], hidden=hidden))


def _expanded(net: Perceptron, z: Array, last: int, bias: str) -> Array:
    w, b, z = net.w[2][:, :last], net.b[2], z[:last]
    if bias == "in f":
        return array([np.sum(w[k] * net.f(z + b[k])) for k in range(len(b))])
    return array(
        [np.sum(w[k] * net.f(z) + b[k]) if bias == "in the sum" else np.sum(w[k] * net.f(z)) + b[k] for k in range(len(b))]
    )


def hidden_product(net: Perceptron) -> Outcome:
    """Σ_k (a_k − y_k)·f′(z_k)·w_ki·f′(z_i)"""
    error, slope = _error_and_slope(net)
    return Outcome((error * slope) @ net.w[2] * net.f.slope(net.z(2)), net.residual(2))


def hidden(net: Perceptron, delta_of: str) -> Outcome:
    """Σ_k δ_k·w_ki·f′(z_i), δ being the residual of the layer above, or as printed of the layer itself."""
    truth, w, slope = net.residual(2), net.w[2], net.f.slope(net.z(2))
    delta = truth if delta_of == "same" else net.residual(3)
    if len(w) > len(delta):
        return Outcome(None, truth, told("nonsense.itself", last=len(w), hidden=len(delta)))
    says = (w.T @ delta[: len(w)]) * slope
    return Outcome(says, truth, told("working.itself", above=net.residual(3), w=w, slope=slope, truth=truth, says=says))


def every_hidden(net: Perceptron) -> Outcome:
    """δ^(l) = (w^(l)ᵀ·δ^(l+1)) ⊙ f′(z^(l)), for every hidden layer, from the top."""
    found = recursion(net)
    return Outcome(np.concatenate([found[layer] for layer in range(2, net.n)]), _hidden_residuals(net))


def _hidden_residuals(net: Perceptron) -> Array:
    return np.concatenate([net.residual(layer) for layer in range(2, net.n)])


def in_words(net: Perceptron) -> Outcome:
    """Unit by unit, over the connected units of the next layer alone: residual times weight; the sum times the slope."""
    said = []
    for layer in range(2, net.n):
        w, delta, slope = net.w[layer], net.residual(layer + 1), net.f.slope(net.z(layer))
        for i in range(w.shape[1]):
            said.append(sum((delta[k] * w[k, i] for k in range(len(w)) if w[k, i] != 0), 0) * slope[i])
    return Outcome(array(said), _hidden_residuals(net))


def _next_layer(net: Perceptron, layer: int, z: Array) -> Array:
    found: Array = net.w[layer] @ net.f(z) + net.b[layer]
    return found


def disturbed(net: Perceptron) -> Outcome:
    """The forward pass differentiated, with another residual at every unit of the next layer that is not connected."""
    said = []
    for layer in range(2, net.n):
        w, delta, z = net.w[layer], net.residual(layer + 1), net.z(layer)
        by_z = jacobian(partial(_next_layer, net, layer), z)
        said += [np.sum(np.where(w[:, i] != 0, delta, delta + 7) * by_z[:, i]) for i in range(len(z))]
    return Outcome(array(said), _hidden_residuals(net))


def _sparse(choose: Choices) -> Perceptron:
    """A network in which about every third connection is missing."""
    net = draw(choose, layers=(3, 4), sizes=(2, 3))
    return replace(net, w={layer: w * np.minimum(abs(integers(choose, w.shape, zero=True)), 1) for layer, w in net.w.items()})


EXPERIMENTS = {
    "delta-output-def": Experiment(
        partial(draw, layers=2),
        Reading("apart", output_by_definition),
        Reading("coupled", partial(output_by_definition, together=True), "beyond"),
    ),
    "delta-output": Experiment(
        partial(draw, layers=2),
        Reading("apart", output),
        Reading("coupled", partial(output, together=True), "beyond"),
    ),
    "delta-hidden-def": Experiment(draw, Reading("as-printed", hidden_by_definition)),
    "delta-hidden-chain": Experiment(
        draw,
        Reading("factor", partial(hidden_chain, factor=True)),
        Reading("layer", partial(hidden_chain, factor=False)),
    ),
    "delta-hidden-expand": Experiment(
        draw,
        Reading("printed-bias-outside", partial(hidden_expanded, to_outputs=True, bias="outside")),
        Reading("printed-bias-in-f", partial(hidden_expanded, to_outputs=True, bias="in f")),
        Reading("printed-bias-in-sum", partial(hidden_expanded, to_outputs=True, bias="in the sum")),
        Reading("corrected", partial(hidden_expanded, to_outputs=False, bias="outside"), "corrected"),
        Reading("bias-in-f", partial(hidden_expanded, to_outputs=False, bias="in f"), "beyond"),
        Reading("bias-in-sum-derivative", partial(hidden_expanded, to_outputs=False, bias="in the sum"), "beyond"),
        Reading("bias-in-sum-value", expanded_value, "beyond"),
    ),
    "delta-hidden-product": Experiment(draw, Reading("as-printed", hidden_product)),
    "delta-hidden": Experiment(
        draw,
        Reading("same-layer", partial(hidden, delta_of="same")),
        Reading("layer-above", partial(hidden, delta_of="above"), "corrected"),
    ),
    "delta-hidden-restated": Experiment(partial(draw, layers=(3, 4), sizes=(1, 2)), Reading("every-layer", every_hidden)),
    "residual-sentence": Experiment(_sparse, Reading("connected", in_words)),
    "residual-locality": Experiment(_sparse, Reading("disturbed", disturbed)),
}
