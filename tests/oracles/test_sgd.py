"""PyTorch's training step, on numbers that a reader can work out by hand; and its silence where it has nothing to say."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from cnnbp.oracles import sgd
from cnnbp.oracles.abstention import Abstention
from cnnbp.oracles.masked_dense import Array

LINE = [("Dense", {}), ("Identity", {})]


def line(w: float, b: float) -> list[tuple[Array, ...]]:
    """h(x) = w·x + b"""
    return [(np.full((1, 1), float(w)), np.full(1, float(b))), ()]


def numbers(params: Any) -> list[list[float]]:
    return [[float(p.sum()) for p in theta] for theta in params]


def test_one_step_by_hand() -> None:
    """h = 3·2 + 1 = 7, ∂J/∂w = 2·2, ∂J/∂b = 2: w ← 3 − ½(4 + ½·3) = 0.25, b ← 1 − ½·2 = 0, the bias not decayed."""
    one = np.ones((1, 1))
    assert numbers(sgd.step(LINE, 2 * one, 5 * one, line(3, 1), 0.5, 0.5)) == [[0.25, 0], []]


def test_the_gradient_is_a_mean_over_the_batch() -> None:
    """Residuals 7 − 5 and 4 − 6 at x = 2 and 1: w ← 3 − ½(2·2 − 2·1) = 2, b ← 1 − ½(2 − 2) = 1, for α = 1."""
    x, y = np.array([[2.0], [1.0]]), np.array([[5.0], [6.0]])
    assert numbers(sgd.step(LINE, x, y, line(3, 1), 1.0)) == [[2, 1], []]


def test_a_layer_without_bias() -> None:
    """What has a weight only is trained and decayed as well: w ← 3 − ½((6 − 5)·2 + ½·3) = 1.25."""
    one = np.ones((1, 1))
    assert numbers(sgd.step(LINE, 2 * one, 5 * one, [(3 * one,), ()], 0.5, 0.5)) == [[1.25], []]


def test_nothing_of_the_caller_is_changed() -> None:
    """Parameters and images of any layout stay as they are, read-only ones too, and what is handed out is a copy."""
    x, y = np.asfortranarray([[1.0, -2, 3], [4, 5, -6]]), np.eye(2)
    w, b = np.array([[1.0, 2, 3], [4, 5, 6]])[:, ::-1], np.zeros(2)
    for array in (x, w, b):
        array.flags.writeable = False
    training = sgd.Training([("Dense", {})], [(w, b)], 0.5)
    training.params[0][0][:] = 7
    training.step(x, y)
    np.testing.assert_array_equal(w, [[3, 2, 1], [6, 5, 4]])
    np.testing.assert_array_equal(training.params[0][0], w - (x @ w.T - y).T @ x / 4)


def test_a_training_goes_on_from_where_it_is() -> None:
    """Two steps of one training are the step from where one step has led; momentum there is none."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    described, params = [("Dense", {}), ("Tanh", {})], [(rng.normal(size=(2, 3)), rng.normal(size=2)), ()]
    training = sgd.Training(described, params, 0.5, 0.1)
    training.step(x, y)
    training.step(y @ np.ones((2, 3)), y)
    once = sgd.step(described, x, y, params, 0.5, 0.1)
    twice = sgd.step(described, y @ np.ones((2, 3)), y, once, 0.5, 0.1)
    for actual, expected in zip(training.params[0], twice[0], strict=True):
        np.testing.assert_array_equal(actual, expected)


def test_predicts() -> None:
    """h(x) by PyTorch's own forward, with the parameters as they are now."""
    training = sgd.Training(LINE, line(3, 1), 0.5)
    assert training.predict(np.array([[2.0], [-1.0]])).tolist() == [[7], [-2]]


def test_abstains_from_an_unknown_operator() -> None:
    """An operator that PyTorch does not have is an abstention which names it."""
    with pytest.raises(Abstention, match="Maxout"):
        sgd.Training([("Maxout", {})], [()], 0.1)


def test_abstains_without_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyTorch is not installed the oracle says so."""
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(Abstention, match="no-torch"):
        sgd.step(LINE, np.ones((1, 1)), np.ones((1, 1)), line(3, 1), 0.1)
