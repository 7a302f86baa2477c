"""verify(dtype=): right layers pass in each precision, wrong ones fail, and answers are owed in it."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from itertools import cycle
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import cnnbp
from cnnbp.cases import Counter
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from cnnbp.precision import PRECISIONS
from tests.helpers.layers import arguments, bent, code, gaussian, reference

CONV = cnnbp.Conv2d(stride=2)
X, W, B = gaussian((2, 3, 8, 9), (4, 3, 3, 2), (4,))
LOW = ("float32", "float16")
IN_TORCH: dict[str, Callable[..., Any]] = {
    "Conv2d": functional.conv2d,
    "ConvTranspose2d": lambda x, w, b: functional.conv_transpose2d(x, w, b, stride=(2, 1), padding=(1, 0), output_padding=(1, 0)),
    "Dense": functional.linear,
    "MaxPool2d": lambda x: functional.max_pool2d(x, 2, 1),
    "AvgPool2d": lambda x: functional.avg_pool2d(x, 2, 1),
    "Sigmoid": torch.sigmoid,
    "Tanh": torch.tanh,
    "ReLU": torch.relu,
}


# ---- right layers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", LOW)
@pytest.mark.parametrize("operator", OPERATORS)
def test_right_layers_pass_on_drawn_cases(operator: str, dtype: str) -> None:
    """Ours, in their own arithmetic: never "fail"; what leaves the range of float16 is refused by name."""
    found: Tally[str] = Tally()
    for number in range(2):
        c = OPERATORS[operator].draw(Counter(2, f"{operator}/{number}"))
        if any(np.max(np.abs(a), initial=0) > PRECISIONS[dtype].largest for a in (*c.args, c.delta)):
            with pytest.raises(ValueError, match=f"the range of {dtype}"):
                cnnbp.verify(c.layer, *c.args, delta=c.delta, dtype=dtype)
            continue
        verdict = cnnbp.verify(c.layer, *c.args, delta=c.delta, dtype=dtype)
        assert verdict.status != "fail", str(verdict)
        found[verdict.status] += 1
    sums = operator in ("BatchNorm2d", "SoftmaxCrossEntropy") and dtype == "float16"  # whose running bounds say little there
    assert sums or found["pass"] >= 0.5 * found.total()


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("operator", IN_TORCH)
def test_layers_of_tensors_pass(operator: str, dtype: str) -> None:
    """PyTorch's own, in every precision that it has."""
    layer, args = reference(operator), arguments(operator)
    verdict = cnnbp.verify(cnnbp.from_torch(IN_TORCH[operator]), *args, like=layer, dtype=dtype)
    assert verdict.passed, str(verdict)
    assert verdict.dtype == dtype
    assert f"in {dtype}" in str(verdict)


def test_what_is_rounded_once_is_judged_more_sharply() -> None:
    """A sum kept in float32 is held to one rounding of float16; one that is kept in float16 is not blamed for more."""

    def once(x: Array, w: Array) -> Array:
        return (x.astype(float) @ w.T.astype(float)).astype(x.dtype)

    def slowly(x: Array, w: Array) -> Array:
        total = np.zeros((len(x), len(w)), x.dtype)
        for i in range(x.shape[1]):
            total = total + x[:, i, None] * w[None, :, i]
        return total

    x, w = gaussian((4, 60), (3, 60))
    seen = {}
    for forward in (once, slowly):
        layer = cnnbp.from_functions(forward, cnnbp.Dense().backward)
        verdict = cnnbp.verify(layer, x, w, like=cnnbp.Dense(), dtype="float16")
        assert verdict.passed, str(verdict)
        seen[forward] = next(e for e in verdict.evidence if e.quantity == "y" and e.at == "case")
    assert code(seen[once]) == "verification.rounded-once"
    assert code(seen[slowly]) == "verification.part-of-bound"
    assert 3 * float(seen[once].resolution or 0) < float(seen[slowly].resolution or 0)


# ---- wrong layers -----------------------------------------------------------------------------------------------------

DEFECTS: dict[str, Callable[[Array, Any], Array]] = {
    "a hundredth too large": lambda g, _: (g * 1.01).astype(g.dtype),
    "last row forgotten": lambda g, _: np.concatenate([g[:-1], 0 * g[-1:]]),
    "negative": lambda g, _: -g,
}


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize(
    ("operator", "quantity", "dtype"),
    [*zip(["Conv2d", "Conv2d", "Dense", "AvgPool2d"], ["dw", "y", "dx", "dx"], cycle(LOW), strict=False)],
)
def test_wrong_layers_fail(operator: str, quantity: str, defect: str, dtype: str) -> None:
    """Also where the bound of the precision hides a hundredth: on integers it does not."""
    wrong = bent(operator, **{quantity: DEFECTS[defect]})
    verdict = cnnbp.verify(wrong, *arguments(operator), like=reference(operator), dtype=dtype)
    assert verdict.status == "fail", str(verdict)
    assert not any("lower" in said.code for said in verdict.wrong)


class _Wrong(torch.autograd.Function):
    """A product whose weight gradient is 1 % too large."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x, w)
        return x @ w.T

    @staticmethod
    def backward(ctx: Any, delta: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:  # type: ignore[override]  # PyTorch's is loose
        x, w = ctx.saved_tensors
        return delta @ w, 1.01 * (delta.T @ x)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_a_hundredth_shows_in_a_layer_of_tensors(dtype: str) -> None:
    verdict = cnnbp.verify(cnnbp.from_torch(_Wrong.apply), *gaussian((3, 5), (2, 5)), like=cnnbp.Dense(), dtype=dtype)
    assert verdict.status == "fail", str(verdict)
    assert {item.quantity for item in verdict.evidence if item.status == "fail"} == {"w"}


# ---- what is owed -----------------------------------------------------------------------------------------------------


def _in_float64() -> Any:
    return cnnbp.from_functions(
        lambda *a: CONV.forward(*(v.astype(float) for v in a)), lambda *a: CONV.backward(*(v.astype(float) for v in a))
    )


def test_answers_are_owed_in_the_precision() -> None:
    """float64 answers to float32 arrays break a point of the contract, which can be waived."""
    verdict = cnnbp.verify(_in_float64(), X, W, B, like=CONV, dtype="float32")
    assert {said.code for said in verdict.wrong} == {"contract.dtype"}
    assert "must answer float32 arrays with float32, got float64" in str(verdict)
    assert cnnbp.verify(_in_float64(), X, W, B, like=CONV, dtype="float32", waive=("dtype",)).passed


def test_the_layer_is_handed_arrays_of_the_precision() -> None:
    """All real numbers, in every call, whatever their layout; never the indices."""
    seen: set[str] = set()

    def forward(x: Array, target: Array) -> Array:
        seen.update({f"x {x.dtype}", f"target {target.dtype}"})
        return cnnbp.SoftmaxCrossEntropy().forward(x, target)

    def backward(delta: Array, x: Array, target: Array) -> Any:
        seen.update({f"x {x.dtype}", f"delta {delta.dtype}"})
        return cnnbp.SoftmaxCrossEntropy().backward(delta, x, target)

    layer = cnnbp.from_functions(forward, backward)
    verdict = cnnbp.verify(layer, *arguments("SoftmaxCrossEntropy"), like=cnnbp.SoftmaxCrossEntropy(), dtype="float32")
    assert verdict.passed, str(verdict)
    assert seen == {"x float32", "delta float32", "target int64"}


def test_layouts_of_the_caller_reach_the_layer() -> None:
    """Handed over in float32, they are laid out as they were."""
    strides: list[tuple[int, ...]] = []

    def forward(*a: Array) -> Array:
        strides.append(a[0].strides)
        return CONV.forward(*a)

    x = np.asfortranarray(X)
    assert cnnbp.verify(cnnbp.from_functions(forward, CONV.backward), x, W, B, like=CONV, dtype="float32").passed
    assert strides[0] == X.astype(np.float32, order="C").strides or tuple(s // 2 for s in x.strides) in strides
    assert tuple(s // 2 for s in x.strides) in strides


def test_float64_is_the_default() -> None:
    """Asked for by name, it changes nothing."""
    assert cnnbp.verify(CONV, X, W, B, dtype="float64") == cnnbp.verify(CONV, X, W, B)
