"""What the arguments of a layer are called in sentences: as the caller says, as an adapter knows, or as `forward` has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..adapters.adapted import positional
from ..attributes import optional

USUAL = ("x", "w", "b")
TAKEN = ("y", "delta")  # what is judged besides gradients, and what backward is given


def named(layer: Any, count: int, names: Sequence[str] | None = None) -> tuple[str, ...]:
    """Of all `count` arguments. `names` are those of the parameters, or of x and the parameters. Raises TypeError, ValueError."""
    if names is not None:
        return _given(names, count)
    known = optional(layer, "argument_names")
    found = known(count) if callable(known) else None
    found = found or positional(layer.forward)
    if found is None or len(found) < count or len(set(found)) < len(found):
        found = (*USUAL, *(f"argument {j}" for j in range(len(USUAL), count)))
    return tuple(f"argument {name}" if name in TAKEN else name for name in found[:count])


def _given(names: Sequence[str], count: int) -> tuple[str, ...]:
    if isinstance(names, str) or not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"names must be a sequence of strings, got {names!r}")
    found = ("x", *names) if len(names) == count - 1 else tuple(names)
    if len(found) != count:
        raise ValueError(f"names must be {count - 1} (of the parameters) or {count} (with x), got {len(names)}: {list(names)}")
    if len(set(found)) < count or not {*TAKEN, ""}.isdisjoint(found):
        raise ValueError(
            f"names must differ from each other, from {TAKEN[0]!r} and {TAKEN[1]!r}, and not be empty, got {list(names)}"
        )
    return found
