"""Right layers whose numbers are hard, and wrong ones that hide well: each was once judged wrongly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import erf

import cnnbp
from cnnbp.faults import UNUSUAL
from cnnbp.layers.checks import Array
from cnnbp.verification.findings import entry


def _gelu_slope(x: Array) -> Array:
    return (1 + erf(x / np.sqrt(2))) / 2 + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _softmax_backward(delta: Array, x: Array) -> Array:
    y = _softmax(x)
    return y * (delta - (delta * y).sum(-1, keepdims=True))


CANCELLING = {
    "gelu": (lambda x: x * (1 + erf(x / np.sqrt(2))) / 2, lambda d, x: d * _gelu_slope(x), 3.0),
    "naive softplus": (lambda x: np.log(1 + np.exp(x)), lambda d, x: d / (1 + np.exp(-x)), 15.0),
    "softmax": (_softmax, _softmax_backward, 30.0),
    "one minus cosine": (lambda x: 1 - np.cos(x), lambda d, x: d * np.sin(x), 1e-3),
}


@pytest.mark.parametrize("name", CANCELLING)
def test_formulas_that_cancel_are_not_accused(name: str) -> None:
    """Where a right forward is a staircase of rounding, its differences are noise, and are not held against its slope."""
    forward, backward, spread = CANCELLING[name]
    for seed in range(25):
        x = np.random.default_rng(seed).normal(0, spread, (3, 4))
        verdict = cnnbp.verify(cnnbp.from_functions(forward, backward), x, seed=seed)
        assert verdict.status != "fail", str(verdict)


@pytest.mark.parametrize(("size", "weight"), [(1e-300, 1.0), (1e-150, 1e-150), (1e-320, 1e-3)])
@pytest.mark.parametrize("residual", [1e-20, 1.0, 1e300])
def test_underflow_is_not_held_against_a_layer(size: float, weight: float, residual: float) -> None:
    """Products that underflow lose all their digits in any right layer."""
    rng = np.random.default_rng(3)
    x, w, delta = size * rng.normal(size=(3, 4)), weight * rng.normal(size=(2, 4)), residual * rng.normal(size=(3, 2))
    assert cnnbp.verify(cnnbp.Dense(), x, w, delta=delta).status != "fail"


def test_an_error_computed_from_its_parts_is_right() -> None:
    """x/n − target/n loses digits to the offset of both, as any conventional algorithm may."""
    like = cnnbp.HalfSquaredError()
    parts = cnnbp.from_functions(like.forward, lambda d, x, t: (d * (x / len(x) - t / len(x)),))
    rng = np.random.default_rng(0)
    x, target = 1e6 + rng.normal(size=(3, 4)), 1e6 + rng.normal(size=(3, 4))
    assert cnnbp.verify(parts, x, target, like=like).passed


def test_average_windows_of_seven_are_exact_on_integers() -> None:
    """1/49 is rounded, but a sum of multiples of 49 divided by 49 is not."""
    verdict = cnnbp.verify(cnnbp.AvgPool2d(7), np.random.default_rng(0).normal(size=(2, 3, 9, 8)))
    exact = {e.oracle for e in verdict.evidence if e.kind == "exact at points" and e.status == "pass"}
    assert exact == {"masked_dense", "autograd", "finite_difference"}
    assert not any("norm" in e.reason for e in verdict.evidence)


class Moody:
    """Identity, but for what a test makes of its calls."""

    def __init__(self, **wrong: Any) -> None:
        self.wrong, self.calls = wrong, 0

    def forward(self, x: Array) -> Array:
        self.calls += 1
        if self.calls == self.wrong.get("raises_at"):
            raise RuntimeError("out of memory")
        return x.copy()

    def backward(self, delta: Array, x: Array) -> Any:
        if np.max(np.abs(delta)) > self.wrong.get("nan_beyond", np.inf):
            return delta * np.nan
        return (delta.copy(),) * self.wrong.get("gradients", lambda calls: 1)(self.calls)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"raises_at": 2}, "out of memory"),
        ({"gradients": lambda calls: 1 + (calls > 1)}, "1 gradients"),
        ({"nan_beyond": 1.5}, "not linear"),
    ],
)
def test_wrong_only_when_asked_again(wrong: dict[str, Any], said: str) -> None:
    """What goes wrong at the second call, or at twice the residual, is a verdict, and no exception out of verify."""
    x, delta = np.linspace(-2, 2, 6).reshape(2, 3), np.array([[0.5, -1.0, 0.25], [1.0, -0.5, 0.75]])
    verdict = cnnbp.verify(Moody(**wrong), x, delta=delta, like=cnnbp.Identity())
    assert verdict.status == "fail"
    assert said in str(verdict)


def test_a_nan_gradient_is_wrong_without_a_reference_too() -> None:
    """NaN never passes, and is never called noise."""
    assert cnnbp.verify(cnnbp.from_functions(lambda x: 2 * x, lambda d, x: d * np.nan), np.ones(3)).status == "fail"


def test_a_mask_by_equality_is_caught_at_ties() -> None:
    """mask = (x == max) is right on every window without a tie, and pays twice on one with."""
    pool = cnnbp.MaxPool2d(2)

    def backward(delta: Array, x: Array) -> Array:
        spread = np.kron(np.ones((1, 1, 2, 2)), pool.forward(x))
        return np.where(x == spread, np.kron(np.ones((1, 1, 2, 2)), delta), 0.0)

    verdict = cnnbp.verify(
        cnnbp.from_functions(pool.forward, backward), np.random.default_rng(0).normal(size=(1, 2, 4, 6)), like=pool
    )
    assert verdict.status == "fail"
    assert any(e.at == "tied integers" and e.status == "fail" for e in verdict.evidence)


def test_indices_between_arguments_have_no_gradient() -> None:
    """Gradients belong to the floating arguments, wherever integers stand."""
    gathered = cnnbp.from_functions(
        lambda x, i, w: (x * w)[:, i],
        lambda d, x, i, w: (np.put_along_axis(z := np.zeros(x.shape), np.tile(i, (len(x), 1)), d, 1) or z * w, (z * x).sum(0)),
    )
    rng = np.random.default_rng(0)
    assert cnnbp.verify(gathered, rng.normal(size=(3, 4)), np.array([0, 2]), rng.normal(size=4)).passed


def test_a_verdict_is_true_where_it_passed() -> None:
    """`assert cnnbp.verify(...)` asserts what it looks like."""
    x = np.ones((2, 2))
    assert cnnbp.verify(cnnbp.ReLU(), x)
    assert not cnnbp.verify(cnnbp.from_functions(lambda x: x, lambda d, x: 2 * d), x)


def test_another_algorithm_is_marked_in_what_people_read() -> None:
    """A layer that only norms excuse says so in its text."""
    fft = next(u for u in UNUSUAL if u.id == "conv-fft")
    rng = np.random.default_rng(0)
    args = rng.normal(size=(1, 2, 7, 6)) * 10.0 ** rng.integers(-6, 7, (1, 2, 7, 6)), rng.normal(size=(3, 2, 3, 2))
    verdict = cnnbp.verify(fft.make(), *args, like=cnnbp.Conv2d())
    assert verdict.passed
    assert "C·u of the norm" in str(verdict)


def test_a_single_number_has_one_entry() -> None:
    """The place in words, where there is but one."""
    assert entry("HalfSquaredError", "y", ()) == "its only entry"
