"""Wrong layers are refuted, with numbers to put in at which their floats are wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cnnbp import BatchNorm2d, Conv2d, ReLU, Sigmoid, prove


class Bent(Conv2d):
    """A convolution with one of its answers bent."""

    def __init__(self, forward: Callable[[Any], Any] = lambda y: y, **bend: Callable[[Any], Any]) -> None:
        super().__init__()
        object.__setattr__(self, "bend", (forward, bend))

    def forward(self, x: Any, w: Any, b: Any = None) -> Any:
        return self.bend[0](super().forward(x, w, b))  # type: ignore[attr-defined]

    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        bend = self.bend[1]  # type: ignore[attr-defined]
        dx, dw, *db = super().backward(delta, x, bend.get("w", lambda w: w)(w), b)
        return (bend.get("dx", lambda g: g)(dx), bend.get("dw", lambda g: g)(dw), *(bend.get("db", lambda g: g)(g) for g in db))


def _one(factor: float) -> Callable[[Any], Any]:
    def bend(a: Any) -> Any:
        a = a.copy()
        a.flat[0] = a.flat[0] * factor
        return a

    return bend


WRONG = {
    "kernel not rotated": (Bent(w=lambda w: w[..., ::-1, ::-1]), "gradient"),
    "one entry of dw, relative 1e-9": (Bent(dw=_one(1 + 1e-9)), "gradient"),
    "one entry of dx lost": (Bent(dx=_one(0)), "gradient"),
    "mean instead of sum": (Bent(dw=lambda g: g / 2), "gradient"),
    "db negated": (Bent(db=lambda g: -g), "gradient"),
    "forward alone": (Bent(lambda y: 2 * y), "forward"),
    "forward and backward alike": (Bent(lambda y: 2 * y, dx=lambda g: 2 * g, dw=lambda g: 2 * g, db=lambda g: 2 * g), "forward"),
    "floats alone": (Bent(dw=lambda g: g * (1 + 1e-9) if g.dtype == float else g), "floats"),
    "floats that are no integers": (
        Bent(dx=lambda g: g * (1 + 1e-9) if g.dtype == float and np.any(g != np.round(g)) else g),
        "floats",
    ),
    "through float32": (Bent(dx=lambda g: g.astype(np.float32).astype(float) if g.dtype == float else g), "floats"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_layer_is_refuted_with_numbers_at_which_it_fails(name: str) -> None:
    layer, claim = WRONG[name]
    proof = prove(layer, (2, 2, 3, 3), (1, 2, 2, 2), (1,), like=Conv2d())
    assert proof.status == "refuted"
    assert claim in {c.name for c in proof.claims if c.status == "refuted"}
    seen = proof.witness
    if name == "floats that are no integers":  # nothing is told of them but that
        assert seen is None
        return
    assert seen is not None
    assert seen.actual != seen.expected
    args = [np.array(seen.arguments[n], float) for n in ("x", "w", "b")]
    right = {"y": Conv2d().forward(*args)}
    right |= zip("xwb", Conv2d().backward(np.array(seen.delta, float), *args), strict=True)
    assert right[seen.quantity][seen.index] == seen.expected  # what it calls right is what the reference answers there
    answers = {"y": layer.forward(*args)} | dict(zip("xwb", layer.backward(np.array(seen.delta, float), *args), strict=True))
    assert answers[seen.quantity][seen.index] == seen.actual


def test_forward_and_backward_wrong_alike_pass_only_without_a_reference() -> None:
    layer, _ = WRONG["forward and backward alike"]
    assert prove(layer, (1, 1, 3, 3), (1, 1, 2, 2)).status == "proved"


class Sided:
    """ReLU with a slope at 0 of its own, by comparison with ≥."""

    def forward(self, x: Any) -> Any:
        return np.where(x > 0, x, 0)

    def backward(self, delta: Any, x: Any) -> Any:
        return delta * (x >= 0)


def test_a_convention_at_ties_is_told_apart() -> None:
    proof = prove(Sided(), (2,), like=ReLU())
    assert proof.remark is not None
    assert proof.remark.code == "proof.only-at-ties"
    assert proof.witness is not None
    assert proof.witness.arguments["x"][proof.witness.index[0]] == 0
    assert prove(Sided(), (2,)).status == "proved"


class OfOutput:
    """A sigmoid whose slope is taken at its input."""

    def forward(self, x: Any) -> Any:
        return 1 / (1 + np.exp(-x))

    def backward(self, delta: Any, x: Any) -> Any:
        return delta * x * (1 - x)


def test_a_wrong_function_is_refuted_at_a_point() -> None:
    proof = prove(OfOutput(), (2,), like=Sigmoid())
    assert proof.status == "refuted"
    assert proof.witness is not None
    assert proof.witness.expected == pytest.approx(0.25)


def test_statistics_taken_for_constants_are_refuted() -> None:
    class Constant(BatchNorm2d):
        def backward(self, delta: Any, x: Any, w: Any, b: Any = None, mean: Any = None, var: Any = None) -> Any:
            m = x.size // x.shape[1]
            mean = x.sum((0, 2, 3), keepdims=True) / m
            var = ((x - mean) * (x - mean)).sum((0, 2, 3)) / m
            return BatchNorm2d(self.eps, training=False).backward(delta, x, w, b, mean.ravel(), var)

    assert prove(Constant(), (2, 1, 1, 1), (1,), (1,), like=BatchNorm2d()).status == "refuted"
    assert prove(Constant(), (2, 1, 1, 1), (1,), (1,)).status == "refuted"
