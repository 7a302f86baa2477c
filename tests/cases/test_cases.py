"""The case space: the same seed draws the same cases for ever, and what hides defects is drawn often."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.cases import Case, Counter
from cnnbp.cases.layouts import LAYOUTS
from cnnbp.cases.numbers import KINDS, OVERFLOWING
from cnnbp.cases.sizes import BLOCK, ENDS
from cnnbp.cases.special import SPECIAL
from cnnbp.operators import OPERATORS

WEIGHTED = ("Conv2d", "ConvTranspose2d", "Dense", "HalfSquaredError")  # of the last it is the target
DRAWN, OFTEN = 400, 2
PINNED, PICKED = [6, 28, -36, 10, -11, -25, -16, 16], "cbbabb"
OF_THE_COUNTER = "621fc0970a2f03e4"
SPATIAL = ("Conv2d", "MaxPool2d", "AvgPool2d")


def _cases(operator: str, count: int = DRAWN, seed: int = 0, **fixed: Any) -> list[Case]:
    return [OPERATORS[operator].draw(Counter(seed, f"{operator}/{i}"), **fixed) for i in range(count)]


@cache
def _many(operator: str) -> list[Case]:
    return _cases(operator)


def _some(operator: str) -> list[Case]:
    return _many(operator)[:200]


def _digest(cases: list[Case]) -> str:
    """Over names, options and numbers; small integers come from the counter alone, the rest from NumPy's PCG64."""
    digest = hashlib.sha256()
    for case in cases:
        digest.update(repr((case.operator.name, case.options, case.traits)).encode())
        for a in (*case.args, case.delta):
            digest.update(repr((a.shape, a.dtype.str)).encode() + np.ascontiguousarray(a).tobytes())
    return digest.hexdigest()[:16]


def test_same_seed_same_cases() -> None:
    """Twice the same, to the bit; another seed or another name, other cases."""
    assert _digest(_cases("Conv2d", 50)) == _digest(_cases("Conv2d", 50))
    assert _digest(_cases("Conv2d", 50)) != _digest(_cases("Conv2d", 50, seed=1))
    assert _digest(_cases("Sigmoid", 50)) != _digest(_cases("Tanh", 50))


def test_the_counter_is_pinned() -> None:
    """SHAKE-256 of "seed/name/number": these choices never change, on any machine."""
    counter = Counter(7, "pinned")
    assert [counter.integer(-50, 50) for _ in range(8)] == PINNED
    assert [counter.pick("abc") for _ in range(6)] == list(PICKED)
    assert _digest([case for case in _cases("Dense", 120) if case.traits[0] == "small integers"]) == OF_THE_COUNTER


def test_the_counter_is_fair() -> None:
    """Every value of a range comes up about as often as the others, both ends included."""
    counter = Counter(0, "fair")
    drawn = np.bincount([counter.integer(0, 9) for _ in range(2000)], minlength=10)
    assert drawn.min() > 140
    assert drawn.max() < 260


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_case_is_valid(operator: str) -> None:
    """The reference takes the options and arguments, delta has the shape of y, everything is finite."""
    for case in _some(operator):
        assert case.operator is OPERATORS[operator]
        assert np.shape(case.layer.forward(*case.args)) == case.delta.shape
        assert len(case.layer.backward(case.delta, *case.args)) >= 1
        assert all(np.isfinite(a).all() for a in (*case.args, case.delta))


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


@pytest.mark.parametrize("operator", COVERED)
def test_what_hides_defects_is_drawn(operator: str) -> None:
    """Each of these comes up once in two hundred cases, or more often."""
    cases = _many(operator)
    rare = {name: found for name, test in COVERED[operator].items() if (found := sum(map(test, cases))) < OFTEN}
    assert rare == {}


@pytest.mark.parametrize("operator", OPERATORS)
def test_all_layouts_and_numbers_are_drawn(operator: str) -> None:
    """Every layout for every operator, several kinds of numbers, and all of them for convolution; `traits` do not lie."""
    cases = _some(operator)
    assert {case.traits[1] for case in cases} == set(LAYOUTS)
    kinds = {case.traits[0] for case in cases}
    assert len(kinds) >= 3
    assert kinds <= {*KINDS, OVERFLOWING}
    assert operator != "Conv2d" or kinds == set(KINDS)
    assert any(not a.flags.writeable for case in cases for a in case.args if case.traits[1] == "read-only")
    assert any(not a.flags.c_contiguous for case in cases for a in case.args if case.traits[1] == "non-contiguous")
    assert any(min(a.strides, default=0) < 0 for case in cases for a in case.args if case.traits[1] == "negative strides")
    assert all(isinstance(a, np.ndarray) for case in cases for a in (*case.args, case.delta))


def _specially(operator: str, what: str) -> list[Case]:
    return [case for case in _many(operator) if case.traits[2] == what]


@pytest.mark.parametrize("operator", OPERATORS)
def test_what_is_special_is_there(operator: str) -> None:
    """Three in four cases have nothing special; each special trait comes up, and does not lie."""
    assert 0.6 < len(_specially(operator, "nothing")) / DRAWN < 0.9
    found = {case.traits[2] for case in _many(operator)}
    assert found >= set(SPECIAL) - {"zero weights"}
    assert ("zero weights" in found) == (operator in WEIGHTED)
    assert all(not case.args[1].any() for case in _specially(operator, "zero weights"))
    assert all((case.args[0] == case.args[0][:1]).all() for case in _specially(operator, "equal samples") if case.args[0].ndim)
    assert any(np.signbit(a[a == 0]).any() for case in _specially(operator, "negative zeros") for a in (case.args[0], case.delta))
    tiny = np.finfo(float).tiny
    assert any((a[a != 0] < tiny).any() for case in _specially(operator, "denormals") for a in (abs(case.args[0]), abs(case.delta)))


@pytest.mark.parametrize("operator", OPERATORS)
def test_residuals_are_all_equal_only_on_purpose(operator: str) -> None:
    """Sums, flips and rolls of the residual show; what is wrong for equal ones alone shows too."""
    for case in _some(operator):
        alike = case.delta.size > 1 and bool((case.delta == case.delta.flat[0]).all())
        assert not alike or case.traits[2] == "equal residuals"
    broadcast = [case.delta for case in _specially(operator, "equal residuals")]
    assert all((delta == delta.flat[0]).all() and not any(delta.strides) for delta in broadcast)


def test_single_residuals_are_neither_0_nor_1() -> None:
    """A layer that ignores its residual shows on every case."""
    single = [case.delta.item() for operator in OPERATORS for case in _some(operator) if case.delta.size == 1]
    assert len(single) > 100
    assert not {0.0, 1.0} & set(single)


@pytest.mark.parametrize("operator", OPERATORS)
def test_sizes_at_the_ends_of_registers_are_drawn(operator: str) -> None:
    """One case in twenty has a size of 7 and more that was meant, all of them among those at the ends of 8, 16 and 32."""
    large = [case for case in _many(operator) if case.traits[3] == "large"]
    assert 0.02 < len(large) / DRAWN < 0.09
    sizes = {size for case in large for a in (case.args[0], case.delta) for size in a.shape}
    assert len(sizes & set(ENDS)) >= 5


@pytest.mark.parametrize("operator", ["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"])
def test_blocks_are_crossed(operator: str) -> None:
    """What the windows of a convolution, or the cells of a pool, hold is more than one block, but not by much."""
    several = [case for case in _many(operator) if case.traits[3] == "several blocks"]
    assert 0.02 < len(several) / DRAWN < 0.09
    for case in several:
        x, *w = case.args
        numbers = x.size
        if w:
            taps, windows = int(np.prod(w[0].shape[2:])), (case.delta if operator == "Conv2d" else x).shape
            channels = x.shape[1] if operator == "Conv2d" else case.delta.shape[1]
            numbers = windows[0] * channels * taps * int(np.prod(windows[2:]))
        assert BLOCK < numbers < 3 * BLOCK


@pytest.mark.parametrize(
    ("operator", "fixed"),
    [
        ("Conv2d", {"stride": 3, "padding": (0, 2), "dilation": 1, "groups": 2}),
        ("Conv2d", {"kernel_size": (1, 4), "padding": 0}),
        ("MaxPool2d", {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": 2, "ceil_mode": True}),
        ("AvgPool2d", {"kernel_size": (2, 3), "count_include_pad": False, "padding": (1, 0)}),
        ("ConvTranspose2d", {"stride": (2, 3), "padding": 1, "output_padding": (1, 0), "dilation": 1, "groups": 2}),
        ("BatchNorm2d", {"eps": 0.25, "training": False}),
        ("LeakyReLU", {"negative_slope": 0.3}),
    ],
)
def test_fixed_options_are_kept(operator: str, fixed: dict[str, Any]) -> None:
    """Whatever is fixed stays, and the other choices are made to fit."""
    for case in _cases(operator, 30, **fixed):
        kept = dict(case.options, kernel_size=case.args[1].shape[2:]) if operator == "Conv2d" else case.options
        assert {name: kept[name] for name in fixed} == fixed
        assert case.layer.forward(*case.args).shape == case.delta.shape


def test_cases_name_their_layer() -> None:
    """`layer` is the reference with the case's options."""
    assert _cases("LeakyReLU", 1, negative_slope=0.3)[0].layer == cnnbp.LeakyReLU(0.3)
