"""verify(dtype=): right layers pass in each precision, wrong ones fail, and what a precision cannot show is said."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
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
from cnnbp.verification.methods.integers import drawn
from cnnbp.verification.question import Question
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
@pytest.mark.parametrize("dtype", LOW)
@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize(("operator", "quantity"), [("Conv2d", "dw"), ("Conv2d", "y"), ("Dense", "dx"), ("AvgPool2d", "dx")])
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


# ---- what a precision cannot show --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("operator", ["Conv2d", "Dense", "ConvTranspose2d", "AvgPool2d"])
def test_integers_stay_exact(operator: str, dtype: str) -> None:
    """Σ|terms| of every entry stays below 2²⁴, 2¹¹, 2⁸."""
    layer, args = reference(operator), tuple(arguments(operator))
    precision = PRECISIONS[dtype]
    asked = drawn(Question.of(layer, args, np.ones(layer.forward(*args).shape)).in_precision(precision), 0)
    largest = max(float(asked.magnitude(quantity).max()) for quantity in asked.quantities)
    assert 1 <= largest < precision.exact
    assert all(np.array_equal(a, np.rint(a)) for a in (*asked.args, asked.delta))


def test_sums_too_long_for_a_precision_are_left_alone() -> None:
    """400 terms in bfloat16: n·u is above 1, which no bound survives. Sparse integers still tell right from wrong."""
    x, w = gaussian((2, 400), (3, 400))
    right = cnnbp.from_torch(lambda x, w: sum((x[:, None] * w).unbind(-1)))
    verdict = cnnbp.verify(right, x, w, like=cnnbp.Dense(), dtype="bfloat16")
    assert verdict.status != "fail", str(verdict)
    assert any(code(e) == "verification.beyond-precision" for e in verdict.evidence if e.quantity == "y")
    wrong = cnnbp.from_torch(lambda x, w: 1.01 * functional.linear(x, w))
    assert cnnbp.verify(wrong, x, w, like=cnnbp.Dense(), dtype="bfloat16").status == "fail"


def test_what_may_overflow_is_no_failure() -> None:
    """300·300 is beyond float16, on the way or in the answer."""
    x, w = np.full((1, 2), 300.0), np.array([[300.0, -300.0]])
    assert cnnbp.verify(cnnbp.Dense(), x, w, dtype="float16").status != "fail"
    assert cnnbp.verify(cnnbp.from_torch(functional.linear), x, w, like=cnnbp.Dense(), dtype="bfloat16").passed
    clipped = bent("Dense", y=lambda y, _: np.clip(y, -100, 100))
    assert cnnbp.verify(clipped, x / 4, w, like=cnnbp.Dense(), dtype="float16").status == "fail"


def test_numbers_beyond_the_range_are_refused() -> None:
    with pytest.raises(ValueError, match=r"x must lie within ±65504, the range of float16, got 100000.0 at \(1,\)"):
        cnnbp.verify(cnnbp.ReLU(), np.array([1.0, 1e5]), dtype="float16")
    with pytest.raises(ValueError, match="delta must lie within"):
        cnnbp.verify(cnnbp.ReLU(), np.array([1.0, 2.0]), delta=np.array([1.0, 1e39]), dtype="float32")


def test_bfloat16_needs_somebody_who_has_it() -> None:
    """A layer of arrays can be asked in bfloat16 only where NumPy knows it; who does not is told what would help."""
    plain = cnnbp.from_functions(lambda x: x.copy(), lambda delta, x: delta.copy())
    wrong = cnnbp.from_functions(lambda x: x.copy(), lambda delta, x: delta + delta)
    if _ml_dtypes():
        assert cnnbp.verify(plain, X, like=cnnbp.Identity(), dtype="bfloat16").passed
        assert cnnbp.verify(wrong, X, like=cnnbp.Identity(), dtype="bfloat16").status == "fail"
    else:
        with pytest.raises(ValueError, match="ml_dtypes"):
            cnnbp.verify(plain, X, dtype="bfloat16")
    with pytest.raises(ValueError, match="Identity of cnnbp takes NumPy's own dtypes"):
        cnnbp.verify(cnnbp.Identity(), X, dtype="bfloat16")


def _ml_dtypes() -> bool:
    try:
        import ml_dtypes  # noqa: F401  # whether it is there
    except ImportError:
        return False
    return True


def test_float64_is_the_default() -> None:
    """Asked for by name, it changes nothing."""
    assert cnnbp.verify(CONV, X, W, B, dtype="float64") == cnnbp.verify(CONV, X, W, B)


@pytest.mark.parametrize("number", [11, 17, 19])
def test_means_of_integers_are_sums_first(number: int) -> None:
    """The sum in a window is larger than its mean, and must not round either."""
    c = OPERATORS["AvgPool2d"].draw(Counter(11, f"AvgPool2d/{number}"))
    verdict = cnnbp.verify(c.layer, *c.args, delta=c.delta, dtype="float16", seed=number)
    assert verdict.status != "fail", str(verdict)
