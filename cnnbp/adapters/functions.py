"""Two plain functions as a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FromFunctions:
    """A layer of two plain functions."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]


def from_functions(forward: Callable[..., Any], backward: Callable[..., Any]) -> FromFunctions:
    """`y = forward(x, *params)` and `(dx, *dparams) = backward(delta, x, *params)` as a layer. Raises TypeError."""
    return FromFunctions(checked_callable("forward", forward), checked_callable("backward", backward))


def checked_callable(name: str, function: Any) -> Callable[..., Any]:
    """`function`, if it can be called. Raises TypeError."""
    if not callable(function):
        raise TypeError(f"{name} must be callable, got {function!r}")
    return function  # type: ignore[no-any-return]  # whatever can be called
