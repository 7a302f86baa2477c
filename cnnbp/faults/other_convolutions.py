"""Right convolutions computed otherwise: by FFT, one product, the textbook, a sparse matrix, tap by tap."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np
from scipy import fft, sparse

from cnnbp.layers import Conv2d
from cnnbp.layers.checks import Array

from .answers import Gradients
from .catalogue import Call, Way
from .relation import Geometry, dilated, faced, geometry, windowed


@dataclass(frozen=True)
class Convolution(ABC):
    """A convolution without its three contractions: takes the groups apart, puts padding on and off. `conv` has the options.

    The subclasses see one group: x: (n, c, h, w) with its padding in place, w: (k, c, r, s), delta: (n, k, p, q).
    """

    conv: Conv2d

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        groups = self._groups((self._padded(x, w), 1), (w, 0))
        y = np.concatenate([self.y(x, w, self._geometry(w)) for x, w in groups], 1)
        return y if b is None else y + b[:, None, None]

    def backward(self, delta: Array, x: Array, w: Array, b: Array | None = None) -> Gradients:
        gradients = self.by_input(delta, x.shape[2:], w), self.by_weights(delta, x, w)
        return gradients if b is None else (*gradients, delta.sum((0, 2, 3)))

    def by_input(self, delta: Array, inputs: tuple[int, ...], w: Array) -> Array:
        """dx alone, for so many rows and columns of x."""
        g, (h, v) = self._geometry(w), inputs
        (top, left), cells = g.padding, (h + 2 * g.padding[0], v + 2 * g.padding[1])
        dx = np.concatenate([self.dx(delta, w, g, cells) for delta, w in self._groups((delta, 1), (w, 0))], 1)
        return dx[..., top : top + h, left : left + v]

    def by_weights(self, delta: Array, x: Array, w: Array) -> Array:
        """dw alone."""
        groups = self._groups((delta, 1), (self._padded(x, w), 1))
        return np.concatenate([self.dw(delta, x, self._geometry(w)) for delta, x in groups])

    @abstractmethod
    def y(self, x: Array, w: Array, g: Geometry) -> Array: ...

    @abstractmethod
    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array: ...

    @abstractmethod
    def dw(self, delta: Array, x: Array, g: Geometry) -> Array: ...

    def _geometry(self, w: Array) -> Geometry:
        return geometry(Call(self.conv, w, w, (w,)))

    def _padded(self, x: Array, w: Array) -> Array:
        return np.pad(x, ((0, 0), (0, 0), *((p, p) for p in self._geometry(w).padding)))

    def _groups(self, *arrays: tuple[Array, int]) -> list[tuple[Array, ...]]:
        """The arrays of each group, cut along the axis named with each."""
        return list(zip(*(np.split(v, self.conv.groups, axis) for v, axis in arrays), strict=True))


class ByFFT(Convolution):
    """Products of spectra, the period being the padded input: what wraps around is multiplied by 0."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        cells, (p, q) = x.shape[2:], g.outputs(x.shape[2:])
        taps = fft.rfft2(dilated(w, g.dilation, cells)).conj()
        y: Array = fft.irfft2(np.einsum("kcuv,ncuv->nkuv", taps, fft.rfft2(x)), cells)
        return y[..., :: g.stride[0], :: g.stride[1]][..., :p, :q]

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        taps, residual = (fft.rfft2(dilated(v, step, cells)) for v, step in ((w, g.dilation), (delta, g.stride)))
        return np.asarray(fft.irfft2(np.einsum("kcuv,nkuv->ncuv", taps, residual), cells))

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        cells, residual = x.shape[2:], fft.rfft2(dilated(delta, g.stride, x.shape[2:])).conj()
        dw: Array = fft.irfft2(np.einsum("nkuv,ncuv->kcuv", residual, fft.rfft2(x)), cells)
        return dw[..., :: g.dilation[0], :: g.dilation[1]][..., : g.kernel[0], : g.kernel[1]]


class ByTheTextbook(Convolution):
    """Correlations: of x with w, of the dilated, padded residual with rot180(w), of x with the dilated residual."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        return np.asarray(np.einsum("ncpqrs,kcrs->nkpq", windowed(x, g.kernel, g.stride, g.dilation), w))

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        above, left = (d * (k - 1) for d, k in zip(g.dilation, g.kernel, strict=True))
        padded = np.pad(dilated(delta, g.stride, cells), ((0, 0), (0, 0), (above, 0), (left, 0)))
        windows = windowed(padded, g.kernel, (1, 1), g.dilation)
        return np.asarray(np.einsum("nkhwrs,kcrs->nchw", windows, w[..., ::-1, ::-1]))

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        windows = windowed(x, (delta.shape[2], delta.shape[3]), g.dilation, g.stride)
        return np.asarray(np.einsum("ncrspq,nkpq->kcrs", windows[:, :, : g.kernel[0], : g.kernel[1]], delta))


class ByOneProduct(Convolution):
    """im2col: the windows of the whole batch are the columns of one matrix, (c·t, n·o)."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        y = w.reshape(len(w), -1) @ self._columns(x, g)
        return y.reshape(len(w), len(x), *g.outputs(x.shape[2:])).swapaxes(0, 1)

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        columns = (w.reshape(len(w), -1).T @ self._residuals(delta)).reshape(w.shape[1], prod(g.kernel), len(delta), -1)
        dx = np.zeros((len(delta), w.shape[1], prod(cells)), columns.dtype)
        for t, met in enumerate(faced(g, cells).T):
            dx[..., met] += columns[:, t].swapaxes(0, 1)
        return dx.reshape(*dx.shape[:2], *cells)

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        return (self._residuals(delta) @ self._columns(x, g).T).reshape(-1, x.shape[1], *g.kernel)

    @staticmethod
    def _columns(x: Array, g: Geometry) -> Array:
        windows = _flat(x)[..., faced(g, x.shape[2:])]
        return windows.transpose(1, 3, 0, 2).reshape(x.shape[1] * prod(g.kernel), -1)

    @staticmethod
    def _residuals(delta: Array) -> Array:
        return delta.swapaxes(0, 1).reshape(delta.shape[1], -1)


class ByMatrix(Convolution):
    """The masked fully-connected network: M[o, i] = w[t] on T and 0 elsewhere, (k·o, c·i), as a sparse matrix."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        y: Array = (self._matrix(w, g, x.shape[2:]) @ x.reshape(len(x), -1).T).T
        return y.reshape(len(x), len(w), *g.outputs(x.shape[2:]))

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        dx: Array = (self._matrix(w, g, cells).T @ delta.reshape(len(delta), -1).T).T
        return dx.reshape(len(delta), w.shape[1], *cells)

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        copies: Array = np.einsum("nko,ncot->kct", _flat(delta), _flat(x)[..., faced(g, x.shape[2:])])
        return copies.reshape(*copies.shape[:2], *g.kernel)

    @staticmethod
    def _matrix(w: Array, g: Geometry, cells: tuple[int, ...]) -> sparse.csr_array:
        (k, c), T = w.shape[:2], faced(g, cells)
        rows = np.arange(k * len(T)).reshape(k, 1, len(T), 1)
        columns = np.arange(c)[:, None, None] * prod(cells) + T
        entries, *places = map(np.ravel, np.broadcast_arrays(w.reshape(k, c, 1, -1), rows, columns))
        return sparse.csr_array((entries, tuple(places)), (k * len(T), c * prod(cells)))


class FromTheLastTap(Convolution):
    """The three contractions from the last tap and sample to the first, so that every sum runs in the opposite order."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        y = np.zeros((len(x), len(w), prod(g.outputs(x.shape[2:]))), np.result_type(x, w))
        for t, cells in reversed(list(enumerate(faced(g, x.shape[2:]).T))):
            y += np.einsum("nco,kc->nko", _flat(x)[..., cells], _flat(w)[..., t])
        return y.reshape(*y.shape[:2], *g.outputs(x.shape[2:]))

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        dx = np.zeros((len(delta), w.shape[1], prod(cells)), np.result_type(delta, w))
        for t, met in reversed(list(enumerate(faced(g, cells).T))):
            dx[..., met] += np.einsum("nko,kc->nco", _flat(delta), _flat(w)[..., t])
        return dx.reshape(*dx.shape[:2], *cells)

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        taps = [np.einsum("nko,nco->kc", _flat(delta)[::-1], _flat(x)[::-1, :, cells]) for cells in faced(g, x.shape[2:]).T]
        return np.stack(taps, -1).reshape(delta.shape[1], x.shape[1], *g.kernel)


def by(way: Callable[[Conv2d], Convolution]) -> Way:
    """The convolution that is computed in this way."""
    return lambda reference: lambda **options: way(reference(**options))


def _flat(v: Array) -> Array:
    """(a, b, h, w) as (a, b, h·w)."""
    return v.reshape(*v.shape[:2], -1)
