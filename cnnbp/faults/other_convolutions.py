"""Right convolutions computed otherwise: by FFT, one product, the textbook, a sparse matrix, tap by tap."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import fft, sparse

from cnnbp.layers import Conv2d
from cnnbp.layers.checks import Array

from .answers import Gradients
from .catalogue import Call, Way
from .relation import Geometry, dilated, facing, geometry, output_shape, windowed


@dataclass(frozen=True)
class Convolution(ABC):
    """A convolution without its three contractions: sorts out groups, puts padding on and off. `conv` has the options.

    In the subclasses x: (n, g, c, h, w) with its padding in place, w: (g, k, c, r, s), delta: (n, g, k, p, q).
    """

    conv: Conv2d

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        g, padded = self._geometry(x, w), self._padded(x, w)
        y = self.y(padded, self._grouped(w), g).reshape(len(x), len(w), *output_shape(g, padded.shape[3:]))
        return y if b is None else y + b[:, None, None]

    def backward(self, delta: Array, x: Array, w: Array, b: Array | None = None) -> Gradients:
        answer = self.by_input(delta, x, w), self.by_weights(delta, x, w)
        return answer if b is None else (*answer, delta.sum((0, 2, 3)))

    def by_input(self, delta: Array, x: Array, w: Array) -> Array:
        """dx alone."""
        g, (h, v) = self._geometry(x, w), x.shape[2:]
        (top, left), cells = g.padding, tuple(n + 2 * p for n, p in zip((h, v), g.padding, strict=True))
        dx = self.dx(self._apart(delta), self._grouped(w), g, cells)[..., top : top + h, left : left + v]
        return dx.reshape(x.shape)

    def by_weights(self, delta: Array, x: Array, w: Array) -> Array:
        """dw alone."""
        return self.dw(self._apart(delta), self._padded(x, w), self._geometry(x, w)).reshape(w.shape)

    @abstractmethod
    def y(self, x: Array, w: Array, g: Geometry) -> Array: ...

    @abstractmethod
    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array: ...

    @abstractmethod
    def dw(self, delta: Array, x: Array, g: Geometry) -> Array: ...

    def _geometry(self, x: Array, w: Array) -> Geometry:
        return geometry(Call(self.conv, x, x, (w,)))

    def _padded(self, x: Array, w: Array) -> Array:
        return self._apart(np.pad(x, ((0, 0), (0, 0), *((p, p) for p in self._geometry(x, w).padding))))

    def _apart(self, v: Array) -> Array:
        return v.reshape(len(v), self.conv.groups, -1, *v.shape[2:])

    def _grouped(self, w: Array) -> Array:
        return w.reshape(self.conv.groups, -1, *w.shape[1:])


class ByFFT(Convolution):
    """Products of spectra, the period being the padded input: what wraps around is multiplied by 0."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        cells, (p, q) = x.shape[3:], output_shape(g, x.shape[3:])
        taps = fft.rfft2(dilated(w, g.dilation, cells)).conj()
        y = [fft.irfft2(np.einsum("gkcuv,gcuv->gkuv", taps, fft.rfft2(sample)), cells) for sample in x]
        return np.stack(y)[..., :: g.stride[0], :: g.stride[1]][..., :p, :q]

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        taps, residual = fft.rfft2(dilated(w, g.dilation, cells)), dilated(delta, g.stride, cells)
        return np.stack([fft.irfft2(np.einsum("gkcuv,gkuv->gcuv", taps, fft.rfft2(sample)), cells) for sample in residual])

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        cells, residual = x.shape[3:], dilated(delta, g.stride, x.shape[3:])
        spectra = (np.einsum("gkuv,gcuv->gkcuv", fft.rfft2(d).conj(), fft.rfft2(v)) for d, v in zip(residual, x, strict=True))
        dw: Array = sum(fft.irfft2(spectrum, cells) for spectrum in spectra)
        return dw[..., :: g.dilation[0], :: g.dilation[1]][..., : g.kernel[0], : g.kernel[1]]


class ByOneProduct(Convolution):
    """im2col: the windows of the whole batch are the columns of one matrix a group, multiplied at once."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        y = w.reshape(*w.shape[:2], -1) @ self._columns(x, g)
        return y.reshape(*y.shape[:2], len(x), *output_shape(g, x.shape[3:])).transpose(2, 0, 1, 3, 4)

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        columns = w.reshape(*w.shape[:2], -1).swapaxes(1, 2) @ self._residuals(delta)
        columns = columns.reshape(len(w), *w.shape[2:], len(delta), *delta.shape[3:])
        dx = np.zeros((len(delta), len(w), w.shape[2], *cells), columns.dtype)
        for r, s, i in facing(g, delta.shape[3:]):
            dx[i] += columns[:, :, r, s].transpose(2, 0, 1, 3, 4)
        return dx

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        return self._residuals(delta) @ self._columns(x, g).swapaxes(1, 2)

    @staticmethod
    def _columns(x: Array, g: Geometry) -> Array:
        windows = windowed(x, g.kernel, g.stride, g.dilation).transpose(1, 2, 5, 6, 0, 3, 4)
        return windows.reshape(x.shape[1], x.shape[2] * g.kernel[0] * g.kernel[1], -1)

    @staticmethod
    def _residuals(delta: Array) -> Array:
        return delta.transpose(1, 2, 0, 3, 4).reshape(*delta.shape[1:3], -1)


class ByTheTextbook(Convolution):
    """Correlations: of x with w, of the dilated, padded residual with rot180(w), of x with the dilated residual."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        y: Array = np.einsum("ngcpqrs,gkcrs->ngkpq", windowed(x, g.kernel, g.stride, g.dilation), w)
        return y

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        above, left = (d * (k - 1) for d, k in zip(g.dilation, g.kernel, strict=True))
        padded = np.zeros((*delta.shape[:3], cells[0] + above, cells[1] + left), delta.dtype)
        padded[..., above:, left:] = dilated(delta, g.stride, cells)
        dx: Array = np.einsum("ngkhwrs,gkcrs->ngchw", windowed(padded, g.kernel, (1, 1), g.dilation), w[..., ::-1, ::-1])
        return dx

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        windows = windowed(x, (delta.shape[3], delta.shape[4]), g.dilation, g.stride)[:, :, :, : g.kernel[0], : g.kernel[1]]
        dw: Array = np.einsum("ngcrspq,ngkpq->gkcrs", windows, delta)
        return dw


class ByMatrix(Convolution):
    """The masked fully-connected network: for each group M = Σ_t w[t] ⊗ S[t], where S[t][o, i] = 1 on T."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        matrices, rows = self._matrices(w, g, x.shape[3:]), x.reshape(*x.shape[:2], -1)
        y = np.stack([(m @ rows[:, j].T).T for j, m in enumerate(matrices)], 1)
        return y.reshape(len(x), *w.shape[:2], *output_shape(g, x.shape[3:]))

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        matrices, rows = self._matrices(w, g, cells), delta.reshape(*delta.shape[:2], -1)
        dx = np.stack([(m.T @ rows[:, j].T).T for j, m in enumerate(matrices)], 1)
        return dx.reshape(len(delta), len(w), w.shape[2], *cells)

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        rows, residual = x.reshape(-1, x.shape[3] * x.shape[4]), delta.reshape(*delta.shape[:3], -1)
        seen = np.stack([(s @ rows.T).T.reshape(*x.shape[:3], -1) for s in self._masks(g, x.shape[3:])], -1)
        dw: Array = np.einsum("ngko,ngcot->gkct", residual, seen)
        return dw

    @staticmethod
    def _masks(g: Geometry, cells: tuple[int, ...]) -> Iterator[sparse.csr_array]:
        """S[t], tap by tap in row-major order: (p·q, h·w)."""
        p, q = output_shape(g, cells)
        for r, s in np.ndindex(g.kernel):
            down = _selection(p, cells[0], g.stride[0], g.dilation[0] * r)
            yield sparse.kron(down, _selection(q, cells[1], g.stride[1], g.dilation[1] * s), format="csr")

    def _matrices(self, w: Array, g: Geometry, cells: tuple[int, ...]) -> list[sparse.csr_array]:
        taps, masks = w.reshape(*w.shape[:3], -1), list(self._masks(g, cells))
        return [sum(sparse.kron(v[..., t], mask, format="csr") for t, mask in enumerate(masks)) for v in taps]


class FromTheLastTap(Convolution):
    """The three contractions from the last tap to the first, so that every sum runs in the opposite order."""

    def y(self, x: Array, w: Array, g: Geometry) -> Array:
        p, q = output_shape(g, x.shape[3:])
        y = np.zeros((len(x), *w.shape[:2], p, q), np.result_type(x, w))
        for r, s, i in reversed(list(facing(g, (p, q)))):
            y += np.einsum("ngcpq,gkc->ngkpq", x[i], w[..., r, s])
        return y

    def dx(self, delta: Array, w: Array, g: Geometry, cells: tuple[int, ...]) -> Array:
        dx = np.zeros((len(delta), len(w), w.shape[2], *cells), np.result_type(delta, w))
        for r, s, i in reversed(list(facing(g, delta.shape[3:]))):
            dx[i] += np.einsum("ngkpq,gkc->ngcpq", delta, w[..., r, s])
        return dx

    def dw(self, delta: Array, x: Array, g: Geometry) -> Array:
        taps = [np.einsum("ngkpq,ngcpq->gkc", delta[::-1], x[i][::-1]) for _, _, i in facing(g, delta.shape[3:])]
        return np.stack(taps, -1)


def by(way: Callable[[Conv2d], Convolution]) -> Way:
    """The convolution that is computed in this way."""
    return lambda reference: lambda **options: way(reference(**options))


def _selection(outputs: int, cells: int, stride: int, offset: int) -> sparse.csr_array:
    return sparse.eye_array(cells, format="csr")[offset : offset + stride * (outputs - 1) + 1 : stride]
