"""The residual: of the output layer (E17, E18), of a hidden layer (E20 to E24), and the rule in words (V9, V10, E27)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ...cases.choices import Choices
from ...oracles import dual_numbers as exact
from ...rounding import Array
from ..statement import Outcome, Reading, Trial
from ..exact.networks import Perceptron, array, draw, half_square, integers, show


def coupled(net: Perceptron) -> Callable[[Array], Any]:
    """An output map in which every unit depends on all net inputs: a_k = f(z_k)·Σ_j z_j."""
    return lambda z: net.f(z) * np.sum(z)


def output_by_definition(net: Perceptron, together: bool = False) -> Outcome:
    """Σ_k (a_k − y_k)·∂a_k/∂z_i"""
    f, z, y = coupled(net) if together else net.f, net.z(2), net.y[0]
    truth = exact.jacobian(lambda z: half_square(f(z) - y), z)
    return Outcome((f(z) - y) @ exact.jacobian(f, z), truth)


def output(net: Perceptron, together: bool = False) -> Outcome:
    """(a_i − y_i)·f′(z_i); of a coupled map, ∂a_i/∂z_i in the place of f′."""
    f, z, y = coupled(net) if together else net.f, net.z(2), net.y[0]
    truth = exact.jacobian(lambda z: half_square(f(z) - y), z)
    slope = np.diagonal(exact.jacobian(f, z)) if together else net.f.slope(z)
    told = f"a = {show(f(z))}, and every a_k depends on z_i: ∂a/∂z = {show(exact.jacobian(f, z))}." if together else ""
    return Outcome((f(z) - y) * slope, truth, working=told)


def _error_and_slope(net: Perceptron) -> tuple[Array, Array]:
    """a_k − y_k and f′(z_k) of the output layer."""
    return net.a(net.n) - net.y[0], net.f.slope(net.z(net.n))


def hidden_by_definition(net: Perceptron) -> Outcome:
    """Σ_k (a_k − y_k)·∂a_k/∂z_i, z_i in the hidden layer."""
    error, _ = _error_and_slope(net)
    return Outcome(error @ exact.jacobian(partial(net.above, 2), net.z(2)), net.residual(2))


def hidden_chain(net: Perceptron, factor: bool) -> Outcome:
    """Σ_k (a_k − y_k)·f′(z_k)·∂z_k/∂z_i, or with z_k{(nl)} as z_k times n_l."""
    error, slope = _error_and_slope(net)
    slopes = exact.jacobian(partial(_next_layer, net, 2), net.z(2))
    told = f"∂z(3)/∂z(2) is {show(slopes)}, (a − y)·f′ is {show(error * slope)}"
    return Outcome(
        (error * slope) @ slopes * (net.n if factor else 1), net.residual(2), working=f"{told}; n_l = {net.n} is no factor."
    )


def hidden_expanded(net: Perceptron, to_outputs: bool, bias: str) -> Outcome:
    """Σ_k (a_k − y_k)·f′(z_k)·∂(Σ_r w_kr·f(z_r) + b_k)/∂z_i, with r up to one layer's size or the other's."""
    error, slope = _error_and_slope(net)
    last = len(net.w[2]) if to_outputs else len(net.z(2))
    if last > len(net.z(2)):
        return Outcome(None, net.residual(2), f"r runs to S_nl = {last}, and the hidden layer has {len(net.z(2))} units")
    says = (error * slope) @ exact.jacobian(lambda z: _expanded(net, z, last, bias), net.z(2))
    told = f"(a − y)·f′ of the output layer is {show(error * slope)}, w(2) = {show(net.w[2])}; r runs to {last}"
    told += f" of {len(net.z(2))} hidden units. f′(z) = {show(net.f.slope(net.z(2)))} in the hidden layer"
    inside = net.f.slope(np.add.outer(net.b[2], net.z(2)))
    told += f", and f′(z + b) = {show(inside)}." if bias == "in f" else "."
    return Outcome(says, net.residual(2), working=told)


def expanded_value(net: Perceptron) -> Outcome:
    """z_k itself, with the bias inside the sum: added once for each hidden unit."""
    told = f"b = {show(net.b[2])} is added for each of {len(net.z(2))} hidden units instead of once."
    return Outcome(_expanded(net, net.z(2), len(net.z(2)), "in the sum"), net.z(3), working=told)


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


def hidden(net: Perceptron, layer_of_delta: str) -> Outcome:
    """Σ_k δ_k·w_ki·f′(z_i), δ being the residual of the layer above, or as printed of the layer itself."""
    truth, w, slope = net.residual(2), net.w[2], net.f.slope(net.z(2))
    delta = truth if layer_of_delta == "same" else net.residual(3)
    if len(w) > len(delta):
        return Outcome(None, truth, f"k runs to {len(w)}, and the hidden layer, whose residual is printed, has {len(delta)} units")
    says = (w.T @ delta[: len(w)]) * slope
    told = f"δ(3) = {show(net.residual(3))}, w(2) = {show(w)}, f′(z(2)) = {show(slope)}, so δ(2) = {show(truth)}"
    return Outcome(says, truth, working=f"{told}. With δ(2) in the place of δ(3) the right side is {show(says)}.")


def every_hidden(net: Perceptron) -> Outcome:
    """δ^(l) = (w^(l)ᵀ·δ^(l+1)) ⊙ f′(z^(l)), for every hidden layer, from the top."""
    recursion = net.recursion()
    return Outcome(np.concatenate([recursion[layer] for layer in range(2, net.n)]), _hidden_residuals(net))


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
        by_z = exact.jacobian(partial(_next_layer, net, layer), z)
        said += [np.sum(np.where(w[:, i] != 0, delta, delta + 7) * by_z[:, i]) for i in range(len(z))]
    return Outcome(array(said), _hidden_residuals(net))


def _deep(choose: Choices) -> Perceptron:
    return draw(choose, layers=choose.integer(3, 4), sizes=(1, 2))


def _sparse(choose: Choices) -> Perceptron:
    """A network in which about every third connection is missing."""
    net = draw(choose, layers=choose.integer(3, 4), sizes=(2, 3))
    return replace(net, w={layer: w * np.minimum(abs(integers(choose, w.shape, zero=True)), 1) for layer, w in net.w.items()})


def _output(choose: Choices) -> Perceptron:
    return draw(choose, layers=2)


MENDED = "limit mended"
TRIALS = {
    "delta-output-def": Trial(
        _output,
        (
            Reading("each output by itself", output_by_definition),
            Reading("outputs coupled, as in a softmax", partial(output_by_definition, together=True), "beyond"),
        ),
    ),
    "delta-output": Trial(
        _output,
        (
            Reading("each output by itself", output),
            Reading("outputs coupled, as in a softmax", partial(output, together=True), "beyond"),
        ),
    ),
    "delta-hidden-def": Trial(draw, (Reading("as printed", hidden_by_definition),)),
    "delta-hidden-chain": Trial(
        draw,
        (
            Reading("as it stands: z_k times (nl)", partial(hidden_chain, factor=True)),
            Reading("(nl) is the layer of z_k", partial(hidden_chain, factor=False)),
        ),
    ),
    "delta-hidden-expand": Trial(
        draw,
        (
            Reading("Σ w·f(z) + b, r to S_nl", partial(hidden_expanded, to_outputs=True, bias="outside")),
            Reading("Σ w·f(z + b), r to S_nl", partial(hidden_expanded, to_outputs=True, bias="in f")),
            Reading("Σ (w·f(z) + b), r to S_nl", partial(hidden_expanded, to_outputs=True, bias="in the sum")),
            Reading("Σ w·f(z) + b, r to s_(nl−1)", partial(hidden_expanded, to_outputs=False, bias="outside"), "corrected"),
            Reading(f"Σ w·f(z + b), {MENDED}", partial(hidden_expanded, to_outputs=False, bias="in f"), "beyond"),
            Reading(
                f"Σ (w·f(z) + b), {MENDED}: its derivative",
                partial(hidden_expanded, to_outputs=False, bias="in the sum"),
                "beyond",
            ),
            Reading(f"Σ (w·f(z) + b), {MENDED}: its value z_k", expanded_value, "beyond"),
        ),
    ),
    "delta-hidden-product": Trial(draw, (Reading("as printed", hidden_product),)),
    "delta-hidden": Trial(
        draw,
        (
            Reading("δ of the hidden layer itself", partial(hidden, layer_of_delta="same")),
            Reading("δ of the layer above", partial(hidden, layer_of_delta="above"), "corrected"),
        ),
    ),
    "delta-hidden-restated": Trial(_deep, (Reading("every hidden layer in its turn", every_hidden),)),
    "residual-sentence": Trial(_sparse, (Reading("over the connected units alone", in_words),)),
    "residual-locality": Trial(_sparse, (Reading("other residuals at unconnected units", disturbed),)),
}  # fmt: skip
