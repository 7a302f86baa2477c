"""A CNN as a special fully-connected network: V3, V7, V11, E28, E29 and V13."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ... import layers
from ...choices import Choices
from ...oracles import exact
from ...rounding import Array
from ..statement import Outcome, Reading, Trial
from .image import Convolution, several_maps
from .perceptron import array, integers, show


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
    told = (
        "As an MLP, every entry of M has the gradient δ_o·a_i of its own, be it a missing connection or a copy of a shared weight."
    )
    return Outcome(case.matrix(tied(case)) if shared else alone, truth, working=told)


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
    told = f"As an MLP, M = {show(before)} has the gradient δ·aᵀ = {show(gradient)}; the kernel has {show(case.by_kernel.ravel())}."
    return Outcome(before - gradient, truth, working=f"{told} After the step M is the matrix of no convolution.")


@dataclass(frozen=True)
class Sizes:
    """An n × n image in c channels, seen by one 3×3 kernel with this stride and padding."""

    n: int
    c: int
    stride: int
    padding: int

    def given(self) -> dict[str, Any]:
        """All four."""
        return {"n": self.n, "channels": self.c, "stride": self.stride, "padding": self.padding}

    def outputs(self, stride: int = 1, padding: int = 0) -> Array:
        """The map that the reference CNN makes of ones, every weight being 1."""
        ones = np.ones((1, self.c, self.n, self.n), int).astype(object)
        return layers.Conv2d(stride=stride, padding=padding).forward(ones, ones[:, :, :3, :3])


def entries(size: Sizes, channels: bool) -> Outcome:
    """n·n, for an image of one channel, or of c."""
    image = np.zeros((size.c if channels else 1, size.n, size.n))
    return Outcome(array([size.n * size.n]), array([image.ravel().size]))


def output_count(size: Sizes, general: bool, plain: bool) -> Outcome:
    """(n−3+1)², or with stride and padding, against the outputs there are: with neither, or with those that were drawn."""
    stride, padding = (1, 0) if plain else (size.stride, size.padding)
    side = (size.n + 2 * padding - 3) // stride + 1 if general else size.n - 3 + 1
    return Outcome(array([side * side]), array([size.outputs(stride, padding).size]))


def nine_inputs(size: Sizes, channels: bool) -> Outcome:
    """Nine, against the number of input cells by which one output has a derivative."""
    ones = np.ones((1, size.c if channels else 1, 3, 3), int).astype(object)
    z_by_a = exact.jacobian(lambda a: layers.Conv2d().forward(a, ones), ones)
    return Outcome(array([9]), array([int(np.count_nonzero(z_by_a))]))


def _sizes(choose: Choices) -> Sizes:
    return Sizes(choose.integer(3, 12), choose.integer(1, 3), choose.integer(1, 3), choose.integer(0, 2))


def _unrolled(choose: Choices) -> Convolution:
    """At least two output positions, so that weights have copies, and sometimes missing connections."""
    shapes = choose.pick((((1, 2), (1, 1)), ((1, 3), (1, 2)), ((2, 3), (2, 2)), ((3, 3), (2, 2)), ((2, 3), (1, 2))))
    (h, v), (r, s) = shapes
    case = integers(choose, (1, 1, h, v)), integers(choose, (1, 1, r, s)), integers(choose, (1, 1, h - r + 1, v - s + 1))
    return Convolution(*case)


TRIALS = {
    "cnn-is-sparse-dense": Trial(
        _unrolled,
        (
            Reading("forward: z = M(w)·a", matrix_forward),
            Reading("residual: ∂J/∂a = M(w)ᵀ·δ", matrix_residual),
            Reading("gradient by the weights, every entry of M for itself", partial(matrix_gradient, shared=False)),
            Reading("gradient by the weights, zeros frozen and copies added up", partial(matrix_gradient, shared=True)),
        ),
    ),
    "mlp-bp-is-base": Trial(several_maps, (Reading("∂J/∂a = M(w)ᵀ·δ", matrix_residual),)),
    "conv-depends-on-nine": Trial(
        _sizes,
        (
            Reading("one input channel", partial(nine_inputs, channels=False)),
            Reading("several channels", partial(nine_inputs, channels=True), "beyond"),
        ),
    ),
    "conv-input-length": Trial(
        _sizes,
        (
            Reading("one channel", partial(entries, channels=False)),
            Reading("several channels", partial(entries, channels=True), "beyond"),
        ),
    ),
    "conv-output-count": Trial(
        _sizes,
        (
            Reading("stride 1, no padding", partial(output_count, general=False, plain=True)),
            Reading("any stride and padding, as printed", partial(output_count, general=False, plain=False), "beyond"),
            Reading("any stride and padding, as corrected", partial(output_count, general=True, plain=False), "corrected"),
        ),
    ),
    "same-as-mlp": Trial(
        _unrolled,
        (
            Reading("trained as an MLP", partial(one_step, shared=False)),
            Reading("zeros frozen, copies added up", partial(one_step, shared=True), "corrected"),
        ),
    ),
}
