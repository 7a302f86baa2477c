"""What the caller hands in: arrays of finite numbers in shapes that fit, or one sentence that says what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..adapters.adapted import Adapted
from ..operators import Operator, operator_of
from ..precision import FLOAT64, Precision
from ..rounding import Array
from .layout import suggestion
from .layouts import copied
from .names import named
from .question import Question
from .subject import Breach, Subject

STREAM = 0x64656C7461  # delta is independent of what a caller draws from the same seed
Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Given:
    """The arguments of a layer: float64, or integers where these are indices; their names, and which gradients are skipped."""

    args: tuple[Array, ...]
    """In C order."""
    laid_out: tuple[Array, ...]
    """The same as the caller laid them out."""
    names: tuple[str, ...]
    shown: tuple[str, ...]
    """The names that sentences use, where a reference has names of its own."""
    skip: frozenset[str]
    fixed: tuple[int, ...] = ()
    """The positions of real numbers whose gradient is none of the layer's answers, as of a target."""

    @property
    def shapes(self) -> Shapes:
        """By the name that is shown."""
        return {name: a.shape for name, a in zip(self.shown, self.args, strict=True)}

    @property
    def integers(self) -> tuple[int, ...]:
        """The positions of the arguments that are indices, which have no gradient."""
        return tuple(j for j, a in enumerate(self.args) if a.dtype.kind != "f")

    def rounded(self, precision: Precision) -> Given:
        """The same in this precision. Raises ValueError for what is beyond its range."""
        if precision is FLOAT64:
            return self
        named = list(zip(self.shown, self.args, strict=True))
        args = tuple(a if a.dtype.kind != "f" else _rounded(name, a, precision) for name, a in named)
        return replace(self, args=args, laid_out=tuple(copied(a, numbers=b) for a, b in zip(self.laid_out, args, strict=True)))

    def real(self, numbers: Collection[int]) -> Given:
        """The same, with integers at these positions taken for real numbers."""
        args, laid = (
            tuple(a.astype(float) if j in numbers else a for j, a in enumerate(arrays)) for arrays in (self.args, self.laid_out)
        )
        return Given(args, laid, self.names, self.shown, self.skip, self.fixed)


def checked(
    reference: Any, layer: Any, x: object, params: tuple[object, ...], names: Sequence[str] | None = None, skip: Any = ()
) -> Given:
    """The arguments, copied. Integers that may be indices stay integers. Raises TypeError and ValueError."""
    operator, count = operator_of(reference), len(params) + 1
    if operator is not None:
        _check_count(operator, layer, count)
    shown = named(layer, count, operator.arguments[:count] if operator and names is None else names)
    laid = tuple(finite(name, a) for name, a in zip(shown, (x, *params), strict=True))
    whole = [a.dtype.kind != "f" for a in laid]
    if operator is not None:
        whole = [w and name in operator.indices for w, name in zip(whole, operator.arguments, strict=False)]
    elif all(whole):
        whole = [False] * count  # some argument must have a gradient
    laid = tuple(a if w else np.asarray(a, float) for a, w in zip(laid, whole, strict=True))
    internal = shown if operator is None else operator.arguments[:count]
    fixed = (
        () if operator is None else tuple(j for j, name in enumerate(internal) if name not in operator.gradients and not whole[j])
    )
    return Given(tuple(np.array(a, order="C") for a in laid), laid, internal, shown, _skipped(skip, shown, internal), fixed)


def _check_count(operator: Operator, layer: Any, count: int) -> None:
    """Raises TypeError, which names what the layer may have kept to itself where it is handed too little."""
    try:
        operator.check_count(count)
    except TypeError as refused:
        made = layer.wrapped if isinstance(layer, Adapted) else layer
        kept = [name for name, a in getattr(made, "__dict__", {}).items() if isinstance(a, np.ndarray) and a.size]
        way = f"; the object keeps {', '.join(kept)}: hand over cnnbp.from_layer(layer, params={tuple(kept)!r}, grads=(...))"
        raise TypeError(f"{refused}{way if kept and count < operator.least else ''}") from None


def _skipped(skip: Any, shown: Sequence[str], names: Sequence[str]) -> frozenset[str]:
    found = (skip,) if isinstance(skip, str) else skip
    if not isinstance(found, Collection) or not all(isinstance(name, str) for name in found):
        raise TypeError(f"skip must be names of arguments, got {skip!r}")
    unknown = [name for name in found if name not in shown]
    if unknown:
        raise ValueError(f"skip must name arguments ({', '.join(shown)}), got {unknown[0]!r}")
    if set(shown) <= set(found):
        raise ValueError(f"skip must leave a gradient to judge, got all of {', '.join(shown)}")
    return frozenset(name for name, said in zip(names, shown, strict=True) if said in found)


def subject(layer: Any, given: Given, precision: Precision = FLOAT64) -> Subject:
    """The layer under test, with the gradients that are wanted of it."""
    without = {*given.integers, *given.fixed}
    wanted = [j for j, name in enumerate(given.names) if j not in without and name not in given.skip]
    return Subject(layer, given.names, wanted, given.integers, given.fixed, precision)


def promoted(layer: Any, given: Given, delta: Any, seed: int) -> Given:
    """Of a layer that nobody knows: integers for which it answers with a gradient were meant as real numbers."""
    if not given.integers:
        return given
    asked = subject(layer, given)
    try:
        y = asked.forward(*given.args)
        answer = asked.call("backward", residual(delta, y.shape, seed), *map(np.array, given.args))
        found = asked.sorted(answer) if isinstance(answer, (tuple, list)) and len(answer) == len(given.args) else {}
    except Breach:
        return given
    return given.real([j for j in given.integers if getattr(found.get(j), "shape", None) == given.args[j].shape])


def question(
    reference: Any, given: Given, delta: Array | None, seed: int, precision: Precision = FLOAT64
) -> tuple[Question, Array]:
    """What is asked of a layer that must equal `reference`, and what the reference answers going forward.

    Raises ValueError and TypeError where the reference does.
    """
    Question.of(reference, given.args, np.empty(0))
    try:
        y: Array = reference.forward(*(a.copy() for a in given.args))
    except ValueError as refused:
        raise ValueError(f"{refused}{suggestion(reference, given.args)}") from refused
    asked = Question.of(reference, given.args, residual(delta, np.shape(y), seed, precision))
    return asked.in_precision(precision).without(given.skip), y


def residual(delta: Array | None, shape: tuple[int, ...], seed: int, precision: Precision = FLOAT64) -> Array:
    """∂J/∂y as it was given, or drawn from the seed; never all ones."""
    return _rounded("delta", _residual(delta, shape, seed), precision)


def _residual(delta: Array | None, shape: tuple[int, ...], seed: int) -> Array:
    if delta is None:
        rng = np.random.default_rng((seed, STREAM))
        return rng.normal(size=shape) if shape else np.array(rng.normal() + 2.0)
    found = np.array(finite("delta", delta), float, order="C")
    if found.shape != shape:
        raise ValueError(f"delta must have the shape of y, {shape}, got {found.shape}")
    return found


def _rounded(name: str, a: Array, precision: Precision) -> Array:
    found = precision.round(a)
    if not np.all(np.isfinite(found)):
        wrong = tuple(int(i) for i in np.argwhere(~np.isfinite(found))[0])
        raise ValueError(
            f"{name} must lie within ±{precision.largest:.5g}, the range of {precision.name}, got {a[wrong]} at {wrong}"
        )
    return found


def checked_seed(seed: object) -> None:
    """Raises TypeError and ValueError for what is no integer from 0."""
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise TypeError(f"seed must be an integer from 0, got {seed!r}")
    if seed < 0:
        raise ValueError(f"seed must be an integer from 0, got {seed!r}")


def finite(name: str, value: object) -> Array:
    """A finite float64 array, or int64, laid out as it was. Raises TypeError, ValueError."""
    if isinstance(value, (int, float)):
        value = np.array(value)
    if not isinstance(value, np.ndarray) or isinstance(value, np.ma.MaskedArray) or value.dtype.kind not in "iuf":
        kind = f"dtype {value.dtype}" if type(value) is np.ndarray else type(value).__name__
        raise TypeError(f"{name} must be a NumPy array of real numbers, got {kind}{_way_out(value)}")
    if not np.all(np.isfinite(value)):
        wrong = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
        raise ValueError(f"{name} must be finite, got {value[wrong]} at {wrong}")
    wanted = np.dtype(float if value.dtype.kind == "f" else np.int64)
    return copied(value) if value.dtype == wanted else np.array(value, wanted, order="K")


def _way_out(value: object) -> str:
    if hasattr(value, "detach") and hasattr(value, "numpy"):
        return ": hand over value.detach().numpy(), and a layer of tensors by cnnbp.from_torch"
    if isinstance(value, np.ndarray) and value.dtype.kind == "b":
        return ": hand over value.astype(int), which masks alike"
    return ": hand over np.array(value)" if isinstance(value, (list, tuple)) else ""
