"""Right here and wrong elsewhere: what a residual of ones, numbers of one sign or of one size alone do not show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import cnnbp
from tests.helpers.layers import against, bent, gaussian

X, W, B = gaussian((5, 4), (3, 4), (3,))


def layer(forward: Any, backward: Any) -> Any:
    return cnnbp.from_functions(forward, backward)


def _dense(x: Any, w: Any, b: Any) -> Any:
    return x @ w.T + b


LINEAR = {  # right and wrong backward of the same forward, which a residual of ones does not tell apart
    "cumsum": (
        lambda x: np.cumsum(x, -1), lambda d, x: np.cumsum(d[:, ::-1], -1)[:, ::-1],
        lambda d, x: d * np.arange(x.shape[1], 0, -1), lambda x: torch.cumsum(x, -1), (X,),
    ),
    "samples shifted": (
        _dense, lambda d, x, w, b: (d @ w, d.T @ x, d.sum(0)),
        lambda d, x, w, b: (np.roll(d, 1, 0) @ w, np.roll(d, 1, 0).T @ x, d.sum(0)), functional.linear, (X, W, B),
    ),
    "transposed": (lambda x: x.T, lambda d, x: d.T, lambda d, x: d.reshape(x.shape), lambda x: x.T, (X,)),
}  # fmt: skip


@pytest.mark.parametrize("name", LINEAR)
def test_a_residual_of_ones_hides_nothing(name: str) -> None:
    """Others are asked about too, with a reference that is trusted and without one."""
    forward, right, wrong, like, args = LINEAR[name]
    ones = np.ones(np.shape(forward(*args)))
    for reference in (like, None):
        assert cnnbp.verify(layer(forward, right), *args, like=reference, delta=ones).passed
        assert cnnbp.verify(layer(forward, wrong), *args, like=reference, delta=ones).status == "fail"


def test_a_gradient_that_is_missing_is_no_exception() -> None:
    """Of a layer that ignores the residual as well, whose roundings are measured: both are told."""
    verdict = cnnbp.verify(layer(_dense, lambda d, x, w, b: x @ w.T @ w), X, W, B)
    told = {said.code for said in verdict.wrong}
    assert {"contract.gradient-missing", "contract.not-multiplied-entry"} <= told, str(verdict)


@pytest.mark.parametrize("like", [cnnbp.Dense(), functional.linear, None], ids=["ours", "PyTorch's", "none"])
def test_a_gradient_that_has_its_shape_elsewhere_is_missing_there_too(like: Any) -> None:
    """Among more samples the residual has the shape of the weights: nothing is said of any other gradient."""
    x, w, b = gaussian((4, 5), (5, 5), (5,))
    for backward in (lambda d, x, w, b: (d @ w, d, d.sum(0)), lambda d, x, w, b: (d @ w, d.T @ x, d[0] if len(d) == 5 else d)):
        verdict = cnnbp.verify(layer(_dense, backward), x, w, b, like=like)
        assert {said.code for said in verdict.wrong} == {"contract.gradient-shape"}


def test_parameters_of_one_sign_are_asked_at_the_other() -> None:
    """|w| in dx, at weights that are positive."""
    wrong = layer(_dense, lambda d, x, w, b: (d @ abs(w), d.T @ x, d.sum(0)))
    assert cnnbp.verify(wrong, X, abs(W), B, like=functional.linear).status == "fail"
    assert cnnbp.verify(layer(_dense, LINEAR["samples shifted"][1]), X, abs(W), B, like=functional.linear).passed


def test_kinks_away_from_0_are_passed() -> None:
    """ReLU6, whose upper end no number of x meets."""
    assert cnnbp.verify(layer(lambda x: np.clip(x, 0, 6), lambda d, x: d * (x > 0)), X, like=functional.relu6).status == "fail"
    right = layer(lambda x: np.clip(x, 0, 6), lambda d, x: d * ((x > 0) & (x < 6)))
    assert cnnbp.verify(right, X, like=functional.relu6).passed
    overflowing = layer(lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True), _of_softmax)
    assert cnnbp.verify(overflowing, 90 + X, like=lambda x: torch.softmax(x, -1)).passed


def _of_softmax(d: Any, x: Any) -> Any:
    y = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
    return y * (d - (d * y).sum(-1, keepdims=True))


def test_a_reference_without_a_value_is_none() -> None:
    """PyTorch's log det is NaN where a determinant is negative, and its gradient 0."""
    root = gaussian((4, 4))[0]
    a = root @ root.T + np.eye(4)
    right = layer(lambda a: np.asarray(np.linalg.slogdet(a)[1]), lambda d, a: d * np.linalg.inv(a).T)
    assert cnnbp.verify(right, a, like=torch.logdet).passed


REMEMBERED_BY: dict[str, Any] = {
    "the first row": lambda w: w[0].tobytes(),
    "corners": lambda w: (w.flat[0], w.flat[-1]),
    "signs": lambda w: np.sign(w).tobytes(),
    "a digit": lambda w: w.round(1).tobytes(),
    "order": lambda w: w.argsort(None).tobytes(),
    "the sum": lambda w: f"{w.sum():.6g}",
    "the norm": lambda w: f"{np.linalg.norm(w):.6g}",
    "the set": lambda w: np.sort(w, None).tobytes(),
}


@pytest.mark.parametrize("like", [cnnbp.Dense(), None])
@pytest.mark.parametrize("name", REMEMBERED_BY)
def test_weights_that_are_kept_by_some_of_their_numbers(name: str, like: Any) -> None:
    """By what stays when one number in the middle moves by a little, or all change their places."""

    class Kept:
        def __init__(self) -> None:
            self.kept: dict[Any, Any] = {}

        def forward(self, x: Any, w: Any, b: Any) -> Any:
            return _dense(x, w, b)

        def backward(self, delta: Any, x: Any, w: Any, b: Any) -> Any:
            kept = self.kept.setdefault((REMEMBERED_BY[name](w), w.shape), w.copy())
            return delta @ kept, delta.T @ x, delta.sum(0)

    verdict = cnnbp.verify(Kept(), X, W, B, like=like)
    assert "other-inputs" in against(verdict)


def test_one_sample_has_the_cause_of_many() -> None:
    """A mean for a sum shows at one sample more, which is another: no sum that keeps one of them looks like it."""
    averaged = bent("Dense", dw=lambda dw, a: dw / len(a.x))
    verdict = cnnbp.verify(averaged, *gaussian((1, 3), (2, 3), (2,)), like=cnnbp.Dense())
    assert "other-inputs" in against(verdict)
    assert [cause.what.code for cause in verdict.diagnosis] == ["diagnosis.cause.factor"]
