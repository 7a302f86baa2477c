"""The case space: the same seed draws the same cases for ever, and what hides defects is drawn often."""

from __future__ import annotations

import hashlib
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

from .covered import COVERED

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
    return _many(operator)[:100]


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
    assert len(single) > 50
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
