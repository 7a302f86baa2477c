"""Every small geometry: each size, kernel, stride, padding and dilation of an axis up to a bound, as rows and as columns.

No sample of shapes finds what shows at one of them alone (padding from 2 on, a remainder of the stride, four rows). So all are
proved, on unknown numbers and on floats. The geometry of one axis faces another of the list on the other; groups, samples and
the bias take turns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, NamedTuple

from .. import layers
from ..evidence.proof import GridProof, Proof
from .prove import prove

Shape = tuple[int, ...]
BITS = 80  # of each shape, so that all together stay below 2⁻⁶⁴
FAR = 611  # how far away in the list the geometry of the other axis stands: prime to the number of them


class Axis(NamedTuple):
    """One axis: cells, taps and the options of the layer; `flag` is output_padding or ceil_mode."""

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    flag: bool


@dataclass(frozen=True)
class Grid:
    """All axes of an operator up to a bound, and how two of them make a layer and the shapes of its arguments."""

    size: int
    kernel: int
    stride: int
    dilation: int
    flags: int
    padding: Callable[[int], int]
    fits: Callable[[Axis], bool]
    make: Callable[[int, Axis, Axis], tuple[Any, list[Shape]]]

    def __iter__(self) -> Iterator[tuple[Any, list[Shape]]]:
        """Layer and shapes, in an order that stays."""
        axes = self.axes
        for number, rows in enumerate(axes):
            yield self.make(number, rows, axes[(number + FAR) % len(axes)])

    @property
    def axes(self) -> list[Axis]:
        """Every geometry of one axis."""
        ranges = (range(1, most + 1) for most in (self.size, self.kernel, self.stride, self.dilation))
        every = product(*ranges, range(self.flags))
        found = (Axis(n, k, s, p, d, bool(f)) for n, k, s, d, f in every for p in range(self.padding(k) + 1))
        return [axis for axis in found if self.fits(axis)]


def prove_slice(name: str, start: int, step: int, seed: int = 0, layer_of: Callable[[Any], Any] = lambda layer: layer) -> GridProof:
    """Every `step`-th shape of a grid from number `start` on, of the layer itself or of what `layer_of` makes of it."""
    shapes, products, digest, error, failures = 0, 0, hashlib.sha256(), 0.0, list[Proof]()
    for layer, arguments in islice(GRIDS[name], start, None, step):
        proof = prove(layer_of(layer), *arguments, like=layer, bits=BITS, seed=seed, dtypes=("float64",))
        shapes += 1
        if proof.status != "proved" or proof.certificate is None or proof.error is None:
            failures.append(proof)
            continue
        digest.update(bytes.fromhex(proof.certificate))
        products += proof.products
        error += proof.error
    return GridProof(name, start, step, shapes, products, digest.hexdigest(), error, tuple(failures))


def _convolution(number: int, h: Axis, v: Axis) -> tuple[Any, list[Shape]]:
    groups, n, bias = 1 + number % 2, 1 + number // 2 % 3, number // 4 % 2
    pairs = (h.stride, v.stride), (h.padding, v.padding), (h.dilation, v.dilation)
    return layers.Conv2d(*pairs, groups), [(n, 2, h.size, v.size), (2, 2 // groups, h.kernel, v.kernel), (2,)][: 2 + bias]


def _transposed(number: int, h: Axis, v: Axis) -> tuple[Any, list[Shape]]:
    groups, n, bias = 1 + number % 2, 1 + number // 2 % 3, number // 4 % 2
    extra = int(h.flag and h.stride > 1), int(v.flag and v.stride > 1)
    layer = layers.ConvTranspose2d((h.stride, v.stride), (h.padding, v.padding), extra, groups, (h.dilation, v.dilation))
    return layer, [(n, 2, h.size, v.size), (2, 1, h.kernel, v.kernel), (groups,)][: 2 + bias]


def _mean(number: int, h: Axis, v: Axis) -> tuple[Any, list[Shape]]:
    pairs = (h.kernel, v.kernel), (h.stride, v.stride), (h.padding, v.padding)
    return layers.AvgPool2d(*pairs, h.flag, bool(number % 2)), [(1 + number // 2 % 2, 2, h.size, v.size)]


def _reaches(axis: Axis) -> bool:
    """A window lies in the padded input."""
    return axis.dilation * (axis.kernel - 1) < axis.size + 2 * axis.padding


def _leaves(axis: Axis) -> bool:
    """The padding leaves an output cell."""
    return axis.stride * (axis.size - 1) + axis.dilation * (axis.kernel - 1) >= 2 * axis.padding


GRIDS: Mapping[str, Grid] = {
    "Conv2d":          Grid(9, 5, 4, 3, 1, lambda k: k, _reaches, _convolution),
    "ConvTranspose2d": Grid(5, 3, 3, 2, 2, lambda k: 1, _leaves, _transposed),
    "AvgPool2d":       Grid(6, 4, 3, 1, 2, lambda k: k // 2, _reaches, _mean),
}  # fmt: skip
