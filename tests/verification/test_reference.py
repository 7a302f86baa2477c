"""What `like=` refuses, each in a sentence that begins with its name and says what to change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from tests.helpers.layers import gaussian, opaque

X, W, B = gaussian((3, 4), (2, 4), (2,))
LIKE: dict[str, tuple[Any, type[Exception], str]] = {
    "a name": ("Dense", TypeError, r"^like must be one of cnnbp's layers, .* got 'Dense'"),
    "a number": (3, TypeError, r"^like must be .* got 3"),
    "a class of ours": (cnnbp.Dense, TypeError, r"^like must be an object, got the class Dense: hand over Dense\(\.\.\.\)"),
    "a class of modules": (torch.nn.Linear, TypeError, r"hand over Linear\(\.\.\.\)"),
    "a Function": (torch.autograd.Function, TypeError, r"hand over cnnbp.from_torch\(Function\.apply\)"),
    "it raises": (lambda x, w, b: x @ w, ValueError, r"^like must answer tensors of this input, but lambda raised RuntimeError"),
    "another number of arguments": (torch.tanh, ValueError, r"^like must answer tensors of this input, but tanh raised TypeError"),
    "NumPy": (lambda x, w, b: np.tanh(x), ValueError, r"^like .*raised RuntimeError: Can't call numpy\(\)"),
    "an array": (lambda x, w, b: x.detach().numpy(), ValueError, r"^like .*must answer tensors with tensors, got ndarray"),
    "not differentiable": (lambda x, w, b: (x @ w.T + b).detach(), ValueError, r"^like .*is not differentiable: its answer"),
    "random": (lambda x, w, b: torch.dropout(x @ w.T + b, 0.5, True), ValueError, r"^like answers differently when asked twice"),
    "a module of other shapes": (torch.nn.Linear(5, 2), ValueError, None),
    "float32": (opaque(cnnbp.Dense()), ValueError, r"^like must answer float64 arrays in float64, got float32 as y"),
    "a list": (cnnbp.from_functions(lambda *a: [1.0], lambda *a: a[1:]), ValueError, r"^like must answer with arrays, got list"),
    "None": (cnnbp.from_functions(lambda *a: None, lambda *a: a[1:]), ValueError, r"^like must answer with arrays, got None"),
    "too few gradients": (
        cnnbp.from_functions(cnnbp.Dense().forward, lambda d, x, w, b: (x, w)), ValueError,
        r"^like must return a gradient of every argument, got none of argument 2|none of b"),
    "gradients of other shapes": (
        cnnbp.from_functions(cnnbp.Dense().forward, lambda d, x, w, b: (x, w.T, b)), ValueError, r"^like must answer w in shape"),
    "a backward that raises": (
        cnnbp.from_functions(cnnbp.Dense().forward, lambda d, x, w, b: 1 // 0), ValueError, r"backward of .* raised ZeroDiv"),
}  # fmt: skip


@pytest.mark.parametrize("what", LIKE)
def test_what_is_no_reference(what: str) -> None:
    """The caller's mistake, never the layer's."""
    like, error, said = LIKE[what]
    if what == "float32":
        like = cnnbp.from_functions(lambda *a: cnnbp.Dense().forward(*a).astype(np.float32), cnnbp.Dense().backward)
    if said is None:  # parameters come with the call, so that any shapes may fit
        assert cnnbp.verify(opaque(cnnbp.Dense()), X, W, B, like=like).passed
        return
    with pytest.raises(error, match=said):
        cnnbp.verify(opaque(cnnbp.Dense()), X, W, B, like=like)


def test_delta_must_have_the_shape_of_y() -> None:
    """As with a reference of ours."""
    with pytest.raises(ValueError, match=r"^delta must have the shape of y, \(3, 2\), got \(3, 4\)"):
        cnnbp.verify(opaque(cnnbp.Dense()), X, W, B, delta=np.ones((3, 4)), like=torch.nn.functional.linear)


KINDS: dict[str, Callable[[], Any]] = {
    "a function": lambda: torch.nn.functional.linear,
    "a module as built": lambda: torch.nn.Linear(4, 2),
    "Function.apply": lambda: _Linear.apply,
    "another layer": lambda: opaque(cnnbp.Dense()),
    "an adapter": lambda: cnnbp.from_torch(torch.nn.functional.linear),
    "a layer that keeps its own": lambda: cnnbp.from_layer(_Kept(), params=("w", "b"), grads=("dw", "db")),
}


class _Linear(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any, w: Any, b: Any) -> Any:
        ctx.save_for_backward(x, w)
        return x @ w.T + b

    @staticmethod
    def backward(ctx: Any, delta: Any) -> Any:
        x, w = ctx.saved_tensors
        return delta @ w, delta.T @ x, delta.sum(0)


class _Kept:
    def __init__(self) -> None:
        self.w, self.b = W.copy(), B.copy()

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ self.w.T + self.b

    def backward(self, delta: Any) -> Any:
        self.dw, self.db = delta.T @ self.x, delta.sum(0)
        return delta @ self.w


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_a_reference(kind: str) -> None:
    """Each kind: a right layer passes, a wrong one fails."""
    wrong = cnnbp.from_functions(lambda x, w, b: x @ w.T + b, lambda d, x, w, b: (d @ w, d.T @ x, d.sum(0) / len(d)))
    assert cnnbp.verify(opaque(cnnbp.Dense()), X, W, B, like=KINDS[kind]()).passed
    verdict = cnnbp.verify(wrong, X, W, B, like=KINDS[kind]())
    assert {said.values["quantity"] for said in verdict.wrong} == {"b"}
