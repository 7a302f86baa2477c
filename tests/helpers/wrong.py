"""Layers as people write them, in loops that share no line with cnnbp, and wrong in one place each."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnbp.layers.checks import Array


class Loops:
    """A convolution without padding, window by window. A child changes one step of it."""

    stride = 1

    def forward(self, x: Array, w: Array) -> Array:
        p, q = ((n - k) // self.stride + 1 for n, k in zip(x.shape[2:], w.shape[2:], strict=True))
        y = np.zeros((len(x), len(w), p, q))
        for n, k, i, j in np.ndindex(*y.shape):
            y[n, k, i, j] = (self.window(x[n], i, j, w) * w[k]).sum()
        return y

    def window(self, image: Array, i: int, j: int, w: Array) -> Array:
        """The cells that output (i, j) sees."""
        return image[:, i * self.stride : i * self.stride + w.shape[2], j * self.stride : j * self.stride + w.shape[3]]

    def backward(self, delta: Array, x: Array, w: Array) -> Any:
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for n, k, i, j in np.ndindex(*delta.shape):
            self.spread(self.window(dx[n], i, j, w), delta[n, k, i, j], w[k])
            dw[k] += delta[n, k, i, j] * self.window(x[n], i, j, w)
        return dx, dw

    def spread(self, cells: Array, residual: float, kernel: Array) -> None:
        """What one output sends down."""
        cells += residual * kernel


class Turned(Loops):
    """The kernel is rotated where it is used in the backward."""

    def spread(self, cells: Array, residual: float, kernel: Array) -> None:
        cells += residual * kernel[:, ::-1, ::-1]


class Written(Loops):
    """= for +=: the last window, and the last output channel, win."""

    def spread(self, cells: Array, residual: float, kernel: Array) -> None:
        cells[...] = residual * kernel


class Averaged(Loops):
    """1/n in the layer as well as in the loss."""

    def backward(self, delta: Array, x: Array, w: Array) -> Any:
        dx, dw = super().backward(delta, x, w)
        return dx, dw / len(x)


class Exchanged(Loops):
    """dw comes first."""

    def backward(self, delta: Array, x: Array, w: Array) -> Any:
        return super().backward(delta, x, w)[::-1]


class Convolves(Loops):
    """Forward and backward agree with each other, and neither is that of a correlation."""

    def forward(self, x: Array, w: Array) -> Array:
        return super().forward(x, w[..., ::-1, ::-1])

    def backward(self, delta: Array, x: Array, w: Array) -> Any:
        dx, dw = super().backward(delta, x, w[..., ::-1, ::-1])
        return dx, dw[..., ::-1, ::-1]
