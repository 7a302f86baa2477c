"""What hides defects, by operator: shapes, options and numbers of which each must come up among the drawn cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnbp.cases import Case


def _axes(case: Case) -> list[tuple[int, int, int, int, int]]:
    """(size, kernel, stride, padding, dilation) of both axes."""
    layer, x = case.layer, case.args[0]
    kernel = case.args[1].shape[2:] if case.operator.name == "Conv2d" else layer.kernel_size

    def pair(v: Any) -> tuple[int, int]:
        return tuple(v) if isinstance(v, (tuple, list)) else (v, v)

    stride = kernel if layer.stride is None else layer.stride
    options = (pair(v) for v in (kernel, stride, layer.padding, getattr(layer, "dilation", 1)))
    return list(zip(x.shape[2:], *options, strict=True))


def _any_axis(test: Callable[..., bool]) -> Callable[[Case], bool]:
    return lambda case: any(test(*axis) for axis in _axes(case))


def _remainder(n: int, k: int, s: int, p: int, d: int) -> int:
    return (n + 2 * p - d * (k - 1) - 1) % s


GEOMETRY: dict[str, Callable[[Case], bool]] = {
    "a stride that does not divide": _any_axis(lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) % s != 0),
    "a stride that divides": _any_axis(lambda n, k, s, p, d: s > 1 and (n + 2 * p - d * (k - 1) - 1) % s == 0),
    "stride beyond the kernel": _any_axis(lambda n, k, s, p, d: s > d * (k - 1) + 1),
    "overlap": _any_axis(lambda n, k, s, p, d: s < d * (k - 1) + 1),
    "padding": _any_axis(lambda n, k, s, p, d: p > 0),
    "a kernel as large as the padded input": lambda c: all(d * (k - 1) + 1 == n + 2 * p for n, k, s, p, d in _axes(c)),
    "a remainder of 3 and more": _any_axis(lambda *axis: _remainder(*axis) >= 3),
    "a remainder of 2 and more on both axes": lambda c: all(_remainder(*axis) >= 2 for axis in _axes(c)),
    "overlap with a remainder": _any_axis(lambda n, k, s, p, d: 1 < s < k and _remainder(n, k, s, p, d) > 0),
    "the same options on both axes": lambda c: len({axis[1:] for axis in _axes(c)}) == 1,
    "1×1 kernels": lambda c: all(k == 1 for _, k, *_ in _axes(c)),
    "h ≠ w": lambda c: c.args[0].shape[2] != c.args[0].shape[3],
    "two different strides": lambda c: _axes(c)[0][2] != _axes(c)[1][2],
    "two different paddings": lambda c: _axes(c)[0][3] != _axes(c)[1][3],
    "one sample": lambda c: len(c.args[0]) == 1,
    "several samples": lambda c: len(c.args[0]) > 1,
    "one channel": lambda c: c.args[0].shape[1] == 1,
    "several outputs on both axes": lambda c: min(c.delta.shape[2:]) > 1,
}
DILATED = {"dilation": _any_axis(lambda n, k, s, p, d: d > 1 and k > 1)}
CHANNELS: dict[str, Callable[[Case], bool]] = {
    "padding of 2 and more": _any_axis(lambda n, k, s, p, d: p >= 2),
    "padding beyond half the kernel": _any_axis(lambda n, k, s, p, d: p > k // 2),
    "padding beyond the kernel": _any_axis(lambda n, k, s, p, d: p > d * (k - 1)),
    "groups": lambda c: c.layer.groups > 1,
    "groups, stride and dilation": lambda c: c.layer.groups > 1 and any(k > 1 < s and d > 1 for _, k, s, _, d in _axes(c)),
    "no option at all": lambda c: c.options == {},
    "depthwise": lambda c: c.layer.groups > 1 and c.args[1].shape[1] == 1,
    "c ≠ k": lambda c: c.args[0].shape[1] != len(c.args[1]),
    "c = k": lambda c: c.args[0].shape[1] == len(c.args[1]) > 1,
    "one output channel": lambda c: len(c.args[1]) == 1,
    "no bias": lambda c: len(c.args) == 2,
    "more than one of each channel": lambda c: min(c.args[1].shape[:2]) > 1,
}
OVERHANG = _any_axis(lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) % s != 0)
POOLING = GEOMETRY | {
    "ceil_mode with a remainder": lambda c: c.layer.ceil_mode and OVERHANG(c),
    "a stride that is left to the kernel": lambda c: c.layer.stride is None,
}
DIVISOR = _any_axis(lambda n, k, s, p, d: s * ((n + 2 * p - k) // s + 1) < n + p and 0 < _remainder(n, k, s, p, d) < k)
COVERED: dict[str, dict[str, Callable[[Case], bool]]] = {
    "Conv2d": GEOMETRY | DILATED | CHANNELS,
    "MaxPool2d": POOLING | DILATED | {"ties": lambda c: c.traits[0] in ("small integers", "near ties")},
    "AvgPool2d": POOLING
    | {
        "the divisor of ceil_mode": lambda c: c.layer.ceil_mode and DIVISOR(c),
        "padding not counted": lambda c: not c.layer.count_include_pad and c.layer.padding != 0,
    },
    "ConvTranspose2d": {
        "output padding": lambda c: np.any(c.layer.output_padding),
        "two different strides": lambda c: len(set(np.atleast_1d(c.layer.stride))) > 1,
        "padding": lambda c: np.any(c.layer.padding),
        "dilation": lambda c: np.max(c.layer.dilation) > 1,
        "groups": lambda c: c.layer.groups > 1,
        "c ≠ k": lambda c: c.args[0].shape[1] != c.delta.shape[1],
        "h ≠ w": lambda c: c.args[0].shape[2] != c.args[0].shape[3],
        "no bias": lambda c: len(c.args) == 2,
        "several samples": lambda c: len(c.args[0]) > 1,
        "more than one of each channel": lambda c: min(c.args[1].shape[:2]) > 1,
    },
    "BatchNorm2d": {
        "statistics of the batch": lambda c: c.layer.training,
        "given statistics": lambda c: not c.layer.training,
        "a channel of a single entry": lambda c: c.args[0].size == c.args[0].shape[1],
        "an eps that counts": lambda c: c.layer.eps > 0.1,
        "no bias": lambda c: len(c.args) == 2,
        "several samples": lambda c: len(c.args[0]) > 1,
    },
    "Dense": {
        "one sample": lambda c: len(c.args[0]) == 1,
        "in ≠ out": lambda c: c.args[1].shape[0] != c.args[1].shape[1],
        "in = out": lambda c: c.args[1].shape[0] == c.args[1].shape[1] > 1,
        "no bias": lambda c: len(c.args) == 2,
    },
    "ReLU": {"exact zeros": lambda c: bool((c.args[0] == 0).any()), "no axes": lambda c: c.args[0].ndim == 0},
    "Softplus": {
        "between 20 and 36": lambda c: bool(((c.args[0] > 20) & (c.args[0] < 36)).any()),
        "exact zeros": lambda c: bool((c.args[0] == 0).any()),
    },
    "LeakyReLU": {
        "a negative slope below 0": lambda c: c.layer.negative_slope < 0,
        "a slope of 0": lambda c: c.layer.negative_slope == 0,
        "a slope above 1": lambda c: c.layer.negative_slope > 1,
        "the default": lambda c: c.options == {},
    },
    "SoftmaxCrossEntropy": {
        "the class that loses": lambda c: bool((c.args[0].argmax(1) != c.args[1]).any()),
        "a spread that overflows": lambda c: float(np.ptp(c.args[0], 1).max()) > 710,
    },
}
