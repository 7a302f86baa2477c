"""Multiples of a residual: over sixty binary orders, whatever precision the layer computes in, unless they would overflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import code, gaussian


def test_another_order_of_summation_is_no_breach() -> None:
    """BLAS may sum a Fortran-ordered product in another order: not bitwise the same, and right."""

    def reordered(delta: Array, x: Array, w: Array) -> tuple[Array, Array]:
        order = slice(None, None, -1) if w.flags.f_contiguous else slice(None)
        return sum(np.multiply.outer(d, v) for d, v in list(zip(delta.T, w, strict=True))[order]), delta.T @ x

    x, w, delta = gaussian((4, 9), (50, 9), (4, 50))
    layer = cnnbp.from_functions(cnnbp.Dense().forward, reordered)
    assert cnnbp.verify(layer, x, w, delta=delta, like=cnnbp.Dense()).passed
    assert not np.array_equal(reordered(delta, x, w)[0], reordered(delta, x, np.asfortranarray(w))[0])


def test_residuals_too_large_to_double_are_left_alone() -> None:
    """2·delta would overflow: the check abstains, and says so."""
    x, w, delta = gaussian((2, 3), (2, 3), (2, 2))
    items = cnnbp.verify(cnnbp.Dense(), x, w, delta=delta * 2.0**1001).evidence
    doubled = next(item for item in items if item.quantity == "linear-multiples")
    assert (doubled.status, code(doubled)) == ("abstain", "contract.would-overflow")


def test_ordinary_residuals_are_doubled_in_any_precision() -> None:
    """A layer that computes in float32 is asked at multiples of what float32 does not hold: nothing there overflows."""

    def single(function: Any) -> Any:
        return lambda *a: function(*(v.astype(np.float32) for v in a)).astype(float)

    layer = cnnbp.from_functions(single(np.tanh), single(lambda d, x: d * (1 - np.tanh(x) ** 2)))
    x, delta = gaussian((3, 4), (3, 4))
    found = cnnbp.verify(layer, x, delta=delta, like=cnnbp.Tanh()).evidence
    (doubled,) = (item for item in found if item.quantity == "linear-multiples")
    assert doubled.status == "pass"


def _tanh(bend: Callable[[Array, Array], Array]) -> Any:
    """Tanh, but for what `bend` makes of the gradient at a residual."""
    return cnnbp.from_functions(np.tanh, lambda d, x: np.asarray(bend(d * (1 - np.tanh(x) ** 2), d)))


AT_SOME_RESIDUALS = {
    "contract.not-zero-entry": lambda g, d: g if d.any() else g + 1e-9,
    "contract.not-additive-constant-entry": lambda g, d: g * 1.01 if d.any() and np.ptp(d) == 0 else g,
    "contract.not-additive-entry": lambda g, d: np.where((d == 0).all(1, keepdims=True) & d.any(), 1e-4, g),
}


@pytest.mark.parametrize("like", [cnnbp.Tanh(), torch.tanh, None], ids=["ours", "PyTorch's", "none"])
@pytest.mark.parametrize("code", AT_SOME_RESIDUALS)
def test_wrong_at_some_residuals_alone(code: str, like: Any) -> None:
    """At zeros, at one number everywhere, in samples without a residual: right at a drawn one, and told."""
    verdict = cnnbp.verify(_tanh(AT_SOME_RESIDUALS[code]), gaussian((4, 3))[0], like=like)
    assert [said.code for said in verdict.wrong] == [code]


@pytest.mark.parametrize("like", [torch.tanh, None], ids=["PyTorch's", "none"])
@pytest.mark.parametrize(("added", "status"), [(lambda x: (x - x.mean()).mean(), "pass"), (lambda x: 1e-14, "fail")])
def test_what_cancels_without_the_residual_is_none(added: Callable[[Array], Any], status: str, like: Any) -> None:
    """Deviations from a mean add up to what is rounded: in terms that the residual does not take part in, as of batch norms."""
    layer = cnnbp.from_functions(np.tanh, lambda d, x: d * (1 - np.tanh(x) ** 2) + added(x))
    assert cnnbp.verify(layer, gaussian((4, 3))[0], like=like).status == status


@pytest.mark.parametrize("given", [None, np.array(1.0), np.array(0.0)])
@pytest.mark.parametrize("like", [cnnbp.SoftmaxCrossEntropy(), functional.cross_entropy, None], ids=["ours", "PyTorch's", "none"])
def test_a_loss_that_ignores_its_residual_fails(like: Any, given: Array | None) -> None:
    """Which is 1 in a training, as a rule: it may be told so, or 0, or be drawn."""
    ours, one = cnnbp.SoftmaxCrossEntropy(), np.array(1.0)
    layer = cnnbp.from_functions(ours.forward, lambda _, x, target: ours.backward(one, x, target))
    x, target = gaussian((4, 3))[0], np.array([0, 2, 1, 1])
    assert cnnbp.verify(layer, x, target, delta=given, like=like).status == "fail"


@pytest.mark.parametrize("waive", [(), ("linear-sums",)])
def test_without_a_reference_no_zero_of_a_residual_hides_anything(waive: Any) -> None:
    """Where one sample alone has a residual, nothing would be said of the others: numbers stand in the place of the zeros."""
    x, delta = gaussian((4, 3))[0], np.zeros((4, 3))
    delta[0] = [1.0, -2.0, 3.0]
    for wrong in (1.01, 1.0):
        layer = _tanh(lambda g, _, f=wrong: np.where(np.arange(len(g))[:, None] > 1, f * g, g))  # type: ignore[misc]
        verdict = cnnbp.verify(layer, x, delta=delta, waive=waive)
        assert (verdict.status == "fail") == (wrong != 1), str(verdict)
    layer = _tanh(lambda g, d: g * 1.01 if (d == delta).all() else g)
    assert {said.code for said in cnnbp.verify(layer, x, delta=delta).wrong} == {"contract.not-additive-given-entry"}


RIGHT: dict[str, tuple[Any, Any]] = {
    "matrix_exp": (cnnbp.from_torch(torch.matrix_exp), torch.matrix_exp),
    "cumsum": (
        cnnbp.from_functions(lambda x: np.cumsum(x, 1), lambda d, _: d.sum(1, keepdims=True) - np.cumsum(d, 1) + d),
        lambda x: torch.cumsum(x, 1),
    ),
}


@pytest.mark.parametrize(("name", "alone"), [("matrix_exp", False), ("cumsum", True)])
def test_what_loses_digits_to_a_large_residual_is_linear(name: str, alone: bool) -> None:
    """Sums that cancel, and an algorithm that squares what a large residual leaves of a matrix: roundings, however large."""
    layer, like = RIGHT[name]
    x, delta = gaussian((4, 4), (4, 4))
    delta[:, 0] = -delta[:, 1] * (1 + 2.0**-40)
    verdict = cnnbp.verify(layer, x, delta=delta, like=None if alone else like)
    assert verdict.status != "fail", str(verdict)
    for bend in (lambda d: np.clip(d, -1e5, 1e5), lambda d: np.where(np.abs(d) < 1e-7, 0, d), np.abs):
        wrong = cnnbp.from_functions(layer.forward, lambda d, x, f=bend: layer.backward(f(d), x))
        assert cnnbp.verify(wrong, x, like=None if alone else like).status == "fail"
