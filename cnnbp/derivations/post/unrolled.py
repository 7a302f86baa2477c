"""A CNN as a special fully-connected network: V3, V7, V11, E28, E29 and V13."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ... import layers
from ...cases.choices import Choices
from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from ..exact.images import Convolution, several_maps
from ..exact.networks import array, integers
from ..statement import Experiment, Outcome, Reading
from ..telling import told


def matrix_forward(case: Convolution) -> Outcome:
    """z = M(w)·a"""
    return Outcome(case.matrix(case.w) @ case.a.ravel(), case.forward(case.a, case.w).ravel())


def matrix_residual(case: Convolution) -> Outcome:
    """∂J/∂a = M(w)ᵀ·δ"""
    return Outcome(case.matrix(case.w).T @ case.delta.ravel(), case.residual.ravel())


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


def one_step(case: Convolution, shared: bool) -> Outcome:
    """M after a step of size 1, trained as an MLP or with frozen zeros and tied copies, against M of the kernel's own step."""
    before, truth = case.matrix(case.w), case.matrix(case.w - case.by_kernel)
    if shared:
        return Outcome(case.matrix(case.w - tied(case)), truth)
    gradient = np.multiply.outer(case.delta.ravel(), case.a.ravel())
    kernel = case.by_kernel.ravel()
    return Outcome(before - gradient, truth, told("working.as-mlp", before=before, gradient=gradient, kernel=kernel))


@dataclass(frozen=True)
class Sizes:
    """An n × n image in c channels, seen by one 3×3 kernel with this stride and padding."""

    n: int
    c: int
    stride: int
    padding: int

    def given(self) -> dict[str, Any]:
        """Stride and padding only where one of them is not the usual 1 or 0."""
        options = {"stride": self.stride, "padding": self.padding} if (self.stride, self.padding) != (1, 0) else {}
        return {"n": self.n, "channels": self.c, **options}

    def outputs(self, stride: int = 1, padding: int = 0) -> Array:
        """The map that the reference CNN makes of ones, every weight being 1."""
        ones = np.ones((1, self.c, self.n, self.n), int).astype(object)
        return layers.Conv2d(stride=stride, padding=padding).forward(ones, ones[:, :, :3, :3])


def plain(size: Sizes) -> Sizes:
    """The same with stride 1, no padding and one channel."""
    return replace(size, c=1, stride=1, padding=0)


def channels(size: Sizes) -> Sizes:
    """The same with stride 1 and no padding, and no more than six cells a side."""
    return replace(size, n=min(size.n, 6), stride=1, padding=0)


def entries(size: Sizes) -> Outcome:
    """n·n, against the entries of the image flattened by the reference CNN."""
    column = layers.Flatten().forward(np.zeros((1, size.c, size.n, size.n)))
    working = told("working.entries", channels=size.c, n=size.n, entries=column.size)
    return Outcome(array([size.n * size.n]), array([column.size]), working)


def output_count(size: Sizes, general: bool) -> Outcome:
    """(n−3+1)², or with stride and padding, against the outputs there are."""
    side = (size.n + 2 * size.padding - 3) // size.stride + 1 if general else size.n - 3 + 1
    count = size.outputs(size.stride, size.padding).size
    working = told("working.places", places=count, n=size.n, stride=size.stride, padding=size.padding)
    return Outcome(array([side * side]), array([count]), working)


def nine_inputs(size: Sizes) -> Outcome:
    """Nine for every output, against the number of input cells by which it has a derivative."""
    image = np.ones((1, size.c, size.n, size.n), int).astype(object)
    z_by_a = jacobian(lambda a: layers.Conv2d().forward(a, image[:, :, :3, :3]), image)
    counts = np.count_nonzero(z_by_a.reshape((size.n - 2) ** 2, -1), axis=1)
    return Outcome(array([9] * len(counts)), array([int(count) for count in counts]), told("working.reads", channels=size.c))


def _sizes(choose: Choices) -> Sizes:
    return Sizes(choose.integer(3, 12), choose.integer(1, 3), choose.integer(1, 3), choose.integer(0, 2))


def _unrolled(choose: Choices) -> Convolution:
    """At least two output positions: weights with copies, and missing connections."""
    shapes = choose.pick((((1, 2), (1, 1)), ((1, 3), (1, 2)), ((2, 3), (2, 2)), ((3, 3), (2, 2)), ((2, 3), (1, 2))))
    (h, v), (r, s) = shapes
    case = integers(choose, (1, 1, h, v)), integers(choose, (1, 1, r, s)), integers(choose, (1, 1, h - r + 1, v - s + 1))
    return Convolution(*case)


EXPERIMENTS = {
    "cnn-is-sparse-dense": Experiment(
        _unrolled,
        Reading("forward", matrix_forward),
        Reading("residual", matrix_residual),
        Reading("gradient-entry-by-entry", partial(matrix_gradient, shared=False)),
        Reading("gradient-tied", partial(matrix_gradient, shared=True)),
    ),
    "mlp-bp-is-base": Experiment(several_maps, Reading("residual", matrix_residual)),
    "conv-depends-on-nine": Experiment(
        _sizes,
        Reading("one-channel", nine_inputs, on=lambda size: plain(channels(size))),
        Reading("several-channels", nine_inputs, "beyond", on=channels),
    ),
    "conv-input-length": Experiment(
        _sizes,
        Reading("one-channel", entries, on=plain),
        Reading("several-channels", entries, "beyond", on=channels),
    ),
    "conv-output-count": Experiment(
        _sizes,
        Reading("plain", partial(output_count, general=False), on=plain),
        Reading("as-printed", partial(output_count, general=False), "beyond"),
        Reading("corrected", partial(output_count, general=True), "corrected"),
    ),
    "same-as-mlp": Experiment(
        _unrolled,
        Reading("as-mlp", partial(one_step, shared=False)),
        Reading("tied", partial(one_step, shared=True), "corrected"),
    ),
}
