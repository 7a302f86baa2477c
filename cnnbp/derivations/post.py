"""The widely copied post: a CNN is a fully-connected network whose missing connections are 0 and whose weights are shared.

Conventions of the post: w_ij^(l) leads from unit j of layer l to unit i of layer l+1; δ^(l) = ∂J/∂z^(l), one sample.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import signal

from .. import layers, rounding
from ..cases import Choices
from ..oracles import finite_difference, masked_dense
from ..rounding import Array
from .statement import Instance, Outcome, Reading, Statement

ACTIVATIONS = {"identity": layers.Identity(), "sigmoid": layers.Sigmoid(), "tanh": layers.Tanh()}
NONSENSE_SHAPE = "the shapes do not match"


def _integers(choose: Choices, *shape: int) -> Array:
    """Small non-zero integers, so that a counterexample can be worked by hand and no product hides behind a 0."""
    count = int(np.prod(shape))
    return np.array([float(choose.pick((1, 2, -1, 3, -2))) for _ in range(count)]).reshape(shape)


def _perceptron(choose: Choices) -> Instance:
    """The last two layers of an MLP: net input z of the hidden layer, w and b into the output layer, target y."""
    hidden, outputs = choose.pick((1, 1, 2, 3)), choose.pick((1, 1, 2, 3))
    sizes = {"z": (hidden,), "w": (outputs, hidden), "b": (outputs,), "y": (outputs,)}
    return {"f": choose.pick(("identity", *ACTIVATIONS)), **{name: _integers(choose, *shape) for name, shape in sizes.items()}}


def _f(net: Instance, z: Array) -> Array:
    return ACTIVATIONS[net["f"]].forward(z)


def _slope(net: Instance, z: Array) -> Array:
    return ACTIVATIONS[net["f"]].backward(np.ones(z.shape), z)[0]


def _output_net_input(net: Instance) -> Array:
    z: Array = net["w"] @ _f(net, net["z"]) + net["b"]
    return z


def _half_squared_error(net: Instance, z: Array) -> Array:
    e = _f(net, z) - net["y"]
    return np.asarray(np.sum(e * e) / 2)


def _gradient(loss: Callable[[Array], Array], z: Array) -> Array:
    """∂J/∂z entry by entry by the complex step: the truth that the formulas have to meet, without a formula."""
    return np.array([float(finite_difference.complex_step(loss, z, unit)) for unit in np.eye(z.size)])


def _true_output_delta(net: Instance) -> Array:
    return _gradient(partial(_half_squared_error, net), _output_net_input(net))


def _true_hidden_delta(net: Instance) -> Array:
    return _gradient(lambda z: _half_squared_error(net, net["w"] @ _f(net, z) + net["b"]), net["z"])


def _delta_output(net: Instance) -> Outcome:
    z = _output_net_input(net)
    said = (_f(net, z) - net["y"]) * _slope(net, z)
    return Outcome(said, _true_output_delta(net), _output_bound(net))


def _output_bound(net: Instance) -> Array:
    """(|a| + |y|)·sup|f′|, the terms being the few operations of one entry."""
    a = np.abs(_f(net, _output_net_input(net)))
    return rounding.conventional(4 * rounding.ELEMENTARY, a + np.abs(net["y"]) + 1)


def _delta_hidden(net: Instance, same_layer: bool) -> Outcome:
    """Σ_k δ_k·w_ki·f′(z_i), with the residual of the layer above, or, as printed, of the layer itself."""
    true, w = _true_hidden_delta(net), net["w"]
    delta = true if same_layer else _true_output_delta(net)
    if len(delta) < len(w):
        return Outcome(None, true, 0.0, f"k runs to {len(w)}, but that layer has {len(delta)} units")
    said = (w.T @ delta[: len(w)]) * _slope(net, net["z"])
    reach = 1 + np.abs(w) @ (1 + np.abs(net["z"])) + np.abs(net["b"])
    magnitude = (1 + np.abs(w).T @ ((reach + np.abs(net["y"])) * reach)) * (1 + np.abs(true).max())
    return Outcome(said, true, rounding.conventional(w.size + 6 * rounding.ELEMENTARY, magnitude))


def _describe_hidden(net: Instance, outcome: Outcome) -> str:
    said = "no value at all" if outcome.said is None else np.array2string(outcome.said, precision=6)
    return (
        f"With f = {net['f']}, hidden net input z = {net['z']}, w = {net['w'].tolist()}, b = {net['b']}, target y = {net['y']}: "
        f"the residual of the hidden layer is {np.array2string(outcome.true, precision=6)}; "
        f"the printed right side, fed with that residual, gives {said}."
    )


def _feature_map(choose: Choices) -> Instance:
    """One input map, one kernel, and a residual of the valid output's shape."""
    r, s, p, q = (choose.integer(1, 3) for _ in range(4))
    w, delta = _integers(choose, r, s), _integers(choose, p, q)
    return {"x_shape": (1, p + r - 1, q + s - 1), "w": w, "delta": delta}


def _residual(case: Instance, forward_flips: bool) -> Array:
    """∂J/∂a from the masked fully-connected network: Mᵀ·δ, whatever a convolution is thought to be."""
    w = case["w"][::-1, ::-1] if forward_flips else case["w"]
    matrix = masked_dense.conv2d_matrix(case["x_shape"], w[None, None])
    residual: Array = (matrix.T @ case["delta"].ravel()).reshape(case["x_shape"][1:])
    return residual


def _convolved(case: Instance, forward_flips: bool, backward_flips: bool, rotate: bool, mode: str) -> Outcome:
    true, w = _residual(case, forward_flips), case["w"][::-1, ::-1] if rotate else case["w"]
    operate = signal.convolve2d if backward_flips else signal.correlate2d
    fits = mode == "full" or all(k <= d for k, d in zip(w.shape, case["delta"].shape, strict=True))
    said = operate(case["delta"], w, mode) if fits else np.empty((0, 0))
    if said.shape != true.shape:
        return Outcome(None, true, 0.0, NONSENSE_SHAPE)
    magnitude = signal.convolve2d(np.abs(case["delta"]), np.full(w.shape, np.abs(w).max()), "full")
    return Outcome(said, true, rounding.conventional(w.size, magnitude))


def _describe_conv(case: Instance, outcome: Outcome) -> str:
    said = "an array of another shape" if outcome.said is None else outcome.said.tolist()
    given = f"With kernel w = {case['w'].tolist()} and residual δ = {case['delta'].tolist()}"
    return f"{given}: Mᵀδ is {outcome.true.tolist()}, this reading gives {said}."


def _conv_readings() -> tuple[Reading, ...]:
    """Every way to take "the residual convolved with the kernel": what convolves forward, what backward, kernel, size."""
    names = {False: "cross-correlation", True: "true convolution"}
    return tuple(
        Reading(
            f"forward {names[forward]}, backward {names[backward]}, {'rotated kernel' if rotate else 'kernel as it is'}, {mode}",
            partial(_convolved, forward_flips=forward, backward_flips=backward, rotate=rotate, mode=mode),
        )
        for forward in (False, True)
        for backward in (True, False)
        for rotate in (False, True)
        for mode in ("full", "valid")
    )


STATEMENTS = (
    Statement(
        "delta-output", "E18",
        "The residual of an output unit is its error times the slope of its activation.",
        r"\delta_i^{(nl)}=\sum_{k=1}^{S_{nl}}(a_k^{(nl)}-y_k)\frac{\partial (f(z_k^{(nl)}))}{\partial z_i^{(nl)}}"
        r"=(a_i^{(nl)}-y_i)f'(z_i^{(nl)})",
        None, _perceptron, (Reading("as printed", _delta_output),),
    ),
    Statement(
        "delta-hidden", "E24",
        "The residual of a hidden unit is the sum over the layer above of residual times connecting weight, times its own slope.",
        r"\delta_i^{(nl-1)}=\sum_{k=1}^{S_{nl}}\delta_k^{(nl-1)}w_{ki}^{(nl-1)}f'(z_i^{(nl-1)})",
        r"\delta_i^{(n_l-1)}=\Bigl(\sum_{k=1}^{s_{n_l}}\delta_k^{(n_l)}w_{ki}^{(n_l-1)}\Bigr)f'(z_i^{(n_l-1)})",
        _perceptron, (Reading("as printed", partial(_delta_hidden, same_layer=True)),),
        (Reading("as corrected", partial(_delta_hidden, same_layer=False)),), _describe_hidden,
    ),
    Statement(
        "conv-residual-full", "V18",
        "The backward pass of a convolution layer is the residual convolved again with the kernel.",
        r"\text{残差与卷积核的再卷积}\quad\text{(the residual convolved again with the kernel)}",
        r"\frac{\partial J}{\partial a}=\delta *_{\mathrm{full}} w"
        r"\quad\text{(forward cross-correlation, backward true convolution)}",
        _feature_map, _conv_readings(), (), _describe_conv,
    ),
)  # fmt: skip
