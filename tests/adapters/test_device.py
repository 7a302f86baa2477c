"""Layers of tensors where they live: on the CPU, and on a GPU where there is one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import cnnbp
from cnnbp.adapters import placed
from tests.helpers.layers import arguments, gaussian, reference

CONV = cnnbp.Conv2d(stride=2)
ARGS = gaussian((2, 3, 8, 9), (4, 3, 3, 2), (4,))
cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason=f"PyTorch sees no GPU here: {', '.join(placed.present())}")


def _conv(x: Any, w: Any, b: Any) -> Any:
    return functional.conv2d(x, w, b, stride=2)


# ---- anywhere ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", ["float64", "float32", "float16", "bfloat16"])
def test_arguments_come_in_the_precision_and_on_the_device(precision: str) -> None:
    """And answers go back as arrays, bfloat16 in float32."""
    seen = []

    def function(x: Any, w: Any, b: Any) -> Any:
        seen.append((str(x.dtype), str(w.dtype), x.device.type))
        return _conv(x, w, b)

    layer = cnnbp.from_torch(function, device="cpu").asked_in(precision)
    arrays = [a.astype(np.float32 if precision == "bfloat16" else precision) for a in ARGS]
    y = layer.forward(*arrays)
    assert seen == [(f"torch.{precision}", f"torch.{precision}", "cpu")]
    assert y.dtype == arrays[0].dtype
    assert [g.dtype for g in layer.backward(y, *arrays)] == [y.dtype] * 3


def test_a_module_moves_with_its_buffers() -> None:
    """Running statistics are in the precision as well, and the caller's module stays as it was."""
    module = torch.nn.BatchNorm2d(3).eval()
    layer = cnnbp.from_torch(module)
    (x,) = gaussian((2, 3, 4, 5))
    for dtype in ("float64", "float32", "float16"):
        low = layer.asked_in(dtype)
        assert low.forward(x.astype(dtype), *(np.ones(3, dtype), np.zeros(3, dtype))).dtype == dtype
    assert module.running_mean is not None
    assert module.running_mean.dtype == torch.float32


def test_a_device_that_is_not_here_is_named() -> None:
    """With those that PyTorch sees."""
    for device, error in (("fpga", ValueError), ("no device", ValueError), (5, TypeError)):
        with pytest.raises(error, match="device must be") as raised:
            cnnbp.from_torch(_conv, device=device)
        assert error is TypeError or "(cpu" in str(raised.value)
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match=r"PyTorch has here \(cpu.*got 'cuda'"):
            cnnbp.verify(cnnbp.from_torch(_conv), *ARGS, like=CONV, device=("cpu", "cuda"))


def test_verify_asks_on_the_device() -> None:
    verdict = cnnbp.verify(cnnbp.from_torch(_conv), *ARGS, like=CONV, device="cpu", dtype="float32")
    assert verdict.passed, str(verdict)
    assert (verdict.device, verdict.dtype) == ("cpu", "float32")


class _Bfloat16Sums(torch.autograd.Function):
    """A product in float32 whose sums are kept in bfloat16, one term after another."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x, w)
        return _product(x, w.T)

    @staticmethod
    def backward(ctx: Any, delta: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:  # type: ignore[override]  # PyTorch's is loose
        x, w = ctx.saved_tensors
        return _product(delta, w), _product(delta.T, x)


def _product(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    total = torch.zeros(a.shape[0], b.shape[1], dtype=torch.bfloat16)
    for i in range(a.shape[1]):
        total = total + (a[:, i : i + 1] * b[i : i + 1]).to(torch.bfloat16)
    return total.to(a.dtype)


def test_sums_kept_in_bfloat16_are_named() -> None:
    """As a kernel with a narrow accumulator has them."""
    verdict = cnnbp.verify(cnnbp.from_torch(_Bfloat16Sums.apply), *gaussian((5, 6), (4, 6)), like=cnnbp.Dense(), dtype="float32")
    assert verdict.status == "fail"
    assert [(said.code, said.values.get("precision")) for said in verdict.wrong] == [("verification.lower-inside", "bfloat16")]


# ---- on a GPU ---------------------------------------------------------------------------------------------------------


@cuda
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_a_right_layer_passes_on_the_gpu(dtype: str) -> None:
    """With TF32 switched off."""
    kept = torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32
    try:
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
        verdict = cnnbp.verify(cnnbp.from_torch(_conv), *ARGS, like=CONV, device=("cpu", "cuda"), dtype=dtype)
        assert verdict.passed, str(verdict)
    finally:
        torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32 = kept


@cuda
def test_tf32_is_named_on_the_gpu() -> None:
    """Where the hardware has it."""
    if torch.cuda.get_device_capability()[0] < 8:
        pytest.skip("this GPU has no TF32")
    kept = torch.backends.cuda.matmul.allow_tf32
    try:
        torch.backends.cuda.matmul.allow_tf32 = True
        layer, args = cnnbp.from_torch(functional.linear), gaussian((64, 128), (96, 128), (96,))
        verdict = cnnbp.verify(layer, *args, like=cnnbp.Dense(), device="cuda", dtype="float32")
        assert verdict.status == "fail", str(verdict)
        assert "TF32" in verdict.reasons[0]
    finally:
        torch.backends.cuda.matmul.allow_tf32 = kept


@cuda
@pytest.mark.parametrize("operator", ["MaxPool2d", "AvgPool2d"])
def test_pooling_passes_on_the_gpu(operator: str) -> None:
    function = {"MaxPool2d": functional.max_pool2d, "AvgPool2d": functional.avg_pool2d}[operator]
    layer = cnnbp.from_torch(lambda x: function(x, 2, 1))
    verdict = cnnbp.verify(layer, *arguments(operator), like=reference(operator), device="cuda", dtype="float32")
    assert verdict.passed, str(verdict)
