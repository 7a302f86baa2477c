"""What an object holds: its attributes, those that its class is made from, and whether two objects hold the same."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

import numpy as np

REDUCED = ("__reduce__", "__reduce_ex__")
DEPTH = 20  # of what is held in what is held: more goes round in a circle


def alike(a: Any, b: Any, depth: int = DEPTH) -> bool:
    """Whether two values hold the same, as far as can be told; what cannot be compared is not alike."""
    if a is b:
        return True
    if type(a) is not type(b) or not depth:
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(alike(v, w, depth - 1) for v, w in zip(a, b, strict=True))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(alike(v, b[k], depth - 1) for k, v in a.items())
    try:
        if type(a).__module__ != "builtins" and not any(name in vars(made) for made in type(a).__mro__[:-1] for name in REDUCED):
            states = [v.__reduce_ex__(2)[1:3] for v in (a, b)]  # all that it holds
            return alike(states[0], states[1], depth - 1)
        return bool(a == b) or bool(a != a and b != b)
    except Exception:  # of whatever kind
        return False


def held(value: Any) -> dict[str, Any]:
    """Its attributes, those in slots too."""
    slots = [name for made in type(value).__mro__ for name in vars(made).get("__slots__", ()) if not name.startswith("__")]
    return {**{name: getattr(value, name) for name in slots if hasattr(value, name)}, **getattr(value, "__dict__", {})}


def parameters(value: Any) -> dict[str, Any] | None:
    """What its class is made from, as far as it holds that under the same name; None where something is needed that it does not."""
    try:
        known: Iterable[inspect.Parameter] = inspect.signature(type(value)).parameters.values()
    except (TypeError, ValueError):
        return None
    there, found = held(value), dict[str, Any]()
    for p in known:
        if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            continue
        name = next((name for name in (p.name, f"_{p.name}") if name in there), None)
        if p.kind is p.POSITIONAL_ONLY or (name is None and p.default is p.empty):
            return None
        if name is not None and not (p.default is not p.empty and alike(p.default, there[name])):
            found[p.name] = there[name]
    return found
