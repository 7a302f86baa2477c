"""What the caller hands in: arrays of finite numbers in shapes that fit, or one sentence that says what is wrong with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..operators import operator_of
from ..rounding import Array
from .question import Question

Shapes = dict[str, tuple[int, ...]]
NAMES = ("x", "w", "b")


def checked(reference: Any, x: object, params: tuple[object, ...]) -> tuple[tuple[Array, ...], Shapes]:
    """The arguments as fresh float64 arrays, and their shapes by name. Integers that may be indices stay integers."""
    operator = operator_of(reference)
    known = NAMES if operator is None else operator.arguments
    names = (*known, *(f"argument {j}" for j in range(len(known), len(params) + 1)))
    if operator is not None and len(params) >= len(known):
        few = " and ".join(known) if len(known) < 3 else ", ".join(known)
        raise TypeError(f"{operator.name} takes {few}, got {len(params) + 1} arguments")
    args = {name: _array(name, a) for name, a in zip(names, (x, *params), strict=False)}
    indices = args if reference is None else () if operator is None else operator.indices
    floats = tuple(a if name in indices and name != "x" else a.astype(float) for name, a in args.items())
    return floats, {name: a.shape for name, a in args.items()}


def question(reference: Any, args: tuple[Array, ...], delta: Array | None, seed: int) -> tuple[Question, Array]:
    """What is asked of a layer that must equal `reference`, and what the reference answers going forward.

    Raises ValueError and TypeError where the reference does.
    """
    Question.of(reference, args, np.empty(0))
    y: Array = reference.forward(*(a.copy() for a in args))
    return Question.of(reference, args, residual(delta, np.shape(y), seed)), y


def residual(delta: Array | None, shape: tuple[int, ...], seed: int) -> Array:
    """∂J/∂y as it was given, or drawn from the seed; never all ones."""
    if delta is None:
        rng = np.random.default_rng(seed)
        return rng.normal(size=shape) if shape else np.array(rng.normal() + 2.0)
    found = _array("delta", delta).astype(float)
    if found.shape != shape:
        raise ValueError(f"delta must have the shape of y, {shape}, got {found.shape}")
    return found


def _array(name: str, value: object) -> Array:
    """A finite float64 array, or integers where they are class indices. Raises TypeError, ValueError."""
    if isinstance(value, (int, float)):
        value = np.array(value)
    if not isinstance(value, np.ndarray) or isinstance(value, np.ma.MaskedArray) or value.dtype.kind not in "iuf":
        kind = f"dtype {value.dtype}" if type(value) is np.ndarray else type(value).__name__
        raise TypeError(f"{name} must be a NumPy array of real numbers, got {kind}")
    if not np.all(np.isfinite(value)):
        wrong = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
        raise ValueError(f"{name} must be finite, got {value[wrong]} at {wrong}")
    return np.array(value, float if value.dtype.kind == "f" else np.int64, order="C")
