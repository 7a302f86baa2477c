"""What is asked: shapes, options, numbers and residuals, over a small interface of choices.

The space is described once. Hypothesis makes the choices in tests, where it searches and shrinks (`strategies`); a counter
hashed with SHAKE-256 makes them in a run, where the same seed gives the same cases on every machine. Sizes are drawn from
the output backwards, input = stride·(output − 1) + reach + remainder − 2·padding, so that every case is valid and strides
that do not divide are as common as those that do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from .. import layers
from .choices import Choices, Counter
from ..rounding import Array


@dataclass(frozen=True)
class Case:
    """One question: `operator(**options)` at `args` with residual `delta`. `traits` says what is special about it."""

    operator: str
    options: dict[str, Any]
    args: tuple[Any, ...]
    delta: Array
    traits: tuple[str, ...] = field(default=())

    @property
    def layer(self) -> Any:
        """The reference layer."""
        return getattr(layers, self.operator)(**self.options)


__all__ = ["DRAW", "Case", "Choices", "Counter"]

NUMBERS = ("small integers", "gaussian", "wide range", "exact zeros", "near ties", "saturated")
LAYOUTS = ("C order", "C order", "Fortran order", "non-contiguous", "read-only")
ELEMENTS = 40  # up to so many small integers are chosen one by one, so that each can shrink on its own


def conv2d(choose: Choices, **fixed: Any) -> Case:
    """Convolution: stride, padding (also beyond the kernel), dilation, groups up to depthwise, h ≠ w, c ≠ k."""
    groups = fixed["groups"] if "groups" in fixed else choose.pick((1, 1, 2, 3))
    per_group = choose.integer(1, 3)
    c, k = groups * per_group, groups * choose.integer(1, 3)
    if c == k and choose.integer(0, 3):
        k += groups
    axes = [_axis(choose, fixed, a, kernel_most=4, padding_most=4, dilation_most=3) for a in (0, 1)]
    options = {name: _option(fixed, name, axes) for name in ("stride", "padding", "dilation")} | {"groups": groups}
    kernel = tuple(axis["kernel"] for axis in axes)
    shapes = [(choose.integer(1, 3), c, *(axis["size"] for axis in axes)), (k, per_group, *kernel), (k,)]
    output = (shapes[0][0], k, *(axis["outputs"] for axis in axes))
    return _case(choose, "Conv2d", options, shapes if choose.integer(0, 4) else shapes[:2], output)


def dense(choose: Choices, **fixed: Any) -> Case:
    """The fully-connected layer, in ≠ out as a rule."""
    n, features, out = (choose.integer(1, 5) for _ in range(3))
    if features == out and choose.integer(0, 3):
        out += 1
    shapes = [(n, features), (out, features), (out,)]
    return _case(choose, "Dense", dict(fixed), shapes if choose.integer(0, 4) else shapes[:2], (n, out))


def max_pool2d(choose: Choices, **fixed: Any) -> Case:
    """Max pooling: windows that overlap, leave cells out, overhang; ties and near ties."""
    return _pool(choose, "MaxPool2d", fixed, {"dilation": 3}, ("small integers", "gaussian", "near ties", "wide range"))


def avg_pool2d(choose: Choices, **fixed: Any) -> Case:
    """Average pooling, with either divisor at the border."""
    flag = {"count_include_pad": fixed["count_include_pad"] if "count_include_pad" in fixed else choose.pick((True, True, False))}
    return _pool(choose, "AvgPool2d", {**fixed, **flag}, {}, ("small integers", "gaussian", "wide range"))


def activation(choose: Choices, **fixed: Any) -> Case:
    """Elementwise numbers of any rank, with exact zeros and deep saturation. One set of numbers serves every activation."""
    rank = choose.integer(0, 4)
    shape = tuple(choose.integer(1, 4) for _ in range(rank))
    return _case(choose, fixed.pop("operator", "ReLU"), fixed, [shape], shape, (*NUMBERS, "saturated"))


def flatten(choose: Choices, **fixed: Any) -> Case:
    """Arrays with a batch axis and up to three more."""
    shape = tuple(choose.integer(1, 4) for _ in range(choose.integer(1, 4)))
    return _case(choose, "Flatten", fixed, [shape], (shape[0], prod(shape[1:])), ("small integers", "gaussian", "wide range"))


def loss(choose: Choices, **fixed: Any) -> Case:
    """Half squared error against a target, or cross-entropy against classes where `operator` says so."""
    operator = fixed.pop("operator", "HalfSquaredError")
    n, classes = choose.integer(1, 4), choose.integer(2, 5)
    case = _case(choose, operator, fixed, [(n, classes), (n, classes)], (), kinds=("small integers", "gaussian", "saturated"))
    if operator == "HalfSquaredError":
        return case
    target = np.array([choose.integer(0, classes - 1) for _ in range(n)])
    return Case(operator, case.options, (case.args[0], target), case.delta, case.traits)


def network(choose: Choices) -> Case:
    """A small CNN: `args` are (x, params), `delta` is the residual at its output, so that x is trained towards h(x) − delta."""
    smooth = (layers.Tanh(), layers.Sigmoid(), layers.Softplus())
    kernel = (choose.integer(1, 3), choose.integer(1, 3))
    parts = (
        layers.Conv2d(padding=choose.integer(0, 1), out_channels=choose.integer(1, 3), kernel_size=kernel),
        choose.pick(smooth),
        choose.pick((layers.AvgPool2d(2), layers.MaxPool2d(2))),
        layers.Flatten(),
        layers.Dense(out_features=choose.integer(1, 3)),
        choose.pick((layers.Identity(), *smooth)),
    )
    shape = (choose.integer(1, 3), choose.integer(1, 2), choose.integer(4, 6), choose.integer(4, 7))
    rng = np.random.Generator(np.random.PCG64(choose.integer(0, 2**32 - 1)))
    net, x = layers.Network(parts), rng.normal(size=shape)
    params = [tuple(p + 0.1 * rng.normal(size=p.shape) for p in theta) for theta in net.init(shape[1:], rng)]
    return Case("Network", {"layers": parts}, (x, params), rng.normal(size=net.forward(x, params).shape), ("gaussian", "C order"))


DRAW: Mapping[str, Callable[..., Case]] = {
    "Conv2d": conv2d,
    "Dense": dense,
    "MaxPool2d": max_pool2d,
    "AvgPool2d": avg_pool2d,
    "Flatten": flatten,
    **{
        name: lambda choose, name=name, **fixed: activation(choose, operator=name, **fixed)
        for name in ("Identity", "Sigmoid", "Tanh", "Softplus", "ReLU")
    },
    "LeakyReLU": lambda choose, **fixed: activation(
        choose, operator="LeakyReLU", **({"negative_slope": choose.pick((0.01, 0.5, -0.25))} | fixed)
    ),
    "HalfSquaredError": loss,
    "SoftmaxCrossEntropy": lambda choose, **fixed: loss(choose, operator="SoftmaxCrossEntropy", **fixed),
}


def _pool(choose: Choices, operator: str, fixed: dict[str, Any], more: Mapping[str, int], kinds: tuple[str, ...]) -> Case:
    axes = [_axis(choose, fixed, a, kernel_most=3, padding_most=None, dilation_most=more.get("dilation", 1)) for a in (0, 1)]
    options = {name: _option(fixed, name, axes) for name in ("kernel_size", "stride", "padding", *more)}
    options["ceil_mode"] = fixed["ceil_mode"] if "ceil_mode" in fixed else choose.pick((False, True))
    if "count_include_pad" in fixed:
        options["count_include_pad"] = fixed["count_include_pad"]
    shape = (choose.integer(1, 2), choose.integer(1, 3), *(axis["size"] for axis in axes))
    output = getattr(layers, operator)(**options).forward(np.zeros(shape)).shape
    return _case(choose, operator, options, [shape], output, kinds)


def _axis(
    choose: Choices, fixed: Mapping[str, Any], a: int, kernel_most: int, padding_most: int | None, dilation_most: int
) -> dict[str, int]:
    """One spatial axis, with whatever is fixed for it, and the other choices made so that the case is valid."""

    def option(name: str, low: int, high: int) -> int:
        value = fixed.get(name)
        if value is None:
            return choose.integer(low, high)
        return int(value[a]) if isinstance(value, (tuple, list)) else int(value)

    kernel = option("kernel_size", 1, kernel_most)
    stride, dilation = option("stride", 1, 3), option("dilation", 1, dilation_most)
    outputs, reach = choose.integer(1, 4), dilation * (kernel - 1) + 1
    beyond = padding_most is not None and choose.integer(0, 7) == 7  # windows that see nothing but padding, now and then
    padding = option(
        "padding", 0, kernel // 2 if padding_most is None else padding_most if beyond else min(padding_most, reach - 1)
    )
    size = stride * (outputs - 1) + reach - 2 * padding + choose.integer(0, stride - 1)
    least = 1 if padding_most is not None else max(1, reach - padding)  # a pool's first window must meet an input cell
    size = max(size, least)
    while not beyond and not _reads(size, kernel, stride, padding, dilation):
        size += 1
    outputs = (size + 2 * padding - reach) // stride + 1
    return {
        "kernel_size": kernel, "kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding,
        "size": size, "outputs": outputs,
    }  # fmt: skip


def _reads(size: int, kernel: int, stride: int, padding: int, dilation: int) -> bool:
    """Whether any window meets any input cell on this axis."""
    outputs = (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
    return any(0 <= stride * p + dilation * r - padding < size for p in range(outputs) for r in range(kernel))


def _option(fixed: Mapping[str, Any], name: str, axes: list[dict[str, int]]) -> Any:
    pair = tuple(axis[name] for axis in axes)
    return fixed[name] if fixed.get(name) is not None else pair if pair[0] != pair[1] else pair[0]


def _case(
    choose: Choices,
    operator: str,
    options: dict[str, Any],
    shapes: Sequence[tuple[int, ...]],
    output: tuple[int, ...],
    kinds: tuple[str, ...] = NUMBERS,
) -> Case:
    kind, layout = choose.pick(kinds), choose.pick(LAYOUTS)
    arrays = [_arranged(_numbers(choose, kind, shape), layout) for shape in shapes]
    delta = _numbers(choose, "gaussian" if kind in ("saturated", "exact zeros", "near ties") else kind, output)
    alike = delta.size > 1 and np.all(delta == delta.flat[0])
    if alike or (delta.size == 1 and delta.flat[0] in (0.0, 1.0)):  # residuals that are all alike, or 1, hide too much
        delta = delta.copy()
        delta.flat[0] = 2.0 if delta.flat[0] != 2.0 else -1.0
    return Case(operator, options, tuple(arrays), delta, (kind, layout))


def _numbers(choose: Choices, kind: str, shape: tuple[int, ...]) -> Array:
    count = prod(shape)
    if kind == "small integers" and count <= ELEMENTS:
        return np.array([float(choose.integer(-3, 3)) for _ in range(count)]).reshape(shape)
    # As many choices as the small integers would take, and one more: so that shrinking ends at those.
    entropy = [choose.integer(0, 2**32 - 1) for _ in range(min(count, ELEMENTS) + 1)]
    rng = np.random.Generator(np.random.PCG64(entropy))
    if kind == "small integers":
        return rng.integers(-3, 4, shape).astype(float)
    values = rng.normal(size=shape)
    if kind == "wide range":
        values = values * 10.0 ** rng.integers(-12, 13, shape)
    if kind == "exact zeros":
        values = np.where(rng.random(shape) < 0.3, 0.0, values)
    if kind == "near ties":
        values = rng.integers(-1, 2, shape).astype(float) + np.where(rng.random(shape) < 0.5, 0.0, 1e-13 * values)
    if kind == "saturated":
        values = np.sign(values) * np.exp(rng.uniform(0, np.log(1000), shape))
    return np.asarray(values, float)


def _arranged(values: Array, layout: str) -> Array:
    if layout == "Fortran order":
        return values.copy(order="F")
    if layout == "non-contiguous" and values.ndim:
        wide = np.zeros([*values.shape[:-1], 2 * values.shape[-1]])
        wide[..., ::2] = values
        return wide[..., ::2]
    if layout == "read-only":
        values = values.copy()
        values.flags.writeable = False
    return values
