"""The layer's own source on polynomial generators: backward is the derivative, for all real inputs of that shape."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from flint import Ordering, fmpq_mpoly, fmpq_mpoly_ctx

from tests.layers.loops import Array, Index


def generators(*shapes: Index) -> list[Array]:
    """One object array for each shape, every entry a variable of its own over the rationals."""
    names = [f"v{number}" for number in range(sum(map(prod, shapes)))]
    variables = iter(fmpq_mpoly_ctx.get(names, Ordering.degrevlex).gens())
    arrays = [np.empty(shape, object) for shape in shapes]
    for a in arrays:
        for i in np.ndindex(a.shape):  # not by np.asarray, which would iterate over the terms of a polynomial
            a[i] = next(variables)
    return arrays


def assert_derivative(value: fmpq_mpoly, variable: fmpq_mpoly, actual: Any, what: str) -> None:
    """`actual` is ∂value/∂variable, coefficient by coefficient."""
    __tracebackhide__ = True
    expected = value.derivative(str(variable))
    assert actual == expected, f"{what}: actual {actual}, expected {expected}"


def assert_backward_is_derivative(layer: Any, *shapes: Index, by: int | None = None) -> None:
    """∂⟨forward, δ⟩/∂v is what backward returns, for every variable v of the first `by` arguments (of all, if None)."""
    __tracebackhide__ = True
    (delta,) = generators(_output_shape(layer, *shapes))
    delta, *args = generators(delta.shape, *shapes)
    y = layer.forward(*args)
    value = sum((delta[o] * y[o] for o in np.ndindex(y.shape)), 0 * delta.flat[0])
    gradients = layer.backward(delta, *args)
    assert len(gradients) == (len(args) if by is None else by)
    for number, (a, gradient) in enumerate(zip(args, gradients, strict=False)):
        assert gradient.shape == a.shape
        for i in np.ndindex(a.shape):
            assert_derivative(value, a[i], gradient[i], f"{layer} by argument {number} at {i}")


def _output_shape(layer: Any, *shapes: Index) -> Index:
    shape: Index = layer.forward(*(np.zeros(s) for s in shapes)).shape
    return shape
