"""The points at which a layer of somebody's own is asked: drawn as those of its reference are, or at shapes that are given."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..cases import Counter
from ..cases.numbers import numbers
from ..operators import Operator, operator_of
from ..rounding import Array

Shape = tuple[int, ...]
GIVEN = ("gaussian", "small integers")  # at given shapes, in turn; without a reference the first alone: integers lie on kinks
PATIENCE = 50  # draws of which none fits the layer's signature


class Misfit(Exception):
    """The layer takes other arguments than the reference has cases of."""


@dataclass(frozen=True)
class Point:
    """What `verify` is asked: arguments, the residual or None, and the reference with its options."""

    number: int
    options: Mapping[str, Any]
    args: tuple[Array, ...]
    delta: Array | None
    like: Any


def drawn(like: Any, free: Sequence[str], forward: Callable[..., Any], name: str, count: int, seed: int) -> Iterator[Point]:
    """Cases of the operator of `like`, all options but the free ones as `like` has them. Raises Misfit.

    A bias that `forward` does not take is left out; a case without one that it needs is passed over.
    """
    operator = _operator(like)
    fixed = {option: value for option, value in _options(operator, like).items() if option not in free and value is not None}
    least, most = arity(forward)
    number = passed = 0
    while number < count:
        case = operator.draw(Counter(seed, f"{name}/{number + passed}"), **fixed)
        args = case.args[:-1] if len(case.args) == most + 1 and _last(operator, case.args) == "b" else case.args
        if not least <= len(args) <= most:
            passed += 1
            if passed > PATIENCE * (number + 1):
                taken = str(least) if least == most else f"{least} to {most}"
                raise Misfit(f"expected a forward of {', '.join(operator.arguments)} as {operator.name} has it, got one of {taken}")
            continue
        yield Point(number, _options(operator, case.layer), args, case.delta, case.layer)
        number += 1


def given(like: Any, shapes: Sequence[Shape], name: str, count: int, seed: int) -> Iterator[Point]:
    """Numbers at these shapes; class indices below the number of classes."""
    operator = None if like is None else _operator(like)
    indices = () if operator is None else operator.indices
    names = () if operator is None else operator.arguments
    if operator and not arity(like.forward)[0] <= len(shapes) <= len(names):
        raise Misfit(f"expected a shape for each of {', '.join(names)}, as {operator.name} has them, got {len(shapes)}")
    for number in range(count):
        choose = Counter(seed, f"{name}/{number}")
        kind = GIVEN[number % len(GIVEN)] if operator else GIVEN[0]
        args = [numbers(choose, kind, shape) for shape in shapes]
        for position, argument in enumerate(names[: len(args)]):
            if argument in indices and shapes[0][1:]:
                flat = [choose.integer(0, max(0, shapes[0][1] - 1)) for _ in range(args[position].size)]
                args[position] = np.array(flat, np.int64).reshape(shapes[position])
            if argument == "var":
                args[position] = np.abs(args[position])
        yield Point(number, {} if operator is None else operator.options(like), tuple(args), None, like)


def arity(function: Callable[..., Any]) -> tuple[int, int]:
    """The least and the most positional arguments that it takes."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return 0, 10**6
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    least = sum(p.default is p.empty for p in positional)
    return least, 10**6 if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(positional)


def _options(operator: Operator, like: Any) -> dict[str, Any]:
    """All of them, written out: a layer of somebody's own may have other defaults, or none."""
    found = operator.options(like)
    return found | ({"stride": found.get("kernel_size")} if found.get("stride", 1) is None else {})


def _last(operator: Operator, args: Sequence[Array]) -> str:
    return operator.arguments[len(args) - 1]


def _operator(like: Any) -> Operator:
    operator = operator_of(like)
    if operator is None:
        raise TypeError(f"like must be a layer of cnnbp, got {like!r}")
    return operator
