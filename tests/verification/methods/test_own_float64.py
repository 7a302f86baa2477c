"""Without a reference, in a low precision: a layer right in float64 must answer that, rounded; one that cannot is not judged."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import code, gaussian, opaque

CONV = cnnbp.Conv2d(stride=2)
ARGS = gaussian((2, 3, 6, 7), (3, 3, 3, 2), (3,))


def _own(verdict: cnnbp.Verdict) -> dict[str, str]:
    return {e.quantity: e.status for e in verdict.evidence if code(e).endswith(("own-float64", "no-float64"))}


@pytest.mark.parametrize("layer", [CONV, cnnbp.Sigmoid(), cnnbp.Softplus(), cnnbp.AvgPool2d(2, 1)], ids=repr)
def test_right_layers_pass_in_float32(layer: Any) -> None:
    """Both the float64 answers and those in float32; the second are called estimated."""
    args = ARGS if layer is CONV else ARGS[:1]
    verdict = cnnbp.verify(opaque(layer), *args, dtype="float32")
    assert verdict.passed, str(verdict)
    assert set(_own(verdict).values()) == {"pass"}
    assert {e.kind for e in verdict.evidence if code(e).endswith("own-float64")} == {"estimated"}
    assert any(e.oracle == "finite_difference" and e.status == "pass" for e in verdict.evidence)


def test_tensors_rounded_once_pass_in_half_precision() -> None:
    """A sigmoid in float16 and bfloat16, which PyTorch computes in float32."""
    for dtype in ("float16", "bfloat16"):
        verdict = cnnbp.verify(cnnbp.from_torch(torch.sigmoid), ARGS[0], dtype=dtype)
        assert verdict.passed, str(verdict)


def _wrong_in(dtype: Any, factor: float) -> Any:
    def backward(delta: Array, *args: Array) -> tuple[Array, ...]:
        dx, dw, db = CONV.backward(delta, *args)
        return dx, (dw * factor).astype(dw.dtype) if dw.dtype == dtype else dw, db

    return cnnbp.from_functions(CONV.forward, backward)


def test_what_is_wrong_in_the_precision_alone_fails() -> None:
    """A kernel of its own for float32, 1 % off, beside a right one for float64."""
    verdict = cnnbp.verify(_wrong_in(np.float32, 1.01), *ARGS, dtype="float32")
    assert verdict.status == "fail"
    assert _own(verdict) == {"y": "pass", "x": "pass", "w": "fail", "b": "pass"}
    assert cnnbp.verify(_wrong_in(np.float32, 1.01), *ARGS).passed


def test_what_is_wrong_in_both_fails() -> None:
    """The float32 answers agree with the float64 ones, which differences refute."""
    verdict = cnnbp.verify(
        cnnbp.from_functions(CONV.forward, lambda *a: tuple(1.01 * g for g in CONV.backward(*a))), *ARGS, dtype="float32"
    )
    assert verdict.status == "fail"
    assert any(e.oracle == "finite_difference" and e.status == "fail" for e in verdict.evidence)


def test_a_layer_without_float64_is_not_judged() -> None:
    """Differences of float32 answers show nothing, and that is said; beside a reference it is judged."""

    def single(method: Any) -> Any:
        return lambda *a: method(*(v.astype(np.float32) for v in a))

    def forward(*args: Array) -> Any:
        return single(CONV.forward)(*args)

    def backward(*args: Array) -> Any:
        return single(CONV.backward)(*args)

    layer = cnnbp.from_functions(forward, backward)
    verdict = cnnbp.verify(layer, *ARGS, dtype="float32")
    assert verdict.status == "inconclusive"
    assert set(_own(verdict).values()) == {"abstain"}
    assert "settle it: like= a reference, or a layer that answers float64 arrays" in str(verdict)
    trusted = cnnbp.from_functions(CONV.forward, CONV.backward)
    for like in (CONV, trusted):
        assert cnnbp.verify(layer, *ARGS, dtype="float32", like=like).passed
    wrong = cnnbp.from_functions(forward, lambda *a: tuple(np.float32(1.01) * g for g in backward(*a)))
    assert cnnbp.verify(wrong, *ARGS, dtype="float32", like=trusted).status == "fail"
    assert cnnbp.verify(layer, *ARGS, dtype="float32", like=torch.nn.functional.conv2d).status == "fail"  # without its options


def _one_by_one(x: Array) -> Array:
    """Every partial sum is rounded."""
    return np.asarray(np.add.accumulate(x, axis=1)[:, -1])


SUM = cnnbp.from_functions(_one_by_one, lambda delta, x: (np.repeat(delta[:, None], x.shape[1], 1),))


@cache
def _of_a_long_sum(dtype: str) -> cnnbp.Verdict:
    return cnnbp.verify(SUM, np.random.default_rng(0).uniform(0, 1, (2, 4000)), dtype=dtype)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_long_sums_of_positive_numbers_are_right(dtype: str) -> None:
    """Their rounding is large beside what moves them: in float32 they pass, in float16 nobody knows."""
    verdict = _of_a_long_sum(dtype)
    assert verdict.status == ("pass" if dtype == "float32" else "inconclusive"), str(verdict)


def test_coarse_agreement_is_no_pass() -> None:
    """A sum kept in float16 agrees within a bound as wide as itself, and is not said to be right because float64 is."""
    verdict = _of_a_long_sum("float16")
    assert ("verification.coarse", "y") in [(said.code, said.values["quantity"]) for said in verdict.wrong]
    assert _own(verdict)["y"] == "pass"


def test_what_is_wrong_in_float64_is_told_as_that() -> None:
    """A layer that is right in float32 alone: the number shown is none of those that were asked for, and the verdict says so."""
    verdict = cnnbp.verify(cnnbp.from_torch(torch.nn.functional.hardsigmoid), 0.5 * ARGS[0], dtype="float32")
    assert [said.code for said in verdict.wrong][:2] == ["verification.asked-in-float64", "verification.wrong-entry"]
    assert "asked in float64, where" in str(verdict)
    wrong = cnnbp.verify(_wrong_in(np.float32, 1.01), *ARGS, dtype="float32")
    assert wrong.status == "fail"
    assert "verification.asked-in-float64" not in {said.code for said in wrong.wrong}


def test_what_cancels_in_the_precision_is_not_judged() -> None:
    """δ − Σδy is 0 in float32 where a softmax saturates: neither wrong nor passed; a hundredth where it does not is wrong."""

    def softmax(x: Array) -> Array:
        e = np.exp(x - x.max(-1, keepdims=True))
        return np.asarray(e / e.sum(-1, keepdims=True))

    def slope(delta: Array, x: Array) -> Array:
        y = softmax(x)
        return np.asarray(y * (delta - (delta * y).sum(-1, keepdims=True)))

    x, like = np.random.default_rng(0).normal(size=(4, 5)), lambda x: torch.softmax(x, -1)
    verdict = cnnbp.verify(cnnbp.from_functions(softmax, slope), 100 * x, like=like, dtype="float32")
    assert (verdict.status, _own(verdict)) == ("inconclusive", {"y": "pass"}), str(verdict)
    assert "verification.cancels" in {code(e) for e in verdict.evidence}
    wrong = cnnbp.from_functions(softmax, lambda d, x: (slope(d, x) * (1.01 if x.dtype == np.float32 else 1)).astype(x.dtype))
    assert cnnbp.verify(wrong, x, like=like, dtype="float32").status == "fail"


def test_what_the_precision_cannot_hold_is_left_out() -> None:
    """65,504 is the largest number of float16: beyond, ∞ is the right answer, and the others are judged as ever."""
    layer, wrong = (cnnbp.from_functions(lambda x: x * x, lambda d, x, f=f: f * d * x) for f in (2, 2.25))
    x = np.array([[3.0, 300.0, -400.0, 7.5]])
    verdict = cnnbp.verify(layer, x, dtype="float16")
    assert verdict.status != "fail", str(verdict)
    assert [e.left_out for e in verdict.evidence if code(e).endswith("own-float64") and e.quantity == "y"] == [2]
    assert cnnbp.verify(wrong, x, dtype="float16").status == "fail"
    for other in (-np.inf, np.nan):  # where ∞ is right, neither its contrary is nor no number at all

        def forward(x: Array, other: float = other) -> Array:
            with np.errstate(over="ignore"):
                return np.asarray(np.where(np.isinf(x * x), other, x * x), x.dtype)

        assert cnnbp.verify(cnnbp.from_functions(forward, layer.backward), x, dtype="float16").status == "fail"


class _Solved:
    """y + y³ = x by bisection to 1e-9; in a low precision every third entry of dx is off."""

    def forward(self, x: Array) -> Array:
        low, high = np.full(x.shape, -4.0), np.full(x.shape, 4.0)
        while np.max(high - low) > 1e-9:
            middle = (low + high) / 2
            below = middle + middle**3 < x
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2, x.dtype)

    def backward(self, delta: Array, x: Array) -> Array:
        dx = np.asarray(delta / (1 + 3 * self.forward(x) ** 2), x.dtype)
        if x.dtype != float:
            dx.ravel()[::3] *= x.dtype.type(1.5)
        return dx


def test_noise_inside_excuses_nothing_in_a_low_precision() -> None:
    """What it cuts off in float64 is no measure of what it may err in float32; nor does a jump nearby make NaN right."""
    assert cnnbp.verify(_Solved(), np.random.default_rng(1).standard_normal((4, 6)), dtype="float32").status == "fail"
    rows = np.array([[1.0, 1.0 + 2.0**-10, 0.5], [0.25, 2.0, 1.0]])

    def backward(delta: Array, x: Array) -> Array:
        dx = np.where(x == x.max(1, keepdims=True), delta[:, None], 0).astype(x.dtype)
        if x.dtype == np.float16:
            dx[0] = np.nan
        return dx

    largest = cnnbp.from_functions(lambda x: x.max(1), backward)
    assert cnnbp.verify(largest, rows, delta=np.array([1000.0, -900.0]), dtype="float16").status == "fail"


def test_roundings_of_1_on_the_way_to_small_numbers_are_not_accused() -> None:
    """2σ(2x) − 1 for tanh, near 0: its answers scatter by what 1 is rounded by. A hundredth off does not scatter."""

    def sigmoid(x: Array) -> Array:
        return np.asarray(1 / (1 + np.exp(-x)))

    def layer(times: float) -> Any:
        return cnnbp.from_functions(
            lambda x: 2 * sigmoid(2 * x) - 1, lambda d, x: (d * (1 - (2 * sigmoid(2 * x) - 1) ** 2) * times).astype(x.dtype)
        )

    small, usual = np.array([1e-3, 2e-3, -3e-3]), np.array([0.5, -1.0, 0.25])
    for like in (None, torch.tanh):
        assert cnnbp.verify(layer(1.0), small, like=like, dtype="float32").status == "inconclusive"
        assert cnnbp.verify(layer(1.0), usual, like=like, dtype="float32").passed
        assert cnnbp.verify(layer(1.01), small, like=like, dtype="float32").status == "fail"
