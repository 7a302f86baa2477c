"""The layer on trial: its two functions, called with care, and what they owe whoever calls them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..rounding import Array

HOW_CALLED = (
    " (a layer is asked forward(x, *params) and backward(delta, x, *params); "
    "one that keeps what it needs in itself is wrapped with cnnbp.from_cached)"
)


class Breach(Exception):
    """The layer broke its contract. The message says how; the layer's own exception, if any, is its cause."""

    def __init__(self, check: str, sentence: str) -> None:
        super().__init__(sentence)
        self.check = check


class Subject:
    """Calls a layer on copies, so that nothing it does can touch the question, and checks the form of its answers."""

    def __init__(self, layer: Any, gradients: int, at_least: int | None = None) -> None:
        self.layer, self.gradients, self.least = layer, gradients, gradients if at_least is None else at_least

    def forward(self, *args: Array) -> Array:
        """y. Raises Breach."""
        return self._checked("forward", self.call("forward", *(a.copy() for a in args)))

    def backward(self, delta: Array, *args: Array) -> tuple[Array, ...]:
        """(dx, *dparams). Raises Breach."""
        return self.form(self.call("backward", delta.copy(), *(a.copy() for a in args)), args)

    def uncopied(self, delta: Array, args: tuple[Array, ...]) -> tuple[Any, ...]:
        """(y, dx, *dparams) as the layer hands them out, asked with these very arrays. Raises Breach."""
        y = self.call("forward", *args)
        gradients = self.raw(self.call("backward", delta, *args))
        self.form(gradients, args)
        return y, *gradients

    @staticmethod
    def raw(answer: Any) -> tuple[Any, ...]:
        """The answer of backward as a tuple, uncopied and unchecked: a bare array is a tuple of one."""
        return tuple(answer) if isinstance(answer, (tuple, list)) else (answer,)

    def form(self, answer: Any, args: tuple[Array, ...]) -> tuple[Array, ...]:
        """The answer of backward as a tuple of float64 arrays in the shapes of `args`. Raises Breach."""
        found, args = self.raw(answer), tuple(a for a in args if a.dtype.kind == "f")  # indices have no gradient
        if not self.least <= len(found) <= self.gradients:
            raise Breach("length", f"backward must return {self.gradients} gradients (x, then the parameters), got {len(found)}")
        gradients = tuple(self._checked(f"backward, gradient {j}", g) for j, g in enumerate(found))
        for j, (gradient, a) in enumerate(zip(gradients, args, strict=False)):
            if gradient.shape != a.shape:
                raise Breach("shape", f"gradient {j} must have the shape of its argument, {a.shape}, got {gradient.shape}")
        return gradients

    def call(self, name: str, *args: Any) -> Any:
        """What the layer's method returns. Raises Breach where it raises."""
        try:
            return getattr(self.layer, name)(*args)
        except Exception as error:
            hint = HOW_CALLED if isinstance(error, TypeError) and "positional argument" in str(error) else ""
            raise Breach("raises", f"{name} raised {type(error).__name__}: {error}{hint}") from error

    def _checked(self, name: str, value: Any) -> Array:
        try:
            array = np.array(value)
        except Exception as error:
            raise Breach("type", f"{name} must return arrays, got {type(value).__name__}") from error
        if array.dtype == object:
            raise Breach("type", f"{name} must be an array of numbers, got {type(value).__name__}")
        if array.dtype != np.float64:
            raise Breach("dtype", f"{name} must answer float64 arrays with float64, got {array.dtype}")
        return array
