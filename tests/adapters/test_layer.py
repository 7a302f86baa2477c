"""An object that keeps parameters and gradients in attributes is judged in all of them, and told when it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import against, codes, gaussian

X, W, B = gaussian((3, 4), (2, 4), (2,))
DENSE = cnnbp.Dense()


class Remembering:
    """A dense layer that keeps its input."""

    factor = 1.0

    def __init__(self, w: Array, b: Array) -> None:
        self.w, self.b = w, b

    def forward(self, x: Array) -> Array:
        self.cache = x
        return x @ self.w.T + self.b

    def backward(self, delta: Array) -> Any:
        self.dw, self.db = delta.T @ self.cache, self.factor * delta.sum(0)
        return delta @ self.w


class WrongBias(Remembering):
    factor = 1.001


class Accumulating(Remembering):
    """Adds to what is there."""

    def __init__(self, w: Array, b: Array) -> None:
        super().__init__(w, b)
        self.dw, self.db = np.zeros_like(w), np.zeros_like(b)

    def backward(self, delta: Array) -> Array:
        self.dw += delta.T @ self.cache
        self.db += delta.sum(0)
        return delta @ self.w


class HalfAccumulating(Accumulating):
    """One of the two is overwritten."""

    def backward(self, delta: Array) -> Array:
        self.db[...] = 0
        return super().backward(delta)


class First(Remembering):
    """The first layer of a network: nobody needs its dx."""

    def backward(self, delta: Array) -> None:
        super().backward(delta)


class InDicts(Remembering):
    """Parameters and gradients in dicts, dx among them."""

    def __init__(self, w: Array, b: Array) -> None:
        super().__init__(w, b)
        self.params, self.grads = {"w1": w, "b1": b}, dict[str, Array]()

    def forward(self, x: Array) -> Array:
        self.w, self.b = self.params.values()
        return super().forward(x)

    def backward(self, delta: Array) -> None:
        self.grads["dx"] = super().backward(delta)
        self.grads |= {"w1": self.dw, "b1": self.db}


def _layer(make: Callable[..., Any], **options: Any) -> Any:
    return cnnbp.from_layer(make(W.copy(), B.copy()), **{"params": ("w", "b"), "grads": ("dw", "db"), **options})


def _in_dicts() -> Any:
    return _layer(InDicts, params=("params.w1", "params.b1"), grads=("grads.dx", "grads.w1", "grads.b1"))


@pytest.mark.parametrize("like", [None, DENSE, lambda x, w, b: x @ w.T + b], ids=["alone", "ours", "torch"])
@pytest.mark.parametrize("args", [(X,), (X, 2 * W, B + 1)], ids=["its own parameters", "others"])
def test_all_gradients_are_judged(like: Any, args: tuple[Array, ...]) -> None:
    """Right ones pass, at the object's own parameters and at others; a wrong db fails, and only that."""
    for right in (_layer(Remembering), _in_dicts()):
        verdict = cnnbp.verify(right, *args, like=like)
        assert verdict.passed, str(verdict)
    wrong = cnnbp.verify(_layer(WrongBias), *args, like=like)
    assert [said.values["quantity"] for said in wrong.wrong] == ["b"]


def test_names_are_those_of_the_attributes() -> None:
    """In sentences and headings."""
    verdict = cnnbp.verify(_in_dicts(), X)
    assert (verdict.layer, list(verdict.shapes)) == ("InDicts", ["x", "w1", "b1"])


def test_the_object_stays_as_it_is() -> None:
    """Only a copy of it is asked."""
    made = Remembering(W.copy(), B.copy())
    assert cnnbp.verify(cnnbp.from_layer(made, params=("w", "b"), grads=("dw", "db")), X, 2 * W, B).passed
    assert list(vars(made)) == ["w", "b"]
    assert np.array_equal(made.w, W)


def test_gradients_that_accumulate() -> None:
    """Two passes leave the sum; where one buffer is overwritten, or the caller did not say so, that is told."""
    assert cnnbp.verify(_layer(Accumulating, accumulates=True), X).passed
    assert codes(cnnbp.verify(_layer(Accumulating), X)) == ["contract.accumulates"]
    for make in (Remembering, HalfAccumulating):
        verdict = cnnbp.verify(_layer(make, accumulates=True), X, like=DENSE)
        assert against(verdict) == {"no-memory"}
        assert codes(verdict) == ["contract.not-accumulated-entry"]


def test_a_first_layer_returns_no_dx() -> None:
    """It is told that dx is missing; with skip= the others are judged."""
    assert codes(cnnbp.verify(_layer(First), X)) == ["contract.gradient-missing"]
    for like in (None, DENSE):
        assert cnnbp.verify(_layer(First), X, skip=("x",), like=like).passed


CALLS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a class": (lambda: cnnbp.from_layer(Remembering), TypeError, r"^obj must be an object, got the class Remembering"),
    "no layer": (lambda: cnnbp.from_layer(3), TypeError, r"^obj must have the methods forward and backward, got 3"),
    "no such parameter": (
        lambda: _layer(Remembering, params=("w", "bias")),
        AttributeError,
        r"^params must name .* \(w, b\), got 'bias'",
    ),
    "too few gradients": (lambda: _layer(Remembering, grads=("dw",)), ValueError, r"^grads must name one attribute for each"),
    "no names": (lambda: _layer(Remembering, params=(1, 2)), TypeError, r"^params must be names of attributes"),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_call_is_refused_at_once(call: str) -> None:
    """In one sentence that names the argument."""
    made, error, said = CALLS[call]
    with pytest.raises(error, match=said):
        made()


def test_a_gradient_that_is_not_there_is_the_layers_fault() -> None:
    """The attribute is named, and those that are there."""
    verdict = cnnbp.verify(_layer(Remembering, grads=("dw", "dbias")), X)
    assert verdict.status == "fail"
    assert "grads must name what backward leaves in Remembering (w, b, cache, dw, db), got 'dbias'" in str(verdict)


class Stepping(Remembering):
    """Takes a step on its own w inside backward: into the array, or with another in its place."""

    in_place = True

    def backward(self, delta: Array) -> Any:
        dx = super().backward(delta)
        if self.in_place:
            self.w -= 0.1 * self.dw
        else:
            self.w = self.w - 0.1 * self.dw
        return dx


class Replacing(Stepping):
    in_place = False


class Reshaping(Remembering):
    """Leaves a w of another shape."""

    def backward(self, delta: Array) -> Any:
        dx = super().backward(delta)
        self.w = np.ones(1)
        return dx


def test_an_object_whose_parameter_changes_its_shape_fails() -> None:
    """In a sentence that names both."""
    verdict = cnnbp.verify(_layer(Reshaping), X)
    assert verdict.status == "fail"
    assert "w has shape (1,) after the call, and had (2, 4)" in str(verdict)


@pytest.mark.parametrize("like", [None, DENSE])
@pytest.mark.parametrize("made", [Stepping, Replacing])
def test_an_object_leaves_its_parameters_alone(made: Any, like: Any) -> None:
    """What it makes of them in a call is told as what a layer writes into its arguments."""
    verdict = cnnbp.verify(_layer(made), X, like=like)
    assert against(verdict) == {"reads-only-inputs"}
    assert "backward writes into w" in str(verdict)
