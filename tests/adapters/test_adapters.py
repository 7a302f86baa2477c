"""Other people's layers become layers of ours without changing what they answer, and their mistakes stay theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import against, codes, gaussian

X, W, B = gaussian((3, 4), (2, 4), (2,))
IMAGE, KERNEL, BIAS = gaussian((2, 2, 5, 4), (3, 2, 2, 3), (3,))


def _cached(memory: Any) -> Any:
    """A dense layer in the style of courses; `memory()` is the cache of one forward."""

    def forward(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
        cache = memory()
        cache.update(x=x, w=w)
        return cnnbp.Dense().forward(x, w, b), cache

    def backward(delta: Array, cache: Any) -> tuple[Array, Array, Array]:
        return delta @ cache["w"], delta.T @ cache["x"], delta.sum(0)

    return cnnbp.from_cached(forward, backward)


def test_a_cache_of_its_own_passes() -> None:
    """Each forward hands over a new cache: right, with and without a reference."""
    assert cnnbp.verify(_cached(dict), X, W, B).passed
    assert cnnbp.verify(_cached(dict), X, W, B, like=cnnbp.Dense()).passed


def test_only_two_forwards_catch_a_shared_cache() -> None:
    """One cache for all forwards is overwritten by the second; strictly paired calls would hide it."""
    shared: dict[str, Array] = {}
    for like in (None, cnnbp.Dense()):
        verdict = cnnbp.verify(_cached(lambda: shared), X, W, B, like=like)
        assert verdict.status == "fail"
        assert against(verdict) == {"no-memory"}


class _Remembering:
    """A class that keeps its cache in itself."""

    def __init__(self, w: Array, b: Array) -> None:
        self.w, self.b = w, b

    def forward(self, x: Array) -> Array:
        self.cache = x
        return x @ self.w.T + self.b

    def backward(self, delta: Array) -> Array:
        self.dw, self.db = delta.T @ self.cache, delta.sum(0)
        return delta @ self.w


def test_a_class_with_a_cache_is_its_own_cache() -> None:
    """The recipe of from_cached's docstring works as printed."""

    def forward(x: Array, w: Array, b: Array) -> tuple[Array, _Remembering]:
        layer = _Remembering(w, b)
        return layer.forward(x), layer

    def backward(delta: Array, layer: _Remembering) -> tuple[Array, Array, Array]:
        return layer.backward(delta), layer.dw, layer.db

    assert cnnbp.verify(cnnbp.from_cached(forward, backward), X, W, B, like=cnnbp.Dense()).passed


class _Square(torch.autograd.Function):
    factor = 2.0

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        return x * x

    @classmethod
    def backward(cls, ctx: Any, delta: torch.Tensor) -> torch.Tensor:
        (x,) = ctx.saved_tensors
        return cls.factor * delta * x


class _WrongSquare(_Square):
    factor = 2.001


def _conv_module() -> torch.nn.Module:
    return torch.nn.Conv2d(2, 3, (2, 3), stride=2, padding=1).double()


CONV = {"like": cnnbp.Conv2d(stride=2, padding=1)}
TORCH = {
    "lambda": (lambda x: torch.tanh(x), (X,), {"like": cnnbp.Tanh()}, "pass"),
    "lambda, unknown": (lambda x: torch.tanh(x), (X,), {}, "pass"),
    "a call of nn.functional": (
        lambda x, w, b: torch.nn.functional.conv2d(x, w, b, stride=2, padding=1), (IMAGE, KERNEL, BIAS), CONV, "pass"),
    "a call with another padding": (
        lambda x, w, b: torch.nn.functional.conv2d(x, w, b, stride=2, padding=(1, 2)), (IMAGE, KERNEL, BIAS), CONV, "fail"),
    "module": (_conv_module(), (IMAGE, KERNEL, BIAS), CONV, "pass"),
    "module without parameters": (torch.nn.MaxPool2d(2), (IMAGE,), {"like": cnnbp.MaxPool2d(2)}, "pass"),
    "Function.apply": (_Square.apply, (X,), {}, "pass"),
    "wrong Function.apply": (_WrongSquare.apply, (X,), {}, "fail"),
    "detached": (lambda x: torch.tanh(x.detach()) + 0 * x, (X,), {}, "fail"),
}  # fmt: skip
SINGLE = {
    "an array without axes": (torch.tanh, (np.array(0.7),), {"like": cnnbp.Tanh()}),
    "an array without axes, unknown": (torch.tanh, (np.array(0.7),), {}),
    "a loss over class indices": (
        lambda x, t: torch.nn.functional.cross_entropy(x, t), (X, np.array([0, 3, 1])), {"like": cnnbp.SoftmaxCrossEntropy()}),
}  # fmt: skip


@pytest.mark.parametrize("name", TORCH)
def test_pytorch_is_judged_like_any_layer(name: str) -> None:
    """Functions, Function.apply, nn.functional and modules, with a reference or without."""
    fn, args, like, status = TORCH[name]
    verdict = cnnbp.verify(cnnbp.from_torch(fn), *args, **like)
    assert verdict.status == status, str(verdict)


@pytest.mark.parametrize("name", SINGLE)
def test_single_numbers_keep_their_shape(name: str) -> None:
    """0-d inputs and outputs are arrays like any other."""
    fn, args, like = SINGLE[name]
    verdict = cnnbp.verify(cnnbp.from_torch(fn), *args, **like)
    assert verdict.passed, str(verdict)


def test_parameters_come_in_the_order_of_named_parameters() -> None:
    """The numbers come from the call; the module's own parameters stay as they are."""
    module = _conv_module()
    before = {name: p.detach().clone() for name, p in module.named_parameters()}
    layer = cnnbp.from_torch(module)
    y = layer.forward(IMAGE, KERNEL, BIAS)
    assert np.allclose(y, CONV["like"].forward(IMAGE, KERNEL, BIAS), rtol=1e-12, atol=0)
    assert all(torch.equal(p, before[name]) for name, p in module.named_parameters())


def test_a_parameter_that_is_not_used_has_gradient_0() -> None:
    """y does not depend on b: its gradient is zeros of its shape, and what that shows is nothing."""
    layer = cnnbp.from_torch(lambda x, w, b: x @ w.T)
    _, _, db = layer.backward(np.ones((3, 2)), X, W, B)
    assert np.array_equal(db, np.zeros(2))
    verdict = cnnbp.verify(layer, X, W, B)
    assert verdict.status == "inconclusive"
    assert [(said.code, said.values) for said in verdict.wrong] == [("verification.not-judged", {"quantity": "b"})]


def test_wrong_number_of_parameters_is_named() -> None:
    """A module that is given too few arrays says which it has."""
    with pytest.raises(ValueError, match=r"2 parameters \(weight, bias\), got 1"):
        cnnbp.from_torch(_conv_module()).forward(IMAGE, KERNEL)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: cnnbp.from_functions(1, abs), "forward"),
        (lambda: cnnbp.from_functions(abs, None), "backward"),
        (lambda: cnnbp.from_cached("f", abs), "forward"),
        (lambda: cnnbp.from_cached(abs, []), "backward"),
        (lambda: cnnbp.from_torch(torch.ones(2)), "fn"),
    ],
)
def test_what_cannot_be_called_is_refused_at_once(call: Any, name: str) -> None:
    """TypeError that names the argument, before anything is asked."""
    with pytest.raises(TypeError, match=f"^{name} must be callable"):
        call()


def test_from_functions_hands_everything_through() -> None:
    """The two functions get exactly the arguments of the call."""
    layer = cnnbp.from_functions(lambda *args: args, lambda *args: args)
    assert layer.forward(1, 2) == (1, 2)
    assert layer.backward(0, 1, 2) == (0, 1, 2)


@pytest.mark.parametrize(
    ("forward", "got"),
    [
        (np.tanh, "ndarray, without a cache"),
        (lambda x: (np.tanh(x), x, x), "a tuple of 3"),
        (lambda x: None, "NoneType, without a cache"),
    ],
)
@pytest.mark.parametrize("rows", [2, 3])
def test_a_forward_without_a_cache_is_a_broken_contract(forward: Callable[..., Any], got: str, rows: int) -> None:
    """ "fail", with the exception as cause, which says what came; an array of two rows is no pair."""
    (x,) = gaussian((rows, 4))
    verdict = cnnbp.verify(cnnbp.from_cached(forward, lambda delta, cache: delta), x)
    assert verdict.status == "fail"
    assert isinstance(verdict.cause, TypeError)
    assert f"forward must return a pair, y and its cache, got {got}" in str(verdict)


class KeepsItsOwn:
    """A layer in the style of courses, that keeps parameters and input in itself."""

    def forward(self, x: Array) -> Array:
        return x @ W.T

    def backward(self, delta: Array) -> Array:
        return delta @ W


def test_a_layer_called_otherwise_is_told_how() -> None:
    """The commonest mistake gets the way out with its message."""
    verdict = cnnbp.verify(KeepsItsOwn(), X, W, B)
    assert verdict.status == "fail"
    assert codes(verdict) == ["contract.raises-when-called"]
    assert "cnnbp.from_cached" in str(verdict)


class Strided:
    """A convolution of another stride than the reference: right in itself, and of another shape."""

    def __getattr__(self, name: str) -> Any:
        return getattr(cnnbp.Conv2d(stride=2), name)


def test_another_shape_is_seen_before_backward_stumbles() -> None:
    """What the forward answers with comes first."""
    verdict = cnnbp.verify(Strided(), IMAGE, KERNEL, BIAS, like=cnnbp.Conv2d())
    assert verdict.status == "fail"
    (said,) = verdict.wrong
    assert (said.code, said.values) == ("contract.y-shape", {"at": "case", "got": [2, 3, 2, 1], "expected": [2, 3, 4, 2]})
