"""A `torch.autograd.Function` with a backward of its own, and what gradcheck at its defaults lets through."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import cnnbp


class Swish(torch.autograd.Function):
    """x·σ(x)"""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        """Keeps x."""
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx: Any, delta: Any) -> Any:
        """σ(x) + x·σ(x)·(1 − σ(x)), times delta."""
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return delta * (s + x * s * (1 - s))


class Forgetful(Swish):
    """A slip: the product rule's second half is left out."""

    @staticmethod
    def backward(ctx: Any, delta: Any) -> Any:
        """σ(x) alone."""
        (x,) = ctx.saved_tensors
        return delta * torch.sigmoid(x)


class Single(Swish):
    """A slip: a constant in single precision makes the slope one ten-thousandth too large."""

    @staticmethod
    def backward(ctx: Any, delta: Any) -> Any:
        """Within gradcheck's tolerances of 1e-5 and 1e-3."""
        return Swish.backward(ctx, delta) * (1 + 1e-4)


X = np.random.default_rng(0).normal(size=(4, 5))


def test_the_function_is_right() -> None:
    """Alone: its backward is the gradient of its forward, as far as differences tell."""
    cnnbp.assert_gradients(cnnbp.from_torch(Swish.apply), X)


def test_the_slip_is_seen() -> None:
    """The message names the entry and what differences have there."""
    with pytest.raises(cnnbp.GradientError) as error:
        cnnbp.assert_gradients(cnnbp.from_torch(Forgetful.apply), X)
    assert error.value.verdict.status == "fail"


def test_one_ten_thousandth_is_seen_too_where_gradcheck_sees_none() -> None:
    """Its tolerances are fixed; here the noise of the differences is measured."""
    assert torch.autograd.gradcheck(Single.apply, (torch.tensor(X, requires_grad=True),))
    assert cnnbp.verify(cnnbp.from_torch(Single.apply), X).status == "fail"
