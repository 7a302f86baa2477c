"""The whole network: what a CNN is once its layers are matrices, and what the derivation leaves out (V12, V23, the conclusion)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from ...rounding import Array
from ..exact.images import Convolution, Maps, convolutions
from ..exact.numbers import array
from ..exact.stacks import Above, Network, Pooled, Stack
from ..exact.windows import Windows
from ..statement import Experiment, Instances, Outcome, Reading
from ..telling import told
from .sliding import slide
from .unrolled import one_copy, tied


def by_rules(net: Network, mean: bool) -> tuple[Convolution, dict[str, Array]]:
    """By the rules of the MLP through the matrices of the layers: the convolution with its residual, and all gradients."""
    conv, pool = net.conv, net.pooling
    p = pool.matrix(mean)
    pooled = p @ pool.a.ravel()
    error = net.v @ pooled + net.c - net.y[0]
    delta = (p.T @ (net.v.T @ error)) * pool.slope.ravel()
    above = replace(conv, delta=delta.reshape(conv.delta.shape))
    last = {"v": np.multiply.outer(error, pooled), "c": error}
    return above, {**last, "a": conv.matrix(conv.w).T @ delta, "w": tied(above), "b": array([np.sum(delta)])}


def every_parameter(net: Network, mean: bool) -> Outcome:
    """The gradients by kernel, its bias, weights and biases of the last layer, by the rules of the MLP; ties show nothing."""
    (_, said), names = by_rules(net, mean), ("w", "b", "v", "c")
    says = np.concatenate([said[name].ravel() for name in names])
    truth = np.concatenate([net.truth(name, mean).ravel() for name in names])
    level = not mean and net.ties
    return Outcome(truth if level else says, truth, vacuous=level)


def consistent(net: Network, of: str, mean: bool = True) -> Outcome:
    """One of the quantities by the rules of the MLP alone: the residual down to the image, or the gradient by the entries of M."""
    above, said = by_rules(net, mean)
    if of == "residual":
        return Outcome(said["a"], net.truth("a", mean).ravel(), vacuous=not mean and net.ties)
    alone = np.multiply.outer(above.delta.ravel(), net.conv.z.ravel())
    truth = net.conv.matrix(net.truth("w", mean))
    return Outcome(net.conv.matrix(tied(above)) if of == "tied" else alone, truth, told("working.entry-by-entry"))


def through_both(case: Above, column: str, mean: bool) -> Outcome:
    """The full convolution of δ with the kernel, and if "below" through the pooling's matrix, times the slope of the layer below.

    With "sloped", times f′ at the pooled map, as if the pooling had the f of the other layers.
    """
    pooled = slide(case.delta[0, 0], case.w[0, 0], True, "full")
    if column == "sloped":
        return Outcome(pooled * case.pool.f.slope(case.pool.pool(case.pool.a, mean))[0, 0], case.truth("pooled", mean)[0, 0])
    if column == "pooled":
        return Outcome(pooled, case.truth("pooled", mean)[0, 0])
    below = (case.pool.matrix(mean).T @ pooled.ravel()).reshape(case.pool.z.shape)
    return Outcome(below * case.pool.slope, case.truth("below", mean))


def trained(case: Convolution, kernel: str, bias: str) -> Outcome:
    """Kernel and bias after a step of size 1, from 0 bias: by one copy of each weight, by the mean of them, or by their sum."""
    maps = case.delta[0].reshape(len(case.w), -1)
    copies = maps.shape[1]
    gradient = {"one": one_copy(case), "mean": tied(case) / copies, "sum": tied(case)}[kernel]
    by_bias = {"one": maps[:, 0], "mean": maps.sum(1) / copies, "sum": maps.sum(1)}[bias]
    says, after = (np.concatenate([(case.w - w).ravel(), -b]) for w, b in ((gradient, by_bias), (case.by_kernel, case.by_bias)))
    kernels = case.by_kernel.ravel(), gradient.ravel()
    working = told("working.shared", kernel=kernels[0], says=kernels[1], bias=case.by_bias, says_bias=by_bias)
    return Outcome(says, after, working)


def _networks(*shapes: tuple[tuple[int, int], tuple[int, int], tuple[int, int], int]) -> Instances:
    """Sides of the kernel, of the map above it, of the window; units of the last layer."""
    stacks = [Stack(Maps(1, 1, kernel, above), window, units) for kernel, above, window, units in shapes]
    return Instances(stacks, Stack.numbers, Stack.letters)


NETWORKS = _networks(
    ((1, 1), (1, 2), (1, 2), 1), ((1, 2), (1, 2), (1, 2), 2), ((2, 1), (2, 2), (2, 2), 1), ((1, 1), (1, 4), (1, 2), 1)
)
BOTH = (((1, 2), (1, 1), (1, 1)), ((1, 2), (1, 2), (1, 1)), ((1, 2), (1, 2), (1, 2)), ((2, 1), (1, 2), (1, 2)))
ABOVE = Instances(
    [Pooled(Windows(window, window, above), kernel) for window, above, kernel in BOTH], Pooled.numbers, Pooled.letters
)
EXPERIMENTS = {
    "differences-conv-pooling": Experiment(
        NETWORKS,
        Reading("max", partial(every_parameter, mean=False)),
        Reading("mean", partial(every_parameter, mean=True), once=True),
    ),
    "conv-to-pooling": Experiment(
        ABOVE,
        Reading("pooled-max", partial(through_both, column="pooled", mean=False)),
        Reading("pooled-mean", partial(through_both, column="pooled", mean=True), once=True),
        Reading("below-max", partial(through_both, column="below", mean=False), "corrected"),
        Reading("below-mean", partial(through_both, column="below", mean=True), "corrected", once=True),
        Reading("sloped-max", partial(through_both, column="sloped", mean=False), "beyond"),
    ),
    "consistent-with-mlp": Experiment(
        NETWORKS,
        Reading("residual-max", partial(consistent, of="residual", mean=False)),
        Reading("residual-mean", partial(consistent, of="residual"), once=True),
        Reading("gradient", partial(consistent, of="gradient"), once=True),
        Reading("gradient-tied", partial(consistent, of="tied"), "corrected", once=True),
    ),
    "unified-claim": Experiment(
        convolutions(
            (1, 1, (1, 1), (1, 2)), (2, 1, (1, 1), (1, 2)), (1, 2, (1, 2), (2, 1)), (2, 2, (1, 1), (2, 1)), (3, 2, (1, 2), (1, 2)),
            (2, 1, (2, 1), (2, 2)),
        ),
        Reading("one-copy", partial(trained, kernel="one", bias="one"), on=lambda case: case.linear.unbiased),
        Reading("mean", partial(trained, kernel="mean", bias="mean"), on=lambda case: case.linear.unbiased),
        Reading("sum", partial(trained, kernel="sum", bias="sum"), "supplied", on=lambda case: case.linear.unbiased),
        Reading("sum-and-mean", partial(trained, kernel="sum", bias="mean"), "beyond", on=lambda case: case.linear.unbiased),
    ),
}  # fmt: skip
