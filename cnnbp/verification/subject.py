"""The layer under test: its two functions, called with care, and the form that their answers must have."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..evidence import Remark, remark
from ..rounding import Array


class Breach(Exception):
    """The layer broke its contract, in the point `check`. `remark` says how; the layer's own exception, if any, is its cause."""

    def __init__(self, check: str, code: str, **values: object) -> None:
        super().__init__(check, code, values)
        self.check = check
        self.remark: Remark = remark(f"contract.{code}", **{"at": "case", **values})


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
            raise Breach("length", "gradients", expected=self.gradients, got=len(found))
        gradients = tuple(self._checked(f"backward, gradient {j}", g) for j, g in enumerate(found))
        for j, (gradient, a) in enumerate(zip(gradients, args, strict=False)):
            if gradient.shape != a.shape:
                raise Breach("shape", "gradient-shape", gradient=j, expected=a.shape, got=gradient.shape)
        return gradients

    def call(self, name: str, *args: Any) -> Any:
        """What the layer's method returns. Raises Breach where it raises."""
        try:
            return getattr(self.layer, name)(*args)
        except Exception as error:
            called = isinstance(error, TypeError) and "positional argument" in str(error)
            code = "raises-when-called" if called else "raises"
            raise Breach("raises", code, method=name, error=type(error).__name__, message=str(error)) from error

    def _checked(self, name: str, value: Any) -> Array:
        try:
            array = np.array(value)
        except Exception as error:
            raise Breach("type", "no-array", method=name, got=type(value).__name__) from error
        if array.dtype == object:
            raise Breach("type", "no-numbers", method=name, got=type(value).__name__)
        if array.dtype != np.float64:
            raise Breach("dtype", "dtype", method=name, got=str(array.dtype))
        return array
