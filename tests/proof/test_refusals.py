"""What cannot be run on unknown numbers is told why not and where; odd layers get an answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import torch

import cnnbp
from cnnbp import Conv2d, Sigmoid, prove

from .given import Given


class Casts:
    def forward(self, x: Any) -> Any:
        y = np.zeros(x.shape)
        y[...] = 2 * x  # the line that is told
        return y

    def backward(self, delta: Any, x: Any) -> Any:
        return 2 * delta


def test_a_cast_is_told_with_its_line() -> None:
    proof = prove(Casts(), (2,))
    assert proof.status == "abstains"
    assert proof.kind is None
    assert "casts unknown numbers to float" in proof.reason
    assert "y[...] = 2 * x" in proof.reason
    assert "test_refusals.py" in proof.reason


class Borrowed:
    """A smoothing by another library."""

    def forward(self, x: Any) -> Any:
        return scipy.ndimage.correlate1d(x, [1.0, 2.0, 1.0])  # the line that is told

    def backward(self, delta: Any, x: Any) -> Any:
        return scipy.ndimage.correlate1d(delta, [1.0, 2.0, 1.0])


def test_of_a_library_the_line_that_calls_it_is_told() -> None:
    proof = prove(Borrowed(), (5,))
    assert proof.status == "abstains"
    assert "scipy.ndimage.correlate1d(x" in proof.reason
    assert "test_refusals.py" in proof.reason


def test_pytorch_holds_no_unknown_numbers() -> None:
    """No line of the user's led there, and none of ours is told in its place."""
    proof = prove(cnnbp.from_torch(torch.nn.functional.conv2d), (1, 1, 3, 3), (1, 1, 2, 2), like=Conv2d())
    assert proof.status == "abstains"
    assert "in no line of its own" in proof.reason
    assert ".py, line" not in proof.reason


class Raises:
    def forward(self, x: Any) -> Any:
        raise RuntimeError("not today")

    def backward(self, delta: Any, x: Any) -> Any:
        return delta


class Lists(Raises):
    def forward(self, x: Any) -> Any:
        return list(x)


class Misshapen(Raises):
    def forward(self, x: Any) -> Any:
        return x * 2

    def backward(self, delta: Any, x: Any) -> Any:
        return 2 * delta[:1]


class OneGradient(Conv2d):
    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        return super().backward(delta, x, w, b)[:1]


@pytest.mark.parametrize("like", [None, Conv2d()])
def test_a_missing_gradient_is_refuted(like: Any) -> None:
    proof = prove(OneGradient(), (1, 1, 3, 3), (1, 1, 2, 2), like=like)
    assert proof.status == "refuted"
    assert "the weight gradient dw is missing" in proof.reason


TWO = (2,), (2,)


def _product(x: Any, w: Any) -> Any:
    return x * w


RIGHT = Given(_product, lambda d, x, w: (d * w, d * x))


def _away(*args: Any) -> Any:
    raise RuntimeError("not today")


def _as_float(x: Any, w: Any) -> Any:
    return np.array([float(v) for v in x]) * w


@pytest.mark.parametrize(
    ("like", "said"),
    [
        (Given(_away, RIGHT.backward), "RuntimeError: not today (test_refusals.py, line"),
        (Given(_product, _away), "RuntimeError: not today (test_refusals.py, line"),
        (Given(_as_float, RIGHT.backward), "float(v) for v in x"),
        (Given(_product, lambda d, x, w: (d * w,)), "backward must return 2 gradients, got 1"),
        (Given(_product, lambda d, x, w: (d * w, d * x, d)), "backward must return at most 2 gradients, got 3"),
    ],
)
def test_what_like_raises_is_told_as_its_own(like: Any, said: str) -> None:
    proof = prove(RIGHT, *TWO, like=like)
    assert proof.remark is not None
    assert (proof.status, proof.remark.code) == ("abstains", "proof.like-raises")
    assert said in proof.reason


def test_more_gradients_than_arguments_are_told() -> None:
    proof = prove(Given(_product, lambda d, x, w: (d * w, d * x, d)), *TWO)
    assert proof.reason == "backward returned 3 gradients, for 2 arguments"


def test_where_the_call_itself_fails_no_line_is_told() -> None:
    proof = prove(Given(lambda x, *, w: x * w), *TWO)
    assert proof.reason.startswith("on floats the layer raises TypeError")
    assert proof.reason.endswith("(in no line of its own)")


class Keeps(Raises):
    """An unknown number, for later."""

    kept: Any = None

    def forward(self, x: Any) -> Any:
        self.kept = x.flat[0] if x.dtype == object else self.kept
        return x * 2

    def backward(self, delta: Any, x: Any) -> Any:
        return 2 * delta


def test_an_unknown_number_of_another_proof_has_no_answers() -> None:
    layer = Keeps()
    prove(layer, (2,))
    with pytest.raises(TypeError, match="kept from a proof that is over"):
        layer.kept > 0  # noqa: B015


class Mutates(Raises):
    def forward(self, x: Any) -> Any:
        x[...] = 2 * x
        return x

    def backward(self, delta: Any, x: Any) -> Any:
        return 2 * delta


@pytest.mark.parametrize(
    ("layer", "status"), [(Raises(), "abstains"), (Lists(), "abstains"), (Misshapen(), "refuted"), (Mutates(), "abstains")]
)
def test_odd_layers_get_an_answer(layer: Any, status: str) -> None:
    proof = prove(layer, (3,))
    assert proof.status == status
    assert "not today" in proof.reason or not isinstance(layer, Raises) or type(layer) is not Raises
    assert str(proof)


def test_what_the_field_says_counts_where_tags_leave_plain_numbers() -> None:
    """Clipped tags are integers, of which NumPy knows no exp: that is no reason of the layer's."""
    clipped = Given(lambda x: 1 / (1 + np.exp(-np.clip(x, -30, 30))), lambda d, x: Sigmoid().backward(d, x)[0])
    proof = prove(clipped, (1,), like=Sigmoid())
    assert proof.remark is not None
    assert (proof.status, proof.remark.code) == ("abstains", "proof.not-decided")
