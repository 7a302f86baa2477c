"""Two plain functions as a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .adapted import Adapted


@dataclass(frozen=True)
class FromFunctions(Adapted):
    """A layer of two plain functions."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]

    @property
    def wrapped(self) -> Any:
        """The forward."""
        return self.forward

    def made_from(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Both functions."""
        return "from_functions", (self.forward, self.backward), {}


def from_functions(forward: Callable[..., Any], backward: Callable[..., Any]) -> FromFunctions:
    """`y = forward(x, *params)` and `(dx, *dparams) = backward(delta, x, *params)` as a layer. Raises TypeError.

    >>> square = cnnbp.from_functions(lambda x: x * x, lambda delta, x: (2 * x * delta,))
    >>> cnnbp.verify(square, np.array([3.0, -2.0])).status
    'pass'
    """
    return FromFunctions(checked_callable("forward", forward), checked_callable("backward", backward))


def checked_callable(name: str, function: Any) -> Callable[..., Any]:
    """`function`, if it can be called. Raises TypeError."""
    if isinstance(function, type):
        how = "(...)" if hasattr(function, "named_parameters") or not hasattr(function, "apply") else ".apply"
        said = f"got the class {function.__name__}: hand over {function.__name__}{how}"
        raise TypeError(f"{name} must be callable with arrays, {said}")
    if not callable(function):
        raise TypeError(f"{name} must be callable, got {function!r}")
    return function  # type: ignore[no-any-return]  # whatever can be called
