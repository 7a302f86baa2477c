"""What is right of another question is told as such, of layers that no candidate knows: with a trusted reference, and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification import explained
from tests.diagnosis.test_diagnose import causes
from tests.helpers.layers import gaussian

pytestmark = pytest.mark.usefixtures("methods_alone")

X, W, B = gaussian((3, 2, 6), (4, 2, 3), (4,))  # a convolution along one axis
Gradients = Callable[[Array, Array, Array, Array], tuple[Array, ...]]


def forward(x: Array, w: Array, b: Array) -> Array:
    taps = np.lib.stride_tricks.sliding_window_view(x, w.shape[2], 2)
    return np.asarray(np.tanh(np.einsum("nclk,ock->nol", taps, w) + b[:, None]))


def backward(delta: Array, x: Array, w: Array, b: Array) -> tuple[Array, ...]:
    delta = delta * (1 - forward(x, w, b) ** 2)
    taps, dx = np.lib.stride_tricks.sliding_window_view(x, w.shape[2], 2), np.zeros_like(x)
    for k in range(w.shape[2]):
        dx[:, :, k : k + delta.shape[2]] += np.einsum("nol,oc->ncl", delta, w[:, :, k])
    return dx, np.einsum("nclk,nol->ock", taps, delta), delta.sum((0, 2))


def without(a: Array, *where: Any) -> Array:
    a = a.copy()
    a[where] = 0
    return a


LAST = (..., -1)
WRONG: dict[str, tuple[Gradients, dict[str, list[str]]]] = {
    "right": (backward, {}),
    "ones": (lambda d, x, w, b: (backward(np.ones_like(d), x, w, b)[0], *backward(d, x, w, b)[1:]), {"x": ["residual-ignored"]}),
    "mean": (lambda d, x, w, b: backward(np.full_like(d, d.mean()), x, w, b), {q: ["residual-mean"] for q in "bwx"}),
    "end": (lambda d, x, w, b: (*backward(d, x, w, b)[:2], backward(without(d, *LAST), x, w, b)[2]), {"b": ["residual-last-lost"]}),
    "last": (lambda d, x, w, b: backward(without(d, slice(-1)), x, w, b), {q: ["residual-last-alone"] for q in "bwx"}),
    "flip": (lambda d, x, w, b: (*backward(d, x, w, b)[:2], backward(d[..., ::-1], x, w, b)[2]), {"b": ["residual-flipped"]}),
    "zero": (lambda d, x, w, b: (backward(d, x, w, 0 * b)[0], *backward(d, x, w, b)[1:]), {"x": ["argument-left-out"]}),
    "turn": (lambda d, x, w, b: (*backward(d, x, w, b)[:2], backward(d, x, w[..., ::-1], b)[2]), {"b": ["argument-flipped"]}),
    "swap": (
        lambda d, x, w, b: (*backward(d, x, w, b)[:2], backward(d, x, w.swapaxes(1, 2).reshape(w.shape), b)[2]),
        {"b": ["argument-axes-exchanged"]},
    ),
    "nearly": (lambda d, x, w, b: (backward(d, x, 1.1 * w, b)[0], *backward(d, x, w, b)[1:]), {}),
}  # fmt: skip


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("case", WRONG)
def test_another_question(case: str, trusted: bool) -> None:
    """Each alone, in the words of the layer's own arguments; of what answers no question that is tried, nothing is said."""
    wrong, found = WRONG[case]
    like = cnnbp.from_functions(forward, backward) if trusted else None
    verdict = cnnbp.verify(cnnbp.from_functions(forward, wrong), X, W, B, like=like)
    assert verdict.status == ("pass" if case == "right" else "fail"), str(verdict)
    assert causes(verdict) == found
    assert not [pattern for pattern in verdict.patterns if pattern.code == "diagnosis.failed"]


@pytest.mark.parametrize("trusted", [True, False])
def test_the_residual_itself_and_the_way_around(trusted: bool) -> None:
    """Of y = x + tanh(w·x): the way around alone, and all but that."""

    def around(x: Array, w: Array) -> Array:
        return x + np.tanh(x @ w)

    def gradients(delta: Array, x: Array, w: Array, through: float, way: float) -> tuple[Array, Array]:
        inside = delta * (1 - np.tanh(x @ w) ** 2)
        return way * delta + through * (inside @ w.T), x.T @ inside

    x, w = gaussian((4, 3), (3, 3))
    for through, way, found in ((0.0, 1.0, "residual-itself"), (1.0, 0.0, "way-around-left-out"), (1.0, 0.7, "")):
        wrong = cnnbp.from_functions(around, lambda d, x, w, t=through, v=way: gradients(d, x, w, t, v))  # type: ignore[misc]
        like = cnnbp.from_functions(around, lambda d, x, w: gradients(d, x, w, 1.0, 1.0)) if trusted else None
        verdict = cnnbp.verify(wrong, x, w, like=like)
        assert verdict.status == "fail"
        assert causes(verdict) == ({"x": [found]} if found else {})


@pytest.mark.parametrize("like", [cnnbp.Conv2d(), None])
def test_the_axes_of_a_layer_of_ours_are_named(like: object) -> None:
    """A loop that ends a row of outputs too early, beside Conv2d and where the forward is recognised as one."""
    x, w = gaussian((1, 1, 4, 4), (2, 1, 2, 2))
    layer = cnnbp.from_functions(
        cnnbp.Conv2d().forward,
        lambda d, x, w: (cnnbp.Conv2d().backward(without(d, ..., -1, slice(None)), x, w)[0], cnnbp.Conv2d().backward(d, x, w)[1]),
    )
    assert "the last output row of the residual is left out" in str(cnnbp.verify(layer, x, w, like=like))


def test_an_entry_or_two_say_nothing_of_a_question() -> None:
    """ReLU that lets no more than 6 through is no ReLU whose residual lacks its last sample, though here it answers so."""
    x = np.array([[1.0, -2.0, 3.0], [-1.0, 2.0, 7.0], [-4.0, -3.0, 9.0]])
    cut = cnnbp.from_functions(lambda x: np.maximum(x, 0), lambda d, x: d * (x > 0) * (x < 8))
    verdict = cnnbp.verify(cut, x, like=cnnbp.from_functions(lambda x: np.maximum(x, 0), lambda d, x: d * (x > 0)))
    assert verdict.status == "fail"
    assert causes(verdict) == {}


@pytest.mark.parametrize("trusted", [True, False])
def test_no_question_is_asked_once_the_time_is_over(trusted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow reference, or a slow forward, keeps nobody waiting."""
    monkeypatch.setattr(explained, "SECONDS", 1e-9)
    like = cnnbp.from_functions(forward, backward) if trusted else None
    verdict = cnnbp.verify(cnnbp.from_functions(forward, WRONG["last"][0]), X, W, B, like=like)
    assert verdict.status == "fail"
    assert causes(verdict) == {}
