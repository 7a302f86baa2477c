"""The whole network: what is left of a CNN once its layers are matrices (V12), and what the derivation leaves out (V23)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ... import layers
from ...cases.choices import Choices
from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from ..exact.images import Convolution, Pooling, convolution, pooling
from ..exact.networks import half_square, integers
from ..statement import Experiment, Outcome, Reading
from ..telling import told
from .unrolled import tied


@dataclass(frozen=True)
class Network:
    """One image through convolution, f, pooling and a fully-connected layer v, with target y and half squared error."""

    conv: Convolution
    pool: Pooling
    v: Array
    y: Array

    def given(self) -> dict[str, Any]:
        """Image, kernel, f and window, the last weights and the target."""
        shown = {name: value for name, value in self.pool.given().items() if name in ("f", "window")}
        return {**{k: v for k, v in self.conv.given().items() if k != "δ"}, **shown, "v": self.v, "y": self.y}

    def loss(self, w: Array, mean: bool) -> Any:
        """J, every layer the reference CNN's."""
        a = self.pool.f(self.conv.forward(self.conv.a, w))
        return half_square(layers.Dense().forward(self.pool.pool(a, mean).reshape(1, -1), self.v) - self.y)


def by_matrices(net: Network, mean: bool) -> Outcome:
    """∂J/∂w by the rules of the MLP through the matrices of the layers, and the sum over the copies of each weight."""
    pool, truth = net.pool, jacobian(partial(net.loss, mean=mean), net.conv.w)
    z = net.conv.matrix(net.conv.w) @ net.conv.a.ravel()
    p = replace(pool, z=z.reshape(pool.z.shape)).matrix(mean)
    error = net.v @ (p @ pool.f(z)) - net.y[0]
    delta = (p.T @ (net.v.T @ error)) * pool.f.slope(z)
    return Outcome(tied(replace(net.conv, delta=delta.reshape(net.conv.delta.shape))), truth)


def trained(case: Convolution, kernel: str, bias: str) -> Outcome:
    """Kernel and bias after a step of size 1, from 0 bias: by one copy of each weight, by the mean of them, or by their sum."""
    (_, t, _), maps = case.ties, case.delta[0].reshape(len(case.w), -1)
    copies = np.bincount(t, minlength=case.w.size).astype(object).reshape(case.w.shape)
    first = np.array([_of_first_copy(case, weight) for weight in range(case.w.size)], object).reshape(case.w.shape)
    gradient = {"one": first, "mean": tied(case) / copies, "sum": tied(case)}[kernel]
    by_bias = {"one": maps[:, 0], "mean": maps.sum(1) / maps.shape[1], "sum": maps.sum(1)}[bias]
    truth = jacobian(lambda b: np.sum(case.delta * layers.Conv2d().forward(case.a, case.w, b)), maps[:, 0] * 0)
    says, after = (np.concatenate([(case.w - w).ravel(), -b]) for w, b in ((gradient, by_bias), (case.by_kernel, truth)))
    working = told("working.shared", kernel=case.by_kernel.ravel(), says=gradient.ravel(), bias=truth, says_bias=by_bias)
    return Outcome(says, after, working)


def _of_first_copy(case: Convolution, weight: int) -> Any:
    outputs, t, inputs = case.ties
    first = int(np.argmax(t == weight))
    return case.delta.ravel()[outputs[first]] * case.a.ravel()[inputs[first]]


def _network(choose: Choices) -> Network:
    """The convolution makes the map that is pooled; ties may occur, and count as the reference CNN counts them."""
    pool = pooling(choose)
    h, v = pool.z.shape[2:]
    r, s = choose.integer(1, 2), choose.integer(1, 2)
    a, w = integers(choose, (1, 1, h + r - 1, v + s - 1)), integers(choose, (1, 1, r, s))
    conv = Convolution(a, w, 0 * pool.z)
    units = choose.integer(1, 2)
    return Network(conv, pool, integers(choose, (units, pool.delta.size)), integers(choose, (1, units), zero=True))


EXPERIMENTS = {
    "differences-conv-pooling": Experiment(
        _network,
        Reading("max", partial(by_matrices, mean=False)),
        Reading("mean", partial(by_matrices, mean=True)),
    ),
    "unified-claim": Experiment(
        partial(convolution, kernels=2, cells=2, inputs=True),
        Reading("one-copy", partial(trained, kernel="one", bias="one")),
        Reading("mean", partial(trained, kernel="mean", bias="mean")),
        Reading("sum", partial(trained, kernel="sum", bias="sum"), "corrected"),
        Reading("sum-and-mean", partial(trained, kernel="sum", bias="mean"), "beyond"),
    ),
}
