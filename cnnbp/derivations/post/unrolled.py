"""A CNN as a special fully-connected network: its outline, V3, V7, V11, E28, E29 and V13."""

from __future__ import annotations

from functools import partial

import numpy as np

from ... import layers
from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from ..exact.images import Convolution, Maps, convolutions, linear, maps, still, unbiased
from ..exact.numbers import array
from ..exact.sizes import Sizes, channels, one_channel, sizes, three_by_three, usual, usual_channel
from ..statement import Experiment, Instances, Outcome, Reading
from ..telling import told


def only_local(case: Convolution) -> Outcome:
    """Which outputs depend on which input cells (1 yes, 0 no): those of the window that lies at the output's own place."""
    by_a = _by_input(case)
    k, c, r, s = case.w.shape
    (p, q), (h, v) = case.delta.shape[2:], case.z.shape[2:]
    said = np.zeros((k, p, q, c, h, v), int).astype(object)
    for at in np.ndindex(p, q):
        said[:, at[0], at[1], :, at[0] : at[0] + r, at[1] : at[1] + s] = 1
    return Outcome(said.ravel(), array([int(bool(slope)) for slope in by_a.ravel()]))


def shared(case: Convolution) -> Outcome:
    """The weights with which every output of a map meets its own window: one kernel for all of them."""
    by_a, (r, s) = _by_input(case), case.w.shape[2:]
    k, p, q = by_a.shape[:3]
    met = [by_a[o, at, across, :, at : at + r, across : across + s].ravel() for o, at, across in np.ndindex(k, p, q)]
    said = [case.w[o].ravel() for o, _, _ in np.ndindex(k, p, q)]
    return Outcome(np.concatenate(said), np.concatenate(met), vacuous=p * q == 1)


def _by_input(case: Convolution) -> Array:
    """∂z/∂a: (k, p, q, c, h, w)."""
    found: Array = jacobian(lambda a: case.forward(a, case.w), case.a)[0, :, :, :, 0]
    return found


def matrix_forward(case: Convolution) -> Outcome:
    """z = M(w)·a + b·1"""
    z = layers.Conv2d().forward(case.a, case.w, case.b)
    return Outcome(case.matrix(case.w) @ case.a.ravel() + spread(case), z.ravel())


def spread(case: Convolution) -> Array:
    """b·1: the bias of a kernel at every output of its map."""
    return np.repeat(case.b, case.delta[0, 0].size)


def matrix_residual(case: Convolution, slope: bool) -> Outcome:
    """M(w)ᵀ·δ as ∂J/∂a, or times f′ as the residual ∂J/∂z of the layer below."""
    says = case.matrix(case.w).T @ case.delta.ravel()
    return Outcome(says * case.slope.ravel(), case.by_z.ravel()) if slope else Outcome(says, case.by_a.ravel())


def matrix_gradient(case: Convolution, shared: bool) -> Outcome:
    """The gradient by M: of every entry its own, as in an MLP, or of the connections alone, the copies of a weight added up."""
    alone = np.multiply.outer(case.delta.ravel(), case.a.ravel())
    truth = case.matrix(case.by_kernel)
    return Outcome(case.matrix(tied(case)) if shared else alone, truth, told("working.entry-by-entry"))


def tied(case: Convolution) -> Array:
    """∂J/∂w_t as the sum of δ_o·a_i over the copies (o, i) of w_t."""
    (o, t, i), found = case.ties, np.full(case.w.size, 0, object)
    np.add.at(found, t, case.delta.ravel()[o] * case.a.ravel()[i])
    return found.reshape(case.w.shape)


def one_copy(case: Convolution) -> Array:
    """δ_o·a_i for the first copy (o, i) of each w_t alone."""
    outputs, t, inputs = case.ties
    first = [int(np.argmax(t == weight)) for weight in range(case.w.size)]
    return np.asarray(case.delta.ravel()[outputs[first]] * case.a.ravel()[inputs[first]]).reshape(case.w.shape)


def one_step(case: Convolution, trained: str) -> Outcome:
    """M after a step of size 1, against M of the kernel's own step.

    Trained as an MLP; with the missing connections frozen at 0; with equal weights kept equal too, by the step of one copy; or by
    the sum over all copies.
    """
    before, truth = case.matrix(case.w), case.matrix(case.w - case.by_kernel)
    gradient = np.multiply.outer(case.delta.ravel(), case.a.ravel())
    o, _, i = case.ties
    connected = np.zeros(gradient.shape, int).astype(object)
    connected[o, i] = 1
    says = {
        "as MLP": before - gradient,
        "frozen": before - gradient * connected,
        "one copy": case.matrix(case.w - one_copy(case)),
        "tied": case.matrix(case.w - tied(case)),
    }[trained]
    return Outcome(says, truth, told("working.as-mlp", before=before, gradient=gradient, kernel=case.by_kernel.ravel()))


def entries(size: Sizes) -> Outcome:
    """n·n, against the entries of the image flattened by the reference CNN."""
    column = layers.Flatten().forward(np.zeros((1, size.c, size.n, size.n)))
    working = told("working.entries", channels=size.c, n=size.n, entries=column.size)
    return Outcome(array([size.n * size.n]), array([column.size]), working)


def places_a_side(size: Sizes) -> int:
    """⌊(n + 2p − k)/s⌋ + 1"""
    return (size.n + 2 * size.padding - size.k) // size.stride + 1


def output_count(size: Sizes, general: bool) -> Outcome:
    """(n − 3 + 1)², or with kernel, stride and padding, against the places that are found by trying."""
    side = places_a_side(size) if general else size.n - 3 + 1
    count = size.places()
    working = told("working.places", k=size.k, places=count, n=size.n, stride=size.stride, padding=size.padding)
    return Outcome(array([side * side]), array([count]), working)


def nine_inputs(size: Sizes) -> Outcome:
    """Nine for every output, against the number of input cells by which it has a derivative."""
    counts = size.inputs()
    return Outcome(array([9] * len(counts)), array(counts), told("working.reads", channels=size.c))


UNROLLED = convolutions(
    (1, 1, (1, 1), (1, 2)), (1, 1, (1, 2), (1, 2)), (1, 1, (2, 2), (1, 2)), (1, 1, (2, 1), (2, 2)), (1, 2, (1, 2), (1, 2)),
    (2, 1, (1, 2), (2, 1)), (2, 3, (2, 1), (1, 2)),
)  # fmt: skip
SIZES = Instances(range(3, 13), sizes, abstains=told("abstains.sizes"))
RESIDUALS = maps([
    Maps(c, k, kernel, above)
    for c, k in ((1, 1), (1, 2), (2, 1), (2, 2), (3, 2)) for kernel, above in (((1, 2), (2, 1)), ((2, 1), (1, 2)), ((2, 2), (2, 2)))
])  # fmt: skip

EXPERIMENTS = {
    "weight-sharing": Experiment(
        UNROLLED,
        Reading("local", only_local, on=still),
        Reading("shared", shared, on=still),
    ),
    "cnn-is-sparse-dense": Experiment(
        UNROLLED,
        Reading("forward", matrix_forward, on=linear),
        Reading("residual", partial(matrix_residual, slope=False), on=still),
        Reading("gradient-entry-by-entry", partial(matrix_gradient, shared=False), on=lambda case: case.linear.unbiased),
        Reading("gradient-tied", partial(matrix_gradient, shared=True), "corrected", on=lambda case: case.linear.unbiased),
    ),
    "mlp-bp-is-base": Experiment(
        RESIDUALS,
        Reading("by-a", partial(matrix_residual, slope=False), on=still),
        Reading("by-z-slope", partial(matrix_residual, slope=True), on=unbiased),
    ),
    "conv-depends-on-nine": Experiment(
        SIZES,
        Reading("one-channel", nine_inputs, on=usual_channel),
        Reading("several-channels", nine_inputs, "beyond", on=channels),
    ),
    "conv-input-length": Experiment(
        SIZES,
        Reading("one-channel", entries, on=usual_channel),
        Reading("several-channels", entries, "beyond", on=channels),
    ),
    "conv-output-count": Experiment(
        SIZES,
        Reading("plain", partial(output_count, general=False), on=usual),
        Reading("other-kernels", partial(output_count, general=False), "beyond", on=one_channel),
        Reading("as-printed", partial(output_count, general=False), "beyond", on=three_by_three),
        Reading("corrected", partial(output_count, general=True), "corrected"),
    ),
    "same-as-mlp": Experiment(
        UNROLLED,
        Reading("as-mlp", partial(one_step, trained="as MLP"), on=lambda case: case.linear.unbiased),
        Reading("frozen", partial(one_step, trained="frozen"), on=lambda case: case.linear.unbiased),
        Reading("shared-one-copy", partial(one_step, trained="one copy"), on=lambda case: case.linear.unbiased),
        Reading("tied", partial(one_step, trained="tied"), "supplied", on=lambda case: case.linear.unbiased),
    ),
}
