"""Convolutions of any geometry, on integers, with what PyTorch and the plain loops make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnbp.oracles import connections
from cnnbp.oracles.triples import Connections
from tests.layers.loops import Array, Index, conv2d_triples
from tests.layers.loops import outputs as fitting

seeds = st.integers(0, 2**32 - 1)
PLAIN = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1}


@dataclass(frozen=True)
class Conv:
    """One convolution, on integers with many zeros among the weights."""

    x_shape: tuple[int, ...]
    w_shape: tuple[int, ...]
    options: dict[str, Any]
    seed: int

    def numbers(self) -> tuple[Array, Array, Array]:
        """x, w, b"""
        rng = np.random.default_rng(self.seed)
        x, w, b = (rng.integers(-9, 10, s).astype(float) for s in (self.x_shape, self.w_shape, self.w_shape[:1]))
        return x, w * rng.integers(0, 2, w.shape), b

    def asked_of_torch(self) -> tuple[Array, Array, dict[str, Array]]:
        """delta, y, and the gradients by x, w, b"""
        x, w, b = (torch.tensor(a, requires_grad=True) for a in self.numbers())
        y = F.conv2d(x, w, b, **self.options)
        delta = torch.tensor(np.random.default_rng(self.seed + 1).integers(-9, 10, tuple(y.shape)).astype(float))
        gradients = torch.autograd.grad(y, (x, w, b), delta)
        return delta.numpy(), y.detach().numpy(), dict(zip("xwb", (g.numpy() for g in gradients), strict=True))

    def edges(self) -> Connections:
        """The same as the oracles enumerate it."""
        geometry = (self.options[name] for name in ("stride", "padding", "dilation", "groups"))
        return connections.convolution(self.x_shape[1:], self.w_shape, *geometry)

    def connections(self) -> Array:
        """(o, t, i) of one sample, in rows, sorted: by the plain loops over the relation."""
        return relation(self.x_shape[1:], self.w_shape, self.options)


def rows(o: Array, t: Array, i: Array) -> Array:
    """Triples in rows, sorted by the first column, then the second."""
    order = np.lexsort((i, t, o))
    return np.stack([o, t, i], 1)[order]


@st.composite
def convolutions(draw: st.DrawFn) -> Conv:
    """Unequal axes, strides with a remainder, padding beyond the kernel, dilation, groups; also an empty batch."""
    axes = []
    for _ in range(2):
        kernel, stride, padding, dilation = (draw(st.integers(*ends)) for ends in ((1, 3), (1, 3), (0, 4), (1, 3)))
        least = max(1, dilation * (kernel - 1) + 1 - 2 * padding)
        axes.append((draw(st.integers(least, least + 3)), kernel, stride, padding, dilation))
    size, kernel, stride, padding, dilation = zip(*axes, strict=True)
    n, groups, into, out = draw(st.integers(0, 2)), *(draw(st.integers(1, 2)) for _ in range(3))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return Conv((n, groups * into, *size), (groups * out, into, *kernel), options, draw(seeds))


def relation(x_shape: Index, w_shape: Index, options: dict[str, Any], outputs: Index | None = None) -> Array:
    """T of one sample with cells and weights by number, (o, t, i) in rows, sorted. `outputs`: (p, q), if not all that fit."""
    geometry = [options[name] for name in ("stride", "padding", "dilation")]
    p, q = outputs or (fitting(*axis) for axis in zip(x_shape[1:], w_shape[2:], *geometry, strict=True))
    triples = np.array([*conv2d_triples((1, *x_shape), w_shape, *geometry, options["groups"], (p, q))], int).reshape(-1, 3, 4)
    shapes = (1, w_shape[0], p, q), w_shape, (1, *x_shape)
    found = np.stack([np.ravel_multi_index(tuple(triples[:, j].T), shape) for j, shape in enumerate(shapes)], axis=1)
    return np.asarray(found[np.lexsort(found.T[::-1])])
