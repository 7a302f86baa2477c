"""Headings and sentences call things as their owners do, whatever they were wrapped in."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch

import cnnbp
from cnnbp.adapters.adapted import called, check, leaves, positional
from cnnbp.layers.checks import Array
from tests.helpers.layers import gaussian

X, W, B = gaussian((3, 4), (2, 4), (2,))


def affine_forward(x: Array, kernel: Array, bias: Array) -> Any:
    """As courses call it."""
    return x @ kernel.T + bias, (x, kernel)


def affine_backward(delta: Array, cache: Any) -> Any:
    x, kernel = cache
    return delta @ kernel, delta.T @ x, delta.sum(0)


class MyDense:
    def forward(self, x: Array, kernel: Array, bias: Array) -> Array:
        return affine_forward(x, kernel, bias)[0]

    def backward(self, delta: Array, x: Array, kernel: Array, bias: Array) -> Any:
        return affine_backward(delta, (x, kernel))


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, delta: Any) -> Any:
        return 2 * delta * ctx.saved_tensors[0]


def scaled(factor: float, x: Any) -> Any:
    """A function with a parameter of its own."""
    return factor * x


NAMES = {
    "affine": cnnbp.from_cached(affine_forward, affine_backward),
    "MyDense": cnnbp.from_functions(MyDense().forward, MyDense().backward),
    "Square": cnnbp.from_torch(Square.apply),
    "scaled": cnnbp.from_torch(partial(scaled, 3.0)),
    "tanh": cnnbp.from_torch(torch.tanh),
    "ReLU": cnnbp.from_torch(torch.nn.ReLU()),
    "lambda": cnnbp.from_torch(lambda x: 2 * x),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_heading_has_the_name_of_what_is_wrapped(name: str) -> None:
    """The function, the class of a method, of a module or of `apply`."""
    layer = NAMES[name]
    args = (X, W, B) if name in ("affine", "MyDense") else (X,)
    verdict = cnnbp.verify(layer, *args)
    assert verdict.layer == name
    assert verdict.passed, str(verdict)


@pytest.mark.parametrize("name", ["affine", "MyDense"])
def test_arguments_have_the_names_of_the_signature(name: str) -> None:
    """Of the function that is wrapped."""
    assert list(cnnbp.verify(NAMES[name], X, W, B).shapes) == ["x", "kernel", "bias"]


def test_a_reference_is_listed_by_its_name() -> None:
    """Where verdicts are gathered."""
    from cnnbp.evidence.gathering import named

    assert [named(like) for like in (NAMES["affine"], torch.tanh, cnnbp.Conv2d(stride=2))] == ["affine", "tanh", "Conv2d(stride=2)"]


def test_what_has_no_name() -> None:
    """Is called after its class."""
    assert called(MyDense()) == "MyDense"
    assert positional(torch.tanh) is None
    assert positional(scaled) == ("factor", "x")


def test_leaves() -> None:
    """From left to right, without None."""
    assert leaves((1, [2, None, {"a": 3, "b": (4,)}])) == [1, 2, 3, 4]
    assert leaves(5) == [5]
    assert leaves(None) == []


class Dodgy:
    """Raises a KeyError for every name that it lacks."""

    def __getattr__(self, name: str) -> Any:
        return self.__dict__["of"][name]

    def __call__(self, x: Array) -> Array:
        return 2 * x

    def forward(self, x: Array) -> Array:
        return 2 * x


def test_an_object_may_raise_what_it_likes_for_a_name() -> None:
    """It is called by its class, and what it lacks is told."""
    assert called(Dodgy()) == called(Dodgy().forward) == "Dodgy"
    assert cnnbp.from_functions(Dodgy(), lambda delta, x: 2 * delta).__name__ == "Dodgy"
    with pytest.raises(TypeError, match="obj must have the methods forward and backward"):
        cnnbp.from_layer(Dodgy())
    with pytest.raises(TypeError, match="without backward"):
        check(Dodgy())
