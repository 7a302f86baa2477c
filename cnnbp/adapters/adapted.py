"""What every adapter tells of what it wraps: its name, the names of its arguments, and what was changed to ask it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..attributes import name_of, optional
from ..rounding import Array


class Unready(ValueError):
    """The set-up, and no layer, is what keeps a layer from being asked: `verify` raises it. The message says what to change."""


class Adapted:
    """Somebody's functions or object as a layer. Each adapter overrides what it knows; `verify` reads it."""

    @property
    def wrapped(self) -> Any:
        """What is wrapped, after which the layer is called."""
        raise NotImplementedError

    @property
    def __name__(self) -> str:
        """As headings call the layer."""
        return called(self.wrapped)

    def argument_names(self, count: int) -> tuple[str, ...] | None:
        """Of x and the parameters; None where there is no telling."""
        return positional(self.wrapped)

    def own_parameters(self) -> tuple[Array, ...]:
        """The parameters that it was made with: those of a call that hands over x alone."""
        return ()

    def changes(self) -> tuple[str, ...]:
        """What was done to it so that it could be asked, as codes of remarks."""
        return ()

    def made_from(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Which of cnnbp's functions makes it, of what and with which options."""
        raise NotImplementedError


@dataclass(frozen=True)
class Around(Adapted):
    """A layer around another, which it asks in a way of its own."""

    layer: Any

    @property
    def wrapped(self) -> Any:
        """The layer."""
        return self.layer

    @property
    def __name__(self) -> str:
        return name_of(self.layer)

    def changes(self) -> tuple[str, ...]:
        """Those of the layer."""
        return changes(self.layer)


def inmost(layer: Any) -> Any:
    """The layer that all others are around."""
    return inmost(layer.layer) if isinstance(layer, Around) else layer


def own_parameters(layer: Any) -> tuple[Array, ...]:
    """The parameters that an adapted layer was made with; none of any other."""
    return layer.own_parameters() if isinstance(layer, Adapted) else ()


def changes(layer: Any) -> tuple[str, ...]:
    """What was done to an adapted layer so that it could be asked; nothing to any other."""
    return layer.changes() if isinstance(layer, Adapted) else ()


def check(layer: Any) -> None:
    """Raises TypeError for what is no layer."""
    if isinstance(layer, type):
        raise TypeError(f"layer must be an object, got the class {layer.__name__}: hand over {instead_of_class(layer)}")
    missing = [method for method in ("forward", "backward") if not callable(optional(layer, method))]
    if missing:
        lacks = " and ".join(missing)
        raise TypeError(f"layer must be an object with the methods forward and backward, got {layer!r} without {lacks}")


def instead_of_class(made: type) -> str:
    """What to hand over in the place of a class."""
    if any(base.__name__ == "Function" and base.__module__.startswith("torch.") for base in made.__mro__):
        return f"cnnbp.from_torch({made.__name__}.apply)"
    return f"{made.__name__}(...)"


def called(what: Any) -> str:
    """A function by its name, an object by that of its class, a method by that of the class it belongs to."""
    if isinstance(what, partial):
        return called(what.func)
    owner = optional(what, "__self__")
    if owner is not None and not inspect.ismodule(owner):
        return owner.__name__ if isinstance(owner, type) else called(owner) if callable(owner) else type(owner).__name__
    name = optional(what, "__name__")
    if not isinstance(name, str):
        return type(what).__name__
    return "lambda" if name == "<lambda>" else name.removesuffix("_forward").removeprefix("forward_") or name


def positional(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """The names of the positional parameters; None where there is no telling."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)) or None


def leaves(answer: Any) -> list[Any]:
    """What stands in nested tuples, lists and dicts, from left to right, without None."""
    if isinstance(answer, dict):
        answer = list(answer.values())
    if isinstance(answer, (tuple, list)):
        return [leaf for part in answer for leaf in leaves(part)]
    return [] if answer is None else [answer]
