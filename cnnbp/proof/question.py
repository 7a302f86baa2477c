"""What is to be proved: a layer, the arguments that are unknown and those that are given, and what the layer must equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from math import prod
from operator import index
from typing import Any

import numpy as np

from ..adapters import adapted
from ..attributes import optional
from ..operators import Operator, operator_of
from ..rounding import Array

Shape = tuple[int, ...]
DTYPES = ("float64", "float32")  # whose runs at integers are asked


class TooManyGradients(ValueError):
    """backward answered for more arguments than there are."""

    def __init__(self, got: int, most: int) -> None:
        super().__init__(f"backward must return at most {most} gradients, got {got}")
        self.got, self.most = got, most


@dataclass(frozen=True)
class Argument:
    """x or a parameter: of a shape where its entries are unknown, or the very array that it is."""

    name: str
    shape: Shape
    value: Array | None = None

    @property
    def size(self) -> int:
        """Entries."""
        return prod(self.shape)


@dataclass(frozen=True, eq=False)
class Question:
    """`layer` at these arguments, which must equal `like` where there is one."""

    layer: Any
    arguments: tuple[Argument, ...]
    like: Any = None
    dtypes: tuple[str, ...] = DTYPES

    @property
    def operator(self) -> Operator | None:
        """What the harness knows about `like`."""
        return operator_of(self.like)

    @property
    def unknown(self) -> list[tuple[int, Argument]]:
        """The arguments whose entries are unknown, with their positions."""
        return [(j, a) for j, a in enumerate(self.arguments) if a.value is None]

    @property
    def may_move(self) -> list[tuple[int, Argument]]:
        """The arguments that backward may answer for, in its order."""
        if self.operator is None:
            return self.unknown
        return [(j, a) for j, a in self.unknown if a.name in self.operator.gradients]

    def with_arrays(self, arrays: Sequence[Array]) -> tuple[Array, ...]:
        """All arguments, the unknown ones by these arrays, in their order."""
        given = iter(arrays)
        return tuple(next(given) if a.value is None else a.value for a in self.arguments)

    def gradients(self, answer: Any) -> tuple[Any, ...]:
        """What backward returned for the unknown arguments; for those that are given it may answer or not.

        Raises TooManyGradients for more than there are arguments.
        """
        found = tuple(answer) if isinstance(answer, (tuple, list)) else (answer,)
        unknown = [a.value is None for a in self.arguments if self.operator is None or a.name in self.operator.gradients]
        if len(found) == len(unknown):
            found = tuple(g for g, kept in zip(found, unknown, strict=True) if kept)
        if len(found) > len(self.may_move):
            raise TooManyGradients(len(found), len(self.may_move))
        return found


def ask(layer: Any, shapes: Sequence[Any], like: Any, dtypes: Sequence[str] = DTYPES) -> Question:
    """The question that `prove` was asked. Raises TypeError, ValueError for what is no layer, shape or array of numbers."""
    adapted.check(layer)
    if like is not None and (isinstance(like, type) or not all(callable(optional(like, m)) for m in ("forward", "backward"))):
        hint = f": hand over {like.__name__}(...)" if isinstance(like, type) else ", for example cnnbp.ReLU()"
        raise TypeError(f"like must be a layer object with forward and backward{hint}, got {like!r}")
    if like is None and operator_of(layer):
        like = layer
    operator = operator_of(like)
    if not isinstance(dtypes, (tuple, list)) or "float64" not in dtypes or not all(dtype in DTYPES for dtype in dtypes):
        raise ValueError(f"dtypes must be ('float64',) or ('float64', 'float32'), got {dtypes!r}")
    if not shapes:
        raise TypeError("prove needs the shape of x, and of each parameter: prove(layer, (1, 2, 5, 5), (3, 2, 3, 3))")
    known = ("x", "w", "b") if operator is None else operator.arguments
    if operator is not None:
        operator.check_count(len(shapes), "shapes")
    names = (*known, *(f"argument {j}" for j in range(len(known), len(shapes))))
    indices = () if operator is None else operator.indices
    arguments = tuple(_argument(name, s, name in indices) for name, s in zip(names, shapes, strict=False))
    if all(a.value is not None for a in arguments):
        raise ValueError(
            f"shapes must name one argument by its shape at least, got arrays alone: {arguments[0].shape} leaves x unknown"
        )
    return Question(layer, arguments, like, tuple(dtypes))


def title(layer: object) -> str:
    """The layer by its name and, of ours, the options that are not the default."""
    given = [f for f in fields(layer) if getattr(layer, f.name) != f.default] if is_dataclass(layer) and operator_of(layer) else []
    options = ", ".join(f"{f.name}={getattr(layer, f.name)!r}" for f in given)
    return f"{type(layer).__name__}({options})" if operator_of(layer) else type(layer).__name__


def _argument(name: str, given: Any, is_index: bool) -> Argument:
    if isinstance(given, np.ndarray):
        if given.dtype.kind not in "iuf":
            raise TypeError(f"{name} must be a shape, or an array of finite numbers that it is, got dtype {given.dtype}")
        if not np.all(np.isfinite(given)):
            raise ValueError(f"{name} must be finite: an array that is given holds numbers, got {given[~np.isfinite(given)][0]}")
        return Argument(name, given.shape, given)
    if is_index:
        raise TypeError(f"{name} holds class indices: give the array of them instead of a shape, got {given!r}")
    sizes = _sizes(given)
    if sizes is None:
        raise TypeError(f"{name} must be a shape, a tuple of integers from 1, or an array that it is, got {given!r}")
    if prod(sizes) == 0:
        raise ValueError(f"{name} must have at least one entry: of none there is nothing to prove, got shape {sizes}")
    return Argument(name, sizes)


def _sizes(given: Any) -> Shape | None:
    """A shape as a tuple of integers of Python; None for what is none."""
    if not isinstance(given, (tuple, list)) or any(isinstance(size, (bool, np.bool_)) for size in given):
        return None
    try:
        sizes = tuple(map(index, given))
    except TypeError:
        return None
    return sizes if all(size >= 0 for size in sizes) else None
