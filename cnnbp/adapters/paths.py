"""Where an object keeps an array: a path with dots that leads into its attributes and dicts, such as "w" or "params.w1"."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..rounding import Array
from .adapted import leaves

MOST = 12  # names that a sentence lists


def get(made: Any, path: str) -> Any:
    """What stands there. Raises AttributeError or KeyError where nothing does."""
    for part in path.split("."):
        made = made[part] if isinstance(made, dict) else getattr(made, part)
    return made


def put(made: Any, path: str, value: Array) -> None:
    """The value stands there: in place where that loses nothing, as the object may hold the array under another name as well."""
    held = get(made, path)
    if isinstance(held, np.ndarray) and (held.shape, held.dtype) == (value.shape, value.dtype) and held.flags.writeable:
        held[...] = value
        return
    *way, last = path.split(".")
    owner = get(made, ".".join(way)) if way else made
    if isinstance(owner, dict):
        owner[last] = value
    else:
        setattr(owner, last, value)


def names_of(what: str, names: Any) -> tuple[str, ...]:
    """One path or several. Raises TypeError, which names the argument `what`, for anything but strings."""
    found = (names,) if isinstance(names, str) else tuple(leaves(names))
    if not all(isinstance(name, str) for name in found):
        raise TypeError(f"{what} must be names of attributes, got {names!r}")
    return found


def held_by(made: Any) -> str:
    """Its class, with what it holds, as far as that is in its own attributes."""
    names = [name for name in getattr(made, "__dict__", {}) if not name.startswith("_")]
    return f"{type(made).__name__} ({', '.join(names[:MOST])})" if names else type(made).__name__
