"""The points at which a layer of somebody's own is asked: drawn as those of its reference are, or at shapes that are given."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
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


def drawn(
    like: Any,
    free: Sequence[str],
    forward: Callable[..., Any],
    name: str,
    count: int,
    seed: int,
    ints: Collection[str] = (),
    largest: float = inf,
) -> Iterator[Point]:
    """Cases of the operator of `like`, all options but the free ones as `like` has them. Raises Misfit.

    A bias that `forward` does not take is left out; a case without one that it needs is passed over, and so is one with
    numbers beyond the largest. Where one of `ints` comes up as a pair, both axes get what the first has.
    """
    operator = _operator(like)
    fixed = {option: value for option, value in every_option(operator, like).items() if option not in free and value is not None}
    least, most = arity(forward)
    number = passed = 0
    while number < count:
        choices = f"{name}/{number + passed}"
        case = operator.draw(Counter(seed, choices), **fixed)
        if any(isinstance(case.options.get(option), tuple) for option in ints):
            case = operator.draw(Counter(seed, choices), **{**_alike(operator.options(case.layer)), **fixed})
        args = case.args[:-1] if len(case.args) == most + 1 and _last(operator, case.args) == "b" else case.args
        fits = least <= len(args) <= most
        if not fits or not all(np.all(np.abs(a) <= largest) for a in (*args, case.delta)):
            passed += 1
            if passed > PATIENCE * (number + 1):
                raise Misfit(_misfit(operator, least, most) if not fits else f"hardly a case lies within ±{largest:g}")
            continue
        yield Point(number, every_option(operator, case.layer), args, case.delta, case.layer)
        number += 1


def given(
    like: Any, shapes: Sequence[Shape], name: str, count: int, seed: int, integers: Mapping[int, int] = MappingProxyType({})
) -> Iterator[Point]:
    """Numbers at these shapes; class indices below the number of classes. Raises Misfit.

    integers: by the position of an argument that holds integers, below what they are; 0 for the length of x's second axis.
    """
    operator = None if like is None else _operator(like)
    names = () if operator is None else operator.arguments
    if operator and not operator.least <= len(shapes) <= len(names):
        raise Misfit(f"expected a shape for each of {', '.join(names)}, as {operator.name} has them, got {len(shapes)}")
    below = _below(shapes, integers, operator)
    for number in range(count):
        choose = Counter(seed, f"{name}/{number}")
        kind = GIVEN[number % len(GIVEN)] if operator else GIVEN[0]
        args = [numbers(choose, kind, shape) for shape in shapes]
        for position, most in below.items():
            flat = [choose.integer(0, most - 1) for _ in range(args[position].size)]
            args[position] = np.array(flat, np.int64).reshape(shapes[position])
        for position in (position for position, argument in enumerate(names[: len(args)]) if argument == "var"):
            args[position] = np.abs(args[position])
        yield Point(number, {} if operator is None else operator.options(like), tuple(args), None, like)


def _below(shapes: Sequence[Shape], integers: Mapping[int, int], operator: Operator | None) -> dict[int, int]:
    """By position, below what the integers are that an argument holds."""
    known = [] if operator is None else [operator.arguments.index(name) for name in operator.indices]
    if operator and (wrong := [operator.arguments[position] for position in integers if position not in known]):
        raise Misfit(f"{wrong[0]} of {operator.name} holds real numbers: give its shape without :int")
    classes = max(1, shapes[0][1]) if shapes[0][1:] else 0
    found = {position: integers.get(position) or classes for position in {*integers, *known} if position < len(shapes)}
    if 0 in found.values():
        raise Misfit("x has no second axis that would say how many classes there are: say it, as in --shape 5:int10")
    return found


def arity(function: Callable[..., Any]) -> tuple[int, int]:
    """The least and the most positional arguments that it takes."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return 0, 10**6
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    least = sum(p.default is p.empty for p in positional)
    return least, 10**6 if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(positional)


def every_option(operator: Operator, like: Any) -> dict[str, Any]:
    """All of them, written out: a layer of somebody's own may have other defaults, or none."""
    found = operator.options(like)
    return found | ({"stride": found.get("kernel_size")} if found.get("stride", 1) is None else {})


def _alike(options: Mapping[str, Any]) -> dict[str, Any]:
    """Both axes as the first has it."""
    return {name: value[0] if isinstance(value, tuple) else value for name, value in options.items()}


def _misfit(operator: Operator, least: int, most: int) -> str:
    taken = str(least) if least == most else f"{least} to {most}"
    return f"expected a forward of {', '.join(operator.arguments)} as {operator.name} has it, got one of {taken}"


def _last(operator: Operator, args: Sequence[Array]) -> str:
    return operator.arguments[len(args) - 1]


def _operator(like: Any) -> Operator:
    operator = operator_of(like)
    if operator is None:
        raise TypeError(f"like must be a layer of cnnbp, got {like!r}")
    return operator
