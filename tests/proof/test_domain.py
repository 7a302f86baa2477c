"""Floats on both sides of a domain: branches on what is no number, identities that nobody named, values at 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnbp import Identity, LeakyReLU, ReLU, prove

from .given import Given


def _or_itself(x: Any) -> Any:
    logarithm = np.log(x)
    return np.where(logarithm != logarithm, x, logarithm)


WRONG: dict[str, tuple[Given, Any]] = {
    "a root that is no number": (Given(lambda x: np.where(np.sqrt(x) >= 0, x, 5.0)), Identity()),
    "a logarithm equal to itself": (Given(lambda x: np.where(np.log(x) == np.log(x), x, 5.0)), Identity()),
    "a difference with itself": (Given(lambda x: np.where(np.log(x) - np.log(x) == 0, x, -x)), Identity()),
    "a logarithm twice": (Given(lambda x: np.where(np.log(x * x) == 2 * np.log(np.abs(x)), 2 * x, x)), Identity()),
    "a root of a square": (Given(lambda x: np.where(np.sqrt(x * x) == np.abs(x), 2 * x, x)), Identity()),
    "a reciprocal of 0": (Given(lambda x: np.where(1 / x > 0, x + 7 * (x == 0), 0), lambda d, x: np.where(x > 0, d, 0)), ReLU()),
    "a quotient by 0": (Given(lambda x: np.where(x / x == 1, x, 3.0)), Identity()),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_where_something_has_no_value_is_refuted_with_numbers(name: str) -> None:
    layer, like = WRONG[name]
    proof = prove(layer, (2,), like=like)
    assert proof.status == "refuted", str(proof)
    assert proof.witness is not None
    seen = np.array(proof.witness.arguments["x"], float)
    with np.errstate(all="ignore"):
        assert layer.forward(seen)[proof.witness.index] == proof.witness.actual != proof.witness.expected
    assert like.forward(seen)[proof.witness.index] == pytest.approx(proof.witness.expected)


@pytest.mark.parametrize(
    "layer",
    [
        Given(_or_itself, lambda d, x: d / x),
        WRONG["a root that is no number"][0],
        WRONG["a logarithm equal to itself"][0],
    ],
)
def test_without_a_reference_nothing_is_said_of_floats_in_no_order(layer: Given) -> None:
    proof = prove(layer, (2,))
    assert not proof
    assert "in no order that was walked" in proof.reason or proof.status == "refuted"


RIGHT: dict[str, tuple[Given, Any]] = {
    "a root of a square": (Given(lambda x: (x + np.sqrt(x * x)) / 2, lambda d, x: d * (1 + x / np.sqrt(x * x)) / 2), None),
    "a logarithm of what is above 0": (Given(lambda x: np.log(x * x + 1), lambda d, x: 2 * d * x / (x * x + 1)), None),
    "a logarithm": (Given(np.log, lambda d, x: d / x), None),
    "a threshold far away": (Given(lambda x: np.where(np.exp(x) > 1e4, np.exp(x), np.exp(x)), lambda d, x: d * np.exp(x)), None),
    "by the larger": (
        Given(lambda x: np.maximum(x, 0.25 * x * 1), lambda d, x: np.where(x > 0, d, 0.25 * d)), LeakyReLU(0.25),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_refuted(name: str) -> None:
    layer, like = RIGHT[name]
    assert prove(layer, (2,), like=like), str(prove(layer, (2,), like=like))


def test_orders_that_hold_no_drawn_floats_are_told() -> None:
    def unasked(threshold: float) -> list[object]:
        proof = prove(Given(lambda x: np.exp(x) + 0 * (x > threshold), lambda d, x: d * np.exp(x)), (2,))
        assert proof
        return [s.values["paths"] for s in proof.scope if s.code == "proof.scope.floats-unasked"]

    assert unasked(5000) == [3]
    assert unasked(50) == []


FAR: dict[str, tuple[Given, Any]] = {
    "entries of x": (Given(lambda x: 3 * x, lambda d, x: 3 * d * (1 + (x.dtype != object) * (x.max() > 100))), None),
    "a modulus": (Given(Identity().forward, lambda d, x: d * (1 + (x.dtype != object) * (abs(x).max() > 100))), Identity()),
}


@pytest.mark.parametrize("name", FAR)
def test_floats_are_asked_in_the_orders_that_were_walked(name: str) -> None:
    """No branch tells floats from unknown numbers here, and no drawn floats are as large as what is compared."""
    layer, like = FAR[name]
    proof = prove(layer, (2,), like=like or Given(layer.forward, lambda d, x: 3 * d))
    assert proof.status == "refuted"
    assert proof.remark is not None
    assert proof.remark.code == "proof.wrong-floats"


def test_a_branch_without_a_value_hinders_no_other() -> None:
    """√x belongs to one branch alone: on the other side of 0 floats are asked, and what is wrong there is refuted."""
    root = Given(
        lambda x: np.where(x > 0, np.sqrt(np.abs(x)), 0), lambda d, x: np.where(x > 0, d / (2 * np.sqrt(np.abs(x))), 0 * d)
    )
    assert prove(root, (1,))
    assert prove(Given(root.forward, lambda d, x: np.where(x > 0, d / (2 * np.sqrt(np.abs(x))), 7 * d)), (1,)).status == "refuted"


class Keeps:
    """backward answers for what forward was asked last."""

    def forward(self, x: Any, w: Any) -> Any:
        self.x = x
        return x @ w.T

    def backward(self, delta: Any, x: Any, w: Any) -> Any:
        return delta @ w, delta.T @ self.x


class KeepsOfBackward:
    """backward answers for the residual that it was handed first."""

    delta: Any = None

    def forward(self, x: Any) -> Any:
        self.delta = None if x.dtype == object else self.delta
        return 2 * x

    def backward(self, delta: Any, x: Any) -> Any:
        if self.delta is None or self.delta.shape != delta.shape:
            self.delta = delta
        return 2 * self.delta


@pytest.mark.parametrize(("layer", "shapes"), [(Keeps(), ((2, 3), (4, 3))), (KeepsOfBackward(), ((2,),))])
def test_what_answers_for_another_question_is_no_function(layer: Any, shapes: Any) -> None:
    assert not prove(layer, *shapes)


class RaisesOnFloats:
    """Where numbers are large it raises; before that it is wrong."""

    def __init__(self, limit: float) -> None:
        self.limit = limit

    def forward(self, x: Any) -> Any:
        if x.dtype != object and np.abs(x).max() > self.limit:
            raise OverflowError("out of range")
        return x * (2 if x.dtype != object and np.abs(x).max() > 6 else 1)

    def backward(self, delta: Any, x: Any) -> Any:
        return delta * 1


@pytest.mark.parametrize("limit", [1e4, 7, 0.1])
def test_what_floats_raise_does_not_change_the_method(limit: float) -> None:
    proof = prove(RaisesOnFloats(limit), (2,), like=Identity())
    assert not proof
    assert proof.status == "refuted" or "out of range" in proof.reason
