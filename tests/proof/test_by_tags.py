"""What is linear in each argument: scaled, compared and given arguments, and constants that floats round."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnbp import AvgPool2d, Dense, ReLU, prove

from .given import Given


def test_a_scaled_layer_with_a_bias_is_proved() -> None:
    half = Given(lambda x, w, b: 0.5 * (x @ w.T) + b, lambda d, x, w, b: (0.5 * (d @ w), 0.5 * (d.T @ x), d.sum(0)))
    assert prove(half, (2, 3), (2, 3), (2,)).kind == "symbolic"
    wrong = Given(half.forward, lambda d, x, w, b: (0.5 * (d @ w), 0.5 * (d.T @ x), 0.5 * d.sum(0)))
    assert prove(wrong, (2, 3), (2, 3), (2,)).status == "refuted"


def _sparse(x: Any, w: Any) -> Any:
    y = np.zeros((len(x), len(w)), x.dtype)
    for k, j in np.ndindex(w.shape):
        if w[k, j] != 0:
            y[:, k] = y[:, k] + x[:, j] * w[k, j]
    return y


def test_zeros_among_the_weights_may_be_skipped() -> None:
    layer = Given(_sparse, lambda d, x, w: (d @ w, d.T @ x))
    proof = prove(layer, (1, 2), (1, 2), like=Dense())
    assert proof
    assert [s.values["ties"] for s in proof.scope if s.code == "proof.scope.orders"] == [5]
    assert not any(s.code == "proof.scope.ties-undecided" for s in proof.scope)


def test_what_is_compared_with_a_parameter_is_not_taken_for_one_of_x() -> None:
    """An entry of w and one of x with the same number, or a constant as large as its code, are different things."""
    layer = Given(lambda x, w: np.where(x > w, x, w), lambda d, x, w: (np.where(x > w, d, 0 * d), np.where(x > w, 0 * d, d)))
    assert prove(layer, (2,), (2,))
    wrong = Given(layer.forward, lambda d, x, w: (np.where(x > w, d, 0 * d), np.where(x > w, 0 * d, -d)))
    assert prove(wrong, (2,), (2,)).status == "refuted"
    for threshold in (2**20, 2**20 + 1, 2**21 - 1):
        above = Given(lambda x, c=threshold: np.where(x > c, x, 0 * x), lambda d, x, c=threshold: d * (x > c))
        proof = prove(above, (3,))
        assert proof
        assert any(s.code == "proof.scope.strict" and s.values["paths"] == 8 for s in proof.scope)


def test_a_value_that_differs_only_at_ties_is_no_convention() -> None:
    proof = prove(Given(lambda x: np.where(x > 0, x, np.where(x < 0, 0, 7)), lambda d, x: d * (x > 0)), (2,), like=ReLU())
    assert proof.status == "refuted"
    assert "forward" in proof.reason
    assert "convention" not in proof.reason


def test_a_reciprocal_that_was_rounded_is_no_error() -> None:
    ninth = Given(lambda x: x.sum((2, 3), keepdims=True) * (1 / 9), lambda d, x: np.broadcast_to(d * (1 / 9), x.shape))
    proof = prove(ninth, (1, 1, 3, 3), like=AvgPool2d(3))
    assert proof.status == "abstains"
    assert "rounding of a constant" in proof.reason
    eighth = Given(lambda x: x.sum((2, 3), keepdims=True) / 8, lambda d, x: np.broadcast_to(d / 8, x.shape))
    assert prove(eighth, (1, 1, 3, 3), like=AvgPool2d(3)).status == "refuted"


def test_of_a_given_argument_backward_may_answer() -> None:
    w = np.arange(6.0).reshape(2, 3)
    both = Given(lambda x, w: x @ w.T, lambda d, x, w: (d @ w, d.T @ x))
    one = Given(both.forward, lambda d, x, w: (d @ w,))
    assert all(prove(layer, (2, 3), w) for layer in (both, one, Dense()))
    assert prove(Given(both.forward, lambda d, x, w: (d @ w[::-1], d.T @ x)), (2, 3), w).status == "refuted"


def test_a_factor_that_is_a_number_at_a_tie_is_that_number() -> None:
    """x·δ at x = 0 is 0: right. At x = 1 it is δ."""
    zero = Given(lambda x: np.where(x > 0, x, 0), lambda d, x: np.where(x > 0, d, np.where(x == 0, x * d, 0 * d)))
    assert prove(zero, (2,), like=ReLU())
    wrong = Given(zero.forward, lambda d, x: np.where(x > 0, d, np.where(x == 0, x * d + d, 0 * d)))
    assert prove(wrong, (2,), like=ReLU()).remark.code == "proof.only-at-ties"  # type: ignore[union-attr]
    one = Given(lambda x: np.where(x > 1, 1, x), lambda d, x: np.where(x > 1, 0 * d, np.where(x == 1, x * d, d)))
    like = Given(one.forward, lambda d, x: np.where(x > 1, 0 * d, d))
    assert prove(one, (2,), like=like)
    assert not prove(Given(one.forward, lambda d, x: np.where(x > 1, 0 * d, np.where(x == 2, x * d, x * d))), (2,), like=like)


def test_a_witness_shows_what_is_wrong() -> None:
    """Where unknown numbers get another code than floats, and floats are right, nothing is refuted."""
    layer = Given(lambda x: 2 * x if x.dtype == object else x * 1, lambda d, x: 2 * d if x.dtype == object else d * 1)
    proof = prove(layer, (2,), like=Given(lambda x: x * 1, lambda d, x: d * 1))
    assert proof.status == "abstains"
    assert "not on floats" in proof.reason
