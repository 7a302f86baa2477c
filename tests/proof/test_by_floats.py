"""Of a layer that refuses unknown numbers its floats are asked: what is wrong is refuted, what agrees is not proved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp import Conv2d, Sigmoid, Tanh, prove


class Casts:
    """A layer in floats alone, whose gradients may be bent."""

    def __init__(self, layer: Any, factor: float = 1) -> None:
        self.layer, self.factor = layer, factor

    def forward(self, x: Any, *params: Any) -> Any:
        return self.layer.forward(x.astype(float), *params)

    def backward(self, delta: Any, x: Any, *params: Any) -> Any:
        dx, *others = self.layer.backward(delta, x.astype(float), *params)
        return self.factor * dx, *others


CASES = {"a polynomial": (Conv2d(), (1, 1, 3, 3), (1, 1, 2, 2)), "another function": (Tanh(), (3,))}


@pytest.mark.parametrize("name", CASES)
def test_what_floats_show_is_refuted_with_numbers(name: str) -> None:
    layer, *shapes = CASES[name]
    proof = prove(Casts(layer, 1.001), *shapes, like=layer)
    assert proof.status == "refuted"
    assert proof.witness is not None
    assert proof.witness.actual == pytest.approx(1.001 * proof.witness.expected)
    right = prove(Casts(layer), *shapes, like=layer)
    assert right.status == "abstains"
    assert "casts unknown numbers to float" in right.reason


def test_without_a_reference_they_show_nothing() -> None:
    assert prove(Casts(Tanh(), 2), (3,)).status == "abstains"


def test_a_function_of_pytorch_may_be_wrong() -> None:
    wrong = cnnbp.from_functions(
        lambda x: torch.sigmoid(torch.tensor(x)).numpy(), lambda d, x: d * torch.sigmoid(torch.tensor(x)).numpy()
    )
    proof = prove(wrong, (2,), like=Sigmoid())
    assert (proof.status, "wrong on floats" in proof.reason) == ("refuted", True)
    assert np.all(np.isfinite(proof.witness.arguments["x"]))  # type: ignore[union-attr]
