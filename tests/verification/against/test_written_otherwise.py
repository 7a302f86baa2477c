"""Held against numbers that are trusted, and computed another way: right passes, a hundredth off fails, at tiny numbers as well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import cnnbp
from cnnbp.cases import Counter
from cnnbp.faults import RIGHT
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from tests.helpers.layers import against, bent, code, codes, gaussian, opaque

X, W, B = gaussian((2, 3, 6, 5), (4, 3, 3, 2), (4,))


@pytest.mark.parametrize("control", [r for r in RIGHT if r.operator == "Conv2d"][::3], ids=lambda r: r.id)
def test_another_algorithm_is_no_fault(control: Any) -> None:
    """FFT, im2col and others, each at a drawn case, of any range."""
    case = OPERATORS["Conv2d"].draw(Counter(7, f"{control.id}/0"))
    verdict = cnnbp.verify(control.make(**case.options), *case.args, delta=case.delta, like=opaque(case.layer))
    assert verdict.status != "fail", str(verdict)


def test_another_algorithm_is_named() -> None:
    """By norms, at the case and at numbers of other sizes; what flushes small numbers is not taken for it."""
    fft, x, delta = next(r for r in RIGHT if r.id == "conv-fft"), X.copy(), gaussian((2, 4, 4, 4))[0]
    x[..., :2] *= 1e5
    verdict = cnnbp.verify(fft.make(), x, W, like=lambda x, w: functional.conv2d(x, w))
    assert verdict.passed, str(verdict)
    assert "verification.by-norm" in {code(e) for e in verdict.evidence}
    delta[1] *= 1e-14
    flushed = bent("Conv2d", dx=lambda dx, _: np.where(np.abs(dx) < 1e-8, 0, dx))
    assert "tiny" in against(cnnbp.verify(flushed, X, W, delta=delta, like=lambda x, w: functional.conv2d(x, w)))


def _sigma(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


REWRITTEN: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]] = {
    "2σ(2x) − 1": (lambda x: 2 * _sigma(2 * x) - 1, lambda d, x: 4 * d * _sigma(2 * x) * _sigma(-2 * x), torch.tanh),
    "1 − cos x": (lambda x: 1 - np.cos(x), lambda d, x: d * np.sin(x), lambda x: 2 * torch.sin(x / 2) ** 2),
    "log(1 + x²)": (lambda x: np.log(1 + x * x), lambda d, x: 2 * d * x / (1 + x * x), lambda x: torch.log1p(x * x)),
}


@pytest.mark.parametrize(
    ("name", "seed", "size"), [(name, seed, size) for name, seed, size in zip(REWRITTEN, (2, 7, 7), (1.0, 0.01, 0.01), strict=True)]
)
def test_what_is_written_otherwise_passes(name: str, seed: int, size: float) -> None:
    """Large numbers that cancel leave their rounding in small ones; a hundredth off, there or at tiny numbers alone, fails."""
    forward, backward, like = REWRITTEN[name]
    x = size * np.random.default_rng(seed).normal(size=(3, 4))
    assert cnnbp.verify(cnnbp.from_functions(forward, backward), x, like=like, seed=seed).passed
    for wrong in ((lambda x: 1.01 * forward(x), backward), (forward, lambda d, x: 1.01 * backward(d, x))):
        assert cnnbp.verify(cnnbp.from_functions(*wrong), x, like=like, seed=seed).status == "fail"


@pytest.mark.parametrize("size", [5.0, 18.0])
def test_a_slope_from_the_answer_passes_where_it_saturates(size: float) -> None:
    """1 − y² is off by a rounding of 1, as y is, and a hundredth is seen where anything can be."""
    x = size * (1 + np.random.default_rng(1).uniform(-0.05, 0.05, (1, 2)))
    right = cnnbp.from_functions(np.tanh, lambda d, x: d * (1 - np.tanh(x) ** 2))
    verdict = cnnbp.verify(right, x, like=_tanh_by_exp, seed=1)
    assert verdict.status != "fail", str(verdict)
    wrong = cnnbp.from_functions(np.tanh, lambda d, x: 1.01 * d * (1 - np.tanh(x) ** 2))
    assert size > 5 or cnnbp.verify(wrong, x, like=_tanh_by_exp).status == "fail"


def _tanh_by_exp(x: Any) -> Any:
    """Whose slope is accurate wherever it is small."""
    return x.sign() * torch.where(x.abs() > 1, 1 - 2 / (1 + torch.exp(2 * x.abs())), torch.tanh(x.abs()))


@pytest.mark.parametrize(("least", "kept"), [(1e-11, 0.99), (1e-8, 0.0), (1e-6, 0.99)])
def test_what_is_wrong_at_tiny_numbers_alone_fails(least: float, kept: float) -> None:
    """Flushed to 0 or a hundredth off below some size: in y, of what is written otherwise or plainly."""
    x = np.random.default_rng(0).normal(size=(3, 4))
    x[1, 2] = least / 2
    rewritten, backward, like = REWRITTEN["2σ(2x) − 1"]

    def small(forward: Callable[..., Any]) -> Any:
        return cnnbp.from_functions(lambda x: np.where(np.abs(x) < least, kept * forward(x), forward(x)), backward)

    for forward in (np.tanh, rewritten):
        verdict = cnnbp.verify(small(forward), x, like=like)
        assert verdict.status == "fail", str(verdict)


def test_numbers_of_a_wide_range() -> None:
    """A right layer by FFT is inconclusive, with what would settle it; one that is wrong at plain numbers too fails."""
    fft = next(r for r in RIGHT if r.id == "conv-fft")
    case = OPERATORS["Conv2d"].draw(Counter(1, "trusted/conv-fft/2"))
    verdict = cnnbp.verify(fft.make(**case.options), *case.args, delta=case.delta, like=opaque(case.layer))
    assert verdict.status == "inconclusive"
    assert "verification.wide-range" in {code(e) for e in verdict.evidence}
    assert "numbers of about one size" in str(verdict)
    x = X.copy()
    x[0, 0, 0, 0] = 1e12
    wrong = cnnbp.verify(bent("Conv2d", dx=lambda dx, _: dx * 1.001), x, W, B, like=functional.conv2d)
    assert codes(wrong)[0] == "verification.wrong-entry"


@pytest.mark.parametrize("factor", [1.0, 1.01])
def test_a_pole_of_the_reference_is_out_of_its_domain(factor: float) -> None:
    """Small integers meet x·w = 0, of which nobody knows the reciprocal."""
    for seed in range(2, 5):
        x, w = np.random.default_rng(seed).normal(size=(2, 4, 4))

        def slope(d: Array, x: Array, w: Array) -> tuple[Array, Array]:
            g = -d / (x @ w) ** 2
            dw = x.T @ g
            dw[0, 0] *= factor
            return g @ w.T, dw

        verdict = cnnbp.verify(
            cnnbp.from_functions(lambda x, w: 1 / (x @ w), slope), x, w, seed=seed, like=lambda x, w: 1 / (x @ w)
        )
        assert verdict.status == ("pass" if factor == 1 else "fail")
