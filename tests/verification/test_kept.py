"""Gradients that an object keeps in its attributes, and that nobody was asked to judge, are told by name."""

from __future__ import annotations

from typing import Any

import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import code, gaussian

X, W, B = gaussian((3, 4), (2, 4), (2,))


class Keeps:
    """A dense layer whose backward returns dx, and leaves dw and db behind."""

    def __init__(self) -> None:
        self.w, self.b = W.copy(), B.copy()

    def forward(self, x: Array) -> Array:
        self.cache = x
        return x @ self.w.T + self.b

    def backward(self, delta: Array) -> Any:
        self.dw, self.db = delta.T @ self.cache, delta.sum(0)
        return delta @ self.w


class TakesX(Keeps):
    """As verify calls it: x alone would be judged."""

    def backward(self, delta: Array, x: Array) -> Any:
        self.forward(x)
        return super().backward(delta)


class ReturnsThem(Keeps):
    """Keeps its gradients, and returns them as well; the parameters are handed over."""

    def forward(self, x: Array, *params: Array) -> Array:
        self.w, self.b = params or (self.w, self.b)
        return super().forward(x)

    def backward(self, delta: Array, x: Array, *params: Array) -> Any:
        self.forward(x, *params)
        return super().backward(delta), self.dw, self.db


class Fixed:
    """A filter that nobody trains."""

    def __init__(self) -> None:
        self.kernel = W.copy()

    def forward(self, x: Array) -> Array:
        return x @ self.kernel.T

    def backward(self, delta: Array, x: Array) -> Array:
        self.cache, self.delta = x, delta
        return delta @ self.kernel


class Scaled:
    """A fixed scale for each entry, of the residual's shape, which it keeps."""

    def __init__(self) -> None:
        self.scale = X + 5

    def forward(self, x: Array) -> Array:
        return x * self.scale

    def backward(self, delta: Array, x: Array) -> Array:
        self.delta, self.dx = delta, delta * self.scale
        return self.dx.copy()


@pytest.mark.parametrize("layer", [TakesX(), cnnbp.from_layer(Keeps())], ids=["as verify calls it", "from_layer without names"])
def test_gradients_that_nobody_judges_make_it_inconclusive(layer: Any) -> None:
    """Each is named, with the function that hands it over."""
    verdict = cnnbp.verify(layer, X)
    assert verdict.status == "inconclusive"
    left = {e.quantity: e.remark.values for e in verdict.evidence if code(e) == "verification.kept-gradient" and e.remark}
    assert left == {"self.w": {"attribute": "dw"}, "self.b": {"attribute": "db"}}
    assert "cnnbp.from_layer" in str(verdict)


@pytest.mark.parametrize(("layer", "args"), [(ReturnsThem(), (X, W, B)), (Fixed(), (X,)), (Scaled(), (X,))])
def test_what_is_judged_or_no_gradient_is_passed_over(layer: Any, args: tuple[Array, ...]) -> None:
    """Gradients that are returned as well; constants beside a residual of their shape."""
    assert cnnbp.verify(layer, *args).passed
