"""Without a reference: which layer of cnnbp answers as this forward does, so that the faults of that one can be tried.

It is looked for among few options, and only on the numbers of the case: what it is like decides no verdict, and which fault it
has is said only where the right layer with that fault answers the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from .. import rounding
from ..judge import compare
from ..operators import OPERATORS
from ..oracles.abstention import Abstention
from ..rounding import Array
from .point import Point

Options = dict[str, Any]
LARGEST = 100_000  # numbers: beyond, each layer that is tried takes its time
STRIDES, PADDINGS, DILATIONS, WINDOWS = (1, 2, 3, 4), (0, 1, 2, 3), (1, 2), (2, 3, 4)


def recognised(point: Point) -> Point | None:
    """The same case with the operator, its options and its answers; None where no layer of cnnbp answers so, or several do."""
    if sum(a.size for a in (*point.args, point.delta)) > LARGEST or "y" not in point.answers:
        return None
    found = [like for name, options in OPTIONS.items() for chosen in options(point) if (like := _like(point, name, chosen))]
    return found[0] if found and all(_alike(found[0], other) for other in found[1:]) else None


def _like(point: Point, name: str, options: Options) -> Point | None:
    """The case as that of this layer, where it answers so."""
    operator = OPERATORS[name]
    names = operator.arguments[: len(point.args)]
    if len(names) != len(point.args):
        return None
    shown = {new: point.called(old) for new, old in zip(names, point.names, strict=True)}
    given = replace(point, operator=operator, options=options, names=names, shown=shown, whole=True, unknown={})
    try:
        with np.errstate(all="ignore"):
            y, of_sizes = given.call.forward(), given.magnitudes.call.forward()
            if not _same(given, y, of_sizes):
                return None
            expected = dict(zip(operator.gradients, given.call.backward(), strict=False))
            sizes = dict(zip(operator.gradients, given.magnitudes.call.backward(), strict=False))
    except (ValueError, TypeError, IndexError, Abstention):
        return None  # no such layer takes these arrays
    answers = {names[list(point.names).index(quantity)]: a for quantity, a in point.answers.items() if quantity != "y"}
    bounds = {quantity: _bound(given, quantity, right, sizes[quantity]) for quantity, right in expected.items()}
    failed = frozenset(names[list(point.names).index(quantity)] for quantity in point.failed if quantity != "y")
    return replace(given, answers={"y": y, **answers}, expected=expected, bounds=bounds, failed=failed)


def _alike(one: Point, other: Point) -> bool:
    """Whether two are one layer at these shapes, seen where all numbers differ: a stride says nothing of a single window."""
    x, *params = one.args
    rising = np.arange(1.0, x.size + 1).reshape(x.shape)
    return one.operator is other.operator and all(
        np.array_equal(one.call.layer.forward(v, *params), other.call.layer.forward(v, *params)) for v in (rising, -rising)
    )


def _same(point: Point, y: Array, sizes: Array) -> bool:
    """Whether it is this forward, to rounding."""
    said = point.answers["y"]
    if y.shape != said.shape or not np.isfinite(y).all():
        return False
    found = compare(said, y, _bound(point, "y", y, sizes))
    return found is not None and found.status == "pass"


def _bound(point: Point, quantity: str, right: Array, sizes: Array) -> Array:
    """How far another right answer may be: by the magnitudes of its terms, or where it has none, by its own size."""
    if point.sums(quantity):
        return rounding.conventional(point.terms(quantity), sizes)
    scale = np.abs(right) if point.apart else np.full(right.shape, np.max(np.abs(right), initial=0.0))
    return rounding.conventional(rounding.ELEMENTARY + point.terms(quantity), scale)


# ---- the options that are tried, the plainest first ---------------------------------------------------------------------


def _none(point: Point) -> Iterator[Options]:
    yield {}


def _convolutions(point: Point) -> Iterator[Options]:
    """Those whose output has this size."""
    x, *params, y = *point.args, point.answers["y"]
    w = params[0] if params else np.empty(0)
    groups = _groups(x, w, x, y)
    for dilation, padding, stride in product(DILATIONS, PADDINGS, STRIDES):
        sides = zip(x.shape[2:], w.shape[2:], y.shape[2:], strict=True)
        if groups and all((size + 2 * padding - dilation * (taps - 1) - 1) // stride + 1 == cells for size, taps, cells in sides):
            yield {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


def _transposed(point: Point) -> Iterator[Options]:
    """The same of transposed convolutions."""
    x, *params, y = *point.args, point.answers["y"]
    w = params[0] if params else np.empty(0)
    groups = _groups(y, w, x, y)
    for dilation, padding, stride, output_padding in product(DILATIONS, PADDINGS, STRIDES, PADDINGS[:2]):
        sides = zip(x.shape[2:], w.shape[2:], y.shape[2:], strict=True)
        grown = output_padding - 2 * padding + 1
        if groups and all((cells - 1) * stride + dilation * (taps - 1) + grown == size for cells, taps, size in sides):
            options = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
            yield options | {"groups": groups}


def _groups(of: Array, w: Array, *images: Array) -> int:
    """By the channels that w does not see at once; 0 where these arrays are no convolution's."""
    if any(a.ndim != 4 for a in (w, *images)) or not w.shape[1] or of.shape[1] % w.shape[1]:
        return 0
    return int(of.shape[1] // w.shape[1])


def _pools(point: Point) -> Iterator[Options]:
    x, y = point.args[0], point.answers["y"]
    if len(point.args) != 1 or x.ndim != 4 or y.ndim != 4:
        return
    for window, padding, stride in product(WINDOWS, PADDINGS[:2], STRIDES):
        sides = zip(x.shape[2:], y.shape[2:], strict=True)
        if all((size + 2 * padding - window) // stride + 1 == cells for size, cells in sides):
            yield {"kernel_size": window, "stride": stride, "padding": padding}


OPTIONS: Mapping[str, Callable[[Point], Iterator[Options]]] = {
    "Conv2d": _convolutions, "ConvTranspose2d": _transposed, "MaxPool2d": _pools, "AvgPool2d": _pools,
    "Dense": _none, "BatchNorm2d": _none, "HalfSquaredError": _none, "SoftmaxCrossEntropy": _none,
    "Sigmoid": _none, "Tanh": _none, "Softplus": _none, "ReLU": _none, "LeakyReLU": _none,
}  # fmt: skip
"""By the name of the operator. Identity and Flatten are none of them: a forward that hands its input on says too little."""
