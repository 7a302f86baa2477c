"""The residual: of the output layer (E17, E18), and of the last hidden layer (E20 to E24)."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

import numpy as np

from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from ..exact.layouts import networks
from ..exact.networks import Perceptron
from ..exact.numbers import half_square
from ..statement import Experiment, Outcome, Reading
from ..telling import told


def recursion(net: Perceptron, sample: int = 0) -> dict[int, Array]:
    """δ of every layer from 2 to n by the rules of the post alone, corrected: from the output down, no differentiation."""
    found = {net.n: (net.a(net.n, sample) - net.y[sample]) * net.f.slope(net.z(net.n, sample))}
    for layer in range(net.n - 1, 1, -1):
        found[layer] = (net.w[layer].T @ found[layer + 1]) * net.f.slope(net.z(layer, sample))
    return found


def output_map(net: Perceptron, z: Array, together: bool) -> tuple[Array, Array]:
    """Outputs a and slopes ∂a_k/∂z_i, written down by hand: a_k = f(z_k), or one that couples all units, f(z_k)·Σ_j z_j."""
    f, slope = net.f(z), net.f.slope(z)
    apart = np.array([[slope[k] if k == i else 0 * slope[k] for i in range(len(z))] for k in range(len(z))], object)
    return (f * np.sum(z), apart * np.sum(z) + f[:, None]) if together else (f, apart)


def _output_residual(net: Perceptron, together: bool) -> Array:
    y = net.y[0]
    return jacobian(lambda z: half_square((net.f(z) * np.sum(z) if together else net.f(z)) - y), net.z(2))


def output_by_definition(net: Perceptron, together: bool = False) -> Outcome:
    """Σ_k (a_k − y_k)·∂a_k/∂z_i"""
    a, slopes = output_map(net, net.z(2), together)
    return Outcome((a - net.y[0]) @ slopes, _output_residual(net, together))


def output(net: Perceptron, together: bool = False) -> Outcome:
    """(a_i − y_i)·f′(z_i); of a coupled map, ∂a_i/∂z_i in the place of f′."""
    a, slopes = output_map(net, net.z(2), together)
    working = told("working.coupled", a=a, slopes=slopes) if together else None
    return Outcome((a - net.y[0]) * np.diagonal(slopes), _output_residual(net, together), working)


def _error_and_slope(net: Perceptron) -> tuple[Array, Array]:
    """a_k − y_k and f′(z_k) of the output layer."""
    return net.a(net.n) - net.y[0], net.f.slope(net.z(net.n))


def moved(net: Perceptron) -> tuple[Array, Array]:
    """By how much z and a of the output move with each z_i of the hidden layer: pushed forward layer by layer, by hand."""
    below, above = net.f.slope(net.z(2)), net.f.slope(net.z(3))
    by_z = [[net.w[2][k, i] * below[i] for i in range(len(below))] for k in range(len(above))]
    by_a = [[above[k] * by_z[k][i] for i in range(len(below))] for k in range(len(above))]
    return np.array(by_z, object), np.array(by_a, object)


def hidden_by_definition(net: Perceptron) -> Outcome:
    """Σ_k (a_k − y_k)·∂a_k/∂z_i, z_i in the hidden layer."""
    (error, _), (_, by_a) = _error_and_slope(net), moved(net)
    return Outcome(error @ by_a, net.residual(2))


def hidden_chain(net: Perceptron, factor: bool) -> Outcome:
    """Σ_k (a_k − y_k)·f′(z_k)·∂z_k/∂z_i, or with z_k{(nl)} as z_k times n_l."""
    (error, slope), (by_z, _) = _error_and_slope(net), moved(net)
    says = (error * slope) @ by_z * (net.n if factor else 1)
    return Outcome(says, net.residual(2), told("working.factor", slopes=by_z, output=error * slope, layers=net.n))


def expanded(net: Perceptron, last: int, bias: str) -> tuple[Array, Array]:
    """Σ_r w_kr·f(z_r) + b_k for every k, and by hand its slopes ∂/∂z_i: r up to `last`, the bias in one place or another."""
    w, b, z = net.w[2], net.b[2], net.z(2)
    inside = np.add.outer(b, z) if bias == "in f" else np.add.outer(0 * b, z)
    slopes = w * net.f.slope(inside)
    slopes[:, last:] = 0 * slopes[:, last:]
    values = np.sum((w * net.f(inside))[:, :last], 1)
    return slopes, values + {"outside": b, "in f": 0 * b, "in the sum": last * b}[bias]


def hidden_expanded(net: Perceptron, to_outputs: bool, bias: str, value: bool = True, slope: bool = True) -> Outcome:
    """Σ_k (a_k − y_k)·f′(z_k)·∂(Σ_r w_kr·f(z_r) + b_k)/∂z_i, and z_k as it is written out there."""
    (error, above), z, w = _error_and_slope(net), net.z(2), net.w[2]
    truths = [net.residual(2)] * slope + [net.z(3)] * value
    last = len(w) if to_outputs else len(z)
    if last > len(z):
        return Outcome(None, np.concatenate(truths), told("nonsense.limit", last=last, hidden=len(z)))
    slopes, values = expanded(net, last, bias)
    says = np.concatenate([(error * above) @ slopes] * slope + [values] * value)
    output = error * above
    working = told("working.expanded", above=output, w=w, last=last, hidden=len(z), slopes=slopes, b=net.b[2], values=values)
    return Outcome(says, np.concatenate(truths), working)


def hidden_product(net: Perceptron) -> Outcome:
    """Σ_k (a_k − y_k)·f′(z_k)·w_ki·f′(z_i)"""
    error, slope = _error_and_slope(net)
    return Outcome((error * slope) @ net.w[2] * net.f.slope(net.z(2)), net.residual(2))


def hidden(net: Perceptron, delta_of: str) -> Outcome:
    """Σ_k δ_k·w_ki·f′(z_i), δ being the residual of the layer above, or as printed of the layer itself."""
    truth, w, slope, deltas = net.residual(2), net.w[2], net.f.slope(net.z(2)), recursion(net)
    delta = deltas[2] if delta_of == "same" else deltas[3]
    if len(w) > len(delta):
        return Outcome(None, truth, told("nonsense.itself", last=len(w), hidden=len(delta)))
    says = (w.T @ delta[: len(w)]) * slope
    return Outcome(says, truth, told("working.itself", above=deltas[3], w=w, slope=slope, truth=truth, says=says))


def _expansion(name: str, role: Any, to_outputs: bool, bias: str, value: bool = True, slope: bool = True) -> Reading:
    evaluate = partial(hidden_expanded, to_outputs=to_outputs, bias=bias, value=value, slope=slope)
    return Reading(name, evaluate, role)


OUTPUT, ONE_HIDDEN = (networks(*product((1, 2, 3), repeat=layers)) for layers in (2, 3))
EXPERIMENTS = {
    "delta-output-def": Experiment(
        OUTPUT,
        Reading("apart", output_by_definition),
        Reading("coupled", partial(output_by_definition, together=True), "beyond"),
    ),
    "delta-output": Experiment(
        OUTPUT,
        Reading("apart", output),
        Reading("coupled", partial(output, together=True), "beyond"),
    ),
    "delta-hidden-def": Experiment(ONE_HIDDEN, Reading("as-printed", hidden_by_definition)),
    "delta-hidden-chain": Experiment(
        ONE_HIDDEN,
        Reading("layer", partial(hidden_chain, factor=False)),
        Reading("factor", partial(hidden_chain, factor=True), "beyond"),
    ),
    "delta-hidden-expand": Experiment(
        ONE_HIDDEN,
        _expansion("printed-bias-outside", "printed", True, "outside"),
        _expansion("printed-bias-in-f", "printed", True, "in f"),
        _expansion("printed-bias-in-sum", "printed", True, "in the sum"),
        _expansion("corrected", "corrected", False, "outside"),
        _expansion("bias-in-f", "beyond", False, "in f"),
        _expansion("bias-in-sum-derivative", "beyond", False, "in the sum", value=False),
        _expansion("bias-in-sum-value", "beyond", False, "in the sum", slope=False),
    ),
    "delta-hidden-product": Experiment(ONE_HIDDEN, Reading("as-printed", hidden_product)),
    "delta-hidden": Experiment(
        ONE_HIDDEN,
        Reading("same-layer", partial(hidden, delta_of="same")),
        Reading("layer-above", partial(hidden, delta_of="above"), "corrected"),
    ),
}
