"""The formats round as NumPy and PyTorch round to them, and know their own limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from cnnbp import rounding
from cnnbp.evidence.numbers import DTYPES
from cnnbp.layers.checks import Array
from cnnbp.precision import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, PRECISIONS, TF32, Precision, precision_of


def _numbers() -> Array:
    """Of every size, ties to even and odd, subnormal numbers, the largest, and beyond."""
    rng = np.random.default_rng(0)
    wide = np.ldexp(rng.uniform(-1, 1, 4000), rng.integers(-160, 130, 4000))
    ties = np.ldexp(1 + (2 * rng.integers(0, 2**10, 500) + 1) * 2.0**-11, rng.integers(-20, 15, 500))
    return np.concatenate([wide, ties, -ties, [0.0, -0.0, 65504, 65519.9, 65520, 2.0**-24, 2.0**-25, 2.0**-149, 3e38, 1e40]])


def test_a_verdict_knows_the_same_formats() -> None:
    """By their names alone."""
    assert tuple(PRECISIONS) == DTYPES


@pytest.mark.parametrize("name", ["float16", "float32"])
def test_rounds_as_numpy(name: str) -> None:
    """To the last bit, subnormal numbers and overflow included."""
    with np.errstate(all="ignore"):
        expected = _numbers().astype(name).astype(float)
    np.testing.assert_array_equal(PRECISIONS[name].round(_numbers()), expected)


def test_rounds_as_pytorch() -> None:
    """bfloat16, of numbers that float32 holds, so that nothing is rounded twice."""
    numbers = FLOAT32.round(_numbers())
    expected = torch.tensor(numbers).to(torch.bfloat16).double().numpy()
    np.testing.assert_array_equal(BFLOAT16.round(numbers), expected)


@pytest.mark.parametrize("precision", [FLOAT16, FLOAT32, BFLOAT16, TF32])
def test_integers_are_exact_as_far_as_is_said(precision: Precision) -> None:
    """2ᵇⁱᵗˢ is held, and so is every integer below; the next one is not."""
    below = precision.exact - np.arange(1000.0)
    np.testing.assert_array_equal(precision.round(below[below >= 0]), below[below >= 0])
    assert precision.round(np.array(precision.exact + 1)) != precision.exact + 1


@pytest.mark.parametrize("said", ["float32", np.float32, np.dtype("float32"), torch.float32])
def test_formats_have_many_names(said: Any) -> None:
    assert precision_of(said) is FLOAT32
    assert precision_of(None) is FLOAT64
    assert precision_of(torch.bfloat16) is BFLOAT16


@pytest.mark.parametrize(
    ("said", "error"), [("float8", ValueError), (np.int64, ValueError), ("TF32", ValueError), (3.5, TypeError)]
)
def test_what_is_no_format_is_named(said: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="dtype must be"):
        precision_of(said)


def test_bounds_follow_the_roundoff() -> None:
    """γₙ is ∞ from n·u = 1 on; and so is the bound of a sum that may overflow."""
    assert rounding.gamma(100, FLOAT16) == pytest.approx(100 * 2.0**-11 / (1 - 100 * 2.0**-11))
    assert rounding.gamma(256, BFLOAT16) == np.inf
    assert rounding.gamma(255, BFLOAT16) < np.inf
    assert np.isinf(rounding.conventional(10, 6600.0, FLOAT16))
    assert np.isfinite(rounding.conventional(10, 6500.0, FLOAT16))
    assert np.isinf(rounding.conventional(253, 1.0, BFLOAT16))


def test_a_sum_in_the_format_stays_within_its_bound() -> None:
    """One by one in float16, every product and every sum rounded; half of the bound is that of one answer."""
    rng = np.random.default_rng(1)
    for n in (1, 3, 30, 300):
        a, b = rng.normal(size=(2, 50, n)).astype(np.float16)
        total = np.zeros(50, np.float16)
        for k in range(n):
            total = total + a[:, k] * b[:, k]
        products = a.astype(float) * b.astype(float)
        off = np.abs(total.astype(float) - products.sum(1))
        bound = rounding.conventional(n, np.abs(products).sum(1), FLOAT16) / 2
        assert np.all(off <= bound)
        assert np.any(off > rounding.conventional(n, np.abs(products).sum(1), FLOAT32))
