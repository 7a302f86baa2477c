"""Several outputs take several residuals; whatever has no gradient has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.adapters.outputs import cut, place
from cnnbp.layers.checks import Array
from tests.helpers.layers import codes, gaussian

X, W = gaussian((3, 4), (2, 4))
DELTAS = tuple(gaussian((3, 2), (3, 4), seed=5))


class Two:
    """Two outputs: a product, and the squares of x."""

    factor = 2.0

    def forward(self, x: Array, w: Array) -> Any:
        return x @ w.T, x**2

    def backward(self, deltas: Any, x: Array, w: Array) -> Any:
        first, second = deltas
        return first @ w + self.factor * second * x, first.T @ x


class WrongTwo(Two):
    factor = 2.01


class WrongForward(Two):
    def forward(self, x: Array, w: Array) -> Any:
        y, squares = super().forward(x, w)
        squares[1, 2] += 1e-6
        return y, squares


def two(x: Any, w: Any) -> Any:
    """The same in PyTorch, the outputs nested as those of an LSTM are."""
    return x @ w.T, (x**2, torch.argmax(x))


@pytest.mark.parametrize(
    ("like", "delta"), [(None, DELTAS), (two, None), (Two(), DELTAS)], ids=["alone-given", "torch-drawn", "trusted-given"]
)
def test_a_tuple_of_outputs(like: Any, delta: Any) -> None:
    """Right ones pass; a wrong gradient of the second output alone fails."""
    verdict = cnnbp.verify(Two(), X, W, delta=delta, like=like)
    assert verdict.passed, str(verdict)
    assert verdict.layer == "Two"
    wrong = cnnbp.verify(WrongTwo(), X, W, delta=delta, like=like)
    assert wrong.status == "fail"
    assert {said.values.get("quantity") for said in wrong.wrong} == {"x"}


def test_where_an_output_is_wrong() -> None:
    """By its number, and the place in it."""
    verdict = cnnbp.verify(WrongForward(), X, W, like=two)
    assert [said.values["index"] for said in verdict.wrong if said.values["quantity"] == "y"] == [[1, 1, 2]]
    assert {e.index for e in verdict.evidence if e.quantity == "y" and e.status == "fail"} == {(1, 1, 2)}


def test_outputs_must_be_as_many_and_as_large() -> None:
    """Exchanged, or one alone."""
    exchanged = cnnbp.from_functions(lambda x, w: Two().forward(x, w)[::-1], lambda d, x, w: Two().backward(d[::-1], x, w))
    assert codes(cnnbp.verify(exchanged, X, W, like=two)) == ["contract.outputs"]
    one = cnnbp.from_functions(lambda x, w: x @ w.T, lambda d, x, w: (d @ w, d.T @ x))
    assert codes(cnnbp.verify(one, X, W, like=two)) == ["contract.outputs"]


def test_y_and_cache_is_no_tuple_of_outputs() -> None:
    """The cache may be an array: its backward takes one residual, and the way out is named."""
    cached = cnnbp.from_functions(lambda x, w: (x @ w.T, x), lambda d, x, w: (d @ w, d.T @ x))
    assert codes(cnnbp.verify(cached, X, W)) == ["contract.returns-tuple"]


CALLS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "one for two": (lambda: cnnbp.verify(Two(), X, W, delta=DELTAS[0]), TypeError, r"^delta must be a tuple of 2 .*got ndarray"),
    "too many": (lambda: cnnbp.verify(Two(), X, W, delta=(*DELTAS, X)), ValueError, r"^delta must be a tuple of 2 residuals"),
    "exchanged": (lambda: cnnbp.verify(Two(), X, W, delta=DELTAS[::-1]), ValueError, r"\(3, 2\), \(3, 4\), got \(3, 4\), \(3, 2\)"),
    "two for one": (lambda: cnnbp.verify(cnnbp.Tanh(), X, delta=(X, X)), ValueError, r"^delta must be one array"),
    "NaN": (lambda: cnnbp.verify(Two(), X, W, delta=(DELTAS[0], X * np.nan)), ValueError, r"^delta\[1\] must be finite"),
}


@pytest.mark.parametrize("call", CALLS)
def test_residuals_that_do_not_fit(call: str) -> None:
    """Are the caller's mistake."""
    ask, error, said = CALLS[call]
    with pytest.raises(error, match=said):
        ask()


def test_an_lstm() -> None:
    """As built, at its own four parameters: outputs, the last state, and the last cell."""
    torch.manual_seed(0)
    verdict = cnnbp.verify(torch.nn.LSTM(3, 2), gaussian((4, 2, 3))[0])
    assert verdict.passed, str(verdict)
    assert list(verdict.shapes) == ["x", "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]


def test_rows_are_cut_where_they_were_joined() -> None:
    """Also where an output has no axis."""
    shapes: tuple[tuple[int, ...], ...] = ((2, 3), (), (2,))
    parts = cut(np.arange(9.0), shapes)
    assert [part.shape for part in parts] == list(shapes)
    assert [place(j, shapes) for j in (0, 5, 6, 8)] == [(0, 0, 0), (0, 1, 2), (1,), (2, 1)]
    with pytest.raises(IndexError):
        place(9, shapes)


# ---- what has no gradient ------------------------------------------------------------------------------------------------

INDEX, TABLE = np.array([0, 2, 2, 1]), gaussian((3, 5))[0]


def _embedding(backward: Callable[..., Any]) -> Any:
    return cnnbp.from_functions(lambda i, w: w[i], backward)


def _added(delta: Array, index: Array, w: Array) -> Array:
    dw = np.zeros_like(w)
    np.add.at(dw, index, delta)
    return dw


def _overwritten(delta: Array, index: Array, w: Array) -> Array:
    dw = np.zeros_like(w)
    dw[index] = delta
    return dw


@pytest.mark.parametrize(
    ("like", "form"),
    [
        (None, lambda g: g),
        (lambda i, w: torch.nn.functional.embedding(i, w), lambda g: (None, g)),
        (torch.nn.Embedding(3, 5), lambda g: (g,)),
        (None, lambda g: (None, g)),
        (None, lambda g: (g,)),
    ],
    ids=["alone-bare", "function-None first", "module-one", "alone-None first", "alone-one"],
)
def test_integers_first(like: Any, form: Any) -> None:
    """An embedding: rows that are taken twice get both residuals."""
    assert cnnbp.verify(_embedding(lambda *a: form(_added(*a))), INDEX, TABLE, like=like).passed
    assert cnnbp.verify(_embedding(lambda *a: form(_overwritten(*a))), INDEX, TABLE, like=like).status == "fail"


@pytest.mark.parametrize("like", [None, lambda x, w: x @ w.T])
def test_integer_weights(like: Any) -> None:
    """Numbers that happen to be whole, since a gradient is returned for them."""
    whole = np.array([[1, -2, 0, 3], [2, 1, 1, -1]])
    layer = cnnbp.from_functions(lambda x, w: x @ w.T, lambda d, x, w: (d @ w, d.T @ x))
    wrong = cnnbp.from_functions(lambda x, w: x @ w.T, lambda d, x, w: (d @ w, 1.01 * d.T @ x))
    assert cnnbp.verify(layer, X, whole, like=like).passed
    assert cnnbp.verify(wrong, X, whole, like=like).status == "fail"


@pytest.mark.parametrize("like", [None, torch.nn.CrossEntropyLoss(), cnnbp.SoftmaxCrossEntropy()])
def test_labels_have_none(like: Any) -> None:
    """(dx, None), as course code returns it."""
    labels, ours = np.array([1, 0, 3]), cnnbp.SoftmaxCrossEntropy()
    layer = cnnbp.from_functions(ours.forward, lambda *a: (ours.backward(*a)[0], None))
    wrong = cnnbp.from_functions(ours.forward, lambda *a: (3 * ours.backward(*a)[0], None))
    assert cnnbp.verify(layer, X, labels, like=like).passed
    assert cnnbp.verify(wrong, X, labels, like=like).status == "fail"


@pytest.mark.parametrize(
    ("like", "form"),
    [
        (None, lambda g: g[1:]),
        (cnnbp.Dense(), lambda g: (None, *g[1:])),
        (torch.nn.functional.linear, lambda g: g[1:]),
        (None, lambda g: (None, *g[1:])),
    ],
    ids=["alone-left out", "ours-None", "torch-left out", "alone-None"],
)
def test_a_first_layer_needs_no_dx(like: Any, form: Any) -> None:
    """With skip=("x",); without it that is told."""
    b = gaussian((2,))[0]
    layer = cnnbp.from_functions(cnnbp.Dense().forward, lambda *a: form(cnnbp.Dense().backward(*a)))
    wrong = cnnbp.from_functions(cnnbp.Dense().forward, lambda *a: form([2 * g for g in cnnbp.Dense().backward(*a)]))
    assert cnnbp.verify(layer, X, W, b, like=like, skip=("x",)).passed
    assert cnnbp.verify(wrong, X, W, b, like=like, skip=("x",)).status == "fail"
    assert cnnbp.verify(layer, X, W, b, like=like).status == "fail"
